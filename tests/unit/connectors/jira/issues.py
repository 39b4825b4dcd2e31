"""Issues as Jira returns them, the settings that select them, and the ticket that an issue is read as."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from connectors.jira import JiraDesk
from connectors.jira.reading.tickets import IssueReader
from connectors.jira.settings import FieldSettings, IssueTypeSettings, JiraSettings, ProjectSettings
from workflows.model import Ticket

US = "712020:us"
SERVICE = {"name": "Service Request", "subtask": False}
INCIDENT = {"name": "[System] Incident", "subtask": False}
TYPED = ProjectSettings(
    service_desk_id="1",
    issue_types={
        "Service Request": IssueTypeSettings(),
        "[System] Incident": IssueTypeSettings(resolution="Fixed", fields=FieldSettings(user="customfield_20001")),
    },
)


def settings(**changes: Any) -> JiraSettings:
    values: dict[str, Any] = {
        "url": "https://example.atlassian.net",
        "email": "forcesync@example.com",
        "token": SecretStr("x"),
        "projects": {
            "SUP": ProjectSettings(kind="service_desk", service_desk_id="1"),
            "ENG": ProjectSettings(kind="software"),
        },
        "fields": FieldSettings(user="customfield_10051", attribute="customfield_10052", expected="customfield_10053"),
    }
    return JiraSettings(**values | changes)


def user(name: str) -> dict[str, Any]:
    return {"accountId": f"712020:{name}", "emailAddress": f"{name}@example.com", "displayName": name.title()}


def status(name: str, category: str) -> dict[str, Any]:
    return {"id": "3", "name": name, "statusCategory": {"key": category}}


def issue(histories: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "summary": "My profile is not updating",
        "description": "Attribute: title",
        "project": {"key": "SUP"},
        "labels": ["profile-not-updating"],
        "status": status("Open", "new"),
        "created": "2026-03-02T10:00:00.000+0100",
        "updated": "2026-03-02T11:30:00.000+0100",
        "reporter": user("ada"),
        "assignee": None,
        "issuetype": {"subtask": False},
    }
    return {"id": "10017", "key": "SUP-1", "fields": values | fields, "changelog": {"histories": histories or []}}


def read(answer: dict[str, Any], *comments: dict[str, Any], given: JiraSettings | None = None) -> Ticket:
    return IssueReader("jira", given or settings()).ticket(answer, comments, US, {"": "712020:queue"})


def relabelled(at: str, before: str, after: str) -> dict[str, Any]:
    return {"created": at, "items": [{"field": "labels", "fromString": before, "toString": after}]}


LABELLED = {
    "labels": ["profile-not-updating"],
    "project": {"key": "SUP"},
    "status": {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
    "updated": "2026-03-02T11:30:00.000+0100",
}


def hit(number: int) -> dict[str, Any]:
    """Return a labelled issue as a search finds it."""
    return {"id": str(number), "key": f"SUP-{number}", "fields": LABELLED}


def keys(desk: JiraDesk) -> list[str]:
    """Return the keys of the tickets that a desk finds."""
    return [sighting.ref.key for sighting in desk.tagged()]
