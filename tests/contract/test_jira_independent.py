"""Our Jira connector works tickets on a third-party simulator of Jira Data Center: PyPI's `jira820` (8.20.8).

Where it is simpler than Jira:

- it has no sign-in: every caller is its one user, so this proves nothing about credentials;
- it knows issues by key only, while Jira also takes ids: `ByNumber` translates them;
- it has no `/mypermissions`, so our check of the settings refuses it;
- it drops the properties of comments, which Jira Data Center stores: with our marker as a property, each comment is
  deleted and refused; with `marker = "text"`, the setting for such sites, a ticket is worked to its end;
- it has no id of a request, which Jira puts on every answer: `ByNumber` adds one;
- it ignores the parts of a query that it does not know; it knows ours;
- it lists comments newest first, whatever order is requested.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import requests
import uvicorn
from jira820.config import Config  # type: ignore[import-untyped, unused-ignore]  # no stubs
from jira820.server import make_app  # type: ignore[import-untyped, unused-ignore]
from jira820.store import Store  # type: ignore[import-untyped, unused-ignore]
from pydantic import SecretStr

from connectors.jira import JiraDesk, JiraSettings, ProjectSettings, StatusSettings
from tests.unit.wire import StoppedClock
from workflows.errors import Misconfigured, Refused
from workflows.model import File, Intent, Move, Note, Phase, Text, Ticket, TicketRef

US, QUEUE = "svc.forcesync", "identity.operations"
LABEL = "profile-not-updating"


class ByNumber:
    """Translates an issue's number in a path to its key, and adds the id of the request to each answer."""

    def __init__(self, app: Any, store: Any) -> None:
        self._app, self._store = app, store

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and (found := re.match(r"(/rest/api/2/issue/)([0-9]+)(.*)", scope["path"])):
            scope = scope | {"path": f"{found[1]}{self._keys().get(found[2], found[2])}{found[3]}"}

        async def identified(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = message | {"headers": [*message["headers"], (b"x-arequestid", b"1x1")]}
            await send(message)

        await self._app(scope, receive, identified)

    def _keys(self) -> dict[str, str]:
        serializer = self._store.serializer
        return {str(serializer.issue_res(issue, "")["id"]): key for key, issue in self._store.issues.items()}


class Site:
    """The running site, and what people do on it."""

    def __init__(self, url: str, store: Any) -> None:
        self.url, self._store = url, store

    def file(self, summary: str, *labels: str) -> str:
        fields: dict[str, Any] = {
            "project": {"key": "IT"},
            "issuetype": {"name": "Task"},
            "summary": summary,
            "labels": list(labels),
        }
        fields |= {"description": "Attribute: title", "reporter": {"name": "ada"}}
        answer = requests.post(f"{self.url}/rest/api/2/issue", json={"fields": fields}, timeout=10)
        return str(answer.json()["key"])

    def see(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self.url}/rest/api/2/issue/{key}", timeout=10).json()["fields"]
        return found

    def comments(self, key: str) -> list[str]:
        answer = requests.get(f"{self.url}/rest/api/2/issue/{key}/comment", timeout=10)
        return [item["body"] for item in answer.json()["comments"]]

    def desk(self, **changes: Any) -> JiraDesk:
        values: dict[str, Any] = {
            "url": self.url,
            "deployment": "datacenter",
            "token": SecretStr("any"),
            "projects": {"IT": ProjectSettings(kind="software", statuses=StatusSettings(escalated="In Review"))},
            "escalation_assignee": QUEUE,
            "marker": "text",
        }
        return JiraDesk("jira", JiraSettings(**values | changes), clock=StoppedClock())


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    config = Config(project_key="IT", base_date=date(2026, 3, 2), current_user=US)
    store = Store(config, seed=False)
    store.users = {
        name: {"name": name, "displayName": name.title(), "emailAddress": f"{name}@example.com", "active": True}
        for name in (US, QUEUE, "ada")
    }
    with running(ByNumber(make_app(store), store)) as url:
        yield Site(url, store)


@contextmanager
def running(app: Any) -> Iterator[str]:
    """Serve an application on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            give_up = time.monotonic() + 20
            while not server.started and time.monotonic() < give_up:
                thread.join(0.01)
            assert server.started
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


def ref(desk: JiraDesk, key: str) -> TicketRef:
    """Find an issue as the worker does."""
    (found,) = (sighting.ref for sighting in desk.tagged() if sighting.ref.key == key)
    return found


def act(desk: JiraDesk, key: TicketRef, intent: Intent) -> Ticket:
    """Deliver an intent's writes, check that each is found again, and return the ticket."""
    for write in desk.plan(desk.read(key), intent):
        assert desk.find(key, write) is None
        desk.deliver(key, write)
        assert desk.find(key, write)
    after = desk.read(key)
    assert desk.plan(after, intent) == ()
    return after


def note(text: str) -> Note:
    return Note(blocks=(Text(text=text),))


def test_only_tagged_open_issues_are_found(site: Site) -> None:
    tagged, other = site.file("My title is old", LABEL), site.file("New laptop")
    found = [sighting.ref.key for sighting in site.desk().tagged()]
    assert tagged in found
    assert other not in found


def test_a_ticket_is_claimed_and_resolved(site: Site) -> None:
    key = site.file("My title is old", LABEL)
    desk = site.desk()
    ticket = ref(desk, key)
    before = desk.read(ticket)
    assert (before.phase, before.assignee, before.description) == (Phase.NEW, None, "Attribute: title")
    assert before.requester
    assert before.requester.login == "ada"

    claimed = act(desk, ticket, Intent(key="c1.claim", move=Move.CLAIMED, internal=note("We look into *it*.")))
    assert (claimed.phase, claimed.assigned_to_worker) == (Phase.IN_PROGRESS, True)
    assert [(item.by_worker, item.marker) for item in claimed.comments] == [(True, "c1.claim.note")]

    resolved = act(desk, ticket, Intent(key="c1.end", move=Move.RESOLVED, internal=note("The title is right now.")))
    assert resolved.phase is Phase.DONE
    assert key not in [sighting.ref.key for sighting in desk.tagged()]
    seen = site.see(key)
    assert (seen["status"]["name"], seen["resolution"]["name"], seen["assignee"]["name"]) == ("Done", "Done", US)
    assert [item.marker for item in resolved.comments] == ["c1.claim.note", "c1.end.note"]
    assert sorted(site.comments(key), reverse=True) == [
        "We look into \\*it\\*.\n\nforcesync.write: c1.claim.note",
        "The title is right now.\n\nforcesync.write: c1.end.note",
    ]


def test_a_ticket_is_handed_over_with_its_diagnostics(site: Site) -> None:
    key = site.file("My title is old", LABEL)
    desk = site.desk()
    ticket = ref(desk, key)
    act(desk, ticket, Intent(key="c2.claim", move=Move.CLAIMED))
    file = File(name="diagnostics.json", content_type="application/json", content=b'{"a": 1}')
    act(desk, ticket, Intent(key="c2.end", move=Move.ESCALATED, internal=note("Over to you."), files=(file,)))
    seen = site.see(key)
    assert (seen["status"]["name"], seen["resolution"], seen["assignee"]["name"]) == ("In Review", None, QUEUE)
    assert [(item["filename"], item["size"]) for item in seen["attachment"]] == [
        ("forcesync-c2.end_diagnostics.json", 8)
    ]
    assert site.comments(key) == ["Over to you.\n\nforcesync.write: c2.end.note"]


def test_a_ticket_that_a_person_took_is_left_to_them(site: Site) -> None:
    key = site.file("My title is old", LABEL)
    desk = site.desk()
    ticket = ref(desk, key)
    (claim, _) = desk.plan(desk.read(ticket), Intent(key="c3.claim", move=Move.CLAIMED))
    requests.put(f"{site.url}/rest/api/2/issue/{key}/assignee", json={"name": "ada"}, timeout=10)
    with pytest.raises(Refused, match="a person has taken the issue"):
        desk.deliver(ticket, claim)
    assert site.see(key)["assignee"]["name"] == "ada"


def test_with_the_marker_as_a_property_a_comment_is_taken_back(site: Site) -> None:
    key = site.file("My title is old", LABEL)
    desk = site.desk(marker="property")
    ticket = ref(desk, key)
    (write,) = desk.plan(desk.read(ticket), Intent(key="c4", internal=note("hello")))
    with pytest.raises(Refused, match=r"did not store the comment's property.*it was deleted again"):
        desk.deliver(ticket, write)
    assert site.comments(key) == []


def test_the_check_of_the_settings_says_what_this_site_lacks(site: Site) -> None:
    with pytest.raises(Misconfigured, match="could not check the permissions in project IT: HTTP 404"):
        site.desk().check()
