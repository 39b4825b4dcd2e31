"""Records of ServiceNow as tickets of the core; the API's times are UTC to the second, display values are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.servicenow.rendering import marker_in
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Unexpected
from workflows.model import Comment, Person, Phase, Relation, Ticket, TicketRef

PERSON_FIELDS = ("", ".user_name", ".name", ".email")
_HISTORY = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - (?P<name>.+) \((?P<kind>Additional comments|Work notes)\)$", re.M
)


def fields_to_read(settings: ServiceNowSettings, table: str) -> list[str]:
    """Return the columns of a fresh read; ServiceNow drops those that a table does not have."""
    people = [f"{name}{part}" for name in ("assigned_to", settings.tables[table].requester) for part in PERSON_FIELDS]
    plain = ["sys_id", "number", "short_description", "description", "state", "hold_reason", "active"]
    relations = ["assignment_group", "parent_incident", "major_incident_state", "sys_updated_on"]
    form = settings.fields
    return [*plain, *people, *relations, form.user, form.attribute, form.expected]


def ticket_of(
    record: Mapping[str, Any],
    *,
    ref: TicketRef,
    settings: ServiceNowSettings,
    table: str,
    tagged_at: datetime | None,
    comments: tuple[Comment, ...],
    open_children: bool,
) -> Ticket:
    """Build the ticket."""
    requester = settings.tables[table].requester
    form = {name: _value(record, column) for name, column in settings.fields.model_dump().items()}
    assignee = person(record, "assigned_to")
    return Ticket(
        ref=ref,
        summary=_value(record, "short_description"),
        description=_value(record, "description"),
        phase=phase(_value(record, "state"), settings, table),
        status=_shown(record, "state"),
        tagged=tagged_at is not None,
        tagged_at=tagged_at,
        requester=person(record, requester),
        assignee=assignee,
        assigned_to_worker=assignee is not None and assignee.login == settings.user,
        group=_shown(record, "assignment_group") or None,
        fields={name: text for name, text in form.items() if text},
        comments=comments,
        relation=_relation(record, open_children=open_children),
        context={"table": table},
    )


def phase(state: str, settings: ServiceNowSettings, table: str) -> Phase:
    """Reduce a state to a phase."""
    known = settings.tables[table]
    if state in known.done:
        return Phase.DONE
    if state == known.waiting:
        return Phase.WAITING
    return Phase.NEW if state == known.new else Phase.IN_PROGRESS


def person(record: Mapping[str, Any], column: str) -> Person | None:
    """Read a reference to a user with its dot-walked columns."""
    sys_id = _value(record, column)
    if not sys_id:
        return None
    return Person(
        id=sys_id,
        login=_value(record, f"{column}.user_name") or None,
        email=_value(record, f"{column}.email") or None,
        name=_value(record, f"{column}.name") or _shown(record, column) or None,
    )


def comments_of(rows: Iterable[Mapping[str, Any]], settings: ServiceNowSettings, system: str) -> tuple[Comment, ...]:
    """Read the rows of `sys_journal_field`, which come with plain values."""
    comments = []
    for row in rows:
        author, body = str(row.get("sys_created_by") or ""), str(row.get("value") or "")
        comments.append(
            Comment(
                id=str(row.get("sys_id") or ""),
                author=Person(id=author, login=author),
                by_worker=author == settings.user,
                public=row.get("element") == "comments",
                created=moment(system, row.get("sys_created_on")),
                body=body,
                marker=marker_in(body),
            )
        )
    return tuple(comments)


def comments_from_history(record: Mapping[str, Any], now: datetime) -> tuple[Comment, ...]:
    """Read the journals from their concatenated display values, for accounts that may not read the journal's table.

    These name people, not accounts, and times in the reader's zone; so only our marker tells our own entries, and no
    time is taken from them.
    """
    comments: list[Comment] = []
    for column in ("work_notes", "comments"):
        text = _shown(record, column)
        heads = list(_HISTORY.finditer(text))
        for place, head in enumerate(heads):
            end = heads[place + 1].start() if place + 1 < len(heads) else len(text)
            body = text[head.end() : end].strip()
            marker = marker_in(body)
            comments.append(
                Comment(
                    id=f"{column}:{len(heads) - place}",
                    author=Person(id=head["name"], name=head["name"]),
                    by_worker=marker is not None,
                    public=head["kind"] == "Additional comments",
                    created=now,
                    body=body,
                    marker=marker,
                )
            )
    return tuple(reversed(comments))  # the newest entry stands first in ServiceNow


def moment(system: str, text: Any) -> datetime:
    """Read a time of the API, which is UTC."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise Unexpected(system, "read a time", f"{str(text)[:30]!r} is not YYYY-MM-DD HH:MM:SS") from error


def _relation(record: Mapping[str, Any], *, open_children: bool) -> Relation:
    """Say whether the ticket stands alone; `major_incident_state` is set by Major Incident Management (inferred)."""
    if _value(record, "major_incident_state") in {"proposed", "accepted"}:
        return Relation.MAJOR_INCIDENT
    if _value(record, "parent_incident"):
        return Relation.CHILD
    return Relation.PARENT if open_children else Relation.NONE


def _value(record: Mapping[str, Any], column: str) -> str:
    item = record.get(column)
    return str(item.get("value") or "") if isinstance(item, Mapping) else str(item or "")


def _shown(record: Mapping[str, Any], column: str) -> str:
    item = record.get(column)
    return str(item.get("display_value") or "") if isinstance(item, Mapping) else str(item or "")
