"""Lines of a text with what stands in them: entries of the language files, and values that either copy holds.

Values stand there as a whole, in any spelling and any language.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, islice, pairwise
from operator import attrgetter
from typing import NamedTuple

from pydantic import JsonValue

from workflows.reading.entries import NAMING_UNSPACED, UNSPACED
from workflows.reading.vocabulary import KEPT, Hit, Vocabulary
from workflows.values.comparing import means, typed
from workflows.values.keys import spellings

SHORTEST = 4  # characters; a shorter value, or an everyday word, counts only beside its attribute's name
NEAR = 80  # characters around a value in which a word that belongs to it begins
MOST = 100  # values in a line, and places of one value in a text; more is a dump
CLAUSE_END = re.compile(r"[.!?;,:](?:\s+|$)|[()–—|、。]")
PAUSE = re.compile(r"[.!?;,]\s")  # dashes, bars and brackets do not end what is forbidden, nor a reply's "no"
_SENTENCE_END = re.compile(r"[.!?;](?:\s+|$)|。")
_LAST_END = re.compile(r"(?:(?<=\w{3})|(?<=[^\w\s]))\.(?:\s+|$)(?![^()]{1,40}\))|[!?](?:\s+|$)|。")  # no "1. May"
_start, _end = attrgetter("start"), attrgetter("end")
_PHONE = re.compile(r"\+?\(?\d[\d ()./-]{4,24}\d")
_QUOTES = "\"'“”„«»‘’「」*_`"
_GAP = rf"(?:(?P<join>[-/.+’']| ?[&/+] ?)|[{_QUOTES} ]*)"  # between the words of one value, or around it
_BEHIND = re.compile(rf"(?:['’]s\b)?+{_GAP}(?P<word>[^\W_]+)(?:[ ]+(?P<next>[^\W_]+))?")
_BEFORE = re.compile(rf"(?<![^\W_])(?:(?P<next>[^\W_]+)[ ]+)?(?P<word>[^\W_]+){_GAP}$")
_LINKS = re.compile("and|of|for|und|für|et|de|du|y|e|di|del|en|van|och|og")
# A title may have a word for a person in it ("assistant"), and a label's word before it ("new business").
_NO_COVER = frozenset({"name_labels", "user_labels", "others", "expected_labels", "current_labels"})


class Held(NamedTuple):
    """What the two copies hold of one attribute, and by which names the words may speak of it."""

    okta: JsonValue
    copy: JsonValue
    names: frozenset[str]


class Span(NamedTuple):
    """One value of an attribute, where it stands in a line; `new`: it is the copy's.

    `alone` says that it counts without its attribute's name, too.
    """

    attribute: str
    new: bool
    start: int
    end: int
    alone: bool


def spans_of(lines: Sequence[str], held: Mapping[str, Held], vocabulary: Vocabulary) -> dict[int, list[Span]]:
    """Return the values in each of the lines, but for those inside a longer one: "EVP Sales" is no mention of Sales."""
    folded = [_folded(line) for line in lines]
    text, starts = "\n".join(folded), [0, *accumulate(len(line) + 1 for line in folded)]
    found: dict[int, set[Span]] = defaultdict(set)
    for attribute, item in held.items():
        values = [(False, text) for text in spellings(item.okta)] + [(True, text) for text in spellings(item.copy)]
        for new, spelling in values:
            alone = len(spelling) >= SHORTEST and not vocabulary.is_one_of("everyday", spelling)
            for start, end in _places(typed(spelling), text):
                number = bisect_right(starts, start) - 1
                found[number].add(Span(attribute, new, start - starts[number], end - starts[number], alone))
    return {number: _longest(spans) for number, spans in found.items()}


def is_within(hit: Hit | Span, others: Iterable[Hit | Span]) -> bool:
    """Say whether something lies within a value, or is part of a longer entry: "Account Manager" names no manager."""
    around = (item for item in others if item.start <= hit.start and hit.end <= item.end)
    return any(isinstance(item, Span) or (item.start, item.end) != (hit.start, hit.end) for item in around)


def masked(text: str, items: Iterable[Hit | Span]) -> str:
    """Return a text with points in place of what stands there."""
    for item in items:
        text = text[: item.start] + "." * (item.end - item.start) + text[item.end :]
    return text


class Line:
    """A line, or one sentence of it, and what stands in it, in the order of the places."""

    def __init__(self, text: str, hits: Sequence[Hit], spans: Sequence[Span] = ()) -> None:
        self.text, self.hits, self.spans = text, hits, spans
        self._of: dict[str, list[Hit]] = {}
        for hit in hits:
            self._of.setdefault(hit.field, []).append(hit)

    def of(self, field: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """Return a field's entries within a part of the line."""
        found = self._of.get(field, [])
        last = len(self.text) if end is None else end
        return found[bisect_left(found, start, key=_start) : bisect_right(found, last, key=_end)]

    def has(self, *fields: str) -> bool:
        """Say whether an entry of one of the fields stands in the line."""
        return any(field in self._of for field in fields)

    def sentence(self, item: Hit | Span) -> tuple[int, int]:
        """Return where the sentence begins and ends in which something stands."""
        return self._around(item, _SENTENCE_END)

    def clause(self, item: Hit | Span) -> tuple[int, int]:
        """Return where the part of a sentence begins and ends in which something stands."""
        return self._around(item, CLAUSE_END)

    def sentences(self) -> Iterator[Line]:
        """Yield each sentence as a line of its own."""
        for start, end in pairwise(sorted({0, *_ends(self.text, _LAST_END), len(self.text)})):
            inside = self.hits[bisect_left(self.hits, start, key=_start) : bisect_left(self.hits, end, key=_start)]
            moved = [Hit(hit.field, hit.attributes, hit.start - start, hit.end - start) for hit in inside]
            yield self if end - start == len(self.text) else Line(self.text[start:end], moved)

    def is_whole(self, span: Span, vocabulary: Vocabulary, *, small: bool = False) -> bool:
        """Say whether no word beside a value may belong to it, as in "Senior Planner".

        An address, and what stands between quotes, is whole in any case. With `small`, small words are passed over.
        """
        line = self.text.lower() if self._shouts else self.text
        value = line[span.start : span.end]
        if "@" in value or {line[span.start - 1 : span.start], line[span.end : span.end + 1]} <= set(_QUOTES):
            return True
        before = None if self._is_titled(span) else _BEFORE.search(self._left, max(0, span.start - NEAR), span.start)
        behind = _BEHIND.match(self._left, span.end, span.end + NEAR)
        beside = ((before, False), (behind, True))
        return not any(found and _goes_on(value, found, vocabulary, is_behind, small) for found, is_behind in beside)

    def _is_titled(self, span: Span) -> bool:
        """Say whether a word for a person stands right before a manager's name: "Dr Eve Stone"."""
        labels = self.of("name_labels", span.start - NEAR, span.start) if span.attribute == "manager" else ()
        return any(not self.text[hit.end : span.start].strip(" .") for hit in labels)

    @cached_property
    def _shouts(self) -> bool:
        """Say whether all that is said of the values is in capitals, so that a capital tells nothing."""
        said = masked(self.text, self.spans)
        return said.isupper() and sum(map(str.isalpha, said)) > len(said) / 2

    @cached_property
    def _left(self) -> str:
        """Return the line with only those words left that may belong to a value beside them."""
        known = (hit for hit in self.hits if hit.field not in _NO_COVER and not self._goes_on(hit))
        return masked(self.text.lower() if self._shouts else self.text, (*known, *self.spans))

    def _goes_on(self, hit: Hit) -> bool:
        """Say whether a word begins within a value and goes on behind it, in a script without blanks."""
        return any(span.start < hit.start < span.end < hit.end for span in self.spans)

    def _around(self, item: Hit | Span, mark: re.Pattern[str]) -> tuple[int, int]:
        ends = _ends(self.text, mark)
        first, last = bisect_right(ends, item.start), bisect_left(ends, item.end)
        return ends[first - 1] if first else 0, ends[last] if last < len(ends) else len(self.text)


