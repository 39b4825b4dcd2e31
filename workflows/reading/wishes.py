"""Whether a ticket still asks for what it asked when it was judged.

What explicit channels say is compared as a whole. Of prose only new lines count, and only those that could change a
judgement: they name an attribute, hold a value that either copy was seen to hold, or say no. Whoever thanks or asks for
news wants nothing else. Only digests are kept, so no value of the words is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from pydantic import JsonValue

from workflows.model import CandidateKind, Heard, OwnLine, Person, Reading, Statement
from workflows.reading.spans import SHORTEST
from workflows.reading.statements import labelled
from workflows.reading.vocabulary import Vocabulary
from workflows.values.comparing import typed

_CLAUSE_END = re.compile(r"[.!?;:,](?:\s+|$)|[()–—]")
_NAMES = frozenset({CandidateKind.IDENTIFIER, CandidateKind.NAME})
SOMEBODY = "somebody else"


class Change(StrEnum):
    """How a ticket's words differ from those that were judged."""

    NONE = "none"
    ADDED = "added"  # prose that may speak against what was judged, or ask for more
    OTHERWISE = "otherwise"  # something else is stated, somebody else is named, or a word is against the sync


def stated_in(reading: Reading, statements: Iterable[Statement]) -> str:
    """Return by what explicit channels say, and by what speaks against a sync or puts it off, a request is known."""
    told = sorted(
        "|".join(typed(text or "").casefold() for text in (item.user, item.attribute, item.expected, item.still))
        for item in statements
    )
    day = reading.effective.isoformat() if reading.effective else ""
    named = sorted({name.casefold() for name in reading.named})
    return _digest("\n".join((*told, "", *named, reading.guard or "", day, reading.later or "", str(reading.loose))))


def heard_in(reading: Reading, requester: Person | None) -> Heard:
    """Return by what a ticket's words are known again."""
    lines = dict.fromkeys(_digest(_plain(line)) for line in reading.lines)
    people = dict.fromkeys(_digest(text) for text in _people(reading, requester))
    return Heard(stated=stated_in(reading, reading.statements), people=tuple(people), lines=tuple(lines))


def change_in(
    reading: Reading, requester: Person | None, heard: Heard, values: Iterable[JsonValue], vocabulary: Vocabulary
) -> Change:
    """Return how a ticket's words differ from those heard before; `values` are those that either copy held."""
    now = heard_in(reading, requester)
    if now.stated != heard.stated or set(now.people) - set(heard.people):
        return Change.OTHERWISE
    known = set(heard.lines)
    held = [text for value in values if len(text := typed(str(value or "")).casefold()) >= SHORTEST]
    new = (line for line in reading.lines if _digest(_plain(line)) not in known)
    return Change.ADDED if any(_tells(line.text, held, vocabulary) for line in new) else Change.NONE


def _tells(line: str, held: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Say whether a line of prose could change a judgement; what a label states is compared as a whole."""
    label = labelled(line, vocabulary)
    if label is not None and label.label.kind != "bare":
        return False
    if any(hit.field == "attributes" for hit in vocabulary.hits(line)):
        return True
    if any(vocabulary.is_one_of("no", clause) for clause in _CLAUSE_END.split(line) if clause.strip()):
        return True
    text = typed(line).casefold()
    return any(value in text for value in held)


def _people(reading: Reading, requester: Person | None) -> Iterator[str]:
    """Yield whom the words name besides the requester."""
    names = (requester.login, requester.email, requester.name) if requester else ()
    told = {item.text.casefold() for item in reading.candidates if item.kind in _NAMES}
    yield from sorted(
        {user.casefold() for user in reading.users} | told.difference(str(name).casefold() for name in names)
    )
    if reading.of_others:
        yield SOMEBODY


def _plain(line: OwnLine) -> str:
    return f"{line.user or ''}|{typed(line.text).casefold()}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
