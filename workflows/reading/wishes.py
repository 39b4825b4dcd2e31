"""Whether a ticket still asks for what it asked when it was judged.

What explicit channels say is compared as a whole. Of prose only new lines count, and only those that could change a
judgement: they name an attribute, hold a value that either copy was seen to hold, or say no. Whoever thanks or asks for
news wants nothing else. Only digests are kept, so no value of the words is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum

from pydantic import JsonValue

from workflows.model import CandidateKind, Heard, OwnLine, Person, Reading, Statement
from workflows.reading.spans import CLAUSE_END, SHORTEST
from workflows.reading.statements import labelled
from workflows.reading.vocabulary import Vocabulary
from workflows.values.comparing import typed

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
    stated = (item.attribute for item in reading.statements)
    named = sorted({name.casefold() for name in (*reading.named, *stated) if name})
    ahead = (reading.guard or "", str(reading.effective or ""), reading.later or "", str(reading.loose))
    return _digest("\n".join((*told, "", *named, *ahead)))


def heard_in(reading: Reading, requester: Person | None) -> Heard:
    """Return by what a ticket's words are known again."""
    own = {str(text).casefold() for text in (requester.login, requester.email, requester.name)} if requester else set()
    people = {item.text.casefold() for item in reading.candidates if item.kind in _NAMES} - own
    people |= {user.casefold() for user in reading.users} | ({SOMEBODY} if reading.of_others else set())
    return Heard(
        stated=stated_in(reading, reading.statements),
        people=tuple(map(_digest, sorted(people))),
        lines=tuple(dict.fromkeys(map(_digest_of, reading.lines))),
    )


def change_in(
    reading: Reading, requester: Person | None, heard: Heard, values: Iterable[JsonValue], vocabulary: Vocabulary
) -> Change:
    """Return how a ticket's words differ from those heard before; `values` are those that either copy held."""
    now = heard_in(reading, requester)
    if now.stated != heard.stated or not set(now.people).issubset(heard.people):
        return Change.OTHERWISE
    held = [text for value in values if len(text := typed(str(value or "")).casefold()) >= SHORTEST]
    known = set(heard.lines)
    new = (line.text for line in reading.lines if _digest_of(line) not in known)
    return Change.ADDED if any(_tells(line, held, vocabulary) for line in new) else Change.NONE


def _tells(line: str, held: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Say whether a line of prose could change a judgement; what a label states is compared as a whole."""
    label = labelled(line, vocabulary)
    if label is not None and label.label.kind != "bare":
        return False
    text = typed(line).casefold()
    return (
        "attributes" in vocabulary.fields_in(line)
        or any(vocabulary.is_one_of("no", clause) for clause in CLAUSE_END.split(line))
        or any(value in text for value in held)
    )


def _digest_of(line: OwnLine) -> str:
    return _digest(f"{line.user or ''}|{typed(line.text).casefold()}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
