"""The functions of Okta's expression language that the simulated org knows, by name: their arguments, and what they do.

https://developer.okta.com/docs/reference/okta-expression-language/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def text(value: Any) -> str:
    """Return a value as it stands in a string; nothing is an empty one."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def items(value: Any) -> list[Any]:
    """Return a value as an array: nothing is an empty one, anything else an array of itself."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _flat(*values: Any) -> list[Any]:
    return [part for value in values for part in (_flat(*value) if isinstance(value, list) else [value])]


def _at(array: Any, place: Any) -> Any:
    held, number = items(array), int(text(place) or 0)
    return held[number] if 0 <= number < len(held) else None


_STRINGS: dict[str, tuple[int, Callable[..., Any]]] = {
    "String.append": (2, lambda held, suffix: held + suffix),
    "String.len": (1, len),
    "String.removeSpaces": (1, lambda held: held.replace(" ", "")),
    "String.replace": (3, lambda held, old, new: held.replace(old, new) if old else held),
    "String.startsWith": (2, lambda held, prefix: held.startswith(prefix)),
    "String.stringContains": (2, lambda held, part: part in held),
    "String.substring": (3, lambda held, start, end: held[int(start) : int(end)]),
    "String.substringAfter": (2, lambda held, mark: held.split(mark, 1)[1] if mark and mark in held else ""),
    "String.substringBefore": (2, lambda held, mark: held.split(mark, 1)[0] if mark else held),
    "String.toLowerCase": (1, str.lower),
    "String.toUpperCase": (1, str.upper),
}
_ARRAYS: dict[str, tuple[int, Callable[..., Any]]] = {
    "Arrays.add": (2, lambda array, value: [*items(array), value]),
    "Arrays.clear": (1, lambda _array: []),
    "Arrays.contains": (2, lambda array, value: value in items(array)),
    "Arrays.get": (2, _at),
    "Arrays.isEmpty": (1, lambda array: not items(array)),
    "Arrays.remove": (2, lambda array, value: [item for item in items(array) if item != value]),
    "Arrays.size": (1, lambda array: len(items(array))),
    "Arrays.toCsvString": (1, lambda array: ",".join(text(item) for item in items(array))),
}
# What finds other records of the org: the arguments name the source, and the caller supplies what is found.
_FOUND = {"getManagerUser": 1, "getManagerAppUser": 2, "findDirectoryUser": 0}


def count_of(name: str) -> int | None:
    """Return how many arguments a function takes, None if any number; `KeyError` for an unknown one."""
    if name == "Arrays.flatten":
        return None
    if name in _FOUND or name == "hasDirectoryUser":
        return _FOUND.get(name, 0)
    return (_STRINGS.get(name) or _ARRAYS[name])[0]


def call(name: str, arguments: list[Any], found: Callable[[str], Any]) -> Any:
    """Return a function's value; `found` returns the record that a function of this name finds."""
    if name == "Arrays.flatten":
        return _flat(*arguments)
    if name == "hasDirectoryUser":
        return found("findDirectoryUser") is not None
    if name in _FOUND:
        return found(name)
    if name in _STRINGS:
        return _STRINGS[name][1](*map(text, arguments))
    return _ARRAYS[name][1](*arguments)
