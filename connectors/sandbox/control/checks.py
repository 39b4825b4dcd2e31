"""Validates the bodies of the control server's commands; every refusal names what was found and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
NUMBER = (int, float)
TEXT_OR_NULL = (str, type(None))


def only(asked: Any, **allowed: Any) -> Json:
    """Return the values after checking names and types; null counts as missing unless allowed."""
    if not isinstance(asked, dict):
        raise TypeError("the body: expected a JSON object")
    kept: Json = {}
    for name, value in asked.items():
        if name not in allowed:
            raise ValueError(f"{name}: not known here; allowed: {', '.join(allowed)}")
        kinds = allowed[name] if isinstance(allowed[name], tuple) else (allowed[name],)
        if value is None and type(None) not in kinds:
            continue
        wrong_boolean = isinstance(value, bool) and bool not in kinds and object not in kinds
        if wrong_boolean or not isinstance(value, kinds):
            wanted = " or ".join("null" if kind is type(None) else kind.__name__ for kind in kinds)
            raise ValueError(f"{name}: expected {wanted}, found {type(value).__name__}")
        kept[name] = value
    return kept


def one_of(name: str, value: Any, allowed: Iterable[str]) -> None:
    """Refuse a value that is not allowed."""
    if value not in (choices := tuple(allowed)):
        raise ValueError(f"{name}: found {value!r}; allowed: {', '.join(choices)}")


def texts(name: str, values: Any) -> list[str]:
    """Return a list of strings, or refuse it."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name}: expected a list of strings")
    return values
