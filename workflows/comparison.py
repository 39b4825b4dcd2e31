"""Profile values side by side: when two are the same, and what an identity mapping makes of one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import JsonValue

from workflows.model import Expectation

_IDENTITY = re.compile(r"\s*appuser\.([A-Za-z_][A-Za-z0-9_]*)\s*")


def identity(expression: str) -> str | None:
    """Return `name` if the whole expression is `appuser.<name>`; nothing else predicts a value."""
    match = _IDENTITY.fullmatch(expression)
    return match[1] if match else None


def same(left: JsonValue, right: JsonValue) -> bool:
    """Compare two values as the copies hold them: numbers and booleans by their text, no value and "" alike.

    Okta turns a value that was removed into "" where it had been filled, and leaves null where it never was
    (https://developer.okta.com/docs/reference/okta-expression-language/), so the two do not tell copies apart.
    """
    return _text(left) == _text(right)


def holds(profile: Mapping[str, JsonValue], expectation: Expectation) -> bool:
    """Say whether an Okta profile holds what is expected."""
    return same(profile.get(expectation.attribute), expectation.value)


def _text(value: JsonValue) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
