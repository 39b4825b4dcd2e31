"""Everybody whom a ticket's words may be about: every identifier, and every name behind a word for a person.

Nobody is picked here: a candidate counts only if Okta knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workflows.model import Candidate, CandidateKind
from workflows.reading.vocabulary import Hit, Vocabulary

MOST = 12  # identifiers in prose that are looked up; a ticket with more is a list without a header
EMAIL = re.compile(r"(?<![\w.+%'-])[\w.%+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_CAPITAL = r"[A-ZÀ-ÞŁŚŻŹĆŃ][\w'’-]+"
_NAME = re.compile(rf"\s*(?:[.:,]\s*)?(?P<name>(?:{_CAPITAL}[ ]+){{1,3}}{_CAPITAL})")
_GUESS = re.compile(rf"(?<![\w'’.@-]){_CAPITAL}(?: {_CAPITAL})+(?![\w@-])")
MOST_PLAIN, MOST_NAMES = 2, 3  # words of most names, and of any
_POSSESSIVE = re.compile(r"['’]s?$")
_LOGIN = re.compile(r"\s*+(?:n[ro]?\.?[ºo°]?\.? )?(?:[:=.#]\s*+)?(?P<word>[a-z0-9][\w.-]{2,40}[a-z0-9])(?![\w@.-])")
_BRACKETED = re.compile(r"\w\s\((?P<word>[a-z][\w.-]{2,30}[a-z0-9]|\d{3,10})\)")
_ALONE = re.compile(r"\s*(?P<word>[a-z0-9][a-z0-9._-]{2,30})\s*")
_FIRST = re.compile(r"\s*(?:[-*•]|\d+[.)])\s+(?P<word>[a-z][\w.-]{2,30})\s*[:=|]")


def in_prose(lines: Iterable[str], hits: Iterable[Iterable[Hit]], vocabulary: Vocabulary) -> tuple[Candidate, ...]:
    """Return the candidates of a text, identifiers first; `hits` are the vocabulary's, line by line."""
    texts = [(line, list(told)) for line, told in zip(lines, hits, strict=True)]
    addresses = dict.fromkeys(match[0].strip(".'") for line, _ in texts for match in EMAIL.finditer(line))
    names = dict.fromkeys(name for line, told in texts for name in _names(line, told))
    words = dict.fromkeys(word for line, told in texts for word in _words(line, told) if not vocabulary.is_known(word))
    found = [Candidate(text=text, kind=CandidateKind.IDENTIFIER) for text in list(addresses)[:MOST]]
    found += [Candidate(text=text, kind=CandidateKind.WORD) for text in list(words)[:MOST] if text not in addresses]
    guesses = dict.fromkeys(name for line, _ in texts for name in _guesses(line, vocabulary) if name not in names)
    return (
        *found,
        *(Candidate(text=name, kind=CandidateKind.NAME) for name in list(names)[:MOST]),
        *(Candidate(text=name, kind=CandidateKind.GUESS) for name in list(guesses)[:MOST]),
    )


def _guesses(line: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield two or three words with capitals, not all of which the language files know; of three their ends, too.

    What stands beside a name has a capital in some languages: "Trainee Ada Byron".
    """
    for match in _GUESS.finditer(line):
        words = _POSSESSIVE.sub("", match[0]).split()
        if len(words) > MOST_NAMES:
            continue
        for part in (words, words[1:], words[:-1]):
            if len(part) >= MOST_PLAIN and not all(vocabulary.is_known(word) for word in part):
                yield " ".join(part)


def _names(line: str, hits: Iterable[Hit]) -> Iterator[str]:
    for hit in hits:
        if hit.field == "name_labels" and (match := _NAME.match(line, hit.end)):
            yield _POSSESSIVE.sub("", " ".join(match["name"].split()))


def _words(line: str, hits: Iterable[Hit]) -> Iterator[str]:
    """Yield what may be a login or a number: a word behind one for a person, or in brackets behind a name."""
    for hit in hits:
        if hit.field in {"name_labels", "user_labels"} and (match := _LOGIN.match(line, hit.end)):
            yield match["word"]
    for match in _BRACKETED.finditer(line):
        yield match["word"]
    if alone := _ALONE.fullmatch(line):
        yield alone["word"]
    if first := _FIRST.match(line):
        yield first["word"]
