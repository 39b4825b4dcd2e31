"""Reads the comments and work notes of a ticket from the journal table, or from their display values.

The table needs a read right that many accounts lack; if row access rules hide its rows, it looks empty and refuses
nothing. The display values hold the whole history as one text
(`2022-11-04 15:29:20 - System Administrator (Work notes)`), with names instead of accounts, and with times in the
account's own form and zone.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import datetime

from connectors.servicenow.answers import Row, plain, shown
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.dates import LONG_AGO, Shown, forms_of
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.reading import HISTORY, moment
from connectors.servicenow.rendering import digest, marker_in, named_in
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Misconfigured, NotAllowed
from workflows.model import Comment, Person
from workflows.ports import Clock

INTERNAL, PUBLIC = HISTORY
_HEAD = re.compile(r"^(?P<at>[^\n]{10,30}?) - (?P<name>[^\n]+) \([^()\n]+(?:\([^()\n]*\))?\)$", re.M)
TIMES = ("sys_updated_on", "sys_created_on")


class Journals:
    """Reads journals as one account, and recognises that account's own entries."""

    def __init__(self, client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups, clock: Clock) -> None:
        self._client, self._settings, self._lookups, self._clock = client, settings, lookups, clock

    def of_ticket(self, table: str, sys_id: str, record: Row | None = None) -> tuple[Comment, ...]:
        """Return a ticket's comments and work notes, oldest first; a `record` holds its history already."""
        return self._from_table(table, sys_id) or self._only_from_history(record or self._record(table, sys_id))

    def marked(self, table: str, sys_id: str, marker: str) -> Comment | None:
        """Look for our entry with this marker in the table and then, in case it is hidden there, in the history."""
        entries = self._from_table(table, sys_id)
        ours = (item for item in entries if item.by_worker and item.marker == marker)
        if found := next(ours, None):
            return found
        record = self._record(table, sys_id)
        history = (self._from_history(record) or ()) if entries else self._only_from_history(record)
        return next((item for item in history if item.by_worker and item.marker == marker), None)

    def _from_table(self, table: str, sys_id: str) -> tuple[Comment, ...]:
        query = f"element_id={sys_id}^name={table}^elementIN{INTERNAL},{PUBLIC}"
        fields = ["element", "element_id", "value", "sys_created_on", "sys_created_by"]
        try:
            rows = list(self._client.journal("read the journals", "sys_journal_field", query, fields))
        except NotAllowed:  # the account may not read the table; the history is read instead
            return ()
        wanted = [row for row in rows if row.get("element_id") == sys_id and row.get("element") in (PUBLIC, INTERNAL)]
        return comments_of(wanted, self._settings.user)

    def _record(self, table: str, sys_id: str) -> Row:
        return self._client.read("read the journals' text", table, sys_id, [*HISTORY, *TIMES]).fields

    def _only_from_history(self, record: Row) -> tuple[Comment, ...]:
        """Read the display values as the only source: an unreadable text must not look like an empty journal."""
        found = self._from_history(record)
        if found is None:
            detail = (
                "its entries do not begin with a time in the form of the record's own and a name; let the account read "
                "sys_journal_field, or show it dates as yyyy-MM-dd HH:mm:ss"
            )
            raise Misconfigured(self._client.system, "read the journals' text", detail, cause="the form of dates")
        return found

    def _from_history(self, record: Row) -> tuple[Comment, ...] | None:
        """Read the display values; `None` if the text has another form."""
        if not (shown(record.get(INTERNAL)) or shown(record.get(PUBLIC))):
            return ()
        return comments_from_history(record, self._lookups.worker_name(), self._clock.now()) or None


def comments_of(rows: Iterable[Row], worker: str) -> tuple[Comment, ...]:
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
                created=moment(row.get("sys_created_on")) or LONG_AGO,
                body=body,
                marker=marker_in(body) if author == worker else None,
            )
        )
    return _paired(comments, worker)


def comments_from_history(record: Row, worker_name: str, now: datetime) -> tuple[Comment, ...]:
    """Read both journals from their display values, oldest first.

    The form and the reader's zone follow from the record's own times, which come in both forms; without them, entries
    get the current time. Our entries are those under our name that carry a marker, or that such a one names.
    """
    texts = {column: shown(record.get(column)).replace("\r\n", "\n") for column in (INTERNAL, PUBLIC)}
    form = max(forms_of(record, TIMES), key=lambda item: _fit(texts.values(), item), default=None)
    found: list[tuple[datetime, int, Comment]] = []
    for column, text in texts.items():
        heads = _heads(text, form) if form else []
        for place, (head, local) in enumerate(heads):
            end = heads[place + 1][0].start() if place + 1 < len(heads) else len(text)
            body, number = text[head.end() : end].strip(), len(heads) - place
            marker = marker_in(body) if head["name"] == worker_name else None
            comment = Comment(
                id=f"{column}:{number}",
                author=Person(id=head["name"], name=head["name"]),
                by_worker=marker is not None,
                public=column == PUBLIC,
                created=form.utc(local, now) if form else now,
                body=body,
                marker=marker,
            )
            found.append((local, number, comment))
    return _paired([comment for _, _, comment in sorted(found, key=lambda item: item[:2])], worker_name)


def _paired(comments: list[Comment], worker: str) -> tuple[Comment, ...]:
    """Give our public comments the markers of the work notes that name them; `worker` is our account or its name.

    A public comment carries no marker itself, because its requester reads it. A name is not proof enough: a comment is
    ours if a marked work note of ours names its words.
    """
    named: defaultdict[str, deque[str]] = defaultdict(deque)
    for item in comments:
        if item.marker and not item.public:
            named[named_in(item.body)].append(item.marker)

    def paired(item: Comment) -> Comment:
        if not item.public or item.marker or item.author.id != worker or not (left := named.get(digest(item.body))):
            return item
        return item.but(marker=left.popleft(), by_worker=True)

    return tuple(paired(item) for item in comments)


def _heads(text: str, form: Shown) -> list[tuple[re.Match[str], datetime]]:
    """Return the lines that begin an entry, newest first, each with its time as it is shown."""
    return [(head, local) for head in _HEAD.finditer(text) if (local := form.read(head["at"]))]


def _fit(texts: Iterable[str], form: Shown) -> tuple[int, bool]:
    """Return how well a form fits: the number of entries, and whether they go back in time, as journals do."""
    times = [[local for _, local in _heads(text, form)] for text in texts]
    return sum(map(len, times)), all(column == sorted(column, reverse=True) for column in times)
