"""The part of JQL that searches of this kind use; what is not understood is a 400, as in Jira.

Relative and epoch-millisecond times are independent of zones; quoted times are in the searcher's zone, to the minute
(https://support.atlassian.com/jira-software-cloud/docs/jql-fields/).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.jira_state import Issue, JiraError, JiraState

Test = Callable[[Issue], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<quoted>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|(?P<sign><=|>=|!=|=|<|>|\(|\)|,)|(?P<word>[^\s()=!<>,\"']+))"
)
_RELATIVE = re.compile(r"(-?)(\d+)([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def search(state: JiraState, jql: str) -> list[Issue]:
    """Return the issues that a query finds, in its order; 400 for a query that is wrong or has no bounds."""
    text = re.split(r"\border\s+by\b", jql, maxsplit=1, flags=re.IGNORECASE)[0]
    order = _order(jql)
    parser = _Parser(state, _tokens(text))
    test = parser.expression()
    parser.end()
    if not parser.bounded:
        words = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        raise JiraError(400, words)
    indexed = state.frame.clock() - timedelta(seconds=state.frame.settings.index_lag_seconds)
    found = [issue for issue in state.issues.values() if issue.created <= indexed and test(issue)]
    for name, descending in reversed(order):
        found.sort(key=lambda issue: _sort_key(issue, name), reverse=descending)
    return found


class _Parser:
    """A recursive descent over OR, AND, NOT and clauses."""

    def __init__(self, state: JiraState, tokens: list[str]) -> None:
        self._state, self._tokens, self._place = state, tokens, 0
        self.bounded = False

    def expression(self) -> Test:
        """Read clauses joined by OR."""
        tests = [self._conjunction()]
        while self._next("or"):
            tests.append(self._conjunction())
        return lambda issue: any(test(issue) for test in tests)

    def end(self) -> None:
        """Refuse what is left over."""
        if self._place < len(self._tokens):
            raise JiraError(400, f"Error in the JQL Query: Expecting operator but got '{self._tokens[self._place]}'.")

    def _conjunction(self) -> Test:
        tests = [self._negation()]
        while self._next("and"):
            tests.append(self._negation())
        return lambda issue: all(test(issue) for test in tests)

    def _negation(self) -> Test:
        if self._next("not"):
            test = self._negation()
            return lambda issue: not test(issue)
        if self._next("("):
            test = self.expression()
            if not self._next(")"):
                raise JiraError(400, "Error in the JQL Query: Expecting ')'.")
            return test
        return self._clause()

    def _clause(self) -> Test:
        name = self._take().lower()
        operator = self._take().lower()
        if operator == "not" and self._next("in"):
            operator = "not in"
        if operator == "is":
            negated = self._next("not")
            self._take()
            return lambda issue: bool(_values(issue, name)) == bool(negated)
        values = self._list() if operator in {"in", "not in"} else [self._take()]
        self.bounded = self.bounded or operator in {"=", "in", "<", ">", "<=", ">="}
        if name in {"created", "updated"}:
            return self._time(name, operator, values[0])
        wanted = {_unquoted(value).casefold() for value in values}
        if operator in {"=", "in"}:
            return lambda issue: bool(_values(issue, name) & wanted)
        if operator in {"!=", "not in"}:  # an empty field is found by neither side of a comparison
            return lambda issue: bool(_values(issue, name)) and not _values(issue, name) & wanted
        raise JiraError(400, f"The operator '{operator}' is not supported by the '{name}' field.")

    def _time(self, name: str, operator: str, value: str) -> Test:
        moment = self._moment(_unquoted(value))
        compare: dict[str, Callable[[datetime], bool]] = {
            "<": lambda at: at < moment,
            "<=": lambda at: at <= moment,
            ">": lambda at: at > moment,
            ">=": lambda at: at >= moment,
        }
        if operator not in compare:
            raise JiraError(400, f"The operator '{operator}' is not supported by the '{name}' field.")
        return lambda issue: compare[operator](issue.created if name == "created" else issue.updated)

    def _moment(self, text: str) -> datetime:
        now = self._state.frame.clock()
        if relative := _RELATIVE.fullmatch(text):
            length = timedelta(**{_UNITS[relative[3]]: int(relative[2])})
            return now - length if relative[1] else now + length
        zone = ZoneInfo(self._state.zone)
        if text.isdigit():
            return datetime.fromtimestamp(int(text) / 1000, zone)
        for form in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
            try:
                return datetime.strptime(text, form).replace(tzinfo=zone)
            except ValueError:
                continue
        raise JiraError(400, f"Date value '{text}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm'.")

    def _list(self) -> list[str]:
        values = []
        if not self._next("("):
            raise JiraError(400, "Error in the JQL Query: Expecting '('.")
        while not self._next(")"):
            values.append(self._take())
            self._next(",")
        return values

    def _take(self) -> str:
        if self._place >= len(self._tokens):
            raise JiraError(400, "Error in the JQL Query: The query ends too early.")
        self._place += 1
        return self._tokens[self._place - 1]

    def _next(self, word: str) -> bool:
        if self._place < len(self._tokens) and self._tokens[self._place].lower() == word:
            self._place += 1
            return True
        return False


def _tokens(text: str) -> list[str]:
    tokens, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise JiraError(400, f"Error in the JQL Query: The character at position {place} is not understood.")
        tokens.append(match[0].strip())
        place = match.end()
    return tokens


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text[:1] in {'"', "'"} else text


def _values(issue: Issue, name: str) -> set[str]:
    category = {
        "new": {"new", "to do", "2"},
        "indeterminate": {"indeterminate", "in progress", "4"},
        "done": {"done", "3"},
    }
    columns: dict[str, Any] = {
        "project": {issue.project.key, issue.project.name, issue.project.id},
        "labels": set(issue.labels),
        "status": {issue.status.name, issue.status.id},
        "statuscategory": category[issue.status.category],
        "key": {issue.key, issue.id},
        "issuekey": {issue.key, issue.id},
        "id": {issue.id, issue.key},
        "issue": {issue.id, issue.key},
        "assignee": {issue.assignee.id} if issue.assignee else set(),
        "resolution": {issue.resolution} if issue.resolution else set(),
    }
    if name not in columns:
        raise JiraError(400, f"Field '{name}' does not exist or you do not have permission to view it.")
    return {str(value).casefold() for value in columns[name]}


def _order(jql: str) -> list[tuple[str, bool]]:
    parts = re.split(r"\border\s+by\b", jql, maxsplit=1, flags=re.IGNORECASE)
    if len(parts) == 1:
        return []
    order = []
    for item in parts[1].split(","):
        words = item.split()
        if not words or words[0].lower() not in {"created", "updated", "key", "id"}:
            raise JiraError(400, f"Not able to sort using field '{item.strip()}'.")
        order.append((words[0].lower(), words[-1].lower() == "desc"))
    return order


def _sort_key(issue: Issue, name: str) -> Any:
    key, _, number = issue.key.rpartition("-")
    return {"created": issue.created, "updated": issue.updated, "key": (key, int(number)), "id": int(issue.id)}[name]
