"""ServiceNow's times: text to the second, stored in UTC, displayed in the account's zone."""

from __future__ import annotations

from datetime import datetime, timedelta

FORM = "%Y-%m-%d %H:%M:%S"


def as_utc(text: str, zone: timedelta) -> str:
    """Convert a local time to UTC; anything else is unchanged."""
    return _shifted(text, -zone)


def as_local(text: str, zone: timedelta) -> str:
    """Convert a UTC time to the account's zone; anything else is unchanged."""
    return _shifted(text, zone)


def _shifted(text: str, by: timedelta) -> str:
    try:
        return (datetime.strptime(text, FORM) + by).strftime(FORM)  # noqa: DTZ007  # shifted by hand
    except ValueError:
        return text
