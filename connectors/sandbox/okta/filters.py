"""Parses the filter and search expressions of Okta's list endpoints into a predicate.

Connectors find users, apps and log events with them, so a filter that Okta rejects must be rejected here too.
The operators are SCIM's: https://developer.okta.com/docs/api/#filter
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Lookup = Callable[[str], list[Any]]  # a record's values under an attribute's path
Test = Callable[[Lookup], bool]

_TOKEN = re.compile(r"""\s*(?:"(?P<text>(?:[^"\\]|\\.)*)"|(?P<sign>[()])|(?P<word>[^\s()"]+))""")
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "ne": operator.ne,
    "sw": lambda held, wanted: held.startswith(wanted),
    "ew": lambda held, wanted: held.endswith(wanted),
    "co": lambda held, wanted: wanted in held,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


@dataclass(frozen=True)
class OneOf:
    """Tests whether one of some attributes has one of its values: many are told from one in the same time."""

    wanted: Mapping[str, frozenset[str]]  # by attribute, in small letters where the attribute ignores case

    def __call__(self, lookup: Lookup) -> bool:
        """Say whether a record passes."""
        return any(
            not values.isdisjoint(_folded(lookup(name)) if name.startswith("profile.") else lookup(name))
            for name, values in self.wanted.items()
        )


class FilterError(ValueError):
    """The filter is malformed, or names an attribute the endpoint cannot filter by."""


def parse_filter(text: str, *, attributes: Collection[str] = (), prefixes: tuple[str, ...] = ()) -> Test:
    """Parse a filter such as `profile.login eq "a" or status eq "ACTIVE"`.

    Only `attributes`, and those that begin with one of `prefixes`, are allowed. Values of `profile.` ignore case; ids
    and the rest compare exactly. A multi-valued attribute matches if one of its values does.
    """
    reader = _Reader(text, attributes, prefixes)
    test = reader.either()
    if reader.tokens:
        raise FilterError(f"unexpected {reader.tokens[0][1]!r} in the filter {text!r}")
    return test


def values_at(record: dict[str, Any], path: str) -> list[Any]:
    """Return every value under a dotted path such as `target.id`, including those inside lists."""
    values: list[Any] = [record]
    for name in path.split("."):
        inner = [value[name] for value in values if isinstance(value, dict) and name in value]
        values = [part for value in inner for part in (value if isinstance(value, list) else [value])]
    return values


def _folded(values: Iterable[Any]) -> list[str]:
    return [str(value).lower() for value in values if value is not None]


def _fold(attribute: str, value: str) -> str:
    """Return a value as it is compared: those of a profile ignore case."""
    return value.lower() if attribute.startswith("profile.") else value


class _Reader:
    """Parses one filter from left to right: `and` binds tighter than `or`, parentheses tighter still."""

    def __init__(self, text: str, attributes: Collection[str], prefixes: tuple[str, ...]) -> None:
        self.text = text
        self.attributes = attributes
        self.prefixes = prefixes
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise FilterError(f"cannot read {text[position:].strip()!r} in the filter {text!r}")
            self.tokens.append((match.lastgroup, match.group(match.lastgroup)))
            position = match.end()

    def _take(self, kind: str, word: str) -> bool:
        if self.tokens and self.tokens[0][0] == kind and self.tokens[0][1].lower() == word:
            self.tokens.pop(0)
            return True
        return False

    def _next(self, *kinds: str) -> str:
        if not self.tokens or self.tokens[0][0] not in kinds:
            found = self.tokens[0][1] if self.tokens else "the end"
            raise FilterError(f"found {found!r} in the filter {self.text!r}, expected `attribute operator value`")
        return self.tokens.pop(0)[1]

    def either(self) -> Test:
        """Read parts joined by `or`."""
        parts = [self._all()]
        while self._take("word", "or"):
            parts.append(self._all())
        if same := [part for part in parts if isinstance(part, OneOf)]:
            names = {name for part in same for name in part.wanted}
            wanted = {name: frozenset[str]().union(*(part.wanted.get(name, ()) for part in same)) for name in names}
            parts = [OneOf(wanted), *(part for part in parts if not isinstance(part, OneOf))]
        if len(parts) == 1:
            return parts[0]
        return lambda lookup: any(part(lookup) for part in parts)

    def _all(self) -> Test:
        parts = [self._part()]
        while self._take("word", "and"):
            parts.append(self._part())
        return parts[0] if len(parts) == 1 else lambda lookup: all(part(lookup) for part in parts)

    def _part(self) -> Test:
        if self._take("sign", "("):
            inner = self.either()
            if not self._take("sign", ")"):
                raise FilterError(f"a parenthesis is not closed in the filter {self.text!r}")
            return inner
        attribute, operation = self._next("word"), self._next("word").lower()
        wanted = "" if operation == "pr" else self._next("text", "word")
        if attribute not in self.attributes and not attribute.startswith(self.prefixes):
            raise FilterError(f"the attribute {attribute!r} of the filter {self.text!r} is not supported here")
        if operation == "pr":
            return lambda lookup: any(held not in (None, "") for held in lookup(attribute))
        expected = _fold(attribute, re.sub(r"\\(.)", r"\1", wanted))
        if operation == "eq":
            return OneOf({attribute: frozenset({expected})})
        if operation not in _OPERATORS or (operation == "co" and attribute == "debugContext.debugData.url"):
            raise FilterError(f"the operator {operation!r} of the filter {self.text!r} is not supported here")
        compare = _OPERATORS[operation]
        return lambda lookup: any(
            compare(_fold(attribute, str(held)), expected) for held in lookup(attribute) if held is not None
        )
