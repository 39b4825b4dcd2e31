"""What a text says of the days to come, and whether it says of today that something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from workflows.reading.dates import HALF_A_YEAR, SOON, days_in
from workflows.reading.vocabulary import Hit, Vocabulary

NEAR = 5  # characters between a word such as "from" and its date
_SENTENCE_END = re.compile(r"(?:(?<=\w{3})|(?<=[^\w\s]))\.(?:\s+|$)|[!?](?:\s+|$)")  # no abbreviation, no "1. May"


class Plan(NamedTuple):
    """What is still to come: a day after today, or "next month"; the sentences about it, and the rest of the text.

    `of_today`: one of the rest says of Okta or the directory that something is right or wrong.
    """

    later: str | None = None
    sentences: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    of_today: bool = False


class _Sentence(NamedTuple):
    text: str
    hits: tuple[Hit, ...]
    start: int

    def has(self, *fields: str) -> bool:
        """Say whether an entry of one of the fields stands in it."""
        return any(hit.field in fields for hit in self.hits)


def plan_in(lines: Sequence[str], hits: Sequence[Iterable[Hit]], today: date, vocabulary: Vocabulary) -> Plan:
    """Return what a text says of the days to come; `hits` are the vocabulary's, line by line."""
    sentences = list(_sentences(lines, hits))
    planned = any(sentence.has("planned") for sentence in sentences)
    days = [dict(_days(item, today, vocabulary, planned=planned)) for item in sentences]
    found = [day for named in days for day, counts in named.items() if counts]
    words = (
        item.text[hit.start - item.start : hit.end - item.start]
        for item in sentences
        for hit in item.hits
        if hit.field == "not_yet"
    )
    later = f"{max(found):%Y-%m-%d}" if found else next(words, None)
    if later is None:
        return Plan()
    told: tuple[list[_Sentence], list[_Sentence]] = [], []
    for item, named in zip(sentences, days, strict=True):
        past = any(day.day <= today for day in days_in(item.text, today, vocabulary.codes))
        told[bool(named) or item.has("not_yet") or (item.has("planned") and not past)].append(item)
    rest, about = told
    of_today = any(item.has("profile_words") and item.has("wrong", "right") for item in rest)
    return Plan(later, tuple(item.text for item in about), tuple(item.text for item in rest), of_today)


def _sentences(lines: Sequence[str], hits: Sequence[Iterable[Hit]]) -> Iterator[_Sentence]:
    for line, told in zip(lines, hits, strict=True):
        found = list(told)
        ends = [match.end() for match in _SENTENCE_END.finditer(line)]
        for start, end in pairwise(sorted({0, *ends, len(line)})):
            inside = tuple(hit for hit in found if start <= hit.start < end)
            yield _Sentence(line[start:end], inside, start)


def _days(sentence: _Sentence, today: date, vocabulary: Vocabulary, *, planned: bool) -> Iterator[tuple[date, bool]]:
    """Yield the days after today that a sentence names, and whether they count; not those up to which it is wanted.

    A day without a year only counts behind "from" or "as of", or where its sentence tells of what is planned.
    """
    later, deadlines = ({hit.end for hit in sentence.hits if hit.field == name} for name in ("later", "deadlines"))
    for item in days_in(sentence.text, today, vocabulary.codes, HALF_A_YEAR if planned else SOON):
        near = range(sentence.start + item.start - NEAR, sentence.start + item.start + 1)
        if item.day > today and deadlines.isdisjoint(near):
            yield item.day, (item.dated or sentence.has("planned") or not later.isdisjoint(near))
