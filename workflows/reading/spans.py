"""Where the values that either copy holds stand in a text, as a whole: in any spelling, in any language."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import NamedTuple

from pydantic import JsonValue

from workflows.reading.entries import UNSPACED
from workflows.reading.vocabulary import Hit, Vocabulary
from workflows.values.comparing import means, typed
from workflows.values.keys import spellings

SHORTEST = 4  # characters; a shorter value, or an everyday word, counts only beside its attribute's name
LEAST_DIGITS = 5
MOST = 100  # values in a line, and places of one value in a text; more is a dump
_PHONE = re.compile(r"\+?\(?\d[\d ()./-]{4,24}\d")
_WORD = re.compile(r"[^\W_]+")
_JOINS = re.compile(r"[-/.+’']| ?[&/+] ?")  # between the words of one value
_QUOTES = frozenset("\"'“”„«»‘’「」*_`")
_GOES_ON_UNSPACED = re.compile(r"[\u30a0-\u30ff\u3400-\u9fff]")  # a value of these ends where hiragana begin
_LINKS = frozenset(
    {"and", "of", "for", "und", "für", "et", "de", "du", "y", "e", "di", "del", "en", "van", "och", "og"}
)
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


class _Spelling(NamedTuple):
    attribute: str
    new: bool
    text: str
    alone: bool


def spans_of(lines: Sequence[str], held: Mapping[str, Held], vocabulary: Vocabulary) -> dict[int, list[Span]]:
    """Return the values in each of the lines, but for those inside a longer one: "EVP Sales" is no mention of Sales."""
    folded = [_folded(line) for line in lines]
    starts = [0, *accumulate(len(line) + 1 for line in folded)]
    found: dict[int, set[Span]] = {}
    wanted = tuple(_wanted(held, vocabulary))
    for item, start, end in (*_written("\n".join(folded), wanted), *_dialled("\n".join(folded), wanted)):
        number = bisect_right(starts, start) - 1
        span = Span(item.attribute, item.new, start - starts[number], end - starts[number], item.alone)
        found.setdefault(number, set()).add(span)
    return {number: list(_longest(spans)) for number, spans in found.items()}


def is_within(hit: Hit, spans: Iterable[Span]) -> bool:
    """Say whether a word is part of a longer value: "Account Manager" names no manager."""
    longer = (span for span in spans if span.alone and span.end - span.start > hit.end - hit.start)
    return any(span.start <= hit.start and hit.end <= span.end for span in longer)


def is_whole(line: str, span: Span, hits: Iterable[Hit], spans: Iterable[Span], vocabulary: Vocabulary) -> bool:
    """Say whether no word beside a value may belong to it, as in "Senior Planner" or "Planner Assistant".

    An address, and what stands between quotes, is whole in any case.
    """
    value, before, behind = line[span.start : span.end], line[: span.start], line[span.end :]
    if "@" in value or (before[-1:] in _QUOTES and behind[:1] in _QUOTES and before and behind):
        return True
    known = [(hit.start, hit.end) for hit in hits if hit.field not in _NO_COVER]
    known += [(item.start, item.end) for item in spans]
    near = slice(max(0, span.start - 80), span.start), slice(span.end, span.end + 80)
    words = [_WORD.finditer(line, part.start, part.stop) for part in near]
    first, last = list(words[0])[-2:][::-1], list(islice(words[1], 2))
    sides = (
        _Side(value, [_covered(word, known) for word in first], line[first[0].end() : span.start] if first else ""),
        _Side(value, [_covered(word, known) for word in last], line[span.end : last[0].start()] if last else ""),
    )
    neighbours = before[-1:], behind[:1]
    return not any(
        _GOES_ON_UNSPACED.match(letter) and not any(begin <= place < end for begin, end in known)
        if UNSPACED.match(letter)
        else side.goes_on(vocabulary, caps=line.isupper(), behind=bool(number))
        for number, (side, letter, place) in enumerate(zip(sides, neighbours, (span.start - 1, span.end), strict=True))
    )


class _Side(NamedTuple):
    """What stands on one side of a value: the next two words, unless known ones, and what is between."""

    value: str
    words: list[str]
    gap: str

    def goes_on(self, vocabulary: Vocabulary, *, caps: bool, behind: bool) -> bool:
        """Say whether the next words may belong to the value: those that may stand around one are written smaller.

        To a number no word belongs, and to a value that begins with a capital no smaller one before it.
        """
        joined = _JOINS.fullmatch(self.gap) is not None
        word = self.words[0] if self.words else ""
        if not word or (not joined and set(self.gap) - _QUOTES - {" "}):
            return False
        if joined or not any(map(str.isalpha, self.value)):
            return joined or any(map(str.isdigit, word))
        if word.casefold() in _LINKS and self.words[1:] and self.words[1][:1].isupper():
            return True
        small, capital = caps or word == word.lower(), not caps and self.value != self.value.lower()
        if capital and small and word.isalpha() and not behind and self.value[0].isupper():
            return False
        return not (small and vocabulary.is_known(word) and (capital or len(word) <= len("and")))


def _covered(word: re.Match[str], known: Iterable[tuple[int, int]]) -> str:
    return "" if any(start <= word.start() and word.end() <= end for start, end in known) else word[0]


def _wanted(held: Mapping[str, Held], vocabulary: Vocabulary) -> Iterator[_Spelling]:
    for attribute, item in held.items():
        for value, new in ((item.okta, False), (item.copy, True)):
            for text in spellings(value):
                alone = len(text) >= SHORTEST and not vocabulary.is_one_of("everyday", text)
                yield _Spelling(attribute, new, typed(text), alone)


def _written(folded: str, wanted: Iterable[_Spelling]) -> Iterator[tuple[_Spelling, int, int]]:
    for item in wanted:
        for text in {item.text.casefold(), item.text.lower()}:
            for start in islice(_places(text, folded), MOST):
                yield item, start, start + len(text)


def _places(wanted: str, folded: str) -> Iterator[int]:
    place = folded.find(wanted) if wanted else -1
    while place >= 0:
        end = place + len(wanted)
        if _is_edge(folded, place - 1, wanted[0]) and _is_edge(folded, end, wanted[-1]):
            yield place
        place = folded.find(wanted, end)


def _is_edge(text: str, place: int, of: str) -> bool:
    """Say whether a value's edge is one of words: nothing that goes on stands there."""
    if not 0 <= place < len(text):
        return True
    letter = text[place]
    return not (letter.isalnum() and of.isalnum()) or bool(UNSPACED.match(letter) or UNSPACED.match(of))


