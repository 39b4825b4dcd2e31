"""Whether a ticket still asks for what it asked when it was judged.

What explicit channels say is compared as a whole. Of prose only new lines count: whoever thanks, greets or asks for
news wants nothing else, and what anything else wants is a person's to read. Only digests are kept, so no value of the
words is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from pydantic import JsonValue

from workflows.model import CandidateKind, Heard, OwnLine, Person, Reading, Statement, Ticket
from workflows.precheck.replies import Reply, is_name, reply_in
from workflows.reading.spans import CLAUSE_END, SHORTEST
from workflows.reading.statements import labelled
from workflows.reading.vocabulary import Vocabulary
from workflows.values.comparing import typed

_NAMES = frozenset({CandidateKind.IDENTIFIER, CandidateKind.NAME})
SOMEBODY = "somebody else"
_ADDRESSED = re.compile(r"\[~[^\[\]\s]{1,100}\]|@(?=\w)")  # somebody whom Jira or a chat mentions
_APART = re.compile(r"[^\w\s'’-]+")
_PLAIN = frozenset({Reply.YES, Reply.NO, Reply.SOMETHING_ELSE})
_NAMES_MOST = 2  # words of a name behind "Hello"


class Change(NamedTuple):
    """How a ticket's words differ from those that were judged.

    `otherwise`: something else is stated, somebody else is named, or a word is against the sync. `unread` is new prose
    that may want something, `told` says that it names an attribute, holds a value of either copy, or says no; `beside`
    are those of its lines that answer no question: where a label or a table does, all but a bare value.
    """

    otherwise: bool = False
    told: bool = False
    unread: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


NOTHING_NEW = Change()


def stated_in(reading: Reading, statements: Iterable[Statement]) -> str:
    """Return by what explicit channels say, and by what speaks against a sync or puts it off, a request is known."""
    told = sorted(
        "|".join(typed(text or "").casefold() for text in (item.user, item.attribute, item.expected, item.still))
        for item in statements
    )
    named = sorted({name.casefold() for name in (*reading.named, *reading.outside_tables)})
    ahead = (
        reading.guard or "",
        str(reading.effective or reading.undated or ""),
        reading.later or "",
        str(reading.loose),
    )
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
    reading: Reading, ticket: Ticket, heard: Heard, values: Iterable[JsonValue], vocabulary: Vocabulary
) -> Change:
    """Return how a ticket's words differ from those heard before; `values` are those that either copy held."""
    now = heard_in(reading, ticket.requester)
    otherwise = now.stated != heard.stated or not set(now.people).issubset(heard.people)
    people = [item for item in (ticket.requester, *(comment.author for comment in ticket.comments)) if item]
    known = set(heard.lines)
    fresh = [item for item in reading.lines if _digest_of(item) not in known]
    new = [item.text for item in fresh if not _is_stated(item, vocabulary)]
    unread = tuple(line for line in new if not _asks_nothing(line, people, vocabulary))
    held = [text for value in values if len(text := typed(str(value or "")).casefold()) >= SHORTEST]
    named = [line for line in unread if "attributes" in vocabulary.fields_in(line)]
    valued = [line for line in unread if any(value in typed(line).casefold() for value in held)]
    denied = any(vocabulary.is_one_of("no", clause) for line in unread for clause in CLAUSE_END.split(line))
    answers = {item.expected for item in reading.statements}
    if len(new) == len(fresh):
        answers.update(valued or named)
    beside = (line for line in unread if line not in answers and reply_in([line], vocabulary, people) not in _PLAIN)
    return Change(otherwise, bool(named or valued or denied), unread, tuple(beside))


def _is_stated(line: OwnLine, vocabulary: Vocabulary) -> bool:
    """Say whether a table or a label states a line, so that it is compared as a whole."""
    told = labelled(line.text, vocabulary)
    return line.row or (told is not None and told.label.kind != "bare")


def _asks_nothing(line: str, people: Sequence[Person], vocabulary: Vocabulary) -> bool:
    """Say whether a line is put together of thanks, greetings, requests for news and names, or tells of a press."""
    parts = _APART.split(_ADDRESSED.sub(" ", line))
    left = (rest for part in parts for rest in _beside_courtesies(part, vocabulary))
    return vocabulary.is_one_of("pressed", line) or all(is_name(rest, people, vocabulary) for rest in left)


def _beside_courtesies(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield what stands beside the courtesies of a part of a line, but for the name of whom one addresses."""
    hits = [hit for hit in vocabulary.mail_marks(text) if hit.field in {"courtesies", "sign_offs"}]
    ends = accumulate((hit.end for hit in hits), max, initial=0)
    for end, start in zip(ends, [*(hit.start for hit in hits), len(text)], strict=True):
        words = text[end:start].split()
        addressed = end > 0 and len(words) <= _NAMES_MOST
        if words and not (addressed and all(word[0].isupper() and not vocabulary.is_known(word) for word in words)):
            yield " ".join(words)


def _digest_of(line: OwnLine) -> str:
    return _digest(f"{line.user or ''}|{typed(line.text).casefold()}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
