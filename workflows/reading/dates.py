"""Dates in a ticket's words, with the months' names of every language from babel (CLDR)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from babel import Locale

_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d.])(?P<a>\d{1,2})[./-](?P<b>\d{1,2})[./-](?P<y>(?:20)?\d\d)(?!\.?\d)")
_DAY = r"(?<!\d)(?P<d1>\d{1,2})(?:st|nd|rd|th|\.|er|º|ª)?\s*(?:de\s+|of\s+)?"
_YEAR = r"(?:,?\s*(?:de\s+|of\s+)?(?P<{0}>20\d\d))?"


AHEAD = timedelta(days=45)  # a day without a year is no later than this; before, it is a past one


class Day(NamedTuple):
    """A day that a text names, with its place; `dated` says that its year was written, too."""

    day: date
    start: int
    dated: bool


def days_in(text: str, today: date, codes: tuple[str, ...]) -> Iterator[Day]:
    """Yield each day: of two readings (3/4/2026) the later, without a year the latest within some months."""
    for match in _ISO.finditer(text):
        yield from _day(match, [(int(match["y"]), int(match["m"]), int(match["d"]))])
    for match in _NUMBERS.finditer(text):
        year, one, two = int(match["y"]) % 100 + 2000, int(match["a"]), int(match["b"])
        yield from _day(match, [(year, two, one), (year, one, two)])
    pattern, months = _named(codes)
    for match in pattern.finditer(text.lower()):
        month, day = months[match["before"] or match["behind"]], int(match["d1"] or match["d2"])
        written = match["y1"] or match["y2"]
        if written:
            yield from _day(match, [(int(written), month, day)])
            continue
        around = (today.year - 1, today.year, today.year + 1)
        found = [item for year in around for item in _day(match, [(year, month, day)], dated=False)]
        soon = [item for item in found if item.day <= today + AHEAD]
        yield from soon[-1:]


def _day(match: re.Match[str], readings: list[tuple[int, int, int]], *, dated: bool = True) -> list[Day]:
    found = []
    for reading in readings:
        try:
            found.append(date(*reading))
        except ValueError:
            continue
    return [Day(max(found), match.start(), dated)] if found else []


@lru_cache(maxsize=4)
def _named(codes: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, int]]:
    months: dict[str, int] = {}
    for code in codes:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(code).months[context][width].items():
                    months.setdefault(name.lower().rstrip("."), int(number))
    either = "|".join(sorted((re.escape(name) for name in months if name.isalpha()), key=len, reverse=True))
    first = rf"{_DAY}(?P<before>{either})\b\.?{_YEAR.format('y1')}"
    second = rf"\b(?P<behind>{either})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){_YEAR.format('y2')}"
    return re.compile(f"{first}|{second}"), months
