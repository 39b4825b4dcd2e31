"""Finds out in which form an instance shows times to our account, from cells that hold a time in both forms.

Values are UTC in one form; display values follow the account's own date and time format and zone
(https://www.servicenow.com/docs/, "Date and time formats"). Journals show their entries' times as display values only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from connectors.servicenow.answers import Row, plain, shown

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # of an entry whose time cannot be read: it answers no question of ours
OF_VALUES = "%Y-%m-%d %H:%M:%S"
_DAYS = (
    *("%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d"),
    *("%d-%b-%Y", "%d/%b/%Y", "%d %b %Y", "%b %d %Y", "%b-%d-%Y"),
)
_HOURS = ("%H:%M:%S", "%I:%M:%S %p", "%H.%M.%S", "%H:%M", "%I:%M %p")
FORMS = tuple(f"{day} {hour}" for day in _DAYS for hour in _HOURS)
LARGEST_OFFSET = timedelta(hours=14)  # of a zone from UTC


class Shown(NamedTuple):
    """A form of times, and how far they are ahead of UTC (daylight saving may differ); `None` where that is unknown."""

    form: str
    ahead: timedelta | None

    def read(self, text: str) -> datetime | None:
        """Return the time as it is shown, without a zone; `None` for a text of another form."""
        try:
            return datetime.strptime(text, self.form)  # noqa: DTZ007  # the zone is taken off by `utc`
        except ValueError:
            return None

    def utc(self, local: datetime, otherwise: datetime) -> datetime:
        """Return a time in UTC, `otherwise` where the zone is unknown."""
        return otherwise if self.ahead is None else local.replace(tzinfo=UTC) - self.ahead


def forms_of(record: Row, columns: Iterable[str]) -> list[Shown]:
    """Return the forms that fit every cell of these columns; several where day and month could be exchanged.

    Where no cell holds both forms of a time, only the form of values may be meant.
    """
    pairs = [pair for name in columns if (pair := _both(record.get(name)))]
    if not pairs:
        return [Shown(OF_VALUES, None)]
    found = []
    for form in FORMS:
        offsets = [_offset(form, display, utc) for utc, display in pairs]
        if all(offset is not None for offset in offsets):
            found.append(Shown(form, offsets[0]))
    return found


def _both(cell: Any) -> tuple[datetime, str] | None:
    if not isinstance(cell, Mapping):
        return None
    try:
        return datetime.strptime(plain(cell), OF_VALUES).replace(tzinfo=UTC), shown(cell)
    except ValueError:
        return None


def _offset(form: str, display: str, utc: datetime) -> timedelta | None:
    local = Shown(form, None).read(display)
    if local is None:
        return None
    ahead = local.replace(tzinfo=UTC) - utc
    ahead += timedelta(seconds=utc.second - local.second)  # a form without seconds
    return ahead if abs(ahead) <= LARGEST_OFFSET else None
