"""Reads the forms of an instance's catalogue: the variables that open tagged requested items hold.

The catalogue has thousands of items; those that matter are the ones of which tickets come.
"""

from __future__ import annotations

from itertools import islice

from connectors.servicenow.answers import Row, plain
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lists import members
from connectors.servicenow.reading.discovery import BATCH, TaggedTickets
from connectors.servicenow.reading.tickets import ITEM, NAME, VALUE
from connectors.servicenow.settings import ServiceNowSettings
from workflows.model import label
from workflows.ports import Form, FormField, PartOf, Unread

QUESTION, TYPE = "sc_item_option.item_option_new.question_text", "sc_item_option.item_option_new.type"
# What a question takes, in the doctor's terms, by the values of `item_option_new.type` (inferred from its choices).
TYPES = {"5": "option", "3": "option", "18": "option", "8": "user", "31": "user"}


def unread(
    client: ServiceNowClient, settings: ServiceNowSettings, tagged: TaggedTickets, part_of: PartOf
) -> list[Unread]:
    """Return the variables of open tagged requested items that fit a part of our form for which none is set."""
    held: dict[FormField, list[str]] = {}
    for form in forms_of(client, tagged) if ITEM in settings.tables else ():
        for field in form.fields:
            held.setdefault(field, []).append(form.name)
    named = settings.tables[ITEM].variables.names() if held else {}
    found = ((field, part_of(field), tickets) for field, tickets in held.items())
    return [
        Unread(field, part, tuple(tickets), f'tables.{ITEM}.variables.{part} = "{field.id}"')
        for field, part, tickets in found
        if part and part not in named
    ]


def forms_of(client: ServiceNowClient, tagged: TaggedTickets) -> list[Form]:
    """Return the variables that each open tagged requested item holds; a form has the name of its ticket."""
    items = {plain(row.get("sys_id")): plain(row.get("number")) for row, _ in islice(tagged.open_tickets(ITEM), BATCH)}
    if not items:
        return []
    query, columns = f"request_itemIN{members(items)}", ["request_item", NAME, VALUE, QUESTION, TYPE]
    held: dict[str, dict[FormField, None]] = {}
    for row in client.lists.records("read the variables", "sc_item_option_mtom", query, columns):
        ticket = items.get(plain(row.get("request_item")))
        if ticket and plain(row.get(NAME)) and plain(row.get(VALUE)):
            held.setdefault(ticket, {})[_field(row)] = None
    return [Form(ticket, tuple(fields)) for ticket, fields in held.items()]


def _field(row: Row) -> FormField:
    name = label(plain(row.get(NAME)))
    return FormField(
        name, label(plain(row.get(QUESTION))) or name.replace("_", " "), TYPES.get(plain(row.get(TYPE)), "string")
    )
