"""A product's times by our clock, for the two may differ by minutes and a wait must be neither too short nor endless.

Every answer carries its sender's `Date` (https://www.rfc-editor.org/rfc/rfc9110#name-date), so that a time it names is
as far from that as it is from our now. The date counts whole seconds: the outcome may be a second late, never early.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def by_our_clock(told: datetime, headers: Mapping[str, str], now: datetime) -> datetime:
    """Return a time (UTC) that an answer names, shifted by what its clock differs from ours; as told without a Date."""
    theirs = http_date(headers.get("Date"))
    try:
        return told if theirs is None else told + (now - theirs)
    except OverflowError:  # the end of all dates, which some send for "never"
        return told


def http_date(text: str | None) -> datetime | None:
    """Read a date of HTTP, which is UTC; `None` for anything else."""
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
