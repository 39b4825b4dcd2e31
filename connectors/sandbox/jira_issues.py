"""Issues of the simulated Jira: read, created, edited, moved, assigned, linked, and their properties."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox import jira_workflow as workflow
from connectors.sandbox.jira_calls import Call, page
from connectors.sandbox.jira_state import Account, Issue, JiraError

PROPERTY_KEY = re.compile(r"[^/?#]{1,255}")
MOST_PROPERTY_TEXT = 32768  # characters, https://developer.atlassian.com/cloud/jira/platform/jira-entity-properties/


def read_issue(call: Call) -> Response:
    """Return an issue as it is now."""
    issue = call.issue()
    return JSONResponse(call.shapes.issue(issue, call.words("fields"), set(call.words("expand") or [])))


def create_issue(call: Call) -> Response:
    """Create an issue."""
    asked = _fields(call)
    project = workflow.PROJECTS.get(str((asked.get("project") or {}).get("key")))
    if project is None:
        raise JiraError(400, fields={"project": "Specify a valid project ID or key"})
    if not asked.get("summary"):
        raise JiraError(400, fields={"summary": "You must specify a summary of the issue."})
    if not asked.get("issuetype"):
        raise JiraError(400, fields={"issuetype": "Specify an issue type"})
    description = call.text(asked["description"]) if asked.get("description") else ""
    issue = call.state.new_issue(project, call.me, str(asked["summary"]), description, list(asked.get("labels") or []))
    return JSONResponse({"id": issue.id, "key": issue.key, "self": f"{call.base}/issue/{issue.id}"}, 201)


def edit_issue(call: Call) -> Response:
    """Change fields of an issue."""
    issue, asked = call.issue(), _fields(call)
    labels = _changed_labels(issue, asked)
    known = {"summary", "description", "labels", *workflow.FIELDS}
    for name in asked:
        if name not in known:
            words = f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
            raise JiraError(400, fields={name: words})
    call.state.judge.before_write(issue, call.me, "an edit")
    if labels is not None:
        call.state.set_labels(issue, call.me, labels)
    else:
        call.state.touch(issue, call.me)
    issue.summary = str(asked.get("summary") or issue.summary)
    if "description" in asked:
        issue.description = call.text(asked["description"]) if asked["description"] else ""
    issue.fields |= {name: str(asked[name] or "") for name in asked if name in workflow.FIELDS}
    return Response(status_code=204)


def changelog(call: Call) -> Response:
    """List every change of an issue, oldest first."""
    shown = page(
        call.shapes.changelog(call.issue()), "values", call.number("startAt", 0), call.number("maxResults", 100)
    )
    return JSONResponse(shown | {"isLast": shown["startAt"] + len(shown["values"]) >= shown["total"]})


def transitions(call: Call) -> Response:
    """List what the issue offers now, or make one of it."""
    issue = call.issue()
    if call.method == "GET":
        screens = "transitions.fields" in (call.words("expand") or [])
        shown = [call.shapes.transition(issue, item, fields=screens) for item in call.state.offered(issue)]
        return JSONResponse({"expand": "transitions", "transitions": shown})
    asked = call.json()
    chosen = str((asked.get("transition") or {}).get("id") or "")
    if not chosen:
        raise JiraError(400, "Transition id is not specified.")
    call.state.transition(issue, call.me, chosen, asked.get("fields") or {})
    return Response(status_code=204, media_type="text/html")


def assign(call: Call) -> Response:
    """Set the assignee by account id (Cloud) or name (Data Center); null takes it off."""
    issue, asked = call.issue(), call.json()
    name = "accountId" if call.state.cloud else "name"
    if name not in asked:
        raise JiraError(400, fields={"assignee": f"{name} is required"})
    account: Account | None = None
    if asked[name] is not None:
        account = call.state.by_id(str(asked[name]))
        if account is None or not account.agent:
            raise JiraError(400, fields={"assignee": f"User '{asked[name]}' cannot be assigned issues."})
    call.state.assign(issue, call.me, account)
    return Response(status_code=204)


def issue_properties(call: Call) -> Response:
    """List the keys of an issue's properties."""
    keys = [
        {"key": key, "self": f"{call.base}/issue/{call.issue().id}/properties/{key}"} for key in call.issue().properties
    ]
    return JSONResponse({"keys": keys})


