"""ServiceNow's times: text to the second, stored in UTC, displayed in the account's zone."""

from __future__ import annotations

from datetime import datetime, timedelta

FORM = "%Y-%m-%d %H:%M:%S"
# Formats of a user's profile, as recorded journals show them; the hour of the last has no leading zero.
FORMATS = {
    "yyyy-MM-dd HH:mm:ss": FORM,
    "dd-MMM-yyyy HH:mm:ss": "%d-%b-%Y %H:%M:%S",
    "dd.MM.yyyy HH:mm:ss": "%d.%m.%Y %H:%M:%S",
    "MM/dd/yyyy h:mm:ss a": "%m/%d/%Y %I:%M:%S %p",
}
LABELS = {  # of the journals, by the language of the reader's profile
    "en": {"work_notes": "Work notes", "comments": "Additional comments"},
    "de": {"work_notes": "Arbeitsnotizen", "comments": "Zusätzliche Kommentare"},
}


def as_utc(text: str, zone: timedelta) -> str:
    """Convert a local time to UTC; anything else is unchanged."""
    return _shifted(text, -zone)


def as_local(text: str, zone: timedelta) -> str:
    """Convert a UTC time to the account's zone; anything else is unchanged."""
    return _shifted(text, zone)


def written(text: str, form: str) -> str:
    """Write a time in a user's format; anything else is unchanged."""
    try:
        shown = datetime.strptime(text, FORM).strftime(FORMATS[form])  # noqa: DTZ007  # a form only, no moment
    except ValueError:
        return text
    return shown.replace(" 0", " ") if form.endswith("a") else shown


def _shifted(text: str, by: timedelta) -> str:
    try:
        return (datetime.strptime(text, FORM) + by).strftime(FORM)  # noqa: DTZ007  # shifted by hand
    except ValueError:
        return text
