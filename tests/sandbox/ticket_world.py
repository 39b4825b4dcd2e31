"""A small world without servers: a ticket on one desk, and what the worker's account does to it."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.sandbox.asgi import Answer, call
from tests.sandbox.okta_org import HandClock

STATED = "Sustainability"


class Tickets:
    """The world, its first directory user, a ticket of theirs, and the worker's calls."""

    def __init__(self, desk: str, *, text: str | None = None, table: str | None = None) -> None:
        self.clock = HandClock()
        self.sandbox = Sandbox(Scenario("empty", users=3), clock=self.clock, act=False)
        self.desk, self.people = desk, self.sandbox.world.desks[desk]
        self.member = self.sandbox.world.members[0]
        self.table = table or {"servicenow": "incident", "jira": "SUP"}[desk]
        self.id = self.file(text=text)

    def file(self, *, tagged: bool = True, about: str | None = None, text: str | None = None) -> str:
        words = text or f"User: {about or self.member.login}\nAttribute: department"
        return self.people.create(
            tagged=tagged, requester=self.member.login, summary="Wrong", description=words, table=self.table
        )

    def states(self, value: str = STATED) -> None:
        """File the ticket again, with the value that it should be."""
        self.id = self.file(text=f"User: {self.member.login}\nAttribute: department\nExpected: {value}")

    def ticket(self) -> dict[str, Any]:
        return self.people.ticket(self.id)

    # What the worker does

    def comment(self, body: str, *, public: bool = False) -> None:
        if self.desk == "servicenow":
            answer = self.patch({"comments" if public else "work_notes": body})
        else:
            hidden = {"key": "sd.public.comment", "value": {"internal": not public}}
            answer = self.jira("POST", "comment", json={"body": body, "properties": [hidden]})
        assert answer.status in (200, 201), answer.text

    def resolve(self, note: str = "Done.") -> None:
        if self.desk == "servicenow":
            item = {"state": "3"} if self.table != "incident" else {"state": "6", "close_code": "Solution provided"}
            answer = self.patch(item | {"close_notes": "Done.", "work_notes": note})
        else:
            self.comment(note)
            done = {"transition": {"id": "51"}, "fields": {"resolution": {"name": "Done"}}}
            answer = self.jira("POST", "transitions", json=done)
        assert answer.status in (200, 204), answer.text

    def attach(self, name: str, content: bytes) -> None:
        if self.desk == "servicenow":
            path = f"/api/now/attachment/file?table_name={self.table}&table_sys_id={self.id}&file_name={name}"
            answer = self.snow("POST", path, body=content, headers={"Content-Type": "application/zip"})
        else:
            head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
            body = head.encode() + content + b"\r\n--part--\r\n"
            kind = {"Content-Type": "multipart/form-data; boundary=part", "X-Atlassian-Token": "no-check"}
            answer = self.jira("POST", "attachments", body=body, headers=kind)
        assert answer.status in (200, 201), answer.text

    def press(self, directory: str = "corp.example.com") -> None:
        """Run a Force Sync over the wire, and let it take effect."""
        okta, held = self.sandbox.okta, self.sandbox.frame.credentials
        app = okta.directory(self.sandbox.world.apps[directory])
        path = f"/api/internal/v1/mappings/reapply?source={app.type_id}&target={okta.user_type_id}"
        token = {"Authorization": f"SSWS {held.okta_sync_token}"}
        assert call(self.sandbox.apps["okta"], "PUT", path, headers=token).status == 200
        self.clock.advance(10)
        okta.settle()

    def patch(self, fields: dict[str, str]) -> Answer:
        return self.snow("PATCH", f"/api/now/table/{self.table}/{self.id}", json=fields)

    def snow(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        held = self.sandbox.frame.credentials
        signed = {"Authorization": basic(held.servicenow_user, held.servicenow_password), "Accept": "application/json"}
        return call(self.sandbox.apps["servicenow"], method, path, headers=signed | (headers or {}), **more)

    def jira(self, method: str, part: str, *, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        held = self.sandbox.frame.credentials
        signed = {"Authorization": basic(held.jira_email, held.jira_token)}
        path = f"/rest/api/2/issue/{self.id}/{part}"
        return call(self.sandbox.apps["jira"], method, path, headers=signed | (headers or {}), **more)

    # What the world says of it

    def moment(self, **before: float) -> str:
        """Return a moment as notes name it; `before` is passed to `timedelta`."""
        return f"{self.clock.now - timedelta(**before):%Y-%m-%d %H:%M} UTC"

    def broken(self) -> list[str]:
        return [violation.rule for violation in self.sandbox.frame.violations]


def basic(user: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode("ascii")
