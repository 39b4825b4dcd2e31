"""Finds the entries of all language files in one pass over a text: by their words, or by letters without blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workflows.reading.languages.language import Language

ANY = "*"  # before a second word that may have any ending
FIRST = 3  # letters by which entries with a star are looked up; none is shorter
TOKEN = re.compile(r"[^\W_]+")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_GAP = re.compile(r"[ \t\xa0]+|[-'’./&_]")  # between the words of one entry

Found = tuple[str, str, str, int, int]  # language, field, attribute, start, end


class _Entry(NamedTuple):
    field: str
    language: str
    attribute: str
    rest: tuple[str, ...]  # the words behind the first one; the last may end with a star


class Entries:
    """What is looked for in running text."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[str, list[_Entry]]] = {}  # by their first and second word
        self._prefixes: dict[str, list[tuple[str, _Entry]]] = {}  # by their first letters
        self._unspaced: dict[str, dict[str, set[tuple[str, str]]]] = {}  # by their field
        self._patterns: dict[str, re.Pattern[str]] = {}

    def add(self, field: str, language: Language, attribute: str, phrase: str) -> None:
        """Take in one entry as a language file writes it."""
        if not language.spaced:
            known = self._unspaced.setdefault(field, {})
            known.setdefault("".join(phrase.casefold().split()), set()).add((language.code, attribute))
        if not language.spaced and UNSPACED.search(phrase):
            return
        words = TOKEN.findall(phrase.casefold())
        if not words:
            return
        star = phrase.rstrip().endswith("*")
        if star and len(words) == 1:
            entry = _Entry(field, language.code, attribute, ())
            self._prefixes.setdefault(words[0][:FIRST], []).append((words[0], entry))
            return
        rest = (*words[1:-1], words[-1] + "*") if star else tuple(words[1:])
        self._keep(words[0], _Entry(field, language.code, attribute, rest))

    def _keep(self, first: str, entry: _Entry) -> None:
        second = entry.rest[0] if entry.rest else ""
        key = ANY + second[:FIRST] if second.endswith("*") else second
        self._entries.setdefault(first, {}).setdefault(key, []).append(entry)

    def settle(self, field: str, language: str, attribute: str, phrase: str) -> None:
        """Let a phrase mean one attribute alone, whatever the languages say."""
        tokens = TOKEN.findall(phrase)
        if tokens:
            rest = tuple(tokens[1:])
            for entries in self._entries.get(tokens[0], {}).values():
                entries[:] = [item for item in entries if item.rest != rest or item.field != field]
            self._keep(tokens[0], _Entry(field, language, attribute, rest))

    def found_in(self, text: str) -> tuple[Found, ...]:
        """Return every entry that stands in a text, in the order of their places for each kind of language."""
        return (*self._spaced(text), *self._in_unspaced(text))

    def _unspaced_pattern(self, field: str) -> re.Pattern[str]:
        """Return what finds the entries of a field whose language has no blanks, the longest first."""
        if field not in self._patterns:
            longest = sorted(map(re.escape, self._unspaced[field]), key=len, reverse=True)
            self._patterns[field] = re.compile("|".join(longest))
        return self._patterns[field]

    def _spaced(self, text: str) -> Iterator[Found]:
        tokens = [(match[0].casefold(), match.start(), match.end()) for match in TOKEN.finditer(text)]
        for place, (word, start, end) in enumerate(tokens):
            for prefix, entry in self._prefixes.get(word[:FIRST], ()):
                if word.startswith(prefix):
                    yield entry.language, entry.field, entry.attribute, start, end
            known = self._entries.get(word)
            if known is None:
                continue
            following = tokens[place + 1][0] if place + 1 < len(tokens) else ""
            for second in ("", following, ANY + following[:FIRST]) if following else ("",):
                for entry in known.get(second, ()):
                    last = _last(tokens, place, entry.rest, text) if entry.rest else end
                    if last is not None:
                        yield entry.language, entry.field, entry.attribute, start, last

    def _in_unspaced(self, text: str) -> Iterator[Found]:
        if not UNSPACED.search(text):
            return
        folded = text.casefold()
        for field, known in self._unspaced.items():
            for match in self._unspaced_pattern(field).finditer(folded):
                for language, attribute in known[match[0]]:
                    yield language, field, attribute, match.start(), match.end()


def _last(tokens: list[tuple[str, int, int]], place: int, rest: tuple[str, ...], text: str) -> int | None:
    """Return where an entry ends whose first word stands at this place; None if the others do not follow."""
    end = tokens[place][2]
    for number, wanted in enumerate(rest, place + 1):
        if number >= len(tokens):
            return None
        word, start, stop = tokens[number]
        if not (word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted):
            return None
        if not _GAP.fullmatch(text, end, start):
            return None
        end = stop
    return end
