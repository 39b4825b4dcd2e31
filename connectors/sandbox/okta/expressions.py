"""Evaluates the few forms of Okta's expression language that the sandbox's attribute mappings use.

A reapply must produce what the mapping says and refuse what it cannot parse, so that a broken mapping shows. Okta's
language is a subset of the Spring Expression Language: https://developer.okta.com/docs/reference/okta-expression-language/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Scope = Mapping[str, Mapping[str, Any]]

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<sign>[+(),]))"""
)
_IDENTITY = re.compile(r"appuser\.([A-Za-z_]\w*)")


class ExpressionError(ValueError):
    """The expression has a form that the sandbox does not know."""


def identity(expression: str) -> str | None:
    """Return the app-user attribute that the expression copies unchanged, or None if it does more."""
    match = _IDENTITY.fullmatch(expression.strip())
    return match.group(1) if match else None


def evaluate(expression: str, scope: Scope) -> Any:
    """Return the expression's value; `scope` holds the attributes by owner (`appuser`, `user`).

    An unset attribute is None on its own and empty inside a string (inferred: Okta documents that a cleared attribute
    reads as an empty string, but not what a never-set one does). Raises `ExpressionError`.
    """
    reader = _Reader(expression, scope)
    value = reader.sum()
    reader.end()
    return value


def _text(value: Any) -> str:
    return "" if value is None else str(value)


_FUNCTIONS: dict[str, tuple[int, Callable[..., str]]] = {
    "String.append": (2, lambda text, suffix: text + suffix),
    "String.toUpperCase": (1, str.upper),
    "String.toLowerCase": (1, str.lower),
    "String.substringBefore": (2, lambda text, mark: text.split(mark, 1)[0] if mark else text),
    "String.substringAfter": (2, lambda text, mark: text.split(mark, 1)[1] if mark and mark in text else ""),
}


class _Reader:
    """Parses and evaluates one expression from left to right."""

    def __init__(self, expression: str, scope: Scope) -> None:
        self.expression = expression
        self.scope = scope
        self.tokens = self._split(expression)

    def _split(self, expression: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        position = 0
        while expression[position:].strip():
            match = _TOKEN.match(expression, position)
            if match is None or match.lastgroup is None:
                raise self._invalid(f"cannot read {expression[position:].strip()!r}")
            tokens.append((match.lastgroup, match.group(match.lastgroup)))
            position = match.end()
        return tokens

    def _invalid(self, reason: str) -> ExpressionError:
        return ExpressionError(f"the expression {self.expression!r} is not understood: {reason}")

    def _take(self, sign: str) -> bool:
        if self.tokens and self.tokens[0] == ("sign", sign):
            self.tokens.pop(0)
            return True
        return False

    def end(self) -> None:
        """Refuse anything after the end of the expression."""
        if self.tokens:
            raise self._invalid(f"unexpected {self.tokens[0][1]!r}")

    def sum(self) -> Any:
        """Read terms joined by `+`; a single term keeps its type."""
        value = self._term()
        while self._take("+"):
            value = _text(value) + _text(self._term())
        return value

    def _term(self) -> Any:
        if not self.tokens:
            raise self._invalid("it ends too early")
        kind, word = self.tokens.pop(0)
        if kind == "string":
            return word[1:-1]
        if kind == "sign":
            raise self._invalid(f"unexpected {word!r}")
        return self._call(word) if self._take("(") else self._attribute(word)

    def _attribute(self, word: str) -> Any:
        owner, _, name = word.partition(".")
        if not name or "." in name or owner not in self.scope:
            raise self._invalid(f"{word!r} names no attribute of {' or '.join(sorted(self.scope))}")
        return self.scope[owner].get(name)

    def _call(self, word: str) -> str:
        if word not in _FUNCTIONS:
            raise self._invalid(f"unknown function {word!r}")
        count, function = _FUNCTIONS[word]
        arguments = [_text(self.sum())]
        while self._take(","):
            arguments.append(_text(self.sum()))
        if not self._take(")") or len(arguments) != count:
            raise self._invalid(f"{word} takes {count} argument(s) in parentheses")
        return function(*arguments)
