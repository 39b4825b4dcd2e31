"""Which attributes the words speak of: by name, or by a value that one of the two copies holds. No grammar."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from workflows.reading.spans import Held, Span, is_whole, is_within, masked, spans_of
from workflows.reading.vocabulary import LABELS, Hit, Vocabulary
from workflows.values.comparing import same, typed

BEFORE = 3  # characters between a word such as "not" and the value behind it
FURTHER = 14  # and within which it leaves the value in doubt
BEHIND = 6  # and between a value and "is wrong"
_ADDRESSES = re.compile(r"(?<!\S)\S+@\S+|https?://\S+")
_SENTENCE_END = re.compile(r"[.!?;](?:\s+|$)")
_CLAUSE_END = re.compile(r"[.!?;,:](?:\s+|$)|[()–—|]")
_ENDS = re.compile(r"[.!?;,:]")
_VALUED = re.compile(r" ?(?:\([^()]{0,40}\) ?)?(?:[:=：]|-+>|→) ?[^\W_]")  # a value behind a name
BUT = re.compile(r"\b(?:and|but|while|yet|und|aber|et|mais|y|pero|e|ma|mas|en|maar|i|ale|a|och|men|og)\b", re.I)
_DOUBTS = frozenset({"wrong", "profile_words"})


class Mention(NamedTuple):
    """How the words speak of one attribute: by name, by Okta's value (`old`), by the copy's (`new`).

    `told`: a sentence with the name or a value speaks of Okta or of something wrong. `in_doubt`: with the name, its
    part of a sentence does. `left_open`: what may be another value stands behind the name, or both copies hold what
    Okta is said to show. `alone`: nothing beside the old or the new value may belong to it. `wrong`: a word beside
    the new value speaks against it. `sure`: the new value stands alone, together with the name or the old value, and
    nothing leaves it in doubt.
    """

    by_name: bool = False
    told: bool = False
    in_doubt: bool = False
    left_open: bool = False
    old: bool = False
    new: bool = False
    alone: bool = False
    wrong: bool = False
    sure: bool = False


class _Name(NamedTuple):
    """One name of an attribute, with what its sentence, its part of it, and the words right behind it tell."""

    told: bool
    in_doubt: bool
    valued: bool


class _Place(NamedTuple):
    """One value in its sentence.

    `alone`: nothing beside it may belong to it. `wrong`: a word beside it speaks against it, `doubted`: one further
    off. `other`: it may be about what is no profile. `told`: the sentence speaks of Okta or of something wrong.
    `shown`: Okta is named as what shows it; `wanted`: a word before it says that it should be.
    """

    new: bool
    alone: bool
    wrong: bool
    doubted: bool
    other: bool
    told: bool
    shown: bool
    wanted: bool


def mentions(lines: Sequence[str], held: Mapping[str, Held], vocabulary: Vocabulary) -> dict[str, Mention]:
    """Return how a text's lines speak of each attribute; those of which they do not speak are left out."""
    texts = [typed(line) for line in lines]
    spans = spans_of(texts, held, vocabulary)
    shown = {span.attribute for found in spans.values() for span in found if span.alone and not span.new}
    languages = vocabulary.spoken(lines)
    names: dict[str, list[_Name]] = {}
    places: dict[str, list[_Place]] = {}
    topic: set[str] = set()  # what the first line names, for it is the summary
    others = False
    for number, text in enumerate(texts):
        line = _Line(text, spans.get(number, []), vocabulary, languages)
        others = others or any(hit.field == "other_things" for hit in line.hits)
        named = list(line.named(held))
        for name, found in named:
            names.setdefault(name, []).append(found)
        here = {name for name, _ in named}
        topic = topic if number else here
        spoken = topic | shown | here
        for span in line.counted(spoken):
            places.setdefault(span.attribute, []).append(line.place(span))
    return {
        name: _mention(
            names.get(name, []), places.get(name, []), others=others, agree=same(held[name].okta, held[name].copy)
        )
        for name in dict.fromkeys((*names, *places))
    }


