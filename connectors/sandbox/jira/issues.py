"""Issues of the simulated Jira: read, create, edit, transition, assign.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira import workflow
from connectors.sandbox.jira.calls import Call, page
from connectors.sandbox.jira.properties import listed
from connectors.sandbox.jira.records import Account, Issue, JiraError

EDITABLE = frozenset({"summary", "description", "labels", "priority", *workflow.FIELDS})
NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."


def read_issue(call: Call) -> Response:
    """Return an issue; a former key works too."""
    issue = call.issue()
    shown = call.shapes.issue(issue, call.words("fields"), call.expand)
    if "transitions" in call.expand or "transitions.fields" in call.expand:
        shown["transitions"] = _offered(call, issue)
    if wanted := call.words("properties"):
        every = "*all" in wanted
        shown["properties"] = {key: value for key, value in issue.properties.items() if every or key in wanted}
    return JSONResponse(shown)


def create_issue(call: Call) -> Response:
    """Create an issue."""
    _ = call.me
    asked = _fields(call)
    given = asked.get("project")
    named = given if isinstance(given, dict) else {}
    keys = (named.get("key"), named.get("id"))
    project = next((item for item in workflow.PROJECTS.values() if item.key == keys[0] or item.id == keys[1]), None)
    wrong = {}
    if project is None:
        wrong["project"] = "Specify a valid project ID or key"
    if not asked.get("summary"):
        wrong["summary"] = "You must specify a summary of the issue."
    if not asked.get("issuetype"):
        wrong["issuetype"] = "Specify an issue type"
    for name in asked.keys() - EDITABLE - {"project", "issuetype", "assignee", "reporter"}:
        wrong[name] = NOT_ON_SCREEN.format(name)
    labels = _labels(asked.get("labels") or [])
    if project is None or wrong:
        raise JiraError(400, fields=wrong)
    call.need("CREATE_ISSUES", 403, "You do not have permission to create issues in this project.")
    description = call.text(asked["description"]) if asked.get("description") else ""
    properties, priority = listed(call.json()), _priority(asked)
    issue = call.state.new_issue(project, call.me, str(asked["summary"]), description, labels)
    issue.fields |= {name: str(asked[name] or "") for name in asked if name in workflow.FIELDS}
    issue.priority = priority or issue.priority
    issue.properties |= properties
    return JSONResponse({"id": issue.id, "key": issue.key, "self": f"{call.base}/issue/{issue.id}"}, 201)


def edit_issue(call: Call) -> Response:
    """Edit an issue's fields: an empty 204, or the issue if requested."""
    issue, asked = call.issue(), _fields(call)
    call.need("EDIT_ISSUES", 403, "You do not have permission to edit this issue.")
    labels, properties = _changed_labels(issue, asked), listed(call.json())
    if wrong := {name: NOT_ON_SCREEN.format(name) for name in asked if name not in EDITABLE}:
        raise JiraError(400, fields=wrong)
    if "summary" in asked and not asked["summary"]:
        raise JiraError(400, fields={"summary": "You must specify a summary of the issue."})
    description = call.text(asked["description"]) if asked.get("description") else ""
    priority = _priority(asked)
    call.state.collide()
    call.state.judge.before_write(issue, call.me, "an edit")
    call.state.touch(issue, call.me)
    if labels is not None:
        call.state.set_labels(issue, call.me, labels)
    issue.summary = str(asked.get("summary") or issue.summary)
    if priority:
        call.state.remember(issue, call.me.login, "priority", issue.priority, priority)
        issue.priority = priority
    if "description" in asked:
        issue.description = description
    issue.fields |= {name: str(asked[name] or "") for name in asked if name in workflow.FIELDS}
    issue.properties |= properties
    if call.query.get("returnIssue") == "true" and call.state.cloud:
        return JSONResponse(call.shapes.issue(issue, None, call.expand))
    return Response(status_code=204)


def changelog(call: Call) -> Response:
    """List every change of an issue, oldest first."""
    issue = call.issue()
    most = max(1, min(call.number("maxResults", 100), 100))
    shown = page(call.shapes.changelog(issue), "values", call.number("startAt", 0), most)
    place = f"{call.base}/issue/{issue.key}/changelog?maxResults={most}&startAt="
    shown["self"] = f"{place}{shown['startAt']}"
    after = shown["startAt"] + len(shown["values"])
    shown["isLast"] = after >= shown["total"]
    return JSONResponse(shown if shown["isLast"] else shown | {"nextPage": f"{place}{after}"})


