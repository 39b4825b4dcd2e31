"""Which attributes the words speak of: by name, or by a value that one of the two copies holds. No grammar."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pydantic import JsonValue

from workflows.reading.vocabulary import Hit, Vocabulary
from workflows.values.comparing import means, same, typed
from workflows.values.keys import spellings

SHORTEST = 4  # characters; a shorter value, or an everyday word, counts only beside its attribute's name
LEAST_DIGITS = 5
BEFORE = 3  # characters between a word such as "not" and the value behind it
FURTHER = 14  # and within which it leaves the value in doubt
MOST_SPANS = 100  # values in a line; more is a dump
BEHIND = 6  # and between a value and "is wrong"
_PHONE = re.compile(r"\+?\(?\d[\d\s()./-]{4,24}\d")
_ADDRESSES = re.compile(r"(?<!\S)\S+@\S+|https?://\S+")
_SENTENCE_END = re.compile(r"[.!?;](?:\s+|$)")
_PEOPLE = frozenset({"name_labels", "user_labels", "others"})  # a title may have such a word, too: "assistant"
_DOUBTS = frozenset({"wrong", "profile_words"})
_ENDS = re.compile(r"[.!?;,:]")
_WORD = re.compile(r"[^\W_]+")
_JOINS = re.compile(r"[-/.+’']|\s*[&/+]\s*")  # between the words of one value
LINKS = frozenset({"and", "of", "for", "und", "für", "et", "de", "du", "y", "e", "di", "del", "en", "van", "och", "og"})


class Mention(NamedTuple):
    """How the words speak of one attribute: by name, by Okta's value (`old`), by the copy's (`new`).

    `whole`, `old_whole`: nothing beside the value may belong to it. `wrong`, `old_wrong`: a word beside the new or the
    old value speaks against it, `doubted`: one not far before the new value. `other`: the new value's sentence names
    what is no profile. `in_doubt`, `told`: a sentence with the name, or the new value, speaks of Okta or of something
    wrong. `new_first`: the new value stands before the old one, which may be what is wanted then, unless `old_shown`:
    Okta is named before it, as what shows it.
    """

    by_name: bool = False
    old: bool = False
    new: bool = False
    whole: bool = False
    wrong: bool = False
    old_wrong: bool = False
    old_whole: bool = False
    other: bool = False
    in_doubt: bool = False
    told: bool = False
    doubted: bool = False
    new_first: bool = False
    old_shown: bool = False


class Held(NamedTuple):
    """What the two copies hold of one attribute, and by which names the words may speak of it."""

    okta: JsonValue
    copy: JsonValue
    names: frozenset[str]


class _Spelling(NamedTuple):
    """How people may write a value; `alone`: it counts without its attribute's name, too."""

    attribute: str
    new: bool
    text: str
    alone: bool
    number: bool


class _Span(NamedTuple):
    attribute: str
    new: bool
    start: int
    end: int
    alone: bool


class _Line(NamedTuple):
    """A line with what was found in it; `unwanted` is where the values begin that words want gone."""

    text: str
    hits: list[Hit]
    spans: list[_Span]
    unwanted: frozenset[int]


def mentions(lines: Sequence[str], held: Mapping[str, Held], vocabulary: Vocabulary) -> dict[str, Mention]:
    """Return how a text's lines speak of each attribute; those of which they do not speak are left out."""
    found: dict[str, Mention] = {}
    wanted = tuple(_wanted(held, vocabulary))
    paired = _paired(lines, wanted)
    languages = vocabulary.spoken(lines)
    topic: set[str] = set()  # what the first line names, for it is the summary
    for number, text in enumerate(lines):
        line = typed(text)
        hits = vocabulary.hits(_ADDRESSES.sub(lambda match: " " * len(match[0]), line), languages)
        hits = [hit for hit in hits if hit.field != "attributes" or not _within(hit, hits, "other_things")]
        spans = list(_longest(_spans(line, wanted)))
        hits = [hit for hit in hits if hit.field != "attributes" or not _is_in_a_value(hit, spans)]
        named = _named(held, line, hits)
        for name, in_doubt in named.items():
            seen = found.get(name, Mention())
            found[name] = seen._replace(by_name=True, in_doubt=seen.in_doubt or in_doubt)
        topic = topic if number else set(named)
        spoken = {*topic, *paired, *named}
        spans = [span for span in spans if span.alone or span.attribute in spoken][:MOST_SPANS]
        sentence = _Line(line, hits, spans, _unwanted(line, hits, spans))
        for span in spans:
            found[span.attribute] = _seen(found.get(span.attribute, Mention()), sentence, span, vocabulary)
    return found


