"""Dates in a ticket's words, with the months' names of every language from babel (CLDR)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from babel import Locale

from workflows.reading.vocabulary import built_once

_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d.])(?P<a>\d{1,2})[./-](?P<b>\d{1,2})[./-](?P<y>(?:20)?\d\d)(?!\.?\d)")
_YEAR = r"(?:,?\s*(?:de\s+|of\s+)?(?P<y>20\d\d))?"
_NAME = re.compile(r"[^\W\d_]+")
_DAY_BEFORE = re.compile(r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|\.|er|º|ª)?\s*(?:de\s+|of\s+)?$")
_BEHIND = re.compile(rf"\.?(?:\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?{_YEAR}")
NEAR = 12  # characters in which a day stands before its month
SOON = timedelta(days=45)  # a day without a year is no later than this; before, it is a past one
LEAST_ALONE = 4  # letters of a month's name that counts without a day; "may" and "mars" are words, too
HALF_A_YEAR = timedelta(days=183)  # where the words tell of what is to come


class Day(NamedTuple):
    """A day that a text names, with its place; `dated` says that its year was written, too."""

    day: date
    start: int
    dated: bool


def days_in(text: str, today: date, codes: tuple[str, ...], ahead: timedelta = SOON) -> Iterator[Day]:
    """Yield each day: of two readings (3/4/2026) the later, without a year the latest that is no further `ahead`.

    A month without a day is its first.
    """
    for match in _ISO.finditer(text):
        yield from _day(match, [(int(match["y"]), int(match["m"]), int(match["d"]))])
    for match in _NUMBERS.finditer(text):
        year, one, two = int(match["y"]) % 100 + 2000, int(match["a"]), int(match["b"])
        yield from _day(match, [(year, two, one), (year, one, two)])
    yield from _named(text.lower(), today, _months(codes), ahead)


def _named(text: str, today: date, months: Mapping[str, int], ahead: timedelta) -> Iterator[Day]:
    """Yield the days whose month is written as a word: "3 May 2026", "May 3rd", "May 2026", and "April" if planned."""
    for word in _NAME.finditer(text):
        month, behind = months.get(word[0]), _BEHIND.match(text, word.end())
        if month is None or behind is None:
            continue
        before = _DAY_BEFORE.search(text, max(0, word.start() - NEAR), word.start())
        day, year = (before or behind)["d"], behind["y"]
        if day or year or (ahead > SOON and len(word[0]) >= LEAST_ALONE):
            years = [int(year)] if year else range(today.year - 1, today.year + 2)
            readings = [(item, month, int(day or 1)) for item in years]
            found = [item for reading in readings for item in _day(before or word, [reading], dated=bool(year))]
            yield from found if year else [item for item in found if item.day <= today + ahead][-1:]


def _day(match: re.Match[str], readings: list[tuple[int, int, int]], *, dated: bool = True) -> list[Day]:
    found = []
    for reading in readings:
        try:
            found.append(date(*reading))
        except ValueError:
            continue
    return [Day(max(found), match.start(), dated)] if found else []


@built_once
def _months(codes: tuple[str, ...]) -> Mapping[str, int]:
    months: dict[str, int] = {}
    for code in codes:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(code).months[context][width].items():
                    months.setdefault(name.lower().rstrip("."), int(number))
    return months
