"""ServiceNow's times: text to the second, UTC inside, the account's local time where people look."""

from __future__ import annotations

from datetime import datetime, timedelta

FORM = "%Y-%m-%d %H:%M:%S"


def as_utc(text: str, zone: timedelta) -> str:
    """Read a local time as UTC; what is no time stays as it is."""
    return _shifted(text, -zone)


def as_local(text: str, zone: timedelta) -> str:
    """Show a UTC time in the account's zone; what is no time stays as it is."""
    return _shifted(text, zone)


def _shifted(text: str, by: timedelta) -> str:
    try:
        return (datetime.strptime(text, FORM) + by).strftime(FORM)  # noqa: DTZ007  # shifted by hand
    except ValueError:
        return text
