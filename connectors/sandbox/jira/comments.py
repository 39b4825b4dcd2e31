"""Comments of the simulated Jira.

A comment without `sd.public.comment` is public on a service project, whatever its `visibility` says
(https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-comments/).
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira import workflow
from connectors.sandbox.jira.calls import Call, page
from connectors.sandbox.jira.properties import is_public, listed
from connectors.sandbox.jira.records import Comment, Issue, JiraError

MOST_TEXT = 32767  # characters, https://confluence.atlassian.com/adminjiraserver/advanced-jira-application-configuration-938847833.html
TOO_LONG = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."


def comments(call: Call) -> Response:
    """List an issue's comments, or add one."""
    issue = call.issue()
    if call.method == "POST":
        return _write(call, issue)
    found = [item for item in issue.comments if _visible(call, item)]
    order = call.query.get("orderBy", "created")
    if order.lstrip("+- ") != "created":  # an unescaped + arrives as a space
        raise JiraError(400, f"The orderBy value {order!r} is not valid.")
    if order.startswith("-"):
        found.reverse()
    shown = page(found, "comments", call.number("startAt", 0), max(0, min(call.number("maxResults", 100), 5000)))
    shown["comments"] = [_shown(call, issue, item) for item in shown["comments"]]
    return JSONResponse(shown)


def comment(call: Call) -> Response:
    """Read, update or delete one comment."""
    issue = call.issue()
    found = _comment(call, issue)
    if call.method == "DELETE":
        if found.author is not call.me or not call.state.may(call.me, "DELETE_OWN_COMMENTS"):
            raise JiraError(400, "You do not have permission to delete this comment.")
        call.state.judge.before_write(issue, call.me, "deleting a comment")
        call.state.touch(issue, call.me)
        issue.comments.remove(found)
        return Response(status_code=204)
    if call.method == "PUT":
        if found.author is not call.me or not call.state.may(call.me, "EDIT_OWN_COMMENTS"):
            raise JiraError(400, "You do not have permission to edit this comment.")
        _change(call, issue, found)
    return JSONResponse(_shown(call, issue, found))


def _change(call: Call, issue: Issue, found: Comment) -> None:
    asked = call.json()
    text, properties, visibility = _text(call, asked), listed(asked), _visibility(asked)
    call.state.judge.before_write(issue, call.me, "a changed comment")
    call.state.touch(issue, call.me)
    found.body, found.updated = text, call.state.frame.clock()
    found.properties |= properties
    found.visibility = visibility or found.visibility
    if issue.project.service_desk_id:
        found.public = is_public(found.properties)
    call.state.judge.seen_by_customers(issue, found)


def _write(call: Call, issue: Issue) -> Response:
    asked = call.json()
    properties, text, visibility = listed(asked), _text(call, asked), _visibility(asked)
    call.need("ADD_COMMENTS", 400, "You do not have the permission to comment on this issue.")
    public = is_public(properties) or not issue.project.service_desk_id
    call.state.judge.side_of_comment(issue, call.me, properties)
    added = call.state.comment(issue, call.me, text, public=public, properties=properties, visibility=visibility)
    shown = _shown(call, issue, added)
    if call.state.habits.hides_new_properties:
        shown.pop("properties", None)
    return JSONResponse(shown, 201, headers={"Location": shown["self"]})


def _shown(call: Call, issue: Issue, item: Comment) -> dict[str, Any]:
    shown = call.shapes.comment(issue, item, properties="properties" in call.expand)
    if "renderedBody" in call.expand:
        shown["renderedBody"] = call.shapes.rendered(item.body)
    return shown


def _visible(call: Call, item: Comment) -> bool:
    """Say whether the caller sees a comment: only agents see internal ones."""
    return item.public or (call.account is not None and call.account.agent)


def _comment(call: Call, issue: Issue) -> Comment:
    for item in issue.comments:
        if item.id == call.path["comment"] and _visible(call, item):
            return item
    raise JiraError(404, "Can not find a comment for the id: " + call.path["comment"])


def _text(call: Call, asked: dict[str, Any]) -> str:
    text = call.text(asked.get("body"))
    if len(text) > MOST_TEXT:
        raise JiraError(400, fields={"comment": TOO_LONG})
    return text


def _visibility(asked: dict[str, Any]) -> dict[str, Any] | None:
    given = asked.get("visibility")
    if given is None:
        return None
    if not isinstance(given, dict) or given.get("type") not in {"role", "group"}:
        raise JiraError(400, fields={"commentLevel": "The visibility must be of the type 'role' or 'group'."})
    known = workflow.ROLES if given["type"] == "role" else workflow.GROUPS
    name = given.get("value") or given.get("identifier")
    if name not in known:
        raise JiraError(400, fields={"commentLevel": f"{given['type'].capitalize()}: {name} does not exist."})
    return {"type": given["type"], "value": name, "identifier": name}
