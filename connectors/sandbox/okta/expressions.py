"""Evaluates the forms of Okta's expression language that the sandbox's attribute mappings use.

A reapply must produce what the mapping says and refuse what it cannot parse, so that a broken mapping shows. Okta's
language is a subset of the Spring Expression Language: https://developer.okta.com/docs/reference/okta-expression-language/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.sandbox.okta.functions import call, count_of, text

Scope = Mapping[str, Mapping[str, Any] | None]

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"[^"]*"|'[^']*')|(?P<number>\d+)|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)"""
    r"""|(?P<sign>\?:|==|!=|&&|\|\||[+(),?:!{}.]))"""
)
_IDENTITY = re.compile(r"appuser\.([A-Za-z_]\w*)")
_WORDS = {"null": None, "true": True, "false": False}
_AND, _OR = frozenset({"AND", "and", "&&"}), frozenset({"OR", "or", "||"})


class ExpressionError(ValueError):
    """The expression has a form that the sandbox does not know."""


def identity(expression: str) -> str | None:
    """Return the app-user attribute that the expression copies unchanged, or None if it does more."""
    match = _IDENTITY.fullmatch(expression.strip())
    return match.group(1) if match else None


def evaluate(expression: str, scope: Scope) -> Any:
    """Return the expression's value. Raises `ExpressionError`.

    `scope` holds the attributes by owner (`appuser`, `user`), and by function what functions find
    (`getManagerUser`). An unset attribute is None on its own and empty inside a string (inferred: Okta documents that
    a cleared attribute reads as an empty string, but not what a never-set one does).
    """
    reader = _Reader(expression, scope)
    value = reader.whole()
    reader.end()
    return value


class _Reader:
    """Parses and evaluates one expression from left to right; the methods go from the weakest operator up."""

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

    def _take(self, *signs: str) -> str | None:
        if self.tokens and self.tokens[0][0] != "string" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return None

    def _need(self, sign: str, why: str) -> None:
        if not self._take(sign):
            raise self._invalid(why)

    def end(self) -> None:
        """Refuse anything after the end of the expression."""
        if self.tokens:
            raise self._invalid(f"unexpected {self.tokens[0][1]!r}")

    def whole(self) -> Any:
        """Read a condition with its two values, `a ?: b`, or a plain value."""
        value = self._either()
        if self._take("?:"):
            other = self.whole()
            return value if value not in (None, "") else other
        if not self._take("?"):
            return value
        if_true = self.whole()
        self._need(":", "a condition has two values, with a colon between them")
        if_false = self.whole()
        return if_true if value else if_false

    def _either(self) -> Any:
        value = self._both()
        while self._take(*_OR):
            other = self._both()
            value = bool(value) or bool(other)
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._take(*_AND):
            other = self._compared()
            value = bool(value) and bool(other)
        return value

    def _compared(self) -> Any:
        value = self._sum()
        if sign := self._take("==", "!="):
            return (value == self._sum()) == (sign == "==")
        return value

    def _sum(self) -> Any:
        """Read terms joined by `+`; a single term keeps its type."""
        value = self._term()
        while self._take("+"):
            value = text(value) + text(self._term())
        return value

    def _term(self) -> Any:
        if self._take("!"):
            return not self._term()
        if self._take("("):
            value = self.whole()
            self._need(")", "a parenthesis is not closed")
            return value
        if self._take("{"):
            return self._listed("}", "an array")
        if not self.tokens:
            raise self._invalid("it ends too early")
        return self._plain(*self.tokens.pop(0))

    def _plain(self, kind: str, word: str) -> Any:
        if kind == "sign":
            raise self._invalid(f"unexpected {word!r}")
        if kind == "string":
            return word[1:-1]
        if kind == "number":
            return int(word)
        if self._take("("):
            return self._part(self._call(word))
        return _WORDS[word] if word in _WORDS else self._attribute(word)

    def _attribute(self, word: str) -> Any:
        owner, _, name = word.partition(".")
        held = self.scope.get(owner)
        if not name or "." in name or held is None:
            raise self._invalid(f"{word!r} names no attribute of {' or '.join(sorted({'appuser', *self.scope}))}")
        return held.get(name)

    def _call(self, word: str) -> Any:
        try:
            count = count_of(word)
        except KeyError:
            raise self._invalid(f"unknown function {word!r}") from None
        arguments = self._listed(")", word)
        if count not in {None, len(arguments)}:
            raise self._invalid(f"{word} takes {count} argument(s) in parentheses")
        try:
            return call(word, arguments, self.scope.get)
        except ValueError:
            raise self._invalid(f"{word} takes other arguments") from None

    def _part(self, value: Any) -> Any:
        """Read the attribute of a record that a function found; nothing has no attributes."""
        if not self._take("."):
            return value
        if not self.tokens or self.tokens[0][0] != "name":
            raise self._invalid("an attribute's name is missing after the point")
        name = self.tokens.pop(0)[1]
        return value.get(name) if isinstance(value, Mapping) else None

    def _listed(self, closing: str, what: str) -> list[Any]:
        values: list[Any] = []
        if self._take(closing):
            return values
        values.append(self.whole())
        while self._take(","):
            values.append(self.whole())
        self._need(closing, f"{what} is not closed")
        return values
