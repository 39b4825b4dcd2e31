"""Names the columns of a ticket that are read: for a glance, and for a fresh read."""

from __future__ import annotations

from connectors.servicenow.reading.relations import COLUMNS
from connectors.servicenow.settings import ServiceNowSettings

OPENED_BY = "opened_by"  # of every table that extends `task` (as recorded of incidents; inferred for others)
HISTORY = ("work_notes", "comments")  # as display values: the fall-back where the table of journals shows nothing
PERSON_FIELDS = ("", ".user_name", ".name", ".email")


def state_fields(settings: ServiceNowSettings, table: str) -> list[str]:
    """Return the columns of a glance: state, people, tag, relations and what a stamp is made of."""
    known = settings.tables[table]
    columns = dict.fromkeys(("assigned_to", known.requester, OPENED_BY))
    people = [f"{name}{part}" for name in columns for part in PERSON_FIELDS]
    state = ["number", known.state_field, "active", known.group_field]
    return [*state, "sys_updated_on", "sys_mod_count", "sys_tags", *people, *COLUMNS]


def read_fields(settings: ServiceNowSettings, table: str) -> list[str]:
    """Return the columns of a fresh read; ServiceNow ignores those that a table does not have."""
    form = settings.form_of(table)
    affected = [form.user] + ([] if "." in form.user else [f"{form.user}.user_name", f"{form.user}.email"])
    item = ["request_item"] if settings.tables[table].variables.names() else []
    words = ["short_description", "description", *HISTORY, "opened_at", "sys_created_on"]
    return [*state_fields(settings, table), *words, *affected, form.attribute, form.expected, *item]
