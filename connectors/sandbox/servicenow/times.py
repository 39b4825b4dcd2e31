"""ServiceNow's times: text to the second, stored in UTC, displayed in the account's zone."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_datetime

FORM = "%Y-%m-%d %H:%M:%S"
USUAL = "yyyy-MM-dd HH:mm:ss"
NEEDED = ("y", "M", "d", "hH", "m")  # letters of a format of times: one of each
LABELS = {  # of the journals, by the language of the reader's profile; `fr` and `ja` are inferred
    "en": {"work_notes": "Work notes", "comments": "Additional comments"},
    "de": {"work_notes": "Arbeitsnotizen", "comments": "Zusätzliche Kommentare"},
    "fr": {"work_notes": "Notes de travail", "comments": "Commentaires supplémentaires"},
    "ja": {"work_notes": "作業メモ", "comments": "追加コメント"},
}


def as_utc(text: str, zone: timedelta) -> str:
    """Convert a local time to UTC; anything else is unchanged."""
    return _shifted(text, -zone)


def as_local(text: str, zone: timedelta) -> str:
    """Convert a UTC time to the account's zone; anything else is unchanged."""
    return _shifted(text, zone)


def is_format(pattern: str) -> bool:
    """Say whether a pattern shows a whole time; the letters are those of `java.text.SimpleDateFormat`."""
    return all(any(letter in pattern for letter in letters) for letters in NEEDED)


def written(text: str, pattern: str, language: str) -> str:
    """Write a time in a user's format and language; anything else is unchanged.

    https://www.servicenow.com/docs/r/platform-administration/time-configuration/r_FormatDateAndTimeFields.html. That
    months are named as in CLDR is inferred.
    """
    try:
        moment = datetime.strptime(text, FORM)  # noqa: DTZ007  # a form only, no moment
    except ValueError:
        return text
    return format_datetime(moment, pattern, locale=language)


def _shifted(text: str, by: timedelta) -> str:
    try:
        return (datetime.strptime(text, FORM) + by).strftime(FORM)  # noqa: DTZ007  # shifted by hand
    except ValueError:
        return text
