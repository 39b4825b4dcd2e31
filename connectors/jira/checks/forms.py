"""Reads the forms of a site: which fields its requests ask for, and which of them its open tickets hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from connectors.jira.answers import an_object, objects, text_of
from connectors.jira.client import JiraClient
from connectors.jira.reading.discovery import tagged_jql
from connectors.jira.settings import JiraSettings
from workflows.model import label
from workflows.ports import Form, FormField, PartOf, Unread

CUSTOM = "customfield_"
LOOKED_AT = 100  # tickets: one page
MOST_FORMS = 50  # of a service desk; each is one call


def forms_of(client: JiraClient, service_desk_id: str) -> Iterator[Form]:
    """Yield the forms of a service desk's request types, as the account sees them.

    https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-servicedesk/ ("Get request type fields")
    """
    operation = "read the forms of the service desk"
    for kind in islice(client.request_types(operation, service_desk_id), MOST_FORMS):
        asked = objects(client.request_form(operation, service_desk_id, str(kind.get("id"))).get("requestTypeFields"))
        fields = (_field(item, "fieldId", "jiraSchema") for item in asked)
        yield Form(str(kind.get("name")), tuple(item for item in fields if item.id.startswith(CUSTOM)))


def unread(client: JiraClient, settings: JiraSettings, part_of: PartOf) -> list[Unread]:
    """Return what open tagged tickets hold for a part of our form for which nothing of theirs is read."""
    fields = (_field(item, "id", "schema") for item in client.read_list("list the fields", "field"))
    parts = {item: part_of(item) for item in fields if item.id.startswith(CUSTOM)}
    wanted = {item: part for item, part in parts.items() if part}
    held: dict[FormField, list[str]] = {}
    if wanted:
        names = ("project", "issuetype", *(item.id for item in wanted))
        for issue in islice(client.search(tagged_jql(settings), names), LOOKED_AT):
            values = an_object(issue.get("fields"))
            read = _read(values, settings)
            for item, part in wanted.items():
                if part not in read and text_of(values.get(item.id)):
                    held.setdefault(item, []).append(str(issue.get("key")))
    return [Unread(item, wanted[item], tuple(keys), _setting(wanted[item], item)) for item, keys in held.items()]


def _setting(part: str, field: FormField) -> str:
    return f'fields.{part} = "{field.id}", or the same in the project\'s table'


def _read(values: Mapping[str, Any], settings: JiraSettings) -> Mapping[str, str]:
    """Return the fields that are read of an issue, by the parts of our form."""
    project = settings.projects.get(str(an_object(values.get("project")).get("key")))
    own = project.of_type(text_of(values.get("issuetype"))) if project else None
    return (settings.form_fields(own) if own else settings.fields).ids()


def _field(item: Mapping[str, Any], id: str, schema: str) -> FormField:
    return FormField(str(item.get(id)), label(str(item.get("name"))), text_of(an_object(item.get(schema)).get("type")))
