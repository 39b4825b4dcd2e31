"""Names the fields of an issue that are read: in a search, for a glance, and for a fresh read."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.jira.settings import JiraSettings

SEARCH_FIELDS = ("labels", "project", "status", "updated", "issuetype")
PAST_FIELDS = (*SEARCH_FIELDS, "created", "resolutiondate")
STATE_FIELDS = (
    *SEARCH_FIELDS,
    "assignee",
    "parent",
    "subtasks",
    "resolution",
    "created",
    "reporter",
    "creator",  # whoever filed it, such as an agent on behalf of the reporter; Jira sets it and nobody can change it
)
READ_FIELDS = (*STATE_FIELDS, "summary", "description", "attachment")


def request_type_fields(settings: JiraSettings) -> Iterator[str]:
    """Yield the fields that hold request types, for projects that select by request type."""
    yield from sorted({project.request_type_field for project in settings.projects.values() if project.request_types})


def state_fields(settings: JiraSettings) -> list[str]:
    """Return the fields that tell whether and how an issue may be written to."""
    links = ("issuelinks",) if settings.links else ()
    return list(dict.fromkeys((*STATE_FIELDS, *links, *request_type_fields(settings))))


def read_fields(settings: JiraSettings) -> list[str]:
    """Return the fields of a fresh read."""
    form = (field for fields in settings.every_form().values() for field in fields.ids().values())
    return list(dict.fromkeys((*READ_FIELDS, *state_fields(settings), *form)))
