"""Turns ServiceNow records into tickets of the core; values hold times in UTC, display values in the reader's zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from connectors.servicenow.answers import Row, plain, shown
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lists import SYS_ID, members
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.reading.fields import OPENED_BY
from connectors.servicenow.reading.relations import relation_of
from connectors.servicenow.settings import ServiceNowSettings
from workflows.model import Comment, Person, Phase, Ticket, TicketRef

ITEM = "sc_req_item"
NAME, VALUE = "sc_item_option.item_option_new.name", "sc_item_option.value"
MOD_DIGITS = 9


class Tag(NamedTuple):
    """Whether a ticket carries the tag, and when it was last added: UTC as the API writes it, "" where not known."""

    present: bool
    added_on: str = ""


class RelatedRecords(NamedTuple):
    """What other tables hold about a ticket: its tag, journals, catalogue variables and children.

    `hears_requester`: the journals tell the requester from others.
    """

    tag: Tag
    comments: tuple[Comment, ...]
    variables: Mapping[str, str]
    open_children: bool
    hears_requester: bool = True


def changed(record: Row) -> str:
    """Return when a record was last changed, with its count of changes; sorts in time."""
    return stamp_of(record, "")


def stamp_of(record: Row, tagged_on: str) -> str:
    """Return the stamp of a ticket; sorts in time.

    Whether adding a tag changes the ticket is not documented, so the tag's time counts if it is later than the change.
    """
    time = max(plain(record.get("sys_updated_on")), tagged_on)
    return f"{time}/{plain(record.get('sys_mod_count')).zfill(MOD_DIGITS)}"


def ticket_of(
    record: Row, related: RelatedRecords, *, ref: TicketRef, table: str, settings: ServiceNowSettings
) -> Ticket:
    """Build a ticket from its record and the related ones."""
    known = settings.tables[table]
    assignee, requester, opener = (person(record, name) for name in ("assigned_to", known.requester, OPENED_BY))
    return Ticket(
        ref=ref,
        summary=plain(record.get("short_description")),
        description=plain(record.get("description")),
        phase=phase(record, settings, table),
        status=shown(record.get(known.state_field)),
        tagged=related.tag.present,
        tagged_at=moment(related.tag.added_on),
        requester=requester,
        opened_at=moment(record.get("opened_at")),
        opened_by=opener if opener and (requester is None or opener.id != requester.id) else None,
        assignee=assignee,
        assigned_to_worker=assignee is not None and assignee.login == settings.user,
        group=shown(record.get(known.group_field)) or None,
        fields={
            name: text for name, text in (_form(record, settings, table) | dict(related.variables)).items() if text
        },
        comments=related.comments,
        hears_requester=related.hears_requester,
        relation=relation_of(record, table, open_children=related.open_children),
        stamp=stamp_of(record, related.tag.added_on),
        context={"table": table},
    )


def phase(record: Row, settings: ServiceNowSettings, table: str) -> Phase:
    """Map a state to a phase; a state that the settings do not name is open while the record is active."""
    known = settings.tables[table]
    state = plain(record.get(known.state_field))
    if state in known.done or plain(record.get("active")) == "false":
        return Phase.DONE
    if state == known.waiting:
        return Phase.WAITING
    return Phase.NEW if state == known.new else Phase.IN_PROGRESS


def person(record: Row, column: str) -> Person | None:
    """Read a reference to a user with its dot-walked columns."""
    sys_id = plain(record.get(column))
    if not sys_id:
        return None
    return Person(
        id=sys_id,
        login=plain(record.get(f"{column}.user_name")) or None,
        email=plain(record.get(f"{column}.email")) or None,
        name=plain(record.get(f"{column}.name")) or shown(record.get(column)) or None,
    )


def people_of(record: Row, requester: str) -> dict[str, Person]:
    """Return the ticket's people by their columns: its requester, who opened it, and its assignee."""
    found = {column: person(record, column) for column in (requester, OPENED_BY, "assigned_to")}
    return {column: somebody for column, somebody in found.items() if somebody}


def known_as(user: Mapping[str, Any]) -> str:
    """Return a user's most likely identifier in Okta: the e-mail address, else the user name."""
    return plain(user.get("email")) or plain(user.get("user_name"))


def moment(text: Any) -> datetime | None:
    """Parse a time of the API (UTC); `None` for anything else: one odd value must not block a ticket."""
    try:
        return datetime.strptime(plain(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _form(record: Row, settings: ServiceNowSettings, table: str) -> dict[str, str]:
    """Read the form's columns; a reference to a user becomes the user's identifier in Okta."""
    form = settings.form_of(table)
    referred = {part: record.get(f"{form.user}.{part}") for part in ("email", "user_name")}
    return {
        "user": known_as(referred) or plain(record.get(form.user)),
        "attribute": plain(record.get(form.attribute)),
        "expected": plain(record.get(form.expected)),
    }


def variables(
    client: ServiceNowClient, lookups: Lookups, settings: ServiceNowSettings, table: str, record: Row
) -> dict[str, str]:
    """Return the parts of the form that are catalogue variables of the requested item.

    They are rows of `sc_item_option_mtom`, not columns of the item
    (https://www.servicenow.com/docs/r/api-reference/scripts/c_UsingGlideRecordToQueryTables.html). A variable that
    refers to a user holds a sys_id, which is resolved.
    """
    wanted = settings.tables[table].variables.names()
    item = plain(record.get("sys_id" if table == ITEM else "request_item"))
    if not wanted or not SYS_ID.fullmatch(item):
        return {}
    query = f"request_item={item}^{NAME}IN{members(wanted.values())}"
    rows = list(client.lists.records("read the variables", "sc_item_option_mtom", query, ["request_item", NAME, VALUE]))
    held = {plain(row.get(NAME)): plain(row.get(VALUE)) for row in rows if plain(row.get("request_item")) == item}
    found = {name: held[variable] for name, variable in wanted.items() if held.get(variable)}
    if SYS_ID.fullmatch(found.get("user", "")):
        found["user"] = _of_ticket(record, (settings.tables[table].requester, OPENED_BY), found["user"]) or (
            known_as(lookups.user(found["user"])) or found["user"]
        )
    return found


def _of_ticket(record: Row, columns: tuple[str, ...], sys_id: str) -> str:
    """Return a user's identifier in Okta from the ticket's own people, "" if the user is none of them."""
    same = [column for column in columns if plain(record.get(column)) == sys_id]
    return known_as({part: record.get(f"{same[0]}.{part}") for part in ("email", "user_name")}) if same else ""
