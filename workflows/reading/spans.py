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
NEAR = 80  # characters around a value in which a word that belongs to it begins
MOST = 100  # values in a line, and places of one value in a text; more is a dump
_PHONE = re.compile(r"\+?\(?\d[\d ()./-]{4,24}\d")
_QUOTES = "\"'“”„«»‘’「」*_`"
_GAP = rf"(?:(?P<join>[-/.+’']| ?[&/+] ?)|[{_QUOTES} ]*)"  # between the words of one value, or around it
_BEHIND = re.compile(rf"{_GAP}(?P<word>[^\W_]+)(?:[ ]+(?P<next>[^\W_]+))?")
_BEFORE = re.compile(rf"(?<![^\W_])(?:(?P<next>[^\W_]+)[ ]+)?(?P<word>[^\W_]+){_GAP}$")
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
    for item, start, end in _written("\n".join(folded), _wanted(held, vocabulary)):
        number = bisect_right(starts, start) - 1
        span = Span(item.attribute, item.new, start - starts[number], end - starts[number], item.alone)
        found.setdefault(number, set()).add(span)
    return {number: list(_longest(spans)) for number, spans in found.items()}


def is_within(hit: Hit, others: Iterable[Hit | Span]) -> bool:
    """Say whether a word is part of something longer: "Account Manager" names no manager."""
    longer = (item for item in others if item.end - item.start > hit.end - hit.start)
    return any(item.start <= hit.start and hit.end <= item.end for item in longer)


def masked(line: str, hits: Iterable[Hit], spans: Iterable[Span]) -> str:
    """Return a line of which only the words are left that may belong to a value beside them."""
    left = line.lower() if line.isupper() else line
    known: list[Hit | Span] = [*(hit for hit in hits if hit.field not in _NO_COVER), *spans]
    for item in known:
        left = left[: item.start] + "." * (item.end - item.start) + left[item.end :]
    return left


def is_whole(line: str, span: Span, left: str, vocabulary: Vocabulary) -> bool:
    """Say whether no word beside a value may belong to it, as in "Senior Planner"; `left` is the masked line.

    An address, and what stands between quotes, is whole in any case.
    """
    value = line[span.start : span.end]
    if "@" in value or {line[span.start - 1 : span.start], line[span.end : span.end + 1]} <= set(_QUOTES):
        return True
    value = value.lower() if line.isupper() else value
    before = _BEFORE.search(left, max(0, span.start - NEAR), span.start)
    behind = _BEHIND.match(left, span.end, span.end + NEAR)
    return not (
        (before and _goes_on(value, before, vocabulary, behind=False))
        or (behind and _goes_on(value, behind, vocabulary, behind=True))
    )


def _goes_on(value: str, found: re.Match[str], vocabulary: Vocabulary, *, behind: bool) -> bool:
    """Say whether the word beside a value may belong to it: those that may stand around one are written smaller.

    To a number no word belongs, and to a value that begins with a capital no smaller one before it.
    """
    word, joined = found["word"], found["join"] is not None
    letter = word[0] if behind else word[-1]
    if UNSPACED.match(letter):
        return _GOES_ON_UNSPACED.match(letter) is not None
    if joined or not any(map(str.isalpha, value)):
        return joined or any(map(str.isdigit, word))
    if word.casefold() in _LINKS and (found["next"] or "")[:1].isupper():
        return True
    known, small = vocabulary.is_known(word), word == word.lower()
    if value == value.lower():
        return not (small and known and len(word) <= len("and"))
    return not small or not (known or (value[0].isupper() and not behind))


def _wanted(held: Mapping[str, Held], vocabulary: Vocabulary) -> Iterator[_Spelling]:
    for attribute, item in held.items():
        for value, new in ((item.okta, False), (item.copy, True)):
            for text in spellings(value):
                alone = len(text) >= SHORTEST and not vocabulary.is_one_of("everyday", text)
                yield _Spelling(attribute, new, typed(text), alone)


def _written(folded: str, wanted: Iterable[_Spelling]) -> Iterator[tuple[_Spelling, int, int]]:
    numbers = list(islice(_PHONE.finditer(folded), MOST))  # telephone numbers are the same however they are written
    for item in wanted:
        if _PHONE.fullmatch(item.text):
            yield from ((item, match.start(), match.end()) for match in numbers if means(match[0], item.text))
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
