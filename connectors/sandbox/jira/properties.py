"""Properties of issues and comments in the simulated Jira, one at a time and in bulk.

https://developer.atlassian.com/cloud/jira/platform/jira-entity-properties/
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira.calls import Call
from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.records import Comment, Issue, JiraError

KEY = re.compile(r"[^/?#]{1,255}")
MOST_TEXT = 32768  # characters of a value
PUBLIC = "sd.public.comment"


@dataclass
class Task:
    """An accepted bulk change; it runs at `due` and checks its condition only then."""

    id: str
    key: str
    value: Any
    filter: dict[str, Any]
    taken: datetime
    due: datetime
    changed: int | None = None  # None: not yet run


def of_issue(call: Call) -> Response:
    """List the keys of an issue's properties."""
    issue = call.issue()
    return _keys(f"{call.base}/issue/{issue.id}/properties", issue.properties)


def one_of_issue(call: Call) -> Response:
    """Read, set or delete one property of an issue."""
    issue = call.issue()
    settle(call.state)
    if call.method != "GET":
        call.need("EDIT_ISSUES", 403, "You do not have permission to edit this issue.")
    return _one(call, issue, issue.properties)


def of_comment(call: Call) -> Response:
    """List the keys of a comment's properties."""
    _, found = _comment(call)
    return _keys(f"{call.base}/comment/{found.id}/properties", found.properties)


def one_of_comment(call: Call) -> Response:
    """Read, set or delete one property of a comment; on a service project, one makes it public or internal."""
    issue, found = _comment(call)
    answer = _one(call, issue, found.properties)
    if call.method != "GET" and call.path["key"] == PUBLIC and issue.project.service_desk_id:
        found.public = is_public(found.properties)
        call.state.judge.seen_by_customers(issue, found)
    return answer


def is_public(properties: dict[str, Any]) -> bool:
    """Say whether a comment's property value makes it public; without the property it is."""
    value = properties.get(PUBLIC)
    return not (isinstance(value, dict) and value.get("internal") in {True, "true"})


def listed(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the properties named in a body."""
    found = asked.get("properties") or []
    if not isinstance(found, list) or not all(isinstance(item, dict) and item.get("key") for item in found):
        raise JiraError(400, fields={"properties": "Each property needs a key and a value."})
    for item in found:
        _checked(str(item["key"]), json.dumps(item.get("value")))
    return {str(item["key"]): item.get("value") for item in found}


def in_bulk(call: Call) -> Response:
    """Accept a conditional change of a property on many issues; the answer names the task that will make it.

    The only compare-and-set that Jira documents: `hasProperty` or `currentValue` must match when the task runs.
    """
    _ = call.me
    if not call.state.cloud:
        raise JiraError(404, "null for uri: /rest/api/2/issue/properties")
    asked = call.json()
    chosen = asked.get("filter") or {}
    if "value" not in asked or not isinstance(chosen, dict):
        raise JiraError(400, "A value is required.")
    _checked(call.path["key"], json.dumps(asked["value"]))
    ids = chosen.get("entityIds")
    if ids is not None and not (isinstance(ids, list) and all(str(id).isdigit() for id in ids)):
        raise JiraError(400, "entityIds: expected a list of issue ids.")
    now = call.state.frame.clock()
    due = now + timedelta(seconds=call.state.habits.task_seconds)
    taken = Task(call.state.new_id("task"), call.path["key"], asked["value"], chosen, now, due)
    call.state.tasks[taken.id] = taken
    return Response(status_code=303, headers={"Location": f"{call.base}/task/{taken.id}"})


def task(call: Call) -> Response:
    """Return a task's progress."""
    settle(call.state)
    _ = call.me
    found = call.state.tasks.get(call.path["task"])
    if found is None:
        raise JiraError(404, f"The task with id '{call.path['task']}' does not exist.")
    done = found.changed is not None
    shown: dict[str, Any] = {
        "self": f"{call.base}/task/{found.id}",
        "id": found.id,
        "status": "COMPLETE" if done else "ENQUEUED",
        "progress": 100 if done else 0,
        "submittedBy": 10000,
        "submitted": _milliseconds(found.taken),
        "lastUpdate": _milliseconds(found.due if done else found.taken),
        "elapsedRuntime": 0,
    }
    if done:
        shown |= {"started": _milliseconds(found.due), "finished": _milliseconds(found.due)}
        shown["result"] = {"updatedEntities": found.changed}
    return JSONResponse(shown)


def settle(state: JiraState) -> None:
    """Run the bulk changes that are due, in order."""
    now = state.frame.clock()
    for item in state.tasks.values():
        if item.changed is None and item.due <= now:
            fitting = [issue for issue in state.issues.values() if _fits(issue, item)]
            for issue in fitting:
                issue.properties[item.key] = item.value
            item.changed = len(fitting)


def _fits(issue: Issue, item: Task) -> bool:
    ids, wanted = item.filter.get("entityIds"), item.filter.get("hasProperty")
    if ids is not None and issue.id not in {str(id) for id in ids}:
        return False
    if wanted is not None and (item.key in issue.properties) != bool(wanted):
        return False
    return "currentValue" not in item.filter or issue.properties.get(item.key) == item.filter["currentValue"]


def _comment(call: Call) -> tuple[Issue, Comment]:
    _ = call.me
    if call.state.may(call.account, "BROWSE_PROJECTS"):
        for issue in call.state.issues.values():
            for item in issue.comments:
                if item.id == call.path["comment"]:
                    return issue, item
    raise JiraError(404, "Can not find a comment for the id: " + call.path["comment"])


def _keys(place: str, properties: dict[str, Any]) -> Response:
    return JSONResponse({"keys": [{"key": key, "self": f"{place}/{key}"} for key in properties]})


def _one(call: Call, issue: Issue, properties: dict[str, Any]) -> Response:
    key = call.path["key"]
    if call.method == "PUT":
        try:
            text = call.raw.decode("utf-8")
            value = json.loads(text)
        except ValueError:
            raise JiraError(400, "Property value must be valid JSON.") from None
        _checked(key, text)
        call.state.judge.before_write(issue, call.me, f"the property {key}")
        call.state.limits.write(issue.id)
        stood = key in properties
        properties[key] = value
        return Response(status_code=200 if stood else 201)
    if key not in properties:
        raise JiraError(404, f"The property {key} does not exist.")
    if call.method == "DELETE":
        call.state.judge.before_write(issue, call.me, f"deleting the property {key}")
        call.state.limits.write(issue.id)
        del properties[key]
        return Response(status_code=204)
    return JSONResponse({"key": key, "value": properties[key]})


def _checked(key: str, text: str) -> None:
    if not KEY.fullmatch(key):
        raise JiraError(400, "The property key must have 1 to 255 characters.")
    if len(text) > MOST_TEXT:
        raise JiraError(400, f"The property value is longer than {MOST_TEXT} characters.")


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
