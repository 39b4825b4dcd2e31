"""What may be shown of people's values and of untrusted text, decided in one place."""

from __future__ import annotations

import re
from typing import Protocol

from pydantic import JsonValue

_SECRET = re.compile(
    r"(?ix)"
    r"(?P<label>\b(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[ _-]?key|authorization)\b\s*(?:is\s*)?[:=]?\s*)"
    r"(?P<value>(?:(?:bearer|basic|ssws)\s+)?\S+)"
)
_TOO_SHORT = 4  # showing both ends of so short a value would show most of it
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def shown(value: JsonValue) -> str:
    """Write a value for people: null, empty and text stay apart."""
    if value is None:
        return "(not set)"
    if value == "":
        return "(empty)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    return plain(str(value), 200)


def masked(value: JsonValue) -> str:
    """Write a value so that two of them can be told apart by length and ends, and the value itself cannot be read."""
    if value is None or value == "":
        return shown(value)
    text = shown(value)
    if len(text) <= _TOO_SHORT:
        return "•" * len(text)
    return f"{text[0]}{'•' * (len(text) - 2)}{text[-1]}"


class Classes(Protocol):
    """The classes of attributes, as the settings name them; whatever is in neither is masked."""

    @property
    def open_attributes(self) -> frozenset[str]:
        """Return what is shown as it is."""

    @property
    def never_attributes(self) -> frozenset[str]:
        """Return what is not shown at all."""


def display(attribute: str, value: JsonValue, classes: Classes) -> str:
    """Write an attribute's value by its class: as it is, withheld, or masked."""
    if attribute in classes.never_attributes:
        return shown(value) if value in (None, "") else "(withheld)"
    return shown(value) if attribute in classes.open_attributes else masked(value)


def without_secrets(text: str) -> str:
    """Replace what follows a word such as "password" or "token"."""
    return _SECRET.sub(lambda found: f"{found['label']}[removed]", text)


def plain(text: str, limit: int) -> str:
    """Make untrusted text one harmless line: no control or direction characters, no secrets, at most `limit` long."""
    line = " ".join(without_secrets(_CONTROL.sub("", text)).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
