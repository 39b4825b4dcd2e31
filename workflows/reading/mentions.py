"""Which attributes the words speak of: by name, or by a value that one of the two copies holds. No grammar."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple

from workflows.reading.entries import NAMING_UNSPACED, UNSPACED
from workflows.reading.spans import SHORTEST, Held, Line, Span, is_within, masked, spans_of
from workflows.reading.statements import labelled
from workflows.reading.vocabulary import WORD, Hit, Vocabulary
from workflows.values.comparing import same, typed

BEFORE = 3  # characters between a word such as "not" and the value behind it
FURTHER = 14  # and within which it leaves the value in doubt
BEHIND = 6  # and between a value and "is wrong"
TOGETHER, MANY = 2, 10  # words between names of which something is said together, and such names on either side
_JOINS = re.compile(r"[&/+]|\b(?:and|or|with|plus|und|sowie|et|ainsi|y|e|en|i|oraz|och|og|samt)\b|と|および", re.I)
_ENDS = re.compile(r"[.!?;,:、。]")
_VALUED = re.compile(r" ?(?:\([^()]{0,40}\) ?)?(?:[:=：]|-+>|→) ?[^\W_]")  # a value behind a name


class Mention(NamedTuple):
    """How the words speak of one attribute: by name, by Okta's value (`old`), by the copy's (`new`).

    `told`: a sentence with the name or a value speaks of Okta or of something wrong. `in_doubt`: the name's part of a
    sentence speaks of something wrong or of a change. `left_open`: what may be another value
    stands behind the name, or both copies hold what Okta is said to show. `alone`: nothing beside the old or the new
    value may belong to it. `wrong`: a word beside the new value speaks against it. `sure`: the new value stands alone,
    together with the name or the old value, and nothing leaves it in doubt.
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


def mentions(lines: Sequence[str], held: Mapping[str, Held], vocabulary: Vocabulary) -> dict[str, Mention]:
    """Return how a text's lines speak of each attribute; those of which they do not speak are left out."""
    read = _lines([typed(line) for line in lines], held, vocabulary)
    shown = {span.attribute for line in read for span in line.spans if span.alone and not span.new}
    names: dict[str, list[Mention]] = defaultdict(list)
    places: dict[str, list[tuple[_Line, Span]]] = defaultdict(list)
    topic = {name for line in read[:1] for name, _ in line.named(held)}  # what the first line, the summary, names
    for line in read:
        here = list(line.named(held))
        for name, found in here:
            names[name].append(found)
        spoken = topic.union(shown, (name for name, _ in here))
        line.spans = [span for span in line.spans if span.alone or span.attribute in spoken]
        for span in line.spans:
            places[span.attribute].append((line, span))
    others = any(line.has("other_things") for line in read)
    agreeing = {name for name in places if same(held[name].okta, held[name].copy)}
    taken = {(line, span[2:4]) for name in places.keys() - agreeing for line, span in places[name]}
    for name in agreeing:  # "email" explains an address that "login" holds, too
        places[name] = [(line, span) for line, span in places[name] if (line, span[2:4]) not in taken]
    return {
        name: _mention(names[name], places[name], others=others, agree=name in agreeing)
        for name in dict.fromkeys((*names, *places))
        if names[name] or places[name]
    }


def may_hold_more(lines: Iterable[str], held: Mapping[str, Held], vocabulary: Vocabulary) -> bool:
    """Say whether words of prose may be a value that neither copy holds; lines with a known label are none."""
    texts = [typed(line) for line in lines if labelled(line, vocabulary) is None]
    return any(line.holds_more() for line in _lines(texts, held, vocabulary))


def _lines(texts: Sequence[str], held: Mapping[str, Held], vocabulary: Vocabulary) -> list[_Line]:
    spans, languages = spans_of(texts, held, vocabulary), vocabulary.spoken(texts)
    return [_Line(text, spans.get(number, []), vocabulary, languages) for number, text in enumerate(texts)]


