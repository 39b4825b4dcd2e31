"""The days that a text names, with the months' names of every language from babel (CLDR), and what is still to come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import NamedTuple

from babel import Locale

from workflows.reading.languages import LANGUAGES
from workflows.reading.spans import Line

_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)(?:[-./]|年\s?)(?P<m>\d{1,2})(?:[-./]|月\s?)(?P<d>\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d.])(?P<a>\d{1,2})[./-](?P<b>\d{1,2})[./-](?P<y>(?:20)?\d\d)(?!\.?\d)")
_SHORT = re.compile(r"(?P<a>\d{1,2})[./-](?P<b>\d{1,2})\.?")
_MONTH_DAY = re.compile(r"(?<![\d年-])(?<!年\s)(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日")
_YEAR = r"(?:,?[\s-]*(?:de\s+|of\s+)?(?P<y>20\d\d))?"
_NAME = re.compile(r"[^\W\d_]+")
_DAY_BEFORE = re.compile(r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|\.|er|º|ª)?[\s-]*(?:de\s+|of\s+)?$")
_BEHIND = re.compile(rf"\.?(?:\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?{_YEAR}")
NEAR = 12  # characters in which a day stands before its month
BEHIND, FURTHER = 5, 16  # behind a word such as "by"; behind "from", as a day of the week may stand between
SOON = timedelta(days=45)  # a day without a year is no later than this; before, it is a past one
LEAST_ALONE = 4  # letters of a month's name that counts without a day; "may" and "mars" are words, too
HALF_A_YEAR = timedelta(days=183)  # where the words tell of what is to come


class Day(NamedTuple):
    """A place in a text and the day that it names; `dated` says that its year was written, too."""

    start: int
    day: date
    dated: bool


class Plan(NamedTuple):
    """What is still to come: a day after today, or "next month"; the sentences about it, and the rest of the text.

    `of_today`: one of the rest says of Okta or the directory that something is right or wrong.
    """

    later: str | None = None
    sentences: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    of_today: bool = False


def plan_in(lines: Iterable[Line], today: date) -> Plan:
    """Return what a text says of the days to come."""
    said = [sentence for line in lines for sentence in line.sentences()]
    plans = [item.has("planned") for item in said]
    tells = [any(plans[number : number + 2]) for number in range(len(plans))]  # "On 7 May. It is scheduled."
    days = [dict(_days(item, today, planned=any(plans), told=told)) for item, told in zip(said, tells, strict=True)]
    found = [day for named in days for day, counts in named.items() if counts]
    words = (item.text[hit.start : hit.end] for item in said for hit in item.of("not_yet"))
    later = f"{max(found):%Y-%m-%d}" if found else next(words, None)
    if later is None:
        return Plan()
    about = {item for item, named in zip(said, days, strict=True) if named or _is_ahead(item, today)}
    rest = [item for item in said if item not in about]
    of_today = any(item.has("profile_words") and item.has("wrong", "right") for item in rest)
    ahead = tuple(item.text for item in said if item in about)
    return Plan(later, ahead, tuple(item.text for item in rest), of_today)


def _is_ahead(sentence: Line, today: date) -> bool:
    """Say whether a sentence is about what is to come, though it names no such day."""
    past = any(item.day <= today for item in days_in(sentence.text, today))
    return sentence.has("not_yet") or (sentence.has("planned") and not past)


def _days(sentence: Line, today: date, *, planned: bool, told: bool) -> Iterator[tuple[date, bool]]:
    """Yield the days after today that a sentence names, and whether they count; not those up to which it is wanted.

    A day without a year only counts behind "from" or "as of", or where its sentence tells of what is planned.
    """
    later, deadlines = ({hit.end for hit in sentence.of(field)} for field in ("later", "deadlines"))
    for item in days_in(sentence.text, today, HALF_A_YEAR if planned else SOON):
        near = range(item.start - FURTHER, item.start + 1)
        if item.day > today and deadlines.isdisjoint(near[-BEHIND - 1 :]):
            yield item.day, (item.dated or told or not later.isdisjoint(near))


def takes_effect(text: str, today: date) -> date | None:
    """Return the first day that a form's field for one names; None where it names none, or some that are past."""
    short = _SHORT.fullmatch(text.strip())
    readings = ((int(short["a"]), int(short["b"])), (int(short["b"]), int(short["a"]))) if short else ()
    near = [[(year, month, day) for year in _years(today)] for day, month in readings]
    found = [item.day for one in near for item in _latest(short, one, today + HALF_A_YEAR)] if short else []
    days = found or [item.day for item in sorted(days_in(text, today, HALF_A_YEAR))]
    either = len(set(found)) > 1 and max(found) > today  # "1/12" in two readings
    return None if either or not days or min(days) <= today < max(days) else days[0]


def days_in(text: str, today: date, ahead: timedelta = SOON) -> Iterator[Day]:
    """Yield each day: of two readings (3/4/2026) the later, without a year the latest that is no further `ahead`.

    A month without a day is its first.
    """
    for match in _ISO.finditer(text):
        yield from _latest(match, [(int(match["y"]), int(match["m"]), int(match["d"]))])
    for match in _NUMBERS.finditer(text):
        year, one, two = int(match["y"]) % 100 + 2000, int(match["a"]), int(match["b"])
        yield from _latest(match, [(year, two, one), (year, one, two)])
    for match in _MONTH_DAY.finditer(text):
        readings = [(year, int(match["m"]), int(match["d"])) for year in _years(today)]
        yield from _latest(match, readings, today + ahead)
    yield from _named(text.lower(), today, ahead)


def _named(text: str, today: date, ahead: timedelta) -> Iterator[Day]:
    """Yield the days whose month is written as a word: "3 May 2026", "May 3rd", "May 2026", and "April" if planned."""
    for word in _NAME.finditer(text):
        month, behind = _months().get(word[0]), _BEHIND.match(text, word.end())
        before = _DAY_BEFORE.search(text, max(0, word.start() - NEAR), word.start())
        if month is None or behind is None or ("-" in behind[0] and not before):  # "MAR-2030" is a code
            continue
        day, year = (before or behind)["d"], behind["y"]
        if day or year or (ahead > SOON and len(word[0]) >= LEAST_ALONE):
            years = [int(year)] if year else _years(today)
            readings = [(item, month, int(day or 1)) for item in years]
            yield from _latest(before or word, readings, date.max if year else today + ahead)


def _years(today: date) -> Iterable[int]:
    return range(today.year - 1, today.year + 2)


def _latest(match: re.Match[str], readings: Iterable[tuple[int, int, int]], limit: date = date.max) -> Iterator[Day]:
    """Yield the latest of the readings that are days and no later than a limit, where the year was not written."""
    days = []
    for reading in readings:
        with suppress(ValueError):
            days.append(date(*reading))
    if within := [day for day in days if day <= limit]:
        yield Day(match.start(), max(within), limit == date.max)


@cache
def _months() -> dict[str, int]:
    months: dict[str, int] = {}
    codes = (*(language.code for language in LANGUAGES), "de_AT")  # "Jänner"
    for code, context, width in product(codes, ("format", "stand-alone"), ("wide", "abbreviated")):
        for number, name in Locale.parse(code).months[context][width].items():
            months.setdefault(name.lower().rstrip("."), int(number))
    return months
