"""Reads the journals of a record from their display values, which hold the whole history as one text, newest first.

`2022-11-04 15:29:20 - System Administrator (Work notes)` begins an entry (recorded answers): a time in the account's
own form and zone, a displayed name instead of an account, and the journal's label. A comment may hold such a line, too.
So who wrote an entry counts only where nobody else can have written the line that says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from connectors.servicenow.answers import Row, shown
from connectors.servicenow.markers import digest, marker_in, named_in
from connectors.servicenow.reading.dates import Shown, forms_of
from connectors.servicenow.reading.fields import HISTORY
from workflows.model import Comment, Person

INTERNAL, PUBLIC = HISTORY
TIMES = ("sys_updated_on", "sys_created_on")
SHORTEST, LONGEST = 10, 40  # characters of a time
SLACK = timedelta(hours=2)  # daylight saving, and a clock that is ahead
_OPEN, _CLOSED = "(（", ")）"
_BETWEEN = " - "


class Authors(NamedTuple):
    """Who may have written: our own name, the requester's, and the accounts that a displayed name proves."""

    worker: str
    requester: str = ""
    proven: Mapping[str, Person] = MappingProxyType({})


class UnclearForm(Exception):  # noqa: N818  # it names the fact
    """The times can be read with the day before the month and behind it, and nothing decides between the two."""


class _Head(NamedTuple):
    """The line that begins an entry; its text follows at `end`."""

    start: int
    end: int
    local: datetime
    name: str


def comments_from_history(record: Row, authors: Authors, now: datetime, order: str = "") -> tuple[Comment, ...]:
    """Read both journals, oldest first; none where a text does not begin with an entry.

    The form and the reader's zone follow from the record's own times, which come in both forms; without them, entries
    get the current time. `order` decides where day and month could be exchanged; without it, `UnclearForm` is raised.
    Our entries are work notes under our name that carry a marker, and the comments that such a one names.
    """
    texts = {column: shown(record.get(column)).replace("\r\n", "\n") for column in (INTERNAL, PUBLIC)}
    form = _form(record, texts.values(), order)
    if form is None:
        return ()
    found: list[tuple[datetime, int, Comment]] = []
    for column, text in texts.items():
        heads = _heads(text, form)
        for place, head in enumerate(heads):
            end = heads[place + 1].start if place + 1 < len(heads) else len(text)
            body, number = text[head.end : end].strip(), len(heads) - place
            marker = marker_in(body) if head.name == authors.worker and column == INTERNAL else None
            comment = Comment(
                id=f"{column}:{number}",
                author=Person(id="", name=head.name),
                by_worker=marker is not None,
                public=column == PUBLIC,
                by_agent=column == INTERNAL and marker is None,
                created=form.utc(head.local, now),
                body=body,
                marker=marker,
            )
            found.append((head.local, number, comment))
    in_time = [comment for _, _, comment in sorted(found, key=lambda item: item[:2])]
    return _identified(paired(in_time, lambda item: item.author.name == authors.worker), authors)


def paired(comments: list[Comment], may_be_ours: Callable[[Comment], bool]) -> tuple[Comment, ...]:
    """Give our public comments the markers of the work notes that name them.

    A public comment carries no marker itself, because its requester reads it. Our name is not proof enough: a comment
    is ours if a marked work note of ours names its words.
    """
    named: defaultdict[str, deque[str]] = defaultdict(deque)
    for item in comments:
        if item.marker and not item.public:
            named[named_in(item.body)].append(item.marker)

    def with_marker(item: Comment) -> Comment:
        if not item.public or item.marker or not may_be_ours(item) or not (left := named.get(digest(item.body))):
            return item
        return item.but(marker=left.popleft(), by_worker=True)

    return tuple(with_marker(item) for item in comments)


def _identified(comments: tuple[Comment, ...], authors: Authors) -> tuple[Comment, ...]:
    """Give public comments their authors' accounts where nobody else can have written them.

    Every entry begins with a line of the instance's own, so whoever wrote is named; but an entry may hold lines that
    look like the beginning of others, as if those were older. So an entry may be part of any above it, up to one that
    is proven to be ours. Work notes need no proof: those who write them are trusted.
    """
    named = Counter(named_in(item.body) for item in comments if item.marker and not item.public)
    as_ours = Counter(digest(item.body) for item in comments if item.public and item.author.name == authors.worker)
    found, above = dict[str, Comment](), set[str | None]()
    for item in sorted((item for item in comments if item.public), key=_place, reverse=True):
        words, name = digest(item.body), item.author.name
        if item.by_worker and as_ours[words] <= named[words]:
            above.clear()
            continue
        account = authors.proven.get(name or "") if above <= {name} else None
        above.add(name)
        if account is not None:
            found[item.id] = item.but(author=account)
        elif name and name == authors.requester:
            found[item.id] = item.but(doubtful=True)
    return tuple(found.get(item.id, item) for item in comments)


def _place(comment: Comment) -> int:
    return int(comment.id.rpartition(":")[2])


def _form(record: Row, texts: Iterable[str], order: str) -> Shown | None:
    """Return the form in which the texts read best; `None` if they begin with no time of a form that fits."""
    filled = [text for text in texts if text]
    fits = {form: fit for form in forms_of(record, TIMES) if (fit := _fit(record, filled, form))}
    if not fits:
        return None
    best = max(fits.values())
    forms = [form for form, fit in fits.items() if fit == best]
    if len({tuple(tuple(_times(text, form)) for text in filled) for form in forms}) == 1:
        return forms[0]
    if told := [form for form in forms if form.order == order]:
        return told[0]
    raise UnclearForm


def _fit(record: Row, texts: list[str], form: Shown) -> tuple[int, bool, bool] | None:
    """Return how well a form fits: the number of entries, whether they go back in time, and lie in the record's."""
    columns = [_heads(text, form) for text in texts]
    if not all(heads and not text[: heads[0].start].strip() for text, heads in zip(texts, columns, strict=True)):
        return None
    times = [[head.local for head in heads] for heads in columns]
    updated, created = (form.read(shown(record.get(name))) for name in TIMES)
    within = all(
        (updated is None or at <= updated + SLACK) and (created is None or at >= created - SLACK)
        for column in times
        for at in column
    )
    return sum(map(len, times)), all(column == sorted(column, reverse=True) for column in times), within


def _times(text: str, form: Shown) -> list[datetime]:
    return [head.local for head in _heads(text, form)]


def _heads(text: str, form: Shown) -> list[_Head]:
    """Return the lines that begin an entry, newest first.

    A line with the label of the first entry counts even if its time cannot be read, for it may be somebody's.
    """
    found: list[_Head] = []
    labels: set[str] = set()
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if parts := _head_parts(line):
            at, name, label = parts
            local = form.read(at)
            if local is None and found and label in labels:
                local = found[-1].local
            if local is not None:
                labels = labels or {label}
                found.append(_Head(start, end, local, name))
        start = end + 1
    return found


def _head_parts(line: str) -> tuple[str, str, str] | None:
    """Take a line apart into time, name and label, which stands in parentheses at its end and may hold some."""
    at, between, rest = line.partition(_BETWEEN)
    if not between or not SHORTEST <= len(at) <= LONGEST or rest[-1:] not in tuple(_CLOSED):
        return None
    depth = 0
    for place in range(len(rest) - 1, -1, -1):
        depth += (rest[place] in _CLOSED) - (rest[place] in _OPEN)
        if depth == 0:
            return at, rest[:place].strip(), rest[place:]
    return None
