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
        others = others or line.others
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
        labels = {(hit.start, hit.end) for hit in hits if hit.field in LABELS}  # "no AD": in it, in Portuguese
        named = {hit.start: hit.end for hit in hits if hit.field == "profile_words"}
        alone = [span for span in spans if span.alone]
        self._hits = [
            hit
            for hit in hits
            if not (hit.field in {"attributes", "other_things"} and is_within(hit, alone))
            and not (hit.field == "attributes" and is_within(hit, things))
            and not (hit.field == "wrong" and (hit.start, named.get(hit.end + 1)) in labels)
        ]
        self._of: dict[str, list[Hit]] = {}
        for hit in self._hits:
            self._of.setdefault(hit.field, []).append(hit)
        self._sentences = [match.end() for match in _SENTENCE_END.finditer(text)]
        self._clauses = [match.end() for match in _CLAUSE_END.finditer(text)]

    @property
    def others(self) -> bool:
        """Return whether the line names what is no profile."""
        return "other_things" in self._of

    def counted(self, spoken: Iterable[str]) -> list[Span]:
        """Return the values that count where these attributes are spoken of."""
        self._spans = [span for span in self._spans if span.alone or span.attribute in spoken]
        return self._spans

    def named(self, held: Mapping[str, Held]) -> Iterator[tuple[str, _Name]]:
        """Yield the attributes that the line names; a word for several means those in which the copies differ."""
        yield from ((name, _Name(True, True, False)) for name in held if _has_own_name(name, self.text))
        for hit in self._of.get("attributes", ()):
            meant = [name for name, item in held.items() if item.names & set(hit.attributes)]
            differing = [name for name in meant if not same(held[name].okta, held[name].copy)]
            clause = self._around(hit, self._clauses)
            fine = bool(self._in("right", *clause)) and not self._in("wrong", *clause)
            valued = not fine and self._is_valued(hit)
            found = _Name(self._told(*self._around(hit, self._sentences)), self._told(*clause) and not fine, valued)
            yield from ((name, found) for name in (differing if len(meant) > 1 and differing else meant))

    def place(self, span: Span) -> _Place:
        """Return how a value stands in its sentence."""
        sentence, clause = self._around(span, self._sentences), self._around(span, self._clauses)
        wrong = self._is_unwanted(span) or self._is_spoken_against(span, BEFORE)
        return _Place(
            new=span.new,
            alone=is_whole(self.text, span, self._left, self._vocabulary),
            wrong=wrong,
            doubted=wrong or self._is_spoken_against(span, FURTHER) or self._is_doubted(span, sentence[1], clause[1]),
            other=bool(self._in("other_things", *sentence)),
            told=self._told(*sentence) and not self._in("other_things", *clause),
            shown=self._is_shown(span, clause[1]),
            wanted=_touch(self._before("expected_labels", span)),
        )

    def _in(self, field: str, start: int, end: int) -> list[Hit]:
        """Return a field's entries within a part of the line."""
        found = self._of.get(field, [])
        return found[bisect_left(found, start, key=_start) : bisect_right(found, end, key=_end)]

    def _before(self, field: str, item: Hit | Span) -> str | None:
        """Return what stands between the last of a field's entries before something, and it."""
        found = self._in(field, 0, item.start)
        return self.text[found[-1].end : item.start] if found else None

    def _behind(self, field: str, item: Hit | Span) -> str | None:
        """Return what stands between something and the first of a field's entries behind it."""
        found = self._in(field, item.end, len(self.text))
        return self.text[item.end : found[0].start] if found else None

    def _told(self, start: int, end: int) -> bool:
        return bool(self._in("wrong", start, end) or self._in("profile_words", start, end))

    def _is_valued(self, name: Hit) -> bool:
        """Say whether what may be a value stands behind a name, and none that is held: "title should be Cook"."""
        if any(0 <= span.start - name.end <= FURTHER for span in self._spans):
            return False
        of_user = any(hit.start <= name.start and name.end <= hit.end for hit in self._of.get("user_labels", ()))
        led = _touch(self._behind("expected_labels", name)) or _VALUED.match(self.text, name.end) is not None
        return led and not of_user

    def _is_shown(self, span: Span, end: int) -> bool:
        """Say whether Okta is named before a value, or right behind it, with no other value of it between."""
        rivals = [item for item in self._spans if item.attribute == span.attribute and item.new]
        near = [(hit.end, span.start) for hit in self._in("profile_words", 0, span.start)[-1:]]
        near += [(span.end, hit.start) for hit in self._in("profile_words", span.end, end)[:1]]
        clear = (not any(start <= item.start and item.end <= stop for item in rivals) for start, stop in near)
        return any(clear) or _touch(self._before("current_labels", span))

    def _is_doubted(self, span: Span, sentence: int, clause: int) -> bool:
        """Say whether a word for wrong follows a value in its clause, or in its sentence before one of Okta."""
        wrong = self._in("wrong", span.end, sentence)[:1]
        return any(hit.end <= clause or not self._in("profile_words", span.end, hit.start) for hit in wrong)

    def _is_spoken_against(self, span: Span, far: int) -> bool:
        """Say whether a word for wrong, not or instead of stands beside a value: so far before it, or right behind."""
        before, behind = self._before("wrong", span), self._behind("wrong", span)
        if before is not None and len(before) <= far and not _ENDS.search(before.strip(":")):
            return True
        return behind is not None and len(behind) <= BEHIND and not _ENDS.search(behind)

    def _is_unwanted(self, span: Span) -> bool:
        """Say whether words want a value gone: it is the next one behind them, or stands right before them."""
        before, behind = self._before("unwanted", span), self._behind("unwanted", span)
        if behind is not None and len(behind) <= BEHIND and not _ENDS.search(behind):
            return True
        if before is None or _ENDS.search(before):
            return False
        return not any(span.start - len(before) <= item.start < span.start for item in self._spans)

    @cached_property
    def _left(self) -> str:
        return masked(self.text, self._hits, self._spans)

    def _around(self, item: Hit | Span, ends: Sequence[int]) -> tuple[int, int]:
        """Return where the part of the line begins and ends that something stands in."""
        first, last = bisect_right(ends, item.start), bisect_left(ends, item.end)
        return ends[first - 1] if first else 0, ends[last] if last < len(ends) else len(self.text)


def _start(hit: Hit) -> int:
    return hit.start


def _end(hit: Hit) -> int:
    return hit.end


def _touch(between: str | None) -> bool:
    """Say whether no word stands between two things."""
    return between is not None and not any(map(str.isalnum, between))


def _has_own_name(name: str, line: str) -> bool:
    pattern = _own_name(name)
    return pattern is not None and pattern.search(line) is not None


@lru_cache(maxsize=1000)
def _own_name(name: str) -> re.Pattern[str] | None:
    """Return what finds an attribute's name as Okta writes it, or in words: "badgeZone", "badge zone"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", r"[\\s_-]?", name)
    return re.compile(rf"(?<!\w){apart}(?!\w)", re.I) if apart != name else None
