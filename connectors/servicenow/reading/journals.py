"""Reads the comments and work notes of a ticket from the journal table, or from their display values.

The table needs a read right that many accounts lack; if row access rules hide its rows, it looks empty and refuses
nothing. The display values name people instead of accounts: a name counts as one of the ticket's people where no other
account has it.
"""

from __future__ import annotations

from collections.abc import Iterable

from connectors.desks import LONG_AGO
from connectors.servicenow.answers import Row, plain, shown
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.markers import marker_in
from connectors.servicenow.reading.dates import order_in
from connectors.servicenow.reading.fields import HISTORY
from connectors.servicenow.reading.history import (
    INTERNAL,
    PUBLIC,
    TIMES,
    Authors,
    UnclearForm,
    comments_from_history,
    paired,
)
from connectors.servicenow.reading.tickets import moment, people_of
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Misconfigured, NotAllowed
from workflows.model import Comment, Person
from workflows.ports import Clock

TRIES = 2  # of the table, until its refusal is the account's: one alone may be a stray answer
READABLE = (
    "let the account read sys_journal_field, or show it dates as yyyy-MM-dd (Date format of its user record, else "
)
READABLE += "glide.sys.date_format)"


class Journals:
    """Reads journals as one account, and recognises that account's own entries."""

    def __init__(self, client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups, clock: Clock) -> None:
        self._client, self._settings, self._lookups, self._clock = client, settings, lookups, clock
        self._by_name = False  # whether the table showed nothing when it was last read and there was something

    def of_ticket(self, table: str, sys_id: str, record: Row | None = None) -> tuple[Comment, ...]:
        """Return a ticket's comments and work notes, oldest first; a `record` holds its history and people already."""
        return self._from_table(table, sys_id) or self._only_from_history(
            record or self._record(table, sys_id), self._settings.tables[table].requester
        )

    def marked(self, table: str, sys_id: str, marker: str) -> Comment | None:
        """Look for our entry with this marker in the table and then, in case it is hidden there, in the history."""
        entries = self._from_table(table, sys_id)
        ours = (item for item in entries if item.by_worker and item.marker == marker)
        if found := next(ours, None):
            return found
        record = self._record(table, sys_id)
        history = (self._from_history(record) or ()) if entries else self._only_from_history(record)
        return next((item for item in history if item.by_worker and item.marker == marker), None)

    def hears(self, requester: Person | None) -> bool:
        """Return whether what the requester writes can be told from what others write."""
        return not self._by_name or (requester is not None and self._lookups.is_only(requester))

    def _from_table(self, table: str, sys_id: str) -> tuple[Comment, ...]:
        query = f"element_id={sys_id}^name={table}^elementIN{INTERNAL},{PUBLIC}"
        fields = ["element", "element_id", "value", "sys_created_on", "sys_created_by"]
        for _ in range(1 if self._by_name else TRIES):
            try:
                rows = list(self._client.lists.journal("read the journals", "sys_journal_field", query, fields))
            except NotAllowed:  # the account may not read the table; the history is read instead
                continue
            wanted = [row for row in rows if row.get("element_id") == sys_id and row.get("element") in HISTORY]
            self._by_name = self._by_name and not wanted
            return comments_of(wanted, self._settings.user)
        self._by_name = True
        return ()

    def _record(self, table: str, sys_id: str) -> Row:
        return self._client.read("read the journals' text", table, sys_id, [*HISTORY, *TIMES]).fields

    def _only_from_history(self, record: Row, requester: str = "") -> tuple[Comment, ...]:
        """Read the display values as the only source: an unreadable text must not look like an empty journal."""
        found = self._from_history(record, requester)
        if found is None:
            detail = f"it does not begin with a time in the form of the record's own and a name; {READABLE}"
            raise self._unreadable(detail)
        self._by_name = self._by_name or bool(found)
        return found

    def _from_history(self, record: Row, requester: str = "") -> tuple[Comment, ...] | None:
        """Read the display values; `None` if the text has another form."""
        if not (shown(record.get(INTERNAL)) or shown(record.get(PUBLIC))):
            return ()
        authors, now = self._authors(record, requester), self._clock.now()
        try:
            return comments_from_history(record, authors, now) or None
        except UnclearForm:
            try:
                order = order_in(self._lookups.date_format())
                return comments_from_history(record, authors, now, order) or None
            except UnclearForm as error:
                detail = f"its dates can be read with the day or the month first, and nothing tells which; {READABLE}"
                raise self._unreadable(detail) from error

    def _authors(self, record: Row, requester: str) -> Authors:
        worker = self._lookups.worker_name()
        if not requester:  # only our own entries are looked for
            return Authors(worker)
        people = people_of(record, requester)
        text = shown(record.get(PUBLIC))
        proven = {
            name: person
            for person in people.values()
            if (name := person.name) and f" - {name}" in text and self._lookups.is_only(person)
        }
        asks = people.get(requester)
        return Authors(worker, (asks.name or "") if asks else "", proven)

    def _unreadable(self, detail: str) -> Misconfigured:
        return Misconfigured(self._client.system, "read the journals' text", detail, cause="the form of dates")


def comments_of(rows: Iterable[Row], worker: str) -> tuple[Comment, ...]:
    """Read the rows of `sys_journal_field`; a marker counts only in our own entries, since people quote them."""
    comments = []
    for row in rows:
        author, body = plain(row.get("sys_created_by")), plain(row.get("value"))
        comments.append(
            Comment(
                id=plain(row.get("sys_id")),
                author=Person(id="", login=author),  # the journal names no sys_id
                by_worker=author == worker,
                public=row.get("element") == PUBLIC,
                by_agent=row.get("element") == INTERNAL and author != worker,
                created=moment(row.get("sys_created_on")) or LONG_AGO,
                body=body,
                marker=marker_in(body) if author == worker else None,
            )
        )
    return paired(comments, lambda item: item.author.login == worker)
