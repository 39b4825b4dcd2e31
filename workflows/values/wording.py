"""Numbers and times as sentences write them."""

from __future__ import annotations

from datetime import UTC, datetime


def counted(number: int, thing: str) -> str:
    """Write a number with its thing, whose plural ends in an s."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def moment(at: datetime | None) -> str:
    """Write a time for files and tables, in UTC to the second."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "-"


def utc(at: datetime) -> str:
    """Write a time as findings do, in UTC to the minute."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