def _seen(seen: Mention, line: _Line, span: _Span, vocabulary: Vocabulary) -> Mention:
    text, hits, spans, unwanted = line
    against = span.start in unwanted or _is_spoken_against(text, span, hits)
    alone = _stands_alone(text, span, hits, spans, vocabulary)
    if not span.new:
        alone = alone and (seen.old_whole or not seen.old)
        shown = seen.old_shown or _is_shown(span, hits, spans)
        return seen._replace(old=True, old_wrong=seen.old_wrong or against, old_whole=alone, old_shown=shown)
    begin, end = _sentence(text, span.start, span.end)
    others = (hit for hit in hits if hit.field == "other_things" and begin <= hit.start and hit.end <= end)
    other = any(not any(item.start <= hit.start and hit.end <= item.end for item in spans) for hit in others)
    return seen._replace(
        new=True,
        new_first=not seen.old,
        whole=alone and (seen.whole or not seen.new),
        wrong=seen.wrong or against,
        other=seen.other or other,
        told=seen.told or any(hit.field in _DOUBTS and begin <= hit.start and hit.end <= end for hit in hits),
        doubted=seen.doubted or _is_spoken_against(text, span, hits, FURTHER) or _is_doubted(span, hits, end),
    )


def _is_shown(span: _Span, hits: Iterable[Hit], spans: Sequence[_Span]) -> bool:
    """Say whether Okta is named before a value, with no other value of the attribute between."""
    before = [hit.end for hit in hits if hit.field == "profile_words" and hit.end <= span.start]
    others = [item.start for item in spans if item.attribute == span.attribute and item.new and item.end <= span.start]
    return bool(before) and max(before) > max(others, default=-1)


def _is_doubted(span: _Span, hits: Iterable[Hit], end: int) -> bool:
    """Say whether a word for wrong follows a value in its sentence, with none of Okta between that it may be about."""
    behind = [hit for hit in hits if span.end <= hit.start and hit.end <= end and hit.field in _DOUBTS]
    return bool(behind) and min(behind, key=lambda hit: hit.start).field == "wrong"


def _unwanted(line: str, hits: Iterable[Hit], spans: Sequence[_Span]) -> frozenset[int]:
    """Return where the values begin that words want gone: the next one behind them, or one right before them."""
    starts = sorted({span.start for span in spans})
    ends = {span.end: span.start for span in spans}
    found = set()
    for hit in hits:
        if hit.field == "unwanted":
            place = bisect_left(starts, hit.end)
            if place < len(starts) and not _ENDS.search(line[hit.end : starts[place]]):
                found.add(starts[place])
            gaps = (hit.start - gap for gap in range(BEHIND + 1))
            found |= {ends[end] for end in gaps if end in ends and not _ENDS.search(line[end : hit.start])}
    return frozenset(found)


