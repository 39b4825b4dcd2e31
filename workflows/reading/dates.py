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
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.|er|º|ª)?\s*(?:de\s+|of\s+)?(?P<month>[^\W\d_]+)\b\.?{_YEAR}"
)
_MONTH_ALONE = re.compile(rf"(?P<month>[^\W\d_]{{3,}})\.?{_YEAR}(?!\d)")
_MONTH_FIRST = re.compile(rf"\b(?P<month>[^\W\d_]+)\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){_YEAR}")
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
    taken: set[int] = set()
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(text):
            month, written = months.get(match["month"]), match["y"]
            if month is None or match.start("month") in taken:
                continue
            taken.add(match.start("month"))
            years = [int(written)] if written else [today.year - 1, today.year, today.year + 1]
            readings = [(year, month, int(match["d"])) for year in years]
            found = [item for reading in readings for item in _day(match, [reading], dated=bool(written))]
            yield from found if written else [item for item in found if item.day <= today + ahead][-1:]

    for match in _MONTH_ALONE.finditer(text):
        month, written = months.get(match["month"]), match["y"]
        if month is None or match.start("month") in taken:
            continue
        if written:
            yield from _day(match, [(int(written), month, 1)])
        elif ahead > SOON and len(match["month"]) >= LEAST_ALONE:
            first = date(today.year + (month <= today.month), month, 1)
            yield from [Day(first, match.start(), dated=False)] if first <= today + ahead else []


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
