"""Encoded queries as ServiceNow runs them: what is not understood is left out, and the rest is run.

https://www.servicenow.com/docs/, "Encoded query strings" and "Operators available for filters and queries". The
property `glide.invalid_query.returns_no_rows` turns an invalid part into an empty result instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Row = Mapping[str, str]
Lookup = Callable[[Row, str], str]

_TEST = re.compile(
    r"(?P<field>[a-z_][a-z0-9_.]*?)"
    r"(?P<operator>NOT IN|NOT LIKE|ISNOTEMPTY|ISEMPTY|STARTSWITH|ENDSWITH|LIKE|IN|!=|>=|<=|=|>|<)"
    r"(?P<value>.*)",
    re.DOTALL,
)
_CARET = "\0"  # stands for an escaped `^` while a query is split


@dataclass
class Query:
    """A parsed query: any of `groups` (^NQ), of all (^) of any (^OR) of tests; `invalid` counts what was left out."""

    groups: list[list[list[tuple[str, str, str]]]] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)
    invalid: int = 0


def parse(text: str, known: Callable[[str], bool]) -> Query:
    """Parse an encoded query; `known` says whether a column exists."""
    query = Query()
    for group_text in text.replace("^^", _CARET).split("^NQ"):
        group: list[list[tuple[str, str, str]]] = []
        for part in filter(None, group_text.split("^")):
            if part == "EQ":
                continue
            if part.startswith("ORDERBY"):
                descending = part.startswith("ORDERBYDESC")
                name = part.removeprefix("ORDERBYDESC" if descending else "ORDERBY")
                if known(name):
                    query.order.append((name, descending))
                else:
                    query.invalid += 1
                continue
            joined = part.startswith("OR")
            match = _TEST.fullmatch(part[2:] if joined else part)
            if match is None or not known(match["field"]):
                query.invalid += 1
                continue
            test = (match["field"], match["operator"], match["value"].replace(_CARET, "^"))
            if joined and group:
                group[-1].append(test)
            else:
                group.append([test])
        query.groups.append(group)
    return query


def run(query: Query, rows: Iterable[Row], lookup: Lookup, *, invalid_returns_nothing: bool) -> list[Row]:
    """Return the rows that a query finds, in its order; `lookup` reads a column of a row."""
    if query.invalid and invalid_returns_nothing:
        return []
    found = [row for row in rows if any(_all(group, row, lookup) for group in query.groups)]
    for name, descending in reversed(query.order):
        found.sort(key=lambda row: lookup(row, name), reverse=descending)
    return found


def _all(group: list[list[tuple[str, str, str]]], row: Row, lookup: Lookup) -> bool:
    return all(any(_test(lookup(row, name), operator, value) for name, operator, value in either) for either in group)


def _test(stands: str, operator: str, value: str) -> bool:
    members = value.split(",")
    answers: dict[str, Callable[[], bool]] = {
        "=": lambda: stands == value,
        "!=": lambda: stands != value,
        ">": lambda: stands > value,
        "<": lambda: stands < value,
        ">=": lambda: stands >= value,
        "<=": lambda: stands <= value,
        "IN": lambda: stands in members,
        "NOT IN": lambda: stands not in members,
        "LIKE": lambda: value.lower() in stands.lower(),
        "NOT LIKE": lambda: value.lower() not in stands.lower(),
        "STARTSWITH": lambda: stands.lower().startswith(value.lower()),
        "ENDSWITH": lambda: stands.lower().endswith(value.lower()),
        "ISEMPTY": lambda: stands == "",
        "ISNOTEMPTY": lambda: stands != "",
    }
    return answers[operator]()
