"""Comments and attachments of the simulated Jira.

A comment without `sd.public.comment` is public on a service project, whatever its `visibility` says
(https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-comments/).
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira_calls import Call, page
from connectors.sandbox.jira_issues import property_answer
from connectors.sandbox.jira_state import Comment, File, Issue, JiraError

UPLOAD_LIMIT = 1_073_741_824  # bytes, Jira Cloud's default of 1 GB


def comments(call: Call) -> Response:
    """List an issue's comments, or write one."""
    issue = call.issue()
    if call.method == "POST":
        return _write(call, issue)
    found = list(issue.comments)
    order = call.query.get("orderBy", "created")
    if order.lstrip("+-") != "created":
        raise JiraError(400, f"The orderBy value {order!r} is not valid.")
    if order.startswith("-"):
        found.reverse()
    shown = page(found, "comments", call.number("startAt", 0), min(call.number("maxResults", 50), 5000))
    expand = "properties" in (call.words("expand") or [])
    shown["comments"] = [call.shapes.comment(issue, item, properties=expand) for item in shown["comments"]]
    return JSONResponse(shown)


def comment(call: Call) -> Response:
    """Read, change or delete one comment."""
    issue = call.issue()
    found = _comment(issue, call.path["comment"])
    if call.method == "DELETE":
        if found.author is not call.me:
            raise JiraError(403, "You do not have the permission to delete this comment.")
        issue.comments.remove(found)
        return Response(status_code=204)
    if call.method == "PUT":
        asked = call.json()
        text = call.text(asked.get("body"))
        call.state.judge.before_write(issue, call.me, "a changed comment")
        call.state.touch(issue, call.me)
        found.body, found.updated = text, call.state.frame.clock()
        found.properties |= _properties(asked)
    return JSONResponse(call.shapes.comment(issue, found, properties=True))


def comment_property(call: Call) -> Response:
    """Read, set or delete one property of a comment."""
    _ = call.me
    for issue in call.state.issues.values():
        for item in issue.comments:
            if item.id == call.path["comment"]:
                return property_answer(call, issue, item.properties)
    raise JiraError(404, "Can not find a comment for the id: " + call.path["comment"])


def attach(call: Call) -> Response:
    """Attach files: field `file`, and the header that proves that no browser form sent them."""
    issue = call.issue()
    if call.headers.get("x-atlassian-token", "").lower() not in {"no-check", "nocheck"}:
        return Response("XSRF check failed", 403, media_type="text/html")
    if not call.files:
        raise JiraError(400, "No file was sent in the field 'file'.")
    # What JSM shows on the portal of files attached this way is not documented; taken as seen by customers (inferred).
    public = issue.project.service_desk_id is not None
    added = [call.state.attach(issue, call.me, *file, public=public) for file in call.files]
    return JSONResponse([call.shapes.file(file) for file in added])


def attachment_meta(call: Call) -> Response:
    """Say whether and up to which size files may be attached."""
    _ = call.me
    return JSONResponse({"enabled": True, "uploadLimit": UPLOAD_LIMIT})


def attachment(call: Call) -> Response:
    """Read what is known of an attachment, or delete it."""
    issue, file = _file(call)
    if call.method == "DELETE":
        issue.files.remove(file)
        return Response(status_code=204)
    return JSONResponse(call.shapes.file(file))


def attachment_content(call: Call) -> Response:
    """Return a file's bytes."""
    _, file = _file(call)
    return Response(file.content, media_type=file.content_type)


def _write(call: Call, issue: Issue) -> Response:
    asked = call.json()
    properties = _properties(asked)
    text = call.text(asked.get("body"))
    told = properties.get("sd.public.comment")
    internal = bool(told.get("internal")) if isinstance(told, dict) and issue.project.service_desk_id else False
    added = call.state.comment(issue, call.me, text, public=not internal, properties=properties)
    shown = call.shapes.comment(issue, added, properties=True)
    return JSONResponse(shown, 201, headers={"Location": shown["self"]})


def _properties(asked: dict[str, Any]) -> dict[str, Any]:
    listed = asked.get("properties") or []
    if not isinstance(listed, list) or not all(isinstance(item, dict) and item.get("key") for item in listed):
        raise JiraError(400, fields={"properties": "Each property needs a key and a value."})
    return {str(item["key"]): item.get("value") for item in listed}


def _comment(issue: Issue, id: str) -> Comment:
    for item in issue.comments:
        if item.id == id:
            return item
    raise JiraError(404, "Can not find a comment for the id: " + id)


def _file(call: Call) -> tuple[Issue, File]:
    _ = call.me
    for issue in call.state.issues.values():
        for file in issue.files:
            if file.id == call.path["attachment"]:
                return issue, file
    raise JiraError(404, f"The attachment with id '{call.path['attachment']}' does not exist")
