"""The service desk's own API of the simulated Jira: requests, their comments, and files with a stated side.

https://developer.atlassian.com/cloud/jira/service-desk/rest/
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira_calls import Call
from connectors.sandbox.jira_state import Comment, File, Issue, JiraError


def info(call: Call) -> Response:
    """Say that the service desk is there."""
    shown = {"version": "5.12.0", "platformVersion": "1001.0.0", "isLicensedForUse": True}
    return JSONResponse(shown | {"_links": {"self": f"{call.site}/rest/servicedeskapi/info"}})


def request(call: Call) -> Response:
    """Return a request."""
    issue = _request(call)
    shown = {
        "issueId": issue.id,
        "issueKey": issue.key,
        "requestTypeId": "1",
        "serviceDeskId": issue.project.service_desk_id,
        "createdDate": _date(call, issue.created),
        "reporter": call.shapes.account(issue.reporter),
        "currentStatus": {"status": issue.status.name, "statusCategory": issue.status.category.upper()},
    }
    return JSONResponse(shown)


def comments(call: Call) -> Response:
    """List a request's comments, or write one with its side stated."""
    issue = _request(call)
    if call.method == "POST":
        asked = call.json()
        if not asked.get("body") or not isinstance(asked.get("public"), bool):
            raise JiraError(400, "Comment body and public are required.")
        added = call.state.comment(issue, call.me, str(asked["body"]), public=asked["public"])
        return JSONResponse(_comment(call, added), 201)
    return JSONResponse(_page(call, [_comment(call, item) for item in issue.comments]))


def upload(call: Call) -> Response:
    """Take files that nobody sees until they are attached."""
    _ = call.me
    if call.path["desk"] != "1":
        raise JiraError(404, "The service desk does not exist.")
    if call.headers.get("x-atlassian-token", "").lower() not in {"no-check", "nocheck"}:
        return Response("XSRF check failed", 403, media_type="text/html")
    if not call.files:
        raise JiraError(400, "No file was sent in the field 'file'.")
    shown = []
    for file in call.files:
        id = "temp" + call.state.frame.hex_id(32)
        call.state.temporary[id] = file
        shown.append({"temporaryAttachmentId": id, "fileName": file[0]})
    return JSONResponse({"temporaryAttachments": shown}, 201)


def attach(call: Call) -> Response:
    """Attach uploaded files to a request with a stated side; a comment tells of them."""
    issue, asked = _request(call), call.json()
    ids = asked.get("temporaryAttachmentIds")
    if not isinstance(ids, list) or not ids or not isinstance(asked.get("public"), bool):
        raise JiraError(400, "temporaryAttachmentIds and public are required.")
    missing = [id for id in ids if id not in call.state.temporary]
    if missing:
        raise JiraError(400, f"Temporary attachment {missing[0]} does not exist.")
    public = asked["public"]
    files = [call.state.attach(issue, call.me, *call.state.temporary.pop(id), public=public) for id in ids]
    extra = str((asked.get("additionalComment") or {}).get("body") or "")
    text = "\n".join(filter(None, [extra, *(f"[^{file.name}]" for file in files)]))
    told = call.state.comment(issue, call.me, text, public=public)
    shown = {"comment": _comment(call, told), "attachments": _page(call, [_file(call, file) for file in files])}
    return JSONResponse(shown, 201)


def transition(call: Call) -> Response:
    """Make a transition that customers may make: in this project, none is open to them."""
    _request(call)
    raise JiraError(400, "The transition is not available to customers.")


def _request(call: Call) -> Issue:
    if call.account is None:
        raise JiraError(401, "Client must be authenticated to access this resource.")
    issue = call.issue()
    if issue.project.service_desk_id is None:
        raise JiraError(404, "The Issue does not exist or is not a customer request.")
    return issue


def _page(call: Call, values: list[dict[str, Any]]) -> dict[str, Any]:
    start, size = call.number("start", 0), call.number("limit", 50)
    shown = values[start : start + size]
    return {
        "size": len(shown),
        "start": start,
        "limit": size,
        "isLastPage": start + size >= len(values),
        "_links": {},
        "values": shown,
    }


def _comment(call: Call, comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "body": comment.body,
        "public": comment.public,
        "author": call.shapes.account(comment.author),
        "created": _date(call, comment.created),
    }


def _file(call: Call, file: File) -> dict[str, Any]:
    return {
        "filename": file.name,
        "author": call.shapes.account(file.author),
        "created": _date(call, file.created),
        "size": len(file.content),
        "mimeType": file.content_type,
        "_links": {"content": f"{call.site}/rest/servicedeskapi/attachment/{file.id}"},
    }


def _date(call: Call, moment: Any) -> dict[str, Any]:
    text = call.shapes.time(moment)
    return {
        "iso8601": text[:19] + text[-5:],
        "jira": text,
        "friendly": moment.strftime("%d/%b/%y %I:%M %p"),
        "epochMillis": int(moment.timestamp() * 1000),
    }
