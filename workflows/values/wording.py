"""Numbers, times and the nearest known names, as sentences write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches

ALIKE = 0.5  # difflib's ratio: low enough for a typing error, too high for another word
NAMES = ("Okta", "Force Sync", "Import Safeguard", "AD ", "LDAP")  # that a sentence may begin with
MOST_LISTED = 20  # names in one message; of more, only the near ones are listed


def counted(number: int, thing: str) -> str:
    """Write a number with its noun, whose plural ends in an s."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def capital(text: str) -> str:
    """Begin a text as a sentence begins; the product's name stays as it is."""
    return text if text.startswith("forcesync") else text[:1].upper() + text[1:]


def listed(names: Sequence[str]) -> str:
    """Write names as a sentence lists them: with commas, and with "and" before the last."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def uncapital(text: str) -> str:
    """Go on with a text within a sentence; names keep their capital."""
    return text if text.startswith(NAMES) else text[:1].lower() + text[1:]


def moment(at: datetime | None) -> str:
    """Write a time for files and tables, in UTC to the second."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "-"


def local(at: datetime, zone: tzinfo, clock: str) -> str:
    """Write a time in a zone, then in UTC, with the day again only if it differs; `clock` is a format such as %H:%M."""
    here, utc_time = at.astimezone(zone), at.astimezone(UTC)
    if here.utcoffset() == utc_time.utcoffset():
        return f"{utc_time:%Y-%m-%d {clock}} UTC"
    day = "" if here.date() == utc_time.date() else "%Y-%m-%d "
    return f"{here:%Y-%m-%d {clock}} {zone_name(here)} ({utc_time:{day}{clock}} UTC)"


def zone_name(here: datetime) -> str:
    """Return what people call a time's zone: its short name, or UTC+4 where it has none."""
    name = f"{here:%Z}"
    if name.isalpha():
        return name
    minutes = int((here.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def utc(at: datetime) -> str:
    """Write a time as findings do, in UTC to the minute."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def near(text: str, known: Iterable[str]) -> list[str]:
    """Return the known names that resemble a text, the nearest first, ignoring case."""
    spelt = {name.casefold(): name for name in known}
    return [spelt[name] for name in get_close_matches(text.casefold(), spelt, cutoff=ALIKE)]


def near_ones(text: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that lists the near names, "" if there are none."""
    found = near(text, known)
    return f"; near ones: {', '.join(map(repr, found))}" if found else ""


def instead(text: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that lists what exists: the near names, and all names if they are few."""
    names = list(dict.fromkeys(known))
    all_of_them = (
        f"it has: {', '.join(names) or 'none'}" if len(names) <= MOST_LISTED else f"it has {len(names)} others"
    )
    return f"{near_ones(text, names)}; {all_of_them}"
