"""Which attributes the words speak of: by name, or by a value that one of the two copies holds. No grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pydantic import JsonValue

from workflows.reading.vocabulary import Hit, Vocabulary
from workflows.values.comparing import means, same, typed

SHORTEST = 4  # characters; a shorter value, or an everyday word, counts only beside its attribute's name
LEAST_DIGITS = 5
BEFORE = 3  # characters between a word such as "not" and the value behind it
FURTHER = 14  # and within which it leaves the value in doubt
BEHIND = 6  # and between a value and "is wrong"
_PHONE = re.compile(r"\+?\(?\d[\d\s()./-]{4,24}\d")
_CN = re.compile(r"(?i)^cn=((?:\\.|[^,\\])+),\s*(?:ou|dc|cn|o)=")
_ADDRESS = re.compile(r"^([\w.+'-]{4,64})@[\w.-]+$")
_ADDRESSES = re.compile(r"(?<!\S)\S+@\S+|https?://\S+")
_SENTENCE_END = re.compile(r"[.!?;](?:\s+|$)")
_DOUBTS = frozenset({"wrong", "profile_words"})
_ENDS = re.compile(r"[.!?;,:]")
_WORD = re.compile(r"[^\W_]+")


class Mention(NamedTuple):
    """How the words speak of one attribute: by name, by Okta's value (`old`), by the copy's (`new`).

    `whole`, `old_whole`: nothing beside the value may belong to it. `wrong`, `old_wrong`: a word beside the new or the
    old value speaks against it, `doubted`: one not far before the new value. `other`: the new value's sentence names
    what is no profile. `in_doubt`, `told`: a sentence with the name, or the new value, speaks of Okta or of something
    wrong.
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


class Held(NamedTuple):
    """What the two copies hold of one attribute, and by which names the words may speak of it."""

    okta: JsonValue
    copy: JsonValue
    names: frozenset[str]


class _Span(NamedTuple):
    attribute: str
    new: bool
    start: int
    end: int


def mentions(lines: Sequence[str], held: Mapping[str, Held], vocabulary: Vocabulary) -> dict[str, Mention]:
    """Return how a text's lines speak of each attribute; those of which they do not speak are left out."""
    found: dict[str, Mention] = {}
    for text in lines:
        line = typed(text)
        hits = vocabulary.hits(_ADDRESSES.sub(lambda match: " " * len(match[0]), line))
        hits = [hit for hit in hits if hit.field != "attributes" or not _within(hit, hits, "other_things")]
        named = _named(held, line, hits)
        for name, in_doubt in named.items():
            seen = found.get(name, Mention())
            found[name] = seen._replace(by_name=True, in_doubt=seen.in_doubt or in_doubt)
        spans = list(_longest(_spans(line, held, set(named), vocabulary)))
        for span in spans:
            found[span.attribute] = _seen(found.get(span.attribute, Mention()), line, span, hits, spans, vocabulary)
    return found


def _seen(
    seen: Mention, line: str, span: _Span, hits: list[Hit], spans: list[_Span], vocabulary: Vocabulary
) -> Mention:
    against = _is_spoken_against(line, span, hits)
    if not span.new:
        alone = seen.old_whole or _stands_alone(line, span, hits, spans, vocabulary)
        return seen._replace(old=True, old_wrong=seen.old_wrong or against, old_whole=alone)
    begin, end = _sentence(line, span.start, span.end)
    others = (hit for hit in hits if hit.field == "other_things" and begin <= hit.start and hit.end <= end)
    other = any(not any(item.start <= hit.start and hit.end <= item.end for item in spans) for hit in others)
    return seen._replace(
        new=True,
        whole=seen.whole or _stands_alone(line, span, hits, spans, vocabulary),
        wrong=seen.wrong or against,
        other=seen.other or other,
        told=seen.told or any(hit.field in _DOUBTS and begin <= hit.start and hit.end <= end for hit in hits),
        doubted=seen.doubted or _is_spoken_against(line, span, hits, FURTHER) or _is_doubted(span, hits, end),
    )


def _is_doubted(span: _Span, hits: Iterable[Hit], end: int) -> bool:
    """Say whether a word for wrong follows a value in its sentence, with none of Okta between that it may be about."""
    behind = [hit for hit in hits if span.end <= hit.start and hit.end <= end and hit.field in _DOUBTS]
    return bool(behind) and min(behind, key=lambda hit: hit.start).field == "wrong"


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


def _spans(line: str, held: Mapping[str, Held], named: set[str], vocabulary: Vocabulary) -> Iterator[_Span]:
    numbers = list(_PHONE.finditer(line))
    folded = _folded(line, line)
    for attribute, item in held.items():
        for value, new in ((item.okta, False), (item.copy, True)):
            for text in spellings(value):
                if _counts(text, vocabulary, beside_name=attribute in named):
                    yield from (_Span(attribute, new, *place) for place in _places(_folded(typed(text), line), folded))
                for number in numbers:
                    if _is_number(text) and means(number[0].strip(), text):
                        yield _Span(attribute, new, number.start(), number.end())


def _counts(text: str, vocabulary: Vocabulary, *, beside_name: bool) -> bool:
    """Say whether a value may be looked for; a short or an everyday one only beside its attribute's name."""
    return beside_name or (len(text) >= SHORTEST and not vocabulary.is_one_of("everyday", text))


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


def spellings(value: JsonValue) -> Iterator[str]:
    """Yield how people write a value: of a DN its common name, of an address its first part, too."""
    for item in value if isinstance(value, list) else [value]:
        text = "" if item is None or isinstance(item, bool) else str(item).strip()
        if cn := _CN.match(text):
            yield cn[1].replace("\\", "")
        elif text:
            yield text
            if address := _ADDRESS.match(text):
                yield address[1]


def _is_number(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None and sum(letter.isdigit() for letter in text) >= LEAST_DIGITS


def _longest(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Leave out values that stand inside a longer one: "EVP Sales" is no mention of Sales where a copy holds it."""
    longest: list[_Span] = []
    for span in sorted(set(spans), key=lambda item: item.start - item.end):
        within = any(item.start <= span.start and span.end <= item.end and item[2:] != span[2:] for item in longest)
        if not within:
            longest.append(span)
    yield from longest


def _stands_alone(line: str, span: _Span, hits: Iterable[Hit], spans: Iterable[_Span], vocabulary: Vocabulary) -> bool:
    """Say whether every word beside a value is one that the language files or a copy know."""
    known = [(hit.start, hit.end) for hit in hits] + [(item.start, item.end) for item in spans]
    before = list(_WORD.finditer(line, 0, span.start))[-1:]
    behind = next(_WORD.finditer(line, span.end), None)
    for word, gap in (
        *((item, line[item.end() : span.start]) for item in before),
        *((item, line[span.end : item.start()]) for item in ([behind] if behind else [])),
    ):
        apart = gap.strip(" \t\"'“”„«»*_") != ""
        covered = any(start <= word.start() and word.end() <= end for start, end in known)
        if not (apart or covered or vocabulary.is_known(word[0])):
            return False
    return True


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