def _mention(names: Sequence[_Name], places: Sequence[_Place], *, others: bool, agree: bool) -> Mention:
    old, new = [item for item in places if not item.new], [item for item in places if item.new]
    called_old, shown = any(item.wrong for item in old), any(item.shown for item in old)
    told = any(item.told for item in names) or any(item.told for item in new) or shown
    last = max((number for number, item in enumerate(places) if item.new), default=0)
    new_first = bool(old) and all(item.new for item in places[:last])
    doubted = any(item.doubted for item in new) and not called_old
    reversed_ = new_first and not (called_old or shown or any(item.wanted for item in new))
    other = any(item.other and not (shown and item.told) for item in new)
    whole = bool(new) and all(item.alone for item in new)
    return Mention(
        by_name=bool(names),
        told=told,
        in_doubt=any(item.in_doubt for item in names),
        left_open=any(item.valued for item in names) or (agree and (called_old or shown)),
        old=bool(old),
        new=bool(new),
        alone=whole or (bool(old) and all(item.alone for item in old)),
        wrong=any(item.wrong for item in new) and not called_old,
        sure=whole and bool(names or old) and (told or not others) and not (doubted or reversed_ or other),
    )


class _Line:
    """A line with what was found in it."""

    def __init__(self, text: str, spans: list[Span], vocabulary: Vocabulary, languages: frozenset[str]) -> None:
        self.text, self._spans, self._vocabulary = text, spans, vocabulary
        hits = vocabulary.hits(_ADDRESSES.sub(lambda match: " " * len(match[0]), text), languages)
        things = [hit for hit in hits if hit.field == "other_things"]
        places = {(hit.start, hit.end) for hit in hits if hit.field in LABELS}  # "no AD": in it, in Portuguese
        named = {hit.start: hit.end for hit in hits if hit.field == "profile_words"}
        self.hits = [
            hit
            for hit in hits
            if not (hit.field == "attributes" and (_within(hit, things) or is_within(hit, spans)))
            and not (hit.field == "wrong" and (hit.start, named.get(hit.end + 1)) in places)
        ]
        self._doubts = [hit for hit in self.hits if hit.field in _DOUBTS]

    def counted(self, spoken: Iterable[str]) -> list[Span]:
        """Return the values that count where these attributes are spoken of."""
        self._spans = [span for span in self._spans if span.alone or span.attribute in spoken]
        return self._spans

    def named(self, held: Mapping[str, Held]) -> Iterator[tuple[str, _Name]]:
        """Yield the attributes that the line names; a word for several means those in which the copies differ."""
        yield from ((name, _Name(True, True, False)) for name in held if _has_own_name(name, self.text))
        for hit in self.hits:
            if hit.field == "attributes":
                meant = [name for name, item in held.items() if item.names & set(hit.attributes)]
                differing = [name for name in meant if not same(held[name].okta, held[name].copy)]
                sentence, clause = self._between(hit, self._sentences), self._between(hit, self._clauses)
                fine = self._has(clause, "right") and not self._has(clause, "wrong")
                valued = not fine and self._is_valued(hit)
                found = _Name(self._told(sentence), self._told(clause) and not fine, valued)
                yield from ((name, found) for name in (differing if len(meant) > 1 and differing else meant))

    def _has(self, between: tuple[int, int], field: str) -> bool:
        return any(hit.field == field and _is_in(hit, between) for hit in self.hits)

    def _is_valued(self, name: Hit) -> bool:
        """Say whether what may be a value stands behind a name, and none that is held: "title should be Cook"."""
        if any(0 <= span.start - name.end <= FURTHER for span in self._spans) or any(
            hit.field == "user_labels" and hit.start <= name.start and name.end <= hit.end for hit in self.hits
        ):
            return False
        labels = (hit.start for hit in self.hits if hit.field == "expected_labels" and hit.start >= name.end)
        led = not any(map(str.isalnum, self.text[name.end : min(labels, default=0)] or "x"))
        return led or _VALUED.match(self.text, name.end) is not None

    def place(self, span: Span) -> _Place:
        """Return how a value stands in its sentence."""
        sentence, clause = self._between(span, self._sentences), self._between(span, self._clauses)
        told = self._told(sentence)
        things = [hit for hit in self.hits if hit.field == "other_things" and not is_within(hit, self._spans)]
        wrong = span.start in self._unwanted or self._is_spoken_against(span, BEFORE)
        return _Place(
            new=span.new,
            alone=is_whole(self.text, span, self._left, self._vocabulary),
            wrong=wrong,
            doubted=wrong or self._is_spoken_against(span, FURTHER) or self._is_doubted(span, sentence[1], clause[1]),
            other=any(_is_in(hit, sentence) for hit in things),
            told=told and not any(_is_in(hit, clause) for hit in things),
            shown=self._is_shown(span, clause[1]),
            wanted=self._follows(span, "expected_labels"),
        )

    def _told(self, between: tuple[int, int]) -> bool:
        first = bisect_left(self._doubts, between[0], key=_start)
        return first < len(self._doubts) and self._doubts[first].end <= between[1]

    def _is_shown(self, span: Span, end: int) -> bool:
        """Say whether Okta is named before a value, or right behind it, with no other value of it between."""
        rivals = [item for item in self._spans if item.attribute == span.attribute and item.new]
        before = [hit.end for hit in self.hits if hit.field == "profile_words" and hit.end <= span.start]
        if before and max(before) > max((item.start for item in rivals if item.end <= span.start), default=-1):
            return True
        behind = (hit for hit in self.hits if hit.field == "profile_words" and _is_in(hit, (span.end, end)))
        if any(not any(_is_in(item, (span.end, hit.start)) for item in rivals) for hit in behind):
            return True
        return self._follows(span, "current_labels")

    def _follows(self, span: Span, field: str) -> bool:
        """Say whether an entry of a field stands right before a value."""
        ends = (hit.end for hit in self.hits if hit.field == field and hit.end <= span.start)
        return not any(map(str.isalnum, self.text[max(ends, default=0) : span.start])) and any(
            hit.field == field and hit.end <= span.start for hit in self.hits
        )

    def _is_doubted(self, span: Span, sentence: int, clause: int) -> bool:
        """Say whether a word for wrong follows a value in its sentence, with none of Okta between to be about.

        "Sales in Okta is wrong" is about Sales, and "Sales but Okta is wrong" is not.
        """
        behind = [hit for hit in self._doubts if _is_in(hit, (span.end, sentence))]
        wrong = next((hit for hit in behind if hit.field == "wrong"), None)
        if wrong is None:
            return False
        before = [hit for hit in behind if hit.end <= wrong.start]
        inside = len(before) == 1 and wrong.end <= clause and not BUT.search(self.text, span.end, wrong.start)
        return not before or inside

    def _is_spoken_against(self, span: Span, far: int) -> bool:
        """Say whether a word for wrong, not or instead of stands beside a value: so far before it, or right behind."""
        for hit in self.hits:
            if hit.field == "wrong":
                before, behind = self.text[hit.end : span.start], self.text[span.end : hit.start]
                if hit.end <= span.start and len(before) <= far and not _ENDS.search(before.strip(":")):
                    return True
                of_another = "(" in behind and any(0 <= item.start - hit.end <= BEFORE for item in self._spans)
                if span.end <= hit.start and len(behind) <= BEHIND and not (_ENDS.search(behind) or of_another):
                    return True
        return False

    @cached_property
    def _unwanted(self) -> frozenset[int]:
        """Where the values begin that words want gone: the next one behind them, or one right before them."""
        starts = sorted({span.start for span in self._spans})
        ends = {span.end: span.start for span in self._spans}
        found = set()
        for hit in self.hits:
            if hit.field == "unwanted":
                place = bisect_left(starts, hit.end)
                if place < len(starts) and not _ENDS.search(self.text, hit.end, starts[place]):
                    found.add(starts[place])
                gaps = (hit.start - gap for gap in range(BEHIND + 1))
                found |= {ends[end] for end in gaps if end in ends and not _ENDS.search(self.text, end, hit.start)}
        return frozenset(found)

    @cached_property
    def _left(self) -> str:
        return masked(self.text, self.hits, self._spans)

    @cached_property
    def _sentences(self) -> list[int]:
        return [match.end() for match in _SENTENCE_END.finditer(self.text)]

    @cached_property
    def _clauses(self) -> list[int]:
        return [match.end() for match in _CLAUSE_END.finditer(self.text)]

    def _between(self, item: Hit | Span, ends: Sequence[int]) -> tuple[int, int]:
        """Return where the part of the line begins and ends that something stands in."""
        first, last = bisect_right(ends, item.start), bisect_left(ends, item.end)
        return ends[first - 1] if first else 0, ends[last] if last < len(ends) else len(self.text)


def _start(item: Hit | Span) -> int:
    return item.start


def _is_in(item: Hit | Span, between: tuple[int, int]) -> bool:
    return between[0] <= item.start and item.end <= between[1]


def _within(hit: Hit, others: Iterable[Hit]) -> bool:
    longer = (item for item in others if item.end - item.start > hit.end - hit.start)
    return any(item.start <= hit.start and hit.end <= item.end for item in longer)


def _has_own_name(name: str, line: str) -> bool:
    pattern = _own_name(name)
    return pattern is not None and pattern.search(line) is not None


@lru_cache(maxsize=1000)
def _own_name(name: str) -> re.Pattern[str] | None:
    """Return what finds an attribute's name as Okta writes it, or in words: "badgeZone", "badge zone"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", r"[\\s_-]?", name)
    return re.compile(rf"(?<!\w){apart}(?!\w)", re.I) if apart != name else None