def transitions(call: Call) -> Response:
    """List the transitions available to the caller, or make one."""
    issue = call.issue()
    if call.method == "GET":
        shown = _offered(call, issue)
        if wanted := call.query.get("transitionId"):
            shown = [item for item in shown if item["id"] == wanted]
        return JSONResponse({"expand": "transitions", "transitions": shown})
    asked = call.json()
    chosen = str((asked.get("transition") or {}).get("id") or "")
    if not chosen:
        raise JiraError(400, "Transition id is not specified.")
    texts = [
        call.text((step.get("add") or {}).get("body")) for step in (asked.get("update") or {}).get("comment") or []
    ]
    call.state.transition(issue, call.me, chosen, asked.get("fields") or {})
    for text in texts:  # this call cannot make it internal
        call.state.judge.side_of_comment(issue, call.me, {})
        call.state.comment(issue, call.me, text, public=True)
    return Response(status_code=204, media_type="text/html")


def assign(call: Call) -> Response:
    """Set the assignee by account id (Cloud) or name (Data Center); null clears it, `-1` is the default."""
    issue, asked = call.issue(), call.json()
    call.need("ASSIGN_ISSUES", 403, "You do not have permission to assign issues.")
    name = "accountId" if call.state.cloud else "name"
    if name not in asked:
        raise JiraError(400, fields={"assignee": f"{name} is required"})
    account: Account | None = None
    if asked[name] not in {None, "-1"}:  # the default of both projects is unassigned
        account = call.state.by_id(str(asked[name]))
        if account is None or not account.agent:
            raise JiraError(400, fields={"assignee": f"User '{asked[name]}' cannot be assigned issues."})
    call.state.assign(issue, call.me, account)
    return Response(status_code=204)


def _offered(call: Call, issue: Issue) -> list[dict[str, Any]]:
    screens = "transitions.fields" in call.expand
    if call.account is None:
        return []
    return [call.shapes.transition(issue, item, fields=screens) for item in call.state.offered(issue, call.account)]


def _fields(call: Call) -> dict[str, Any]:
    """Return the fields to set; operations of `update` are under their field's name with a `+`."""
    _ = call.me
    asked = call.json()
    fields, update = asked.get("fields") or {}, asked.get("update") or {}
    if not isinstance(fields, dict) or not isinstance(update, dict):
        raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    both = sorted(fields.keys() & update.keys())
    if both:
        raise JiraError(400, fields={both[0]: f"Field '{both[0]}' cannot appear in both 'fields' and 'update'"})
    steps = {"+labels" if name == "labels" else name: step for name, step in update.items()}
    return {**fields, **steps}


def _changed_labels(issue: Issue, asked: dict[str, Any]) -> list[str] | None:
    steps = asked.pop("+labels", None)
    if steps is None:
        return _labels(asked["labels"]) if "labels" in asked else None
    labels = list(issue.labels)
    for step in steps if isinstance(steps, list) else []:
        if "set" in step:
            labels = _labels(step["set"])
        if "add" in step and step["add"] not in labels:
            labels += _labels([step["add"]])
        if "remove" in step:
            labels = [label for label in labels if label != step["remove"]]
    return labels


def _priority(asked: dict[str, Any]) -> str | None:
    """Return the priority with an id or a name, None if none is given."""
    if "priority" not in asked:
        return None
    given = asked["priority"] if isinstance(asked["priority"], dict) else {}
    for id, name in workflow.PRIORITIES.items():
        if given.get("id") == id or given.get("name") == name:
            return name
    raise JiraError(400, fields={"priority": "The priority selected is invalid."})


def _labels(asked: Any) -> list[str]:
    if not isinstance(asked, list) or not all(isinstance(label, str) for label in asked):
        raise JiraError(400, fields={"labels": "data was not an array"})
    for label in asked:
        if " " in label:
            raise JiraError(400, fields={"labels": f"The label '{label}' contains spaces which is invalid."})
    return list(asked)
