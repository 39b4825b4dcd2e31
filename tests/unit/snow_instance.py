"""An instance that answers as a test tells it to, for what a healthy ServiceNow never says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.servicenow import ServiceNowDesk, ServiceNowSettings
from tests.unit.wire import Act, Request, StoppedClock, Wire, answer, serving
from workflows.model import TicketRef

ID = "0" * 31 + "1"
WORKER_ID = "a" * 32
GROUP_ID = "b" * 32
TAG_ID = "c" * 32
REF = TicketRef(desk="snow", id=f"incident/{ID}", key="INC0010001")
PASSWORD = "a-s3cret-password"


class Instance:
    """Answers by method and path below `/api/now`, in the order given; the last answer stays."""

    def __init__(self, wire: Wire) -> None:
        self.wire, self.url = wire, wire.url
        self._acts: dict[tuple[str, str], list[Act]] = {}
        wire.route = self._route

    def on(self, call: str, *acts: Act) -> None:
        """Say what `METHOD /path` answers."""
        method, path = call.split()
        self._acts[method, path] = list(acts)

    def asked(self, call: str) -> list[Request]:
        """Return the requests of `METHOD /path`."""
        return [request for request in self.wire.requests if _call(request) == tuple(call.split())]

    def _route(self, request: Request) -> Act:
        acts = self._acts.get(_call(request), [rows()])
        return acts.pop(0) if len(acts) > 1 else acts[0]


def _call(request: Request) -> tuple[str, str]:
    method, target, _ = request.line.split()
    return method, urlsplit(target).path.removeprefix("/api/now")


def query(request: Request) -> dict[str, str]:
    """Return a request's parameters."""
    return {name: values[0] for name, values in parse_qs(urlsplit(request.line.split()[1]).query).items()}


def result(found: Any, status: int = 200, **headers: str) -> Act:
    """Answer with a result."""
    return answer(status, json.dumps({"result": found}).encode(), X_Transaction_ID="t1", **headers)


def rows(*found: dict[str, Any], total: int | None = None, **headers: str) -> Act:
    """Answer with a list of records, with its total if one is given."""
    if total is not None:
        headers["X_Total_Count"] = str(total)
    return result(list(found), 200, **headers)


def refusal(status: int, message: str, detail: str = "") -> Act:
    """Answer with ServiceNow's error object."""
    body = {"error": {"message": message, "detail": detail}, "status": "failure"}
    return answer(status, json.dumps(body).encode(), X_Transaction_ID="t1")


@contextmanager
def instance() -> Iterator[Instance]:
    """Serve an instance that knows its tag, our account and the escalation group."""
    with serving() as wire:
        snow = Instance(wire)
        snow.on("GET /table/label", rows({"sys_id": TAG_ID, "name": "Profile Not Updating"}, total=1))
        worker = {"sys_id": WORKER_ID, "user_name": "svc.forcesync", "name": "Forcesync Service"}
        snow.on("GET /table/sys_user", rows(worker, total=1))
        snow.on("GET /table/sys_user_group", rows({"sys_id": GROUP_ID, "name": "Identity Operations"}, total=1))
        codes = {"sys_id": "d" * 32, "name": "incident", "element": "close_code", "value": "Solution provided"}
        snow.on("GET /table/sys_choice", rows(codes, total=1))
        yield snow


def desk(snow: Instance, clock: StoppedClock | None = None, **changes: Any) -> ServiceNowDesk:
    """Return a desk of that instance, with incidents only."""
    values: dict[str, Any] = {
        "url": snow.url,
        "user": "svc.forcesync",
        "password": PASSWORD,
        "escalation_group": "Identity Operations",
        "tables": {"incident": {}},
        "read_timeout": 5.0,
    }
    return ServiceNowDesk("snow", ServiceNowSettings(**values | changes), clock=clock or StoppedClock())


def cells(**values: str) -> dict[str, dict[str, str]]:
    """Return a record as `sysparm_display_value=all` gives it."""
    return {name: {"value": text, "display_value": text} for name, text in {"sys_id": ID, **values}.items()}


def note(place: int, body: str, by: str, element: str = "comments") -> dict[str, Any]:
    """Return a row of `sys_journal_field`."""
    at = f"2026-03-02 09:00:{place:02d}"
    row = {"sys_id": f"{place:032x}", "element": element, "element_id": ID, "value": body}
    return row | {"sys_created_on": at, "sys_created_by": by}


def incident(place: int, **changes: str) -> dict[str, str]:
    """Return a tagged incident as a search finds it."""
    number = {"sys_id": f"{place:032x}", "number": f"INC{place}", "state": "1", "sys_tags": "profile not updating"}
    return number | {"sys_updated_on": "2026-03-02 09:00:00", "sys_mod_count": "0"} | changes


def keys(snow: Instance, **changes: Any) -> list[str]:
    """Return the keys of the tickets that a desk finds."""
    return [sighting.ref.key for sighting in desk(snow, **changes).tagged()]
