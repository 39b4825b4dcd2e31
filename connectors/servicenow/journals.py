"""Reads the comments and work notes of a ticket from the journal table, or from their display values.

The table needs a read right that many accounts lack; if row access rules hide its rows, it looks empty and refuses
nothing. The display values hold the whole history as one text
(`2022-11-04 15:29:20 - System Administrator (Work notes)`), with names instead of accounts and local times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from connectors.servicenow.answers import Row, plain, shown
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.reading import moment
from connectors.servicenow.rendering import marker_in
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Misconfigured, Refused
from workflows.model import Comment, Person
from workflows.ports import Clock

PUBLIC, INTERNAL = "comments", "work_notes"
_HEAD = re.compile(r"^(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) - (?P<name>.+) \([^()\n]+(?:\([^()\n]*\))?\)$", re.M)
_FORM = "%Y-%m-%d %H:%M:%S"


class Journals:
    """Reads journals as one account, and recognises that account's own entries."""

    def __init__(self, client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups, clock: Clock) -> None:
        self._client, self._settings, self._lookups, self._clock = client, settings, lookups, clock

    def of_ticket(self, table: str, sys_id: str) -> tuple[Comment, ...]:
        """Return a ticket's comments and work notes, oldest first."""
        return self._from_table(table, sys_id) or self._only_from_history(table, sys_id)

    def marked(self, table: str, sys_id: str, marker: str) -> Comment | None:
        """Look for our entry with this marker in the table and then, in case it is hidden there, in the history."""
        entries = self._from_table(table, sys_id)
        ours = (item for item in entries if item.by_worker and item.marker == marker)
        if found := next(ours, None):
            return found
        history = (self._from_history(table, sys_id) or ()) if entries else self._only_from_history(table, sys_id)
        return next((item for item in history if item.by_worker and item.marker == marker), None)

    def _from_table(self, table: str, sys_id: str) -> tuple[Comment, ...]:
        query = f"element_id={sys_id}^name={table}^elementIN{INTERNAL},{PUBLIC}"
        fields = ["element", "element_id", "value", "sys_created_on", "sys_created_by"]
        try:
            rows = list(self._client.journal("read the journals", "sys_journal_field", query, fields))
        except Refused:  # the account may not read the table; the history is read instead
            return ()
        wanted = [row for row in rows if row.get("element_id") == sys_id and row.get("element") in (PUBLIC, INTERNAL)]
        return comments_of(wanted, self._settings.user, self._client.system)

    def _only_from_history(self, table: str, sys_id: str) -> tuple[Comment, ...]:
        """Read the display values as the only source: an unreadable text must not look like an empty journal."""
        found = self._from_history(table, sys_id)
        if found is None:
            detail = (
                "its entries do not begin as 2026-03-02 09:00:00 - Name; let the account read sys_journal_field, "
                "or show it dates as yyyy-MM-dd HH:mm:ss"
            )
            raise Misconfigured(self._client.system, "read the journals' text", detail)
        return found

    def _from_history(self, table: str, sys_id: str) -> tuple[Comment, ...] | None:
        """Read the display values; `None` if the text has another form."""
        fields = [INTERNAL, PUBLIC, "sys_updated_on"]
        record = self._client.read("read the journals' text", table, sys_id, fields).fields
        if not (shown(record.get(INTERNAL)) or shown(record.get(PUBLIC))):
            return ()
        return comments_from_history(record, self._lookups.worker_name(), self._clock.now()) or None


def comments_of(rows: Iterable[Row], worker: str, system: str) -> tuple[Comment, ...]:
    """Read the rows of `sys_journal_field`; a marker counts only in our own entries, since people quote them."""
    comments = []
    for row in rows:
        author, body = plain(row.get("sys_created_by")), plain(row.get("value"))
        comments.append(
            Comment(
                id=plain(row.get("sys_id")),
                author=Person(id=author, login=author),
                by_worker=author == worker,
                public=row.get("element") == PUBLIC,
                created=moment(system, row.get("sys_created_on")),
                body=body,
                marker=marker_in(body) if author == worker else None,
            )
        )
    return tuple(comments)


def comments_from_history(record: Row, worker_name: str, now: datetime) -> tuple[Comment, ...]:
    """Read both journals from their display values, oldest first.

    The reader's zone follows from the record's update time, which comes in both forms; without it, entries get the
    current time. Our entries are those under our name that carry a marker.
    """
    away = _zone(record)
    found: list[tuple[str, int, Comment]] = []
    for column in (INTERNAL, PUBLIC):
        text = shown(record.get(column)).replace("\r\n", "\n")
        heads = list(_HEAD.finditer(text))
        for place, head in enumerate(heads):
            end = heads[place + 1].start() if place + 1 < len(heads) else len(text)
            body, number = text[head.end() : end].strip(), len(heads) - place
            marker = marker_in(body) if head["name"] == worker_name else None
            comment = Comment(
                id=f"{column}:{number}",
                author=Person(id=head["name"], name=head["name"]),
                by_worker=marker is not None,
                public=column == PUBLIC,
                created=now if away is None else moment("", head["at"]) - away,
                body=body,
                marker=marker,
            )
            found.append((head["at"], number, comment))
    return tuple(comment for _, _, comment in sorted(found, key=lambda item: item[:2]))


def _zone(record: Row) -> timedelta | None:
    """Return the offset of display values from UTC (at the record's update time; daylight saving may differ)."""
    cell = record.get("sys_updated_on")
    try:
        display, utc = (datetime.strptime(read(cell), _FORM) for read in (shown, plain))  # noqa: DTZ007  # a difference
    except ValueError:
        return None
    return display - utc
