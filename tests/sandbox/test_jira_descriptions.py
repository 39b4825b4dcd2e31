"""Every answer of the simulated Jira against Atlassian's descriptions: paths of version 3, texts of version 2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.asgi import Answer
from tests.sandbox.descriptions import Description
from tests.sandbox.jira_server import PUBLIC, Server

PLATFORM, SERVICE_DESK = "jira-platform.json", "jira-service-management.json"
DESK = "/rest/servicedeskapi"
ISSUE, REQUEST = "/issue/SUP-1", f"{DESK}/request/SUP-1"
BODY = {"body": "Looked into it.", "properties": [PUBLIC]}
REMOTE = {"globalId": "case=1", "object": {"url": "https://example.com", "title": "Case"}}
LINK = {"type": {"name": "Relates"}, "inwardIssue": {"key": "ENG-1"}, "outwardIssue": {"key": "SUP-1"}}
CREATED = {"fields": {"project": {"key": "ENG"}, "issuetype": {"name": "Task"}, "summary": "Mapping"}}

CALLS: list[tuple[str, str, Any, int]] = [
    ("GET", "/serverInfo", None, 200),
    ("GET", "/myself", None, 200),
    ("GET", "/mypermissions?permissions=ADD_COMMENTS", None, 200),
    ("GET", "/mypermissions", None, 400),
    ("GET", "/field", None, 200),
    ("GET", "/resolution", None, 200),
    ("GET", "/issueLinkType", None, 200),
    ("GET", "/search/jql?jql=project=SUP&fields=*all&expand=names,changelog", None, 200),
    ("POST", "/search/jql", {"jql": "project in (SUP, ENG)", "maxResults": 1}, 200),
    ("POST", "/issue", CREATED, 201),
    ("POST", "/issue", {"fields": {}}, 400),
    ("GET", f"{ISSUE}?expand=names,renderedFields,changelog,transitions&properties=*all", None, 200),
    ("PUT", ISSUE, {"fields": {"summary": "New"}}, 204),
    ("GET", f"{ISSUE}/changelog", None, 200),
    ("GET", f"{ISSUE}/comment?expand=properties,renderedBody", None, 200),
    ("POST", f"{ISSUE}/comment", BODY, 201),
    ("GET", f"{ISSUE}/comment/20001", None, 200),
    ("PUT", f"{ISSUE}/comment/20001", BODY, 200),
    ("DELETE", f"{ISSUE}/comment/20001", None, 204),
    ("GET", "/comment/20001/properties", None, 200),
    ("GET", "/comment/20001/properties/run", None, 200),
    ("PUT", "/comment/20001/properties/run", 2, 200),
    ("PUT", "/comment/20001/properties/other", 1, 201),
    ("GET", f"{ISSUE}/transitions?expand=transitions.fields", None, 200),
    ("POST", f"{ISSUE}/transitions", {"transition": {"id": "31"}}, 204),
    ("GET", "/attachment/meta", None, 200),
    ("GET", f"{ISSUE}/properties", None, 200),
    ("GET", f"{ISSUE}/properties/run", None, 200),
    ("PUT", f"{ISSUE}/properties/run", 2, 200),
    ("PUT", f"{ISSUE}/properties/other", 1, 201),
    ("DELETE", f"{ISSUE}/properties/run", None, 204),
    ("PUT", f"{ISSUE}/assignee", {"accountId": None}, 204),
    ("POST", "/issueLink", LINK, 201),
    ("POST", f"{ISSUE}/remotelink", REMOTE | {"globalId": "case=2"}, 201),
    ("POST", f"{ISSUE}/remotelink", REMOTE, 200),
    ("GET", f"{ISSUE}/remotelink?globalId=case=1", None, 200),
    ("GET", f"{DESK}/info", None, 200),
    ("GET", REQUEST, None, 200),
    ("GET", f"{DESK}/request/ENG-1", None, 404),
    ("GET", f"{REQUEST}/comment", None, 200),
    ("POST", f"{REQUEST}/comment", {"body": "x", "public": True}, 201),
    ("POST", f"{REQUEST}/comment", {"body": "x"}, 400),
    ("GET", f"{REQUEST}/transition", None, 200),
    ("POST", f"{REQUEST}/transition", {"id": "41"}, 204),
    ("POST", f"{REQUEST}/transition", {"id": "51"}, 400),
]


@pytest.fixture
def site() -> Server:
    """Return a site with at least one of everything."""
    site = Server()
    site.file()
    site.file("ENG")
    site.comment("SUP-1", "Note.", {"key": "run", "value": 1})
    site.comment("SUP-1", "Restricted.", visibility={"type": "role", "value": "Service Desk Team"})
    site.call("PUT", f"{ISSUE}/properties/run", 1)
    site.call("POST", f"{ISSUE}/remotelink", REMOTE)
    site.call("POST", "/issueLink", LINK)
    site.transition("SUP-1", "Start work")
    site.upload(f"{ISSUE}/attachments", ("a.json", b"{}"))
    site.call("PUT", f"{ISSUE}/assignee", {"accountId": site.state.worker.id})
    return site


def problems(method: str, path: str, answer: Answer) -> list[str]:
    place = path.partition("?")[0]
    body = answer.json() if answer.body else None
    if place.startswith(DESK):
        return Description(SERVICE_DESK, nulls=True).problems(method, place, answer.status, body)
    return Description(PLATFORM, nulls=True).problems(method, f"/rest/api/3{place}", answer.status, body)


@pytest.mark.parametrize(("method", "path", "body", "status"), CALLS, ids=lambda value: str(value)[:60])
def test_an_answer_is_as_it_is_described(site: Server, method: str, path: str, body: Any, status: int) -> None:
    answer = site.call(method, path, body)
    assert answer.status == status
    assert problems(method, path, answer) == []


def test_uploads_are_answered_as_described(site: Server) -> None:
    platform = site.upload(f"{ISSUE}/attachments", ("b.json", b"{}"))
    assert problems("POST", f"{ISSUE}/attachments", platform) == []
    place = f"{DESK}/servicedesk/1/attachTemporaryFile"
    uploaded = site.upload(place, ("c.json", b"{}"))
    assert uploaded.status == 201
    number = uploaded.json()["temporaryAttachments"][0]["temporaryAttachmentId"]
    attached = site.call("POST", f"{REQUEST}/attachment", {"temporaryAttachmentIds": [number], "public": True})
    assert problems("POST", f"{REQUEST}/attachment", attached) == []


REFUSALS: dict[str, Callable[[Server], Any]] = {
    "unauthorized": lambda site: setattr(site.state.habits, "refusal", "unauthorized"),
    "not found": lambda site: site.state.habits.denied.add("BROWSE_PROJECTS"),
    "too many": lambda site: setattr(site.state.habits, "most_comments", 0),
}


@pytest.mark.parametrize(("name", "status"), [("unauthorized", 401), ("not found", 404), ("too many", 413)])
def test_a_refused_comment_has_a_described_status(site: Server, name: str, status: int) -> None:
    REFUSALS[name](site)
    signed = "Basic bm9ib2R5OndyaXRlcw==" if name == "unauthorized" else None
    answer = site.call("POST", f"{ISSUE}/comment", BODY, signed=signed)
    described = Description(PLATFORM).endpoint("POST", "/rest/api/3/issue/SUP-1/comment") or {}
    assert answer.status == status
    assert str(status) in described["responses"]
