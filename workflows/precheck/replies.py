"""What a reply to a question says: yes, no, something else, a value, or words that a person has to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from workflows.model import Person
from workflows.reading.spans import PAUSE
from workflows.reading.vocabulary import WORD, Vocabulary

VALUE_WORDS = 5
LONGEST = 80  # characters of a value that is a whole reply
_SENTENCE = re.compile(r"[?!]|[.;]\s")
_END = re.compile(r"(?<![.!,;:\s])[.!,;:\s]+$")


class Reply(StrEnum):
    """What a reply says."""

    YES = "yes"
    NO = "no"
    SOMETHING_ELSE = "something else"
    VALUE = "value"
    WORDS = "words"


def says_pressed(lines: Sequence[str], vocabulary: Vocabulary, writer: Sequence[Person]) -> bool:
    """Say whether a comment's own words say that somebody pressed Force Sync, and nothing else."""
    return _is_said("pressed", _said(lines), vocabulary, writer)


def reply_in(lines: Sequence[str], vocabulary: Vocabulary, writer: Sequence[Person]) -> Reply:
    """Return what a reply's own words say, taken as a whole; `writer` is who wrote it, as each source has them."""
    said = _said(lines)
    if not said:
        return Reply.WORDS
    for field, meant in (("something_else", Reply.SOMETHING_ELSE), ("no", Reply.NO), ("yes", Reply.YES)):
        if _is_said(field, said, vocabulary, writer):
            return meant
    first, *others = PAUSE.split(said[0])
    if vocabulary.is_one_of("no", first):
        return Reply.WORDS if any(vocabulary.is_one_of("yes", other) for other in others) else Reply.NO
    strange = any(not vocabulary.is_known(word) for word in re.findall(r"\w+", said[0]))
    short = len(said[0]) <= LONGEST and len(said[0].split()) <= VALUE_WORDS and not _SENTENCE.search(said[0])
    return Reply.VALUE if strange and len(said) == 1 and short else Reply.WORDS


def _said(lines: Sequence[str]) -> list[str]:
    """Return a reply's lines without the marks at their ends; nothing where it asks."""
    asks = any("?" in line for line in lines)
    return [] if asks else [_END.sub("", line.strip()) for line in lines if line.strip()]


def _is_said(field: str, said: Sequence[str], vocabulary: Vocabulary, writer: Sequence[Person]) -> bool:
    """Say whether a reply is an entry of a field as a whole, or one that its writer has signed."""
    signed = is_name(" ".join(said[1:]), writer, vocabulary) and vocabulary.is_one_of(field, said[0])
    return signed or vocabulary.is_one_of(field, " ".join(said))


def is_name(text: str, people: Sequence[Person], vocabulary: Vocabulary) -> bool:
    """Say whether a text is no more than the name of one of these people: words of it, or their first letters."""
    texts = (text for item in people for text in (item.name, *item.identifiers) if text)
    known = {word for text in texts for word in WORD.findall(text.partition("@")[0].casefold())}
    known |= {word[0] for word in known}
    words = WORD.findall(text.casefold())
    return bool(words) and all(word in known and not vocabulary.is_one_of("no", word) for word in words)
