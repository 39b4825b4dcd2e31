"""A small Jira for tests: a service project and a software project, people, a stopped clock, and a client.

Every test starts with an empty site, files what it needs, and calls as the worker unless it says otherwise.
"""

from __future__ import annotations

import base64
from typing import Any, Literal

from connectors.sandbox.jira.access import CLOUD_ID
from connectors.sandbox.jira.api import jira_app
from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.people import JiraPeople
from connectors.sandbox.wire.frame import Frame, Person
from tests.sandbox.asgi import Answer, call
from tests.sandbox.okta_org import HandClock

HOST = "http://jira.example.com:8082"
GATEWAY = f"/ex/jira/{CLOUD_ID}"
CUSTOMER, AGENT = "casey@example.com", "robin@example.com"
INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}
PUBLIC = {"key": "sd.public.comment", "value": {"internal": False}}


def basic(user: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


class Server:
    """The site, the people on it, and the worker's calls."""

    def __init__(self, deployment: Literal["cloud", "datacenter"] = "cloud") -> None:
        self.clock = HandClock()
        self.frame = Frame(seed=1, clock=self.clock)
        self.state = JiraState(self.frame, deployment=deployment)
        self.people = JiraPeople(self.frame, self.state)
        self.people.add_person(Person(CUSTOMER, "Casey", "Customer"))
        self.people.add_person(Person(AGENT, "Robin", "Agent", agent=True))
        self.app = jira_app(self.state)
        held = self.frame.credentials
        self.signed = basic(held.jira_email, held.jira_token) if self.state.cloud else f"Bearer {held.jira_token}"
        self.scoped = f"Bearer {held.jira_scoped_token}"

    def file(self, project: str = "SUP", *, tagged: bool = True, summary: str = "Title is old") -> str:
        """File an issue as a customer and return its number."""
        return self.people.create(
            tagged=tagged, requester=CUSTOMER, summary=summary, description="It says Clerk.", table=project
        )

    def ticket(self, id: str) -> dict[str, Any]:
        """Return an issue as the control server shows it."""
        return next(ticket for ticket in self.people.tickets() if ticket["id"] == id)

    def call(self, method: str, path: str, json: Any = None, *, signed: str | None = None, **more: Any) -> Answer:
        """Call a path below `/rest/api/2`, or below `/` if it names another root; `signed=""` is anonymous."""
        url = HOST + (path if path.startswith(("/rest", "/ex", "/_edge", "/media")) else f"/rest/api/2{path}")
        header = self.signed if signed is None else signed
        headers = {**({"Authorization": header} if header else {}), **more.pop("headers", {})}
        return call(self.app, method, url, headers=headers, json=json, **more)

    def get(self, path: str, **more: Any) -> Answer:
        return self.call("GET", path, **more)

    def find(self, jql: str, **more: Any) -> Answer:
        """Search on Cloud with POST."""
        return self.call("POST", "/search/jql", {"jql": jql, **more})

    def found(self, jql: str, **more: Any) -> list[str]:
        """Return the numbers that a search on Cloud finds."""
        return [hit["id"] for hit in self.find(jql, **more).json()["issues"]]

    def comment(self, id: str, body: str = "Looked into it.", *properties: dict[str, Any], **more: Any) -> Answer:
        """Comment as the worker; internal by default."""
        sides = [] if any(item["key"] == "sd.public.comment" for item in properties) else [INTERNAL]
        asked = {"body": body, "properties": [*sides, *properties], **more}
        return self.call("POST", f"/issue/{id}/comment", asked)

    def upload(self, path: str, *files: tuple[str, bytes], field: str = "file", proof: str = "no-check") -> Answer:
        """Send files as a form."""
        mark = "form-part"
        parts = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: application/json\r\n\r\n".encode()
            + content
            + b"\r\n"
            for name, content in files
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        if proof:
            headers["X-Atlassian-Token"] = proof
        return self.call("POST", path, headers=headers, body=parts + f"--{mark}--\r\n".encode())

    def transition(self, id: str, name: str, **fields: Any) -> Answer:
        """Make the transition of that name, in English."""
        issue = self.state.issue(id)
        number = next(item.id for item in issue.project.transitions if item.name == name)
        return self.call("POST", f"/issue/{id}/transitions", {"transition": {"id": number}, "fields": fields})

    def rules_broken(self) -> list[str]:
        """Return the rules of the violations so far."""
        return [violation.rule for violation in self.frame.violations]