def _sentence(line: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence begins and ends that a span stands in."""
    before = [match.end() for match in _SENTENCE_END.finditer(line, 0, start)]
    behind = _SENTENCE_END.search(line, end)
    return before[-1] if before else 0, behind.start() if behind else len(line)


def _within(hit: Hit, hits: Iterable[Hit], field: str) -> bool:
    longer = (item for item in hits if item.field == field and item.end - item.start > hit.end - hit.start)
    return any(item.start <= hit.start and hit.end <= item.end for item in longer)


def _named(held: Mapping[str, Held], line: str, hits: Iterable[Hit]) -> dict[str, bool]:
    """Return the attributes that a line names, each with whether its sentence speaks of something wrong or of Okta.

    A word that may name several attributes means those in which the copies differ.
    """
    found = dict.fromkeys((name for name in held if _has_own_name(name, line)), True)
    for hit in hits:
        if hit.field == "attributes":
            meant = [name for name, item in held.items() if item.names & set(hit.attributes)]
            differing = [name for name in meant if not same(held[name].okta, held[name].copy)]
            begin, end = _sentence(line, hit.start, hit.end)
            told = any(item.field in _DOUBTS and begin <= item.start and item.end <= end for item in hits)
            for name in differing if len(meant) > 1 and differing else meant:
                found[name] = found.get(name, False) or told
    return found


def _has_own_name(name: str, line: str) -> bool:
    pattern = _own_name(name)
    return pattern is not None and pattern.search(line) is not None


@lru_cache(maxsize=1000)
def _own_name(name: str) -> re.Pattern[str] | None:
    """Return what finds an attribute's name as Okta writes it, or in words: "badgeZone", "badge zone"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", r"[\\s_-]?", name)
    return re.compile(rf"(?<!\w){apart}(?!\w)", re.I) if apart != name else None


def _wanted(held: Mapping[str, Held], vocabulary: Vocabulary) -> Iterator[_Spelling]:
    """Yield every spelling of the values that may be looked for; a short or an everyday one only beside its name."""
    for attribute, item in held.items():
        for value, new in ((item.okta, False), (item.copy, True)):
            for text in spellings(value):
                alone = len(text) >= SHORTEST and not vocabulary.is_one_of("everyday", text)
                yield _Spelling(attribute, new, typed(text), alone, _is_number(text))


def _paired(lines: Iterable[str], wanted: Sequence[_Spelling]) -> set[str]:
    """Return the attributes whose value in Okta stands in the words: beside it, an everyday word is a value, too."""
    shown = [item for item in wanted if item.alone and not item.new]
    text = typed("\n".join(lines))
    folded = _folded(text, text)
    return {item.attribute for item in shown if next(_places(_folded(item.text, text), folded), None)}


def _is_in_a_value(hit: Hit, spans: Iterable[_Span]) -> bool:
    """Say whether a word is part of a longer value: "Account Manager" names no manager."""
    return any(
        span.alone and span.start <= hit.start and hit.end <= span.end and span.end - span.start > hit.end - hit.start
        for span in spans
    )


def _spans(line: str, wanted: Iterable[_Spelling]) -> Iterator[_Span]:
    numbers = list(_PHONE.finditer(line))
    folded = _folded(line, line)
    for item in wanted:
        for start, end in _places(_folded(item.text, line), folded):
            yield _Span(item.attribute, item.new, start, end, item.alone)
        for number in numbers:
            if item.number and means(number[0].strip(), item.text):
                yield _Span(item.attribute, item.new, number.start(), number.end(), True)


def _folded(text: str, line: str) -> str:
    """Fold a text so that places in the line stay: where "ß" would become two letters, capitals only are folded."""
    return text.casefold() if len(line.casefold()) == len(line) else text.lower()


def _places(wanted: str, folded: str) -> Iterator[tuple[int, int]]:
    place = folded.find(wanted) if wanted else -1
    while place >= 0:
        end = place + len(wanted)
        if _is_edge(folded, place - 1, wanted[0]) and _is_edge(folded, end, wanted[-1]):
            yield place, end
        place = folded.find(wanted, end)


def _is_edge(text: str, place: int, of: str) -> bool:
    """Say whether a value's edge is one of words: nothing that goes on stands there."""
    if not 0 <= place < len(text):
        return True
    return not (text[place].isalnum() and of.isalnum()) or _is_unspaced(text[place]) or _is_unspaced(of)


def _is_unspaced(letter: str) -> bool:
    return "\u3040" <= letter <= "\u9fff"


def _is_number(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None and sum(letter.isdigit() for letter in text) >= LEAST_DIGITS


def _longest(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Leave out values that stand inside a longer one: "EVP Sales" is no mention of Sales where a copy holds it."""
    longest: list[_Span] = []
    for span in sorted(set(spans), key=lambda item: item.start - item.end):
        within = any(item.start <= span.start and span.end <= item.end and item[2:4] != span[2:4] for item in longest)
        if not within:
            longest.append(span)
    yield from sorted(longest, key=lambda item: item.start)


def _stands_alone(line: str, span: _Span, hits: Iterable[Hit], spans: Iterable[_Span], vocabulary: Vocabulary) -> bool:
    """Say whether no word beside a value may belong to it, as in "Senior Planner" or "Planner Assistant".

    An address is whole in any case.
    """
    if "@" in line[span.start : span.end]:
        return True
    known = [(hit.start, hit.end) for hit in hits if hit.field not in _PEOPLE]
    known += [(item.start, item.end) for item in spans]
    capital = line[span.start : span.end] != line[span.start : span.end].lower()
    before = list(_WORD.finditer(line, 0, span.start))[-2:]
    behind = [word for word, _ in zip(_WORD.finditer(line, span.end), range(2), strict=False)]
    for words, gap in (
        (before[::-1], line[before[-1].end() : span.start] if before else " "),
        (behind, line[span.end : behind[0].start()] if behind else " "),
    ):
        joined = _JOINS.fullmatch(gap) is not None
        if not words or (not joined and gap.strip(" \t\"'“”„«»*_") != ""):
            continue
        covered = [any(start <= word.start() and word.end() <= end for start, end in known) for word in words]
        if joined and not covered[0]:
            return False
        linked = words[0][0].casefold() in LINKS and len(words) > 1 and words[1][0][:1].isupper() and not covered[1]
        if linked or not (covered[0] or _is_between(words[0][0], vocabulary, capital=capital)):
            return False
    return True


def _is_between(word: str, vocabulary: Vocabulary, *, capital: bool) -> bool:
    """Say whether a word is one that stands around values: known, and written smaller than the value."""
    return vocabulary.is_known(word) and word == word.lower() and (capital or len(word) <= len("and"))


def _is_spoken_against(line: str, span: _Span, hits: Iterable[Hit], far: int = BEFORE) -> bool:
    """Say whether a word for wrong, not or instead of stands right beside a value."""
    for hit in hits:
        if hit.field == "wrong":
            before, behind = line[hit.end : span.start], line[span.end : hit.start]
            if hit.end <= span.start and len(before) <= far and not _ENDS.search(before):
                return True
            if span.end <= hit.start and len(behind) <= BEHIND and not _ENDS.search(behind):
                return True
    return False
