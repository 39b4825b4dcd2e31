"""Finds the entries of all language files in one pass over a text: by their words, or by letters without blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

FIRST = 3  # letters by which entries with a star are looked up; none is shorter
_LETTERS = r"\u3040-\u30ff\u3400-\u9fff"  # of scripts without blanks between words, each of which is a token
UNSPACED = re.compile(f"[{_LETTERS}]")
NAMING_UNSPACED = re.compile(r"[\u30a0-\u30ff\u3400-\u9fff]")  # of names and values; hiragana alone are grammar
_TOKEN = re.compile(rf"[{_LETTERS}]|[^\W_{_LETTERS}]+")
_GAP = re.compile(r"[ \t\xa0]*(?:& )?|\.-|[-'’./&_:、]")  # between the words of one entry
_ADDRESS = re.compile(r"(?<!\S)\S+@\S+|https?://\S+")  # what stands in one is no word of the text

Entry = tuple[str, str, str]  # language, field, attribute
Found = tuple[str, str, str, int, int]  # and start, end


@dataclass(slots=True)
class Entries:
    """What is looked for in running text: entries, and by their next word those that go on; `found` end here."""

    following: dict[str, Entries] = field(default_factory=dict)
    stars: dict[str, list[tuple[str, Entry]]] = field(default_factory=dict)  # by the first letters of the last word
    found: tuple[Entry, ...] = ()
    to_end: tuple[tuple[str, Entry], ...] = ()  # with what the text ends

    def add(self, entry: Entry, phrase: str) -> None:
        """Take in one entry as a language file writes it."""
        begins, free, ends = phrase.casefold().partition(" *")
        words = _TOKEN.findall(begins)
        if not words:
            return
        star = begins.endswith("*")
        node = self
        for word in words[:-1] if star else words:
            node = node.following.setdefault(word, Entries())
        if star:
            node.stars.setdefault(words[-1][:FIRST], []).append((words[-1], entry))
        elif free:
            node.to_end += ((ends, entry),)
        else:
            node.found += (entry,)

    def found_in(self, text: str) -> tuple[Found, ...]:
        """Return every entry that stands in a text, in the order of their places."""
        return tuple(self._found(_ADDRESS.sub(lambda match: "." * len(match[0]), text)))

    def _found(self, text: str) -> Iterator[Found]:
        tokens = [(match[0].casefold(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
        ending = text.casefold().rstrip(" \t.!。")
        for place, (_, first, _) in enumerate(tokens):
            node = self
            for number in range(place, len(tokens)):
                word, start, end = tokens[number]
                stars, going_on = node.stars.get(word[:FIRST], ()), node.following.get(word)
                if number > place and (stars or going_on) and not _GAP.fullmatch(text, tokens[number - 1][2], start):
                    break
                yield from [(*entry, first, end) for beginning, entry in stars if word.startswith(beginning)]
                if going_on is None:
                    break
                node = going_on
                yield from [(*entry, first, end) for entry in node.found]
                yield from [(*entry, first, len(text)) for last, entry in node.to_end if ending.endswith(last)]
