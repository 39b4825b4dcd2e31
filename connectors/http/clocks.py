"""Converts a product's times to our clock: the two may differ by minutes, and a wait must not be too short or endless.

Every answer carries its sender's `Date` (https://www.rfc-editor.org/rfc/rfc9110#name-date), so a time in the answer is
taken relative to that. `Date` counts whole seconds: the result may be a second late, never early.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

WORTH_SAYING = timedelta(seconds=30)  # smaller differences are latency and do not affect signed assertions
WORTH_MINUTES = 90  # seconds from which a difference is told in minutes


def by_our_clock(named: datetime, headers: Mapping[str, str], now: datetime) -> datetime:
    """Return a time (UTC) from an answer, corrected by the clock difference; unchanged where the answer has no Date."""
    theirs = http_date(headers.get("Date"))
    try:
        return named if theirs is None else named + (now - theirs)
    except OverflowError:  # the latest possible date, which some products send for "never"
        return named


def clocks_differ(headers: Mapping[str, str], now: datetime) -> str:
    """Describe how far an answer's clock is from ours; "" where it is close, or the answer has no date."""
    theirs = http_date(headers.get("Date"))
    ahead = theirs - now if theirs else timedelta()
    if abs(ahead) < WORTH_SAYING:
        return ""
    seconds = round(abs(ahead).total_seconds())
    apart = f"{seconds} s" if seconds < WORTH_MINUTES else f"{round(seconds / 60)} min"
    return f"its clock is {apart} {'ahead of' if ahead > timedelta() else 'behind'} ours"


def http_date(text: str | None) -> datetime | None:
    """Parse an HTTP date (UTC); `None` for anything else."""
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the year or the zone is out of range
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