@lru_cache(maxsize=KEPT)
def _ends(text: str, mark: re.Pattern[str]) -> list[int]:
    return [match.end() for match in mark.finditer(text)]


def _goes_on(value: str, found: re.Match[str], vocabulary: Vocabulary, behind: bool, no_small: bool) -> bool:
    """Say whether the word beside a value may belong to it: those that may stand around one are written smaller.

    To a number no word belongs, and to a value that begins with a capital no smaller one before it.
    """
    word, joined = found["word"], found["join"] is not None
    letter = word[0] if behind else word[-1]
    if UNSPACED.match(letter):
        return NAMING_UNSPACED.match(letter) is not None
    if joined or not any(map(str.isalpha, value)):
        return joined or any(map(str.isdigit, word))
    if _LINKS.fullmatch(word.casefold()) and (found["next"] or "")[:1].isupper():
        return True
    known, small = vocabulary.is_known(word), word == word.lower()
    if small and no_small:
        return False
    if value == value.lower():
        return not (small and known and len(word) <= len("and"))
    return not small or not (known or (value[0].isupper() and not behind))


def _places(value: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a value stands in a folded text; telephone numbers are the same however they are written."""
    if _PHONE.fullmatch(value):
        yield from (match.span() for match in islice(_PHONE.finditer(text), MOST) if means(match[0], value))
    for spelling in {value.casefold(), value.lower()}:
        yield from islice(_occurrences(spelling, text), MOST)


def _occurrences(wanted: str, text: str) -> Iterator[tuple[int, int]]:
    place = text.find(wanted) if wanted else -1
    while place >= 0:
        end = place + len(wanted)
        if _is_edge(text, place - 1, wanted[0]) and _is_edge(text, end, wanted[-1]):
            yield place, end
        place = text.find(wanted, end)


def _is_edge(text: str, place: int, of: str) -> bool:
    """Say whether a value's edge is one of words: nothing that goes on stands there."""
    letter = text[place : place + 1]
    return not (letter.isalnum() and of.isalnum()) or bool(UNSPACED.match(letter) or UNSPACED.match(of))


def _folded(line: str) -> str:
    """Fold a line so that places in it stay: where "ß" would become two letters, capitals only are folded."""
    return next((folded for folded in (line.casefold(), line.lower()) if len(folded) == len(line)), line)


def _longest(spans: Iterable[Span]) -> list[Span]:
    longest: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.start - item.end, item)):
        within = any(item.start <= span.start and span.end <= item.end and item[2:4] != span[2:4] for item in longest)
        if not within and len(longest) < MOST:
            longest.append(span)
    return sorted(longest, key=lambda item: item.start)