def _dialled(folded: str, wanted: Iterable[_Spelling]) -> Iterator[tuple[_Spelling, int, int]]:
    """Yield the telephone numbers, however they are written, whose digits are those of a value."""
    numbers: dict[str, list[_Spelling]] = {}
    for item in wanted:
        if _PHONE.fullmatch(item.text) and len(_digits(item.text)) >= LEAST_DIGITS:
            numbers.setdefault(_digits(item.text)[-LEAST_DIGITS:], []).append(item)
    for match in _PHONE.finditer(folded) if numbers else ():
        for item in numbers.get(_digits(match[0])[-LEAST_DIGITS:], ()):
            if means(match[0], item.text):
                yield item._replace(alone=True), match.start(), match.end()


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _folded(line: str) -> str:
    """Fold a line so that places in it stay: where "ß" would become two letters, capitals only are folded."""
    for folded in (line.casefold(), line.lower()):
        if len(folded) == len(line):
            return folded
    return line


def _longest(spans: Iterable[Span]) -> Iterator[Span]:
    longest: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.start - item.end, item)):
        within = any(item.start <= span.start and span.end <= item.end and item[2:4] != span[2:4] for item in longest)
        if not within and len(longest) < MOST:
            longest.append(span)
    yield from sorted(longest, key=lambda item: item.start)
