"""The subset of JQL that such searches use; anything else is a 400, as in Jira.

Relative and epoch-millisecond times do not depend on zones; quoted times are in the searcher's zone, to the minute
(https://support.atlassian.com/jira-software-cloud/docs/jql-fields/).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.jql_fields import SORTS, TEXTS, checked_name, known_value, texts, values
from connectors.sandbox.jira.records import Issue, JiraError

Test = Callable[[Issue], bool]

MOST_SORTS = 7
# The reserved words of https://support.atlassian.com/jira-software-cloud/docs/what-is-advanced-search-in-jira-cloud/
# that could be names of projects or labels.
RESERVED = frozenset(
    {"and", "or", "not", "in", "is", "by", "order", "empty", "null", "was", "changed"}
    | {"do", "int", "set", "select", "like", "date", "user", "all"}
)
NEED_QUOTES = re.compile(r"[+;?|*/%^$#@\[\]]")

_TOKEN = re.compile(
    r"\s*(?:(?P<quoted>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|(?P<sign><=|>=|!=|!~|=|<|>|~|\(|\)|,)"
    r"|(?P<word>[^\s()=!<>~,\"']+))"
)
_RELATIVE = re.compile(r"(-?)(\d+)([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def search(state: JiraState, jql: str, among: list[Issue], *, bounds: bool) -> list[Issue]:
    """Return the issues that match, in the query's order; 400 if malformed or, with `bounds`, if unbounded."""
    tokens = _tokens(jql)
    words = [token.lower() for token in tokens]
    cut = next((place for place in range(len(words) - 1) if words[place : place + 2] == ["order", "by"]), len(words))
    order = _order(tokens[cut + 2 :])
    parser = _Parser(state, tokens[:cut])
    test: Test = parser.expression() if tokens[:cut] else lambda _issue: True
    parser.end()
    if bounds and not parser.bounded:
        raise _wrong("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
    found = [issue for issue in among if test(issue)]
    for name, descending in reversed(order):
        found.sort(key=SORTS[name], reverse=descending)
    return found


class _Parser:
    """A recursive-descent parser for OR, AND, NOT and clauses."""

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
        """Refuse anything after the end."""
        if self._place < len(self._tokens):
            raise _wrong(f"Error in the JQL Query: Expecting operator but got '{self._tokens[self._place]}'.")

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
                raise _wrong("Error in the JQL Query: Expecting ')'.")
            return test
        return self._clause()

    def _clause(self) -> Test:
        name = checked_name(_unquoted(self._take()))
        operator = self._take().lower()
        if operator == "not" and self._next("in"):
            operator = "not in"
        if operator == "is":
            negated = self._next("not")
            if self._take().lower() not in {"empty", "null"}:
                raise _wrong("Error in the JQL Query: 'is' takes EMPTY or NULL only.")
            return lambda issue: bool(values(self._state, issue, name)) == negated
        named = self._list() if operator in {"in", "not in"} else [self._value()]
        self.bounded = self.bounded or operator in {"=", "in", "<", ">", "<=", ">=", "~"}
        if name in {"created", "updated"}:
            return self._time(name, operator, named[0])
        if operator in {"~", "!~"}:
            return self._words(name, operator, named[0])
        if name in TEXTS:
            raise _wrong(f"The operator '{operator}' is not supported by the '{name}' field.")
        wanted = {known_value(self._state, name, value).casefold() for value in named}
        if operator in {"=", "in"}:
            unresolved = name == "resolution" and "unresolved" in wanted  # the name of an empty resolution

            def equal(issue: Issue) -> bool:
                held = values(self._state, issue, name)
                return bool(held & wanted) or (unresolved and not held)

            return equal
        if operator in {"!=", "not in"}:  # an empty field matches neither a comparison nor its negation

            def other(issue: Issue) -> bool:
                held = values(self._state, issue, name)
                return bool(held) and not held & wanted

            return other
        raise _wrong(f"The operator '{operator}' is not supported by the '{name}' field.")

    def _words(self, name: str, operator: str, text: str) -> Test:
        """Match texts that contain every word in any order; Jira's text analysis is finer."""
        if name not in TEXTS:
            raise _wrong(f"The operator '{operator}' is not supported by the '{name}' field.")
        wanted = [word.casefold() for word in re.findall(r"\w+", text)]
        return lambda issue: all(word in texts(issue, name) for word in wanted) == (operator == "~")

    def _time(self, name: str, operator: str, value: str) -> Test:
        moment = self._moment(value)
        compare: dict[str, Callable[[datetime], bool]] = {
            "<": lambda at: at < moment,
            "<=": lambda at: at <= moment,
            ">": lambda at: at > moment,
            ">=": lambda at: at >= moment,
        }
        if operator not in compare:
            raise _wrong(f"The operator '{operator}' is not supported by the '{name}' field.")
        return lambda issue: compare[operator](issue.created if name == "created" else issue.updated)

    def _moment(self, text: str) -> datetime:
        now = self._state.frame.clock()
        if relative := _RELATIVE.fullmatch(text):
            length = timedelta(**{_UNITS[relative[3]]: int(relative[2])})
            return now - length if relative[1] else now + length
        zone = ZoneInfo(self._state.habits.zone)
        if text.isdigit():
            return datetime.fromtimestamp(int(text) / 1000, zone)
        for form in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
            try:
                return datetime.strptime(text, form).replace(tzinfo=zone)
            except ValueError:
                continue
        raise _wrong(f"Date value '{text}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm'.")

    def _list(self) -> list[str]:
        found: list[str] = []
        if not self._next("("):
            raise _wrong("Error in the JQL Query: Expecting '('.")
        while not self._next(")"):
            found.append(self._value())
            self._next(",")
        return found

    def _value(self) -> str:
        token = self._take()
        if token[:1] in {'"', "'"}:
            return _unquoted(token)
        if token.lower() in RESERVED:
            words = "is a reserved JQL word. You must surround it in quotation marks to use it in a query."
            raise _wrong(f"Error in the JQL Query: '{token}' {words}")
        if NEED_QUOTES.search(token):
            raise _wrong(f"Error in the JQL Query: The character in '{token}' is a reserved JQL character.")
        if token.lower() == "currentuser" and self._next("(") and self._next(")"):
            return self._state.worker.id
        return token

    def _take(self) -> str:
        if self._place >= len(self._tokens):
            raise _wrong("Error in the JQL Query: The query ends too early.")
        self._place += 1
        return self._tokens[self._place - 1]

    def _next(self, word: str) -> bool:
        if self._place < len(self._tokens) and self._tokens[self._place].lower() == word:
            self._place += 1
            return True
        return False


def _wrong(words: str) -> JiraError:
    return JiraError(400, words)


def _tokens(text: str) -> list[str]:
    tokens, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise _wrong(f"Error in the JQL Query: The character at position {place} is not understood.")
        tokens.append(match[0].strip())
        place = match.end()
    return tokens


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text[:1] in {'"', "'"} else text


def _order(words: list[str]) -> list[tuple[str, bool]]:
    order: list[tuple[str, bool]] = []
    groups: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            groups.append([])
        else:
            groups[-1].append(word)
    for group in groups if words else []:
        direction = group[1].lower() if len(group) > 1 else "asc"
        if not group or group[0].lower() not in SORTS or direction not in {"asc", "desc"}:
            raise _wrong(f"Not able to sort using field '{' '.join(group)}'.")
        order.append((group[0].lower(), direction == "desc"))
    if len(order) > MOST_SORTS:
        raise _wrong(f"The maximum number of ORDER BY fields is {MOST_SORTS}.")
    return order
