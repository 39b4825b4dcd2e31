"""Requests in the JSON of the Service Management API: objects for dates, pages by start and limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.jira.calls import Call
from connectors.sandbox.jira.records import Account, Approval, Comment, File, Issue


def page(values: list[dict[str, Any]], start: int, limit: int, place: str = "") -> dict[str, Any]:
    """Write a page."""
    shown = values[start : start + limit]
    last = start + limit >= len(values)
    links: dict[str, str] = {"base": place, "context": ""} if place else {}
    if place and not last:
        links["next"] = f"{place}?start={start + limit}&limit={limit}"
    return {
        "size": len(shown),
        "start": start,
        "limit": limit,
        "isLastPage": last,
        "_links": links,
        "values": shown,
    }


def person(call: Call, account: Account) -> dict[str, Any]:
    """Write a person."""
    known = call.shapes.account(account) or {}
    names = ("accountId", "name", "key", "emailAddress", "displayName", "active", "timeZone")
    shown = {name: known[name] for name in names if name in known}
    return shown | {"_links": {"self": known["self"], "jiraRest": known["self"], "avatarUrls": {}}}


def comment(call: Call, issue: Issue, item: Comment) -> dict[str, Any]:
    """Write a comment; this API does not show its marker property."""
    return {
        "id": item.id,
        "body": item.body,
        "public": item.public,
        **({"author": person(call, item.author)} if item.author else {}),
        "created": dated(call, item.created),
        "_links": {"self": f"{call.site}/rest/servicedeskapi/request/{issue.id}/comment/{item.id}"},
    }


def approval(call: Call, issue: Issue, item: Approval) -> dict[str, Any]:
    """Write an approval (schema ApprovalDTO)."""
    people = [{"approver": person(call, each), "approverDecision": item.decision} for each in item.approvers]
    shown: dict[str, Any] = {
        "id": item.id,
        "name": item.name,
        "finalDecision": item.decision,
        "canAnswerApproval": call.me in item.approvers and item.decision == "pending",
        "approvers": people,
        "createdDate": dated(call, item.created),
        "_links": {"self": f"{call.site}/rest/servicedeskapi/request/{issue.id}/approval/{item.id}"},
    }
    return shown | ({"completedDate": dated(call, item.completed)} if item.completed else {})


def file(call: Call, item: File) -> dict[str, Any]:
    """Write an attachment."""
    return {
        "filename": item.name,
        "author": person(call, item.author),
        "created": dated(call, item.created),
        "size": len(item.content),
        "mimeType": item.content_type,
        "_links": {
            "jiraRest": f"{call.site}/rest/api/2/attachment/{item.id}",
            "content": f"{call.site}/rest/servicedeskapi/attachment/{item.id}",
        },
    }


def dated(call: Call, moment: datetime | None) -> dict[str, Any] | None:
    """Write a time."""
    if moment is None:
        return None
    text = call.shapes.time(moment)
    return {
        "iso8601": text[:19] + text[-5:],
        "jira": text,
        "friendly": moment.strftime("%d/%b/%y %I:%M %p"),
        "epochMillis": int(moment.timestamp() * 1000),
    }


def sla(call: Call, issue: Issue, place: int) -> dict[str, Any]:
    """Write an SLA with its ongoing or last completed cycle."""
    clock = issue.slas[place]
    cycle = {
        "startTime": dated(call, clock.started),
        "breached": clock.breached,
        "goalDuration": _lasting(clock.goal),
        "elapsedTime": _lasting(clock.elapsed),
        "remainingTime": _lasting(clock.goal - clock.elapsed),
    }
    shown: dict[str, Any] = {"id": str(place + 1), "name": clock.name, "completedCycles": []}
    if clock.stopped:
        shown["completedCycles"] = [cycle | {"stopTime": dated(call, clock.stopped)}]
    else:
        shown["ongoingCycle"] = cycle | {"paused": clock.paused, "withinCalendarHours": True}
    return shown | {"_links": {"self": f"{call.site}/rest/servicedeskapi/request/{issue.id}/sla/{place + 1}"}}


def _lasting(time: timedelta) -> dict[str, Any]:
    minutes = int(time.total_seconds() // 60)
    return {"millis": int(time.total_seconds() * 1000), "friendly": f"{minutes // 60}h {minutes % 60}m"}