def _mention(names: Sequence[Mention], places: Sequence[tuple[_Line, Span]], *, others: bool, agree: bool) -> Mention:
    old = [(line, span) for line, span in places if not span.new]
    new = [(line, span) for line, span in places if span.new]
    called_old = any(line.is_wrong(span) for line, span in old)
    shown = any(line.is_shown(span) for line, span in old)
    of_okta = any(line.is_of_okta(span, line.sentence(span)[0]) for line, span in old)
    told = any(item.told for item in names) or any(line.is_told(span) for line, span in new) or shown or called_old
    new_first = bool(old) and list(places[: len(new)]) == new
    doubted = any(line.is_doubted(span) for line, span in new) and not called_old
    reversed_ = new_first and not (called_old or shown or any(line.is_wanted(span) for line, span in new))
    other = any(not (shown and line.is_told(at)) for line, at in new if line.of("other_things", *line.sentence(at)))
    whole = any(line.is_alone(span) for line, span in new) and all(line.is_alone(at, small=True) for line, at in new)
    return Mention(
        by_name=bool(names),
        told=told,
        in_doubt=any(item.in_doubt for item in names),
        left_open=any(item.left_open for item in names) or (agree and (called_old or of_okta)),
        old=bool(old),
        new=bool(new),
        alone=whole or (bool(old) and all(line.is_alone(span) for line, span in old)),
        wrong=any(line.is_wrong(span) for line, span in new) and not called_old,
        sure=whole and bool(names or old) and (told or not others) and not (doubted or reversed_ or other),
    )