def issue_property(call: Call) -> Response:
    """Read, set or delete one property of an issue."""
    return property_answer(call, call.issue(), call.issue().properties)


def link_issues(call: Call) -> Response:
    """Link two issues; the answer is 201 with nothing in it."""
    asked = call.json()
    kind = str((asked.get("type") or {}).get("name"))
    found = next((row for row in workflow.LINK_TYPES if row[1] == kind), None)
    if found is None:
        raise JiraError(404, f"No issue link type with name '{kind}' found.")
    _, _, inward_words, outward_words = found
    inward = call.state.issue(str((asked.get("inwardIssue") or {}).get("key")))
    outward = call.state.issue(str((asked.get("outwardIssue") or {}).get("key")))
    call.state.judge.before_write(outward, call.me, "a link")
    type_shown = {"id": found[0], "name": kind, "inward": inward_words, "outward": outward_words}
    id = call.state.new_id("link")
    for issue, side, other in ((inward, "outwardIssue", outward), (outward, "inwardIssue", inward)):
        short = {"id": other.id, "key": other.key, "fields": {"summary": other.summary}}
        issue.links.append({"id": id, "type": type_shown, side: short})
    return Response(status_code=201)


def remote_links(call: Call) -> Response:
    """List links to other systems, or set one by its `globalId`."""
    issue = call.issue()
    if call.method == "GET":
        return JSONResponse(list(issue.remote_links.values()))
    asked = call.json()
    if not (asked.get("object") or {}).get("url") or not (asked.get("object") or {}).get("title"):
        raise JiraError(400, fields={"object": "'url' and 'title' are required."})
    call.state.judge.before_write(issue, call.me, "a remote link")
    call.state.touch(issue, call.me)
    key = str(asked.get("globalId") or call.state.new_id("link"))
    stood = issue.remote_links.get(key)
    id = stood["id"] if stood else int(call.state.new_id("link"))
    place = f"{call.base}/issue/{issue.key}/remotelink/{id}"
    issue.remote_links[key] = asked | {"id": id, "self": place}
    return JSONResponse({"id": id, "self": place}, 200 if stood else 201)


def property_answer(call: Call, issue: Issue, properties: dict[str, Any]) -> Response:
    """Answer a call to one property of an issue or of a comment on it."""
    key = call.path["key"]
    if call.method == "PUT":
        try:
            value = json.loads(call.raw)
        except ValueError:
            raise JiraError(400, "Property value must be valid JSON.") from None
        if not PROPERTY_KEY.fullmatch(key) or len(call.raw.decode()) > MOST_PROPERTY_TEXT:
            raise JiraError(400, "The property key or value is too long.")
        call.state.judge.before_write(issue, call.me, f"the property {key}")
        stood = key in properties
        properties[key] = value
        return Response(status_code=200 if stood else 201)
    if key not in properties:
        raise JiraError(404, f"The property {key} does not exist.")
    if call.method == "DELETE":
        del properties[key]
        return Response(status_code=204)
    return JSONResponse({"key": key, "value": properties[key]})


def _fields(call: Call) -> dict[str, Any]:
    _ = call.me
    asked = call.json()
    fields: dict[str, Any] = dict(asked.get("fields") or {})
    for step in (asked.get("update") or {}).get("labels") or []:
        fields.setdefault("labels-update", []).append(step)
    return fields


def _changed_labels(issue: Issue, asked: dict[str, Any]) -> list[str] | None:
    labels = list(asked["labels"]) if "labels" in asked else None
    for step in asked.pop("labels-update", []):
        labels = list(issue.labels) if labels is None else labels
        if "add" in step and step["add"] not in labels:
            labels.append(step["add"])
        if "remove" in step:
            labels = [label for label in labels if label != step["remove"]]
    return labels
