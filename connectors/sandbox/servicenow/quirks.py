"""Misbehaviour that only ServiceNow has: planned by tests or the control server, met by the next matching requests.

Each is built from reports, for want of a verbatim one: a transaction that is cancelled after 60 seconds answers 200
with an error beside a partial result (https://github.com/ServiceNow/PySNC/issues/95) or with a text among the records
(https://github.com/gflewis/sndml3/issues/38); an instance that sleeps answers 200 with a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal[
    "cancelled",  # the records so far, then an error
    "cancelled_error_first",  # the same, in the other order of keys
    "cancelled_text",  # the error's text stands among the records
    "hibernating",  # a page that says so, 200
    "login",  # 302 to the single sign-on page
    "aborted",  # a business rule refuses the write, 403
    "person_writes",  # somebody writes a work note just after the worker has read the ticket
    "person_takes",  # somebody takes the ticket just after the worker has read it
]
CANCELLED = {
    "message": "Transaction cancelled: maximum execution time exceeded",
    "detail": "maximum execution time exceeded",
}
HIBERNATING = (
    "<!DOCTYPE html><html><head><title>Instance Hibernating page</title></head>"
    "<body><h1>Your instance is hibernating</h1></body></html>"
)
LOGIN_PATH = "/login_with_sso.do"
LOGIN = "<!DOCTYPE html><html><head><title>Log in | ServiceNow</title></head><body><form></form></body></html>"


@dataclass
class Quirk:
    """One planned misbehaviour; `times` counts down with every hit."""

    kind: Kind
    method: str | None
    table: str | None
    times: int


class Quirks:
    """What is planned."""

    def __init__(self) -> None:
        self.planned: list[Quirk] = []

    def plan(self, kind: str, *, method: str | None = None, table: str | None = None, times: int = 1) -> None:
        """Plan a misbehaviour for the next requests; a method or a table of None stands for any."""
        method = method and method.upper()
        for known in get_args(Kind):
            if known == kind:
                self.planned.append(Quirk(known, method, table, times))
                return
        raise ValueError(f"kind: found {kind!r}; allowed: {', '.join(get_args(Kind))}")

    def take(self, method: str, table: str | None, *, single: bool) -> Kind | None:
        """Return what happens to a request, for one record or for many, and count it off."""
        for quirk in self.planned:
            fits = quirk.method in {None, method} and quirk.table in {None, table}
            if fits and quirk.times > 0 and _applies(quirk.kind, method, single=single):
                quirk.times -= 1
                return quirk.kind
        return None


def cancelled(kind: Kind, result: Any) -> dict[str, Any]:
    """Return what a cancelled transaction answers in place of a result: half of it, and an error somewhere."""
    half = result[: len(result) // 2] if isinstance(result, list) else result
    if kind == "cancelled_text":
        return {"result": [*half, CANCELLED["message"]] if isinstance(half, list) else CANCELLED["message"]}
    parts = [("result", half), ("error", CANCELLED), ("status", "failure")]
    return dict(parts if kind == "cancelled" else [parts[1], parts[0], parts[2]])


def _applies(kind: Kind, method: str, *, single: bool) -> bool:
    if kind == "aborted":
        return method in {"POST", "PATCH", "PUT"}
    if kind.startswith("person"):
        return method == "GET" and single  # somebody is quicker on the ticket that was just read
    return method == "GET" or not kind.startswith("cancelled")
