"""Misbehaviour specific to ServiceNow: planned by tests or the control server for the next matching requests.

Each is built from reports, for want of a recording: a transaction cancelled after 60 seconds answers 200 with an error
next to a partial result (https://github.com/ServiceNow/PySNC/issues/95) or with a text among the records
(https://github.com/gflewis/sndml3/issues/38); a hibernating instance answers 200 with a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal[
    "cancelled",  # the records so far, then an error
    "cancelled_error_first",  # the same, with the keys in the other order
    "cancelled_text",  # the error's text is among the records, or in place of the one
    "hibernating",  # 200 with a page that says so
    "login",  # 302 to the single sign-on page
    "aborted",  # a business rule refuses the write, 403
    "person_writes",  # someone writes a work note just after the worker read the ticket
    "person_takes",  # someone takes the ticket just after the worker read it
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
    """The planned misbehaviours."""

    def __init__(self) -> None:
        self.planned: list[Quirk] = []

    def plan(self, kind: str, *, method: str | None = None, table: str | None = None, times: int = 1) -> None:
        """Plan a misbehaviour for the next requests; None means any method or table."""
        method = method and method.upper()
        for known in get_args(Kind):
            if known == kind:
                self.planned.append(Quirk(known, method, table, times))
                return
        raise ValueError(f"kind: found {kind!r}; allowed: {', '.join(get_args(Kind))}")

    def take(self, method: str, table: str | None, *, single: bool) -> Kind | None:
        """Return the quirk that hits a request, for one record or for many, and count it down."""
        for quirk in self.planned:
            fits = quirk.method in {None, method} and quirk.table in {None, table}
            if fits and quirk.times > 0 and _applies(quirk, method, single=single):
                quirk.times -= 1
                return quirk.kind
        return None


def cancelled(kind: Kind, result: Any) -> dict[str, Any]:
    """Return a cancelled transaction's answer: half of the result, and an error somewhere."""
    half = result[: len(result) // 2] if isinstance(result, list) else result
    if kind == "cancelled_text":
        return {"result": [*half, CANCELLED["message"]] if isinstance(half, list) else CANCELLED["message"]}
    parts = [("result", half), ("error", CANCELLED), ("status", "failure")]
    return dict(parts if kind == "cancelled" else [parts[1], parts[0], parts[2]])


def _applies(quirk: Quirk, method: str, *, single: bool) -> bool:
    """Say whether a misbehaviour fits a request; a write is cancelled, after it was made, only where it is named."""
    kind = quirk.kind
    if kind == "aborted":
        return method in {"POST", "PATCH", "PUT"}
    if kind.startswith("person"):
        return method == "GET" and single  # someone is faster on the ticket just read
    return method in {"GET", quirk.method} or not kind.startswith("cancelled")
