"""A product's times by our clock, for the two may differ by minutes and a wait must be neither too short nor endless.

Every answer carries its sender's `Date` (https://www.rfc-editor.org/rfc/rfc9110#name-date), so that a time it names is
as far from that as it is from our now. The date counts whole seconds: the outcome may be a second late, never early.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

WORTH_SAYING = timedelta(minutes=1)  # less is the time that answers take, and changes nothing that we sign


def by_our_clock(told: datetime, headers: Mapping[str, str], now: datetime) -> datetime:
    """Return a time (UTC) that an answer names, shifted by what its clock differs from ours; as told without a Date."""
    theirs = http_date(headers.get("Date"))
    try:
        return told if theirs is None else told + (now - theirs)
    except OverflowError:  # the end of all dates, which some send for "never"
        return told


def clocks_differ(headers: Mapping[str, str], now: datetime) -> str:
    """Say in words how far an answer's clock is from ours; empty where it is near, or told no date."""
    theirs = http_date(headers.get("Date"))
    ahead = theirs - now if theirs else timedelta()
    if abs(ahead) < WORTH_SAYING:
        return ""
    minutes = max(1, round(abs(ahead).total_seconds() / 60))
    return f"its clock is {minutes} min {'ahead of' if ahead > timedelta() else 'behind'} ours"


def http_date(text: str | None) -> datetime | None:
    """Read a date of HTTP, which is UTC; `None` for anything else."""
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a year or a zone too large for a date
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
