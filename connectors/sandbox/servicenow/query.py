"""Encoded queries as ServiceNow runs them: invalid parts are ignored, and the rest is run.

https://www.servicenow.com/docs/r/platform-user-interface/c_EncodedQueryStrings.html and
https://www.servicenow.com/docs/r/platform-user-interface/r_OpAvailableFiltersQueries.html. The property
`glide.invalid_query.returns_no_rows` turns an invalid part into an empty result instead. A `^` in a value is written
`^^` (GlideStringUtil.escapeQueryTermSeparator); any other `^` ends the condition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.sandbox.servicenow.times import FORM, as_utc

Row = Mapping[str, str]
Lookup = Callable[[Row, str], str]
Test = tuple[str, str, str]  # column, operator, value

_TEST = re.compile(
    r"(?P<field>[a-z_][a-z0-9_.]*?)"
    r"(?P<operator>NOT IN|NOT LIKE|ISNOTEMPTY|ISEMPTY|STARTSWITH|ENDSWITH|BETWEEN|LIKE|IN|!=|>=|<=|=|>|<)"
    r"(?P<value>.*)",
    re.DOTALL,
)
RANGES = frozenset({">", "<", ">=", "<=", "BETWEEN", "STARTSWITH", "ENDSWITH", "LIKE", "NOT LIKE"})
_GENERATE = re.compile(r"javascript:gs\.dateGenerate\(([^()]*)\)")
_CARET = "\0"  # replaces an escaped `^` while a query is split


@dataclass
class Query:
    """A parsed query: any of `groups` (^NQ), of all (^) of any (^OR) of tests; `invalid` counts the ignored parts."""

    groups: list[list[list[Test]]] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)
    invalid: int = 0


def parse(text: str, known: Callable[[str], bool], zone: timedelta = timedelta()) -> Query:
    """Parse an encoded query; `known` says whether a column exists, `zone` is the user's offset from UTC."""
    query = Query()
    for group_text in text.replace("^^", _CARET).split("^NQ"):
        group: list[list[Test]] = []
        for part in filter(None, group_text.split("^")):
            if part == "EQ":
                continue
            if part.startswith("ORDERBY"):
                _order(query, part, known)
                continue
            joined = part.startswith("OR")
            test = _parsed(part[2:] if joined else part, known, zone)
            if test is None:
                query.invalid += 1
            elif joined and group:
                group[-1].append(test)
            else:
                group.append([test])
        query.groups.append(group)
    return query


def ranges_of(query: Query) -> set[str]:
    """Return the columns on which a query has range conditions, for which ACLs of the type `query_range` decide."""
    tests = [test for group in query.groups for either in group for test in either]
    return {name for name, operator, _ in tests if operator in RANGES}


def run(
    query: Query,
    rows: Iterable[Row],
    lookup: Lookup,
    *,
    invalid_returns_nothing: bool,
    natural: Callable[[Row], int] | None = None,
) -> list[Row]:
    """Return the rows that match, in the query's order, and before that in the `natural` one of the database.

    `lookup` reads a column of a row.
    """
    if query.invalid and invalid_returns_nothing:
        return []
    found = [row for row in rows if any(_all(group, row, lookup) for group in query.groups)]
    if natural:
        found.sort(key=natural)
    for name, descending in reversed(query.order):
        found.sort(key=lambda row: lookup(row, name), reverse=descending)
    return found


def _order(query: Query, part: str, known: Callable[[str], bool]) -> None:
    descending = part.startswith("ORDERBYDESC")
    name = part.removeprefix("ORDERBYDESC" if descending else "ORDERBY")
    if known(name):
        query.order.append((name, descending))
    else:
        query.invalid += 1


def _parsed(text: str, known: Callable[[str], bool], zone: timedelta) -> Test | None:
    match = _TEST.fullmatch(text)
    if match is None or not known(match["field"]):
        return None
    value = match["value"].replace(_CARET, "^")
    try:
        value = _GENERATE.sub(lambda found: _generated(found[1], zone), value)
    except ValueError:
        return None
    return None if "javascript:" in value else (match["field"], match["operator"], value)


def _generated(arguments: str, zone: timedelta) -> str:
    """Evaluate `gs.dateGenerate`: its date and time are in the user's zone, while a plain literal is UTC."""
    words = " ".join(re.findall(r"[\d:-]+", arguments))
    local = words if " " in words else f"{words} 00:00:00"
    datetime.strptime(local, FORM)  # noqa: DTZ007  # not a time: the part is invalid
    return as_utc(local, zone)


def _all(group: list[list[Test]], row: Row, lookup: Lookup) -> bool:
    for either in group:
        for name, operator, value in either:
            if _TESTS[operator](lookup(row, name), value):
                break
        else:
            return False
    return True


def _between(held: str, first: str, last: str) -> bool:
    return held != "" and not _before(held, first) and not _before(last, held)


def _before(one: str, other: str) -> bool:
    """Compare as numbers if both are, else as text, which is right for times; nothing is before an empty value."""
    if "" in {one, other}:
        return False
    numbers = [re.fullmatch(r"-?\d+", text) for text in (one, other)]
    return int(one) < int(other) if all(numbers) else one < other


_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda held, value: held == value,
    "!=": lambda held, value: held != value,
    ">": lambda held, value: _before(value, held),
    "<": _before,
    ">=": lambda held, value: held != "" and not _before(held, value),
    "<=": lambda held, value: held != "" and not _before(value, held),
    "BETWEEN": lambda held, value: _between(held, *value.partition("@")[::2]),
    "IN": lambda held, value: held in value.split(","),
    "NOT IN": lambda held, value: held not in value.split(","),
    "LIKE": lambda held, value: value.lower() in held.lower(),
    "NOT LIKE": lambda held, value: value.lower() not in held.lower(),
    "STARTSWITH": lambda held, value: held.lower().startswith(value.lower()),
    "ENDSWITH": lambda held, value: held.lower().endswith(value.lower()),
    "ISEMPTY": lambda held, _: held == "",
    "ISNOTEMPTY": lambda held, _: held != "",
}