class _Line(Line):
    """A line with the values that were found in it."""

    def __init__(self, text: str, spans: list[Span], vocabulary: Vocabulary, languages: frozenset[str]) -> None:
        hits = vocabulary.hits(text, languages)
        fillers = [hit for hit in hits if hit.field == "fillers"]
        things = [hit for hit in hits if hit.field == "other_things"]
        alone = [span for span in spans if span.alone]
        longer: dict[str, list[Hit | Span]] = {"other_things": [*alone], "wrong": [*fillers]}
        longer["attributes"] = [*alone, *things, *fillers]
        kept = [hit for hit in hits if not is_within(hit, longer.get(hit.field, ()))]
        named = [hit for hit in kept if hit.field == "attributes"]
        super().__init__(text, kept, [span for span in spans if not is_within(span, named)])
        self._vocabulary = vocabulary

    def named(self, held: Mapping[str, Held]) -> Iterator[tuple[str, Mention]]:
        """Yield the attributes that the line names; a word for several means those in which the copies differ."""
        as_in_okta = Mention(True, told=True, in_doubt=True)
        yield from ((name, as_in_okta) for name in held if _own_name(name).search(self.text))
        for hit in self.of("attributes"):
            meant = [name for name, item in held.items() if item.names & set(hit.attributes)]
            differing = [name for name in meant if not same(held[name].okta, held[name].copy)]
            doubt, valued = hit in self._called_wrong, self._is_valued(hit) and not self.of("right", *self.clause(hit))
            found = Mention(True, told=self._tells(*self.sentence(hit)), in_doubt=doubt, left_open=valued)
            yield from ((name, found) for name in differing or meant)

    def holds_more(self) -> bool:
        """Say whether a word may be a value: neither copy holds it, and it is none of those that make a sentence."""
        return any(map(self._may_be_a_value, WORD.finditer(masked(self.text, (*self.hits, *self.spans)))))

    def is_alone(self, span: Span, *, small: bool = False) -> bool:
        """Say whether nothing beside a value may belong to it; with `small`, whether nothing but small words may."""
        return self.is_whole(span, self._vocabulary, small=small)

    def is_told(self, span: Span) -> bool:
        """Say whether a value's sentence speaks of Okta or of something wrong, and its clause of nothing else."""
        return self._tells(*self.sentence(span)) and not self.of("other_things", *self.clause(span))

    def is_wanted(self, span: Span) -> bool:
        """Say whether a word right before a value says that it should be."""
        return _touch(self._before("expected_labels", span))

    def is_shown(self, span: Span) -> bool:
        """Say whether the words call a value Okta's, or the one that is there."""
        return self.is_of_okta(span, 0) or _touch(self._before("current_labels", span))

    def is_of_okta(self, span: Span, start: int) -> bool:
        """Say whether Okta is named before a value, or right behind it, with no other value of it between."""
        rivals = [item for item in self.spans if item.attribute == span.attribute and item.new]
        near = [(hit.end, span.start) for hit in self.of("profile_words", start, span.start)[-1:]]
        near += [(span.end, hit.start) for hit in self.of("profile_words", span.end, self.clause(span)[1])[:1]]
        return any(not any(begin <= item.start and item.end <= end for item in rivals) for begin, end in near)

    def is_wrong(self, span: Span, far: int = BEFORE) -> bool:
        """Say whether words speak against a value.

        They want it gone and it is the next one behind them, or they stand so far before it, or right behind it.
        """
        gone, wrong = self._before("unwanted", span), self._before("wrong", span)
        behind = [text for field in ("unwanted", "wrong") if (text := self._behind(field, span)) is not None]
        near = wrong is not None and len(wrong) <= far and not _ENDS.search(wrong.strip(":"))
        if near or any(len(text) <= BEHIND and not _ENDS.search(text) for text in behind):
            return True
        if gone is None or _ENDS.search(gone):
            return False
        return not any(span.start - len(gone) <= item.start < span.start for item in self.spans)

    def is_doubted(self, span: Span) -> bool:
        """Say whether words may speak against a value.

        One for wrong is further off, or follows it in its clause, or in its sentence before one of Okta.
        """
        wrong, end = self.of("wrong", span.end, self.sentence(span)[1])[:1], self.clause(span)[1]
        follows = any(hit.end <= end or not self.of("profile_words", span.end, hit.start) for hit in wrong)
        return (follows and not self._is_of_the_old(wrong[0], span)) or self.is_wrong(span, FURTHER)

    @cached_property
    def _called_wrong(self) -> set[Hit | Span]:
        """Return the names and values that words for wrong or changing are about: the nearest ones in their clauses.

        Those of which something is said together are equally near: "my department and my title are wrong", "still Sales
        and my old name"; not so "still Sales against my name", which is about Sales.
        """
        things: list[Hit | Span] = sorted((*self.of("attributes"), *self.spans), key=attrgetter("start"))
        left = masked(self.text, things)
        words = [match.start() for match in WORD.finditer(left)]
        called = set[Hit | Span]()
        for hit in (*self.of("wrong"), *self.of("changing")):
            at = bisect_left(things, hit.start, key=attrgetter("start"))
            near = [item for item in things[max(0, at - MANY) : at + MANY] if self.clause(item) == self.clause(hit)]
            sides = {item: (min(hit.end, item.end), max(hit.start, item.start)) for item in near}
            far = {item: bisect_left(words, side[1]) - bisect_left(words, side[0]) for item, side in sides.items()}
            least = min(far.values(), default=0)
            of_name = any(isinstance(item, Hit) and far[item] == least for item in near)
            close = [item for item in near if far[item] <= least + TOGETHER]
            called |= {item for item in close if far[item] == least or of_name or _JOINS.search(left, *sides[item])}
        return called

    def _is_of_the_old(self, wrong: Hit, span: Span) -> bool:
        """Say whether a word behind a value is about what Okta shows: "Sales, and Okta still says Support"."""
        start, end = self.clause(wrong)
        spans = (item for item in self.spans if item.attribute == span.attribute and not item.new)
        old = next((item for item in spans if wrong.end <= item.start < end), None)
        of_okta = self.of("profile_words", max(start, span.end), wrong.start)
        return bool(of_okta) and old is not None and not self.is_wanted(old)

    def _may_be_a_value(self, found: re.Match[str]) -> bool:
        """Say whether a word that is not known here may be a value, or what stands behind one such as "should be"."""
        word, at = found[0], Span("", new=True, start=found.start(), end=found.end(), alone=False)
        if UNSPACED.search(word):
            return NAMING_UNSPACED.search(word) is not None
        if any(map(str.isdigit, word)) or _touch(self._before("expected_labels", at)):
            return True
        if len(word) >= SHORTEST:
            return not self._vocabulary.is_of_sentences(word)
        begins = not any(map(str.isalnum, self.text[self.sentence(at)[0] : at.start]))
        return word[0].isupper() and not begins

    def _before(self, field: str, item: Span) -> str | None:
        """Return what stands between the last of a field's entries before something, and it."""
        found = self.of(field, 0, item.start)
        return self.text[found[-1].end : item.start] if found else None

    def _behind(self, field: str, item: Hit | Span) -> str | None:
        """Return what stands between something and the first of a field's entries behind it."""
        found = self.of(field, item.end)
        return self.text[item.end : found[0].start] if found else None

    def _tells(self, start: int, end: int) -> bool:
        return bool(self.of("wrong", start, end) or self.of("profile_words", start, end))

    def _is_valued(self, name: Hit) -> bool:
        """Say whether what may be a value stands behind a name, and none that is held: "title should be Cook"."""
        held = any(0 <= span.start - name.end <= FURTHER for span in self.spans)
        of_user = any(hit.start <= name.start and name.end <= hit.end for hit in self.of("user_labels"))
        led = _touch(self._behind("expected_labels", name)) or _VALUED.match(self.text, name.end) is not None
        return led and not (of_user or held)


def _touch(between: str | None) -> bool:
    """Say whether no word stands between two things."""
    return between is not None and not any(map(str.isalnum, between))


@lru_cache(maxsize=1000)
def _own_name(name: str) -> re.Pattern[str]:
    """Return what finds an attribute's name as Okta writes it, or in words: "badgeZone", "badge zone"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", r"[\\s_-]?", name)
    return re.compile(rf"(?<!\w){apart}(?!\w)" if apart != name else r"(?!)", re.I)
