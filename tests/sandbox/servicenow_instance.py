"""A small ServiceNow instance for tests: one caller, one agent, a stopped clock, and the worker's client."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from connectors.sandbox.servicenow.api import servicenow_app
from connectors.sandbox.servicenow.instance import ServiceNowState
from connectors.sandbox.servicenow.people import ServiceNowPeople
from connectors.sandbox.wire.frame import Frame, Person
from tests.sandbox.asgi import Answer, call
from tests.sandbox.okta_org import HandClock

HOST = "http://snow.example.com:8081"
CALLER, AGENT = "ada@example.com", "robin@example.com"


class Instance:
    """The instance, its people, and calls of the worker's account by Basic authentication."""

    def __init__(self, *, seed: int = 1) -> None:
        self.clock = HandClock()
        self.clock.now = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
        self.frame = Frame(seed=seed, clock=self.clock)
        self.state = ServiceNowState(self.frame)
        self.people = ServiceNowPeople(self.frame, self.state)
        self.people.add_person(Person(CALLER, "Ada", "Example"))
        self.people.add_person(Person(AGENT, "Robin", "Agent", agent=True))
        self.app = servicenow_app(self.state)

    def ticket(self, *, table: str = "incident", tagged: bool = True, **fields: str) -> str:
        """File a ticket of the caller and return its sys_id."""
        return self._file(table, fields, tagged=tagged)

    def requested_item(self, **variables: str) -> str:
        """File a requested item with catalogue variables and return its sys_id."""
        return self._file("sc_req_item", {f"variables.{name}": text for name, text in variables.items()}, tagged=True)

    def _file(self, table: str, fields: dict[str, str], *, tagged: bool) -> str:
        words = {"summary": "Profile not updating", "description": "Still the old department"}
        return self.people.create(tagged=tagged, requester=CALLER, table=table, fields=fields, **words)

    def send(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
        """Send a request with exactly these headers and the worker's credentials, which a header can replace."""
        return call(
            self.app, method, f"{HOST}{path}", headers={"Authorization": self.basic()} | dict(headers or {}), **more
        )

    def get(self, path: str, **query: str) -> Answer:
        """GET with query parameters, for JSON."""
        whole = f"{path}?{urlencode(query)}" if query else path
        return self.send("GET", whole, headers={"Accept": "application/json"})

    def found(self, table: str, query: str, **more: str) -> list[dict[str, Any]]:
        """Return the records that an encoded query finds."""
        found: list[dict[str, Any]] = self.get(f"/api/now/table/{table}", sysparm_query=query, **more).json()["result"]
        return found

    def record(self, sys_id: str, table: str = "incident", **query: str) -> dict[str, Any]:
        """Return one record as the API shows it."""
        record: dict[str, Any] = self.get(f"/api/now/table/{table}/{sys_id}", **query).json()["result"]
        return record

    def patch(self, sys_id: str, table: str = "incident", /, **fields: Any) -> Answer:
        """Change a ticket as the worker."""
        path = f"/api/now/table/{table}/{sys_id}"
        return self.send("PATCH", path, headers={"Accept": "application/json"}, json=fields)

    def upload(self, sys_id: str, name: str, content: bytes) -> Answer:
        """Attach a file as the worker."""
        query = urlencode({"table_name": "incident", "table_sys_id": sys_id, "file_name": name})
        headers = {"Accept": "application/json", "Content-Type": "text/plain"}
        return self.send("POST", f"/api/now/attachment/file?{query}", headers=headers, body=content)

    def basic(self, password: str | None = None) -> str:
        """Return the worker's Basic Authorization header."""
        held = self.frame.credentials
        text = f"{held.servicenow_user}:{password or held.servicenow_password}"
        return f"Basic {base64.b64encode(text.encode()).decode()}"

    def violations(self) -> list[str]:
        """Return the rules that were broken."""
        return [item.rule for item in self.frame.violations]


def refusal(answer: Answer) -> tuple[int, str, str]:
    """Return a refusal's status and its two texts."""
    error = answer.json()["error"]
    assert answer.json()["status"] == "failure"
    return answer.status, error["message"], error["detail"] or ""
