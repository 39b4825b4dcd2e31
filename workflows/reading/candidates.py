"""Everybody whom a ticket's words may be about: every identifier, and every name behind a word for a person.

Nobody is picked here: a candidate counts only if Okta knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter

from workflows.model import Candidate, CandidateKind
from workflows.reading.spans import Line
from workflows.reading.vocabulary import Vocabulary

MOST = 12  # identifiers in prose that are looked up; a ticket with more is a list without a header
EMAIL = re.compile(r"(?<![\w.+%'-])[\w.%+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_CAPITAL = r"[A-ZÀ-ÞŁŚŻŹĆŃ][\w'’-]+"
_NAME = re.compile(rf"\s*(?:[.:,]\s*)?(?P<name>(?:{_CAPITAL}(?<!['’]s)[ ]+){{1,3}}{_CAPITAL})")
_WORD = r"[A-ZÀ-ÞŁŚŻŹĆŃ](?:[^\W\d]|['’-])+"  # no number, which may stand before a name
_GUESS = re.compile(rf"(?<![\w'’.@-]){_WORD}(?:(?<!['’]s) {_WORD})+(?![\w@-])")
NUMBER = "employeeNumber"
MOST_PLAIN, MOST_NAMES = 2, 3  # words of most names, and of any
_POSSESSIVE = re.compile(r"['’]s?$")
CODE = r"(?:[A-Z]{1,4}-?)?\d{3,10}"  # as personnel numbers are written
_LOGIN = re.compile(
    rf"\s*+(?:n[ro]?\.?[ºo°]?\.? )?(?:[:=.#]\s*+)?(?P<word>[a-z0-9][\w.-]{{2,40}}[a-z0-9]|{CODE})(?![\w@.-])"
)
_NUMBER = re.compile(rf"[\s.:=#]*+(?P<word>{CODE})(?![A-Za-z0-9@-])")
_BRACKETED = re.compile(rf"\w\s\((?P<word>[a-z][\w.-]{{2,30}}[a-z0-9]|{CODE})\)")
LOGIN = re.compile(  # by its form: "ada.byron"
    r"(?<![\w@./:-])[a-z][a-z-]+(?:\.[a-z][a-z-]+)*\.(?!(?:com|org|net|edu|gov)\b)[a-z][a-z-]{2,}(?!\w|[@./-]\w)"
)
_ALONE = re.compile(r"\s*(?P<word>[a-z0-9][a-z0-9._-]{2,30})\s*")
_FIRST = re.compile(r"\s*(?:[-*•]|\d+[.)])\s+(?P<word>[a-z][\w.-]{2,30})\s*[:=|]")


def in_prose(lines: Sequence[Line], vocabulary: Vocabulary) -> tuple[Candidate, ...]:
    """Return the candidates of a text, identifiers first; each text once."""
    guesses = (guess for line in lines for guess in _guesses(line.text, vocabulary))
    told = {
        CandidateKind.IDENTIFIER: [match[0].strip(".'") for line in lines for match in EMAIL.finditer(line.text)],
        CandidateKind.WORD: [word for line in lines for word in _words(line) if not vocabulary.is_known(word)],
        CandidateKind.NAME: [name for line in lines for name in _names(line)],
        CandidateKind.GUESS: [
            *(match[0] for line in lines for match in LOGIN.finditer(line.text)),
            *(name for _, name in sorted(guesses, key=itemgetter(0))),
        ],
    }
    found: dict[str, CandidateKind] = {}
    for kind, texts in told.items():
        new = dict.fromkeys((text for text in texts if text not in found), kind)
        found.update(islice(new.items(), MOST))
    return tuple(Candidate(text=text, kind=kind) for text, kind in found.items())


def _guesses(line: str, vocabulary: Vocabulary) -> Iterator[tuple[bool, str]]:
    """Yield two or three words with capitals, not all of which the language files know; of three their ends, too.

    With each stands whether it is such an end: who is named by all that has a capital is looked up first.

    What stands beside a name has a capital in some languages: "Trainee Ada Byron".
    """
    for match in _GUESS.finditer(line):
        words = _POSSESSIVE.sub("", match[0]).split()
        parts = (words, words[1:], words[:-1]) if len(words) <= MOST_NAMES else ()
        told = (part for part in parts if len(part) >= MOST_PLAIN and not all(map(vocabulary.is_known, part)))
        yield from ((part is not words, " ".join(part)) for part in told)


def _names(line: Line) -> Iterator[str]:
    found = (_NAME.match(line.text, hit.end) for hit in line.of("name_labels"))
    of_okta = [range(hit.start, hit.end) for hit in line.of("profile_words")]
    told = (match for match in found if match and not any(match.start("name") in place for place in of_okta))
    yield from (_POSSESSIVE.sub("", " ".join(match["name"].split())) for match in told)


def _words(line: Line) -> Iterator[str]:
    """Yield what may be a login or a number: behind a word for a person or their number, or in brackets."""
    found = [_NUMBER.match(line.text, hit.end) for hit in line.of("attributes") if NUMBER in hit.attributes]
    found += [_LOGIN.match(line.text, hit.end) for hit in line.hits if hit.field in {"name_labels", "user_labels"}]
    found += [*_BRACKETED.finditer(line.text), _ALONE.fullmatch(line.text), _FIRST.match(line.text)]
    yield from (match["word"] for match in found if match)
