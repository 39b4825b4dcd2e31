"""Finds out in which form an instance shows times to our account, from cells that hold a time in both forms.

Values are UTC in one form; display values follow the account's own date and time format, its language and its zone. The
format is a pattern of year, month (number or name), day, hours and "AM" or "PM" in any order of the date's parts
(https://www.servicenow.com/docs/r/platform-administration/time-configuration/r_FormatDateAndTimeFields.html), so only
that order is looked for. The names of months, and of the halves of a day, come from babel (CLDR); that an instance
writes them as CLDR does is inferred.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from babel import Locale

from connectors.servicenow.answers import Row, plain, shown

OF_VALUES = "%Y-%m-%d %H:%M:%S"
ORDERS = ("ymd", "dmy", "mdy")
LARGEST_OFFSET = timedelta(hours=14)  # of a zone from UTC
SUMMER = timedelta(hours=1)  # by which two times of one account may differ in their distance from UTC
# Languages that ServiceNow ships (inferred from its language plugins); no month's name of one is another's of another.
LANGUAGES = (
    *("ar", "cs", "da", "de", "en", "es", "fi", "fr", "he", "hu", "it", "ja"),
    *("ko", "nb", "nl", "pl", "pt", "ru", "sv", "th", "tr", "zh", "zh_Hant"),
)
_PARTS = re.compile(r"\d+|[^\d\s,:/-]+")
_BETWEEN = frozenset("年月日时時分秒년월일시분초t.")  # units that stand behind a number, and the T of ISO 8601
_FEWEST, _MOST = 5, 6  # numbers of a time: with or without seconds
_SHORT_YEAR = 100
HALF_A_DAY = 12  # hours


class Shown(NamedTuple):
    """An order of year, month and day, and how far times are ahead of UTC; `None` where that is unknown."""

    order: str
    ahead: timedelta | None

    def read(self, text: str) -> datetime | None:
        """Return the time as it is shown, without a zone; `None` for a text of another form."""
        parts = _parts(text)
        if parts is None:
            return None
        date = dict(zip(self.order, parts.date, strict=True))
        year = date["y"] + (2000 if date["y"] < _SHORT_YEAR else 0)
        if parts.named is not None and self.order[parts.named] != "m":
            return None
        try:
            return datetime(year, date["m"], date["d"], *parts.time)  # noqa: DTZ001  # `utc` takes the zone off
        except (ValueError, OverflowError):
            return None

    def utc(self, local: datetime, otherwise: datetime) -> datetime:
        """Return a time in UTC, `otherwise` where the zone is unknown."""
        return otherwise if self.ahead is None else local.replace(tzinfo=UTC) - self.ahead


class _Parts(NamedTuple):
    """A time's numbers as they stand; `named` is the place of the one that was a month's name."""

    date: tuple[int, int, int]
    named: int | None
    time: tuple[int, int, int]


def forms_of(record: Row, columns: Iterable[str]) -> list[Shown]:
    """Return the forms that fit every cell of these columns; several where day and month could be exchanged.

    Where no cell holds both forms of a time, only the form of values may be meant.
    """
    pairs = [pair for name in columns if (pair := _both(record.get(name)))]
    if not pairs:
        return [Shown(ORDERS[0], None)]
    found = []
    for order in ORDERS:
        offsets = [_offset(order, display, utc) for utc, display in pairs]
        known = [offset for offset in offsets if offset is not None]
        if len(known) == len(pairs) and max(known) - min(known) <= SUMMER:
            found.append(Shown(order, offsets[0]))
    return found


def order_in(pattern: str) -> str:
    """Return the order of year, month and day in a date format such as `dd/MM/yyyy`, "" for none."""
    letters = dict.fromkeys(letter.lower() for letter in pattern if letter in "yMLd")
    order = "".join(letters).replace("l", "m")
    return order if order in ORDERS else ""


def _both(cell: Any) -> tuple[datetime, str] | None:
    if not isinstance(cell, Mapping):
        return None
    try:
        return datetime.strptime(plain(cell), OF_VALUES).replace(tzinfo=UTC), shown(cell)
    except ValueError:
        return None


def _offset(order: str, display: str, utc: datetime) -> timedelta | None:
    local = Shown(order, None).read(display)
    if local is None:
        return None
    ahead = local.replace(tzinfo=UTC) - utc
    ahead += timedelta(seconds=utc.second - local.second)  # a form without seconds
    return ahead if abs(ahead) <= LARGEST_OFFSET else None


def _parts(text: str) -> _Parts | None:
    """Take a time apart; `None` for anything that holds more or less than one."""
    numbers, named, half = list[int](), None, ""
    for part in _PARTS.findall(_folded(text)):
        if part.isdecimal():
            numbers.append(int(part))
        elif (month := _months().get(part.replace(".", ""))) is not None and named is None:
            named = len(numbers)
            numbers.append(month)
        elif part not in _BETWEEN:
            half += part.replace(".", "")
    if half not in _halves() or not _FEWEST <= len(numbers) <= _MOST or (named or 0) > len(ORDERS[0]) - 1:
        return None
    year, month, day, hour, minute, second = (*numbers, 0)[:_MOST]
    later = _halves()[half]
    hour = hour if later is None or hour > HALF_A_DAY else hour % HALF_A_DAY + later
    return _Parts((year, month, day), named, (hour, minute, second))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _months() -> Mapping[str, int]:
    """Return the months by their names in every language, without dots."""
    return {
        _folded(name).replace(".", ""): number
        for names in _names("months")
        for number, name in names.items()
        if not any(letter.isdigit() for letter in name)
    }


@cache
def _halves() -> Mapping[str, int | None]:
    """Return how many hours each half of a day adds, by its names; "" adds none, because hours go to 24 then."""
    found: dict[str, int | None] = {"": None}
    for names in _names("day_periods"):
        for half, hours in (("am", 0), ("pm", HALF_A_DAY)):
            if half in names:
                found["".join(_folded(names[half]).replace(".", "").split())] = hours
    return found


def _names(of: str) -> Iterator[Mapping[Any, str]]:
    for language in LANGUAGES:
        by_context = getattr(Locale.parse(language), of)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                yield by_context.get(context, {}).get(width, {})
