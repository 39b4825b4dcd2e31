"""What new words on a ticket say: whether it still asks for what it asked when it was judged, and what a reply means.

What explicit channels say is compared as a whole. Of prose only new lines count: whoever thanks, greets or asks for
news wants nothing else, and what anything else wants is a person's to read. Only digests are kept, so no value of the
words is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from pydantic import JsonValue

from workflows.model import CandidateKind, Heard, OwnLine, Person, Reading, Statement, Ticket
from workflows.reading.spans import CLAUSE_END, PAUSE, SHORTEST
from workflows.reading.statements import labelled
from workflows.reading.vocabulary import WORD, Vocabulary
from workflows.values.comparing import typed

_NAMES = frozenset({CandidateKind.IDENTIFIER, CandidateKind.NAME})
SOMEBODY = "somebody else"
_ADDRESSED = re.compile(r"\[~[^\[\]\s]{1,100}\]|@(?=\w)")  # somebody whom Jira or a chat mentions
_APART = re.compile(r"[^\w\s'’-]+")
_NAMES_MOST = 2  # words of a name behind "Hello"
VALUE_WORDS = 5
LONGEST = 80  # characters of a value that is a whole reply
_NO_LANGUAGES = re.compile(r"[\u0370-\u1dff\uac00-\ud7af]")  # letters of no language that has a file: "да" is no value
_SENTENCE = re.compile(r"[?!]|[.;]\s")
_END = re.compile(r"(?<![.!,;:\s])[.!,;:\s]+$")


class Reply(StrEnum):
    """What a reply says."""

    YES = "yes"
    NO = "no"
    SOMETHING_ELSE = "something else"
    VALUE = "value"
    WORDS = "words"


_PLAIN = frozenset({Reply.YES, Reply.NO, Reply.SOMETHING_ELSE})


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
    names = _names_of(item for item in (ticket.requester, *(comment.author for comment in ticket.comments)) if item)
    known = set(heard.lines)
    fresh = [item for item in reading.lines if _digest_of(item) not in known]
    new = [item.text for item in fresh if not _is_stated(item, vocabulary)]
    unread = tuple(line for line in new if not _asks_nothing(line, names, vocabulary))
    held = [text for value in values if len(text := typed(str(value or "")).casefold()) >= SHORTEST]
    named = [line for line in unread if "attributes" in vocabulary.fields_in(line)]
    typed_lines = ((line, typed(line).casefold()) for line in unread)
    valued = [line for line, text in typed_lines if any(value in text for value in held)]
    denied = any(vocabulary.is_one_of("no", clause) for line in unread for clause in CLAUSE_END.split(line))
    answers = {item.expected for item in reading.statements}
    if len(new) == len(fresh):
        answers.update(valued or named)
    beside = (line for line in unread if line not in answers and _reply_in([line], vocabulary, names) not in _PLAIN)
    return Change(otherwise, bool(named or valued or denied), unread, tuple(beside))


def _is_stated(line: OwnLine, vocabulary: Vocabulary) -> bool:
    """Say whether a table or a label states a line, so that it is compared as a whole."""
    told = labelled(line.text, vocabulary)
    return line.row or (told is not None and told.label.kind != "bare")


def _asks_nothing(line: str, names: Set[str], vocabulary: Vocabulary) -> bool:
    """Say whether a line is put together of thanks, greetings, requests for news and names, or tells of a press."""
    parts = _APART.split(_ADDRESSED.sub(" ", line))
    left = (rest for part in parts for rest in _beside_courtesies(part, vocabulary))
    return vocabulary.is_one_of("pressed", line) or all(_is_name(rest, names, vocabulary) for rest in left)


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


def says_pressed(lines: Sequence[str], vocabulary: Vocabulary, writer: Sequence[Person]) -> bool:
    """Say whether a comment's own words say that somebody pressed Force Sync, and nothing else."""
    return _is_said("pressed", _said(lines), vocabulary, _names_of(writer))


def reply_in(lines: Sequence[str], vocabulary: Vocabulary, writer: Sequence[Person]) -> Reply:
    """Return what a reply's own words say, taken as a whole; `writer` is who wrote it, as each source has them."""
    return _reply_in(lines, vocabulary, _names_of(writer))


def _reply_in(lines: Sequence[str], vocabulary: Vocabulary, names: Set[str]) -> Reply:
    said = _said(lines)
    if not said:
        return Reply.WORDS
    for field, meant in (("something_else", Reply.SOMETHING_ELSE), ("no", Reply.NO), ("yes", Reply.YES)):
        if _is_said(field, said, vocabulary, names):
            return meant
    first, *others = PAUSE.split(said[0])
    if vocabulary.is_one_of("no", first):
        return Reply.WORDS if any(vocabulary.is_one_of("yes", other) for other in others) else Reply.NO
    strange = any(not vocabulary.is_known(word) for word in re.findall(r"\w+", said[0]))
    strange = strange and not _NO_LANGUAGES.search(said[0])
    short = len(said[0]) <= LONGEST and len(said[0].split()) <= VALUE_WORDS and not _SENTENCE.search(said[0])
    return Reply.VALUE if strange and len(said) == 1 and short else Reply.WORDS


def _said(lines: Sequence[str]) -> list[str]:
    """Return a reply's lines without the marks at their ends; nothing where it asks."""
    asks = any("?" in line for line in lines)
    return [] if asks else [_END.sub("", line.strip()) for line in lines if line.strip()]


def _is_said(field: str, said: Sequence[str], vocabulary: Vocabulary, names: Set[str]) -> bool:
    """Say whether a reply is an entry of a field as a whole, or one that its writer has signed."""
    signed = _is_name(" ".join(said[1:]), names, vocabulary) and vocabulary.is_one_of(field, said[0])
    return signed or vocabulary.is_one_of(field, " ".join(said))


def _names_of(people: Iterable[Person]) -> frozenset[str]:
    """Return the words of people's names, and their first letters."""
    texts = {text for item in people for text in (item.name, *item.identifiers) if text}
    known = {word for text in texts for word in WORD.findall(text.partition("@")[0].casefold())}
    return frozenset(known | {word[0] for word in known})


def _is_name(text: str, names: Set[str], vocabulary: Vocabulary) -> bool:
    """Say whether a text is put together of these words of names alone."""
    words = WORD.findall(text.casefold())
    return bool(words) and all(word in names and not vocabulary.is_one_of("no", word) for word in words)
