"""Attachments of the simulated Jira.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-attachments/
"""

from __future__ import annotations

import hashlib

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira.calls import Call
from connectors.sandbox.jira.records import File, Issue, JiraError

MEDIA = "/media"  # stands in for Cloud's media host, to which downloads are redirected
MOST_AT_ONCE = 60  # files of one request


def attach(call: Call) -> Response:
    """Attach files: the field `file`, and the header that proves no browser form sent them."""
    issue = call.issue()
    if refused := no_proof(call):
        return refused
    call.need("CREATE_ATTACHMENTS", 403, "You do not have permission to create attachments for this issue.")
    if not call.files:
        raise JiraError(400, "No file was sent in the field 'file'.")
    if len(call.files) > MOST_AT_ONCE:
        raise JiraError(413, f"At most {MOST_AT_ONCE} files may be sent at once.")
    # Whether JSM's portal shows files attached this way is not documented; here customers see them (inferred).
    public = issue.project.service_desk_id is not None
    added = [call.state.attach(issue, call.me, *file, public=public) for file in call.files]
    return JSONResponse([call.shapes.file(file) for file in added])


def attachment_meta(call: Call) -> Response:
    """Say whether attachments are enabled, and their maximum size."""
    _ = call.me
    return JSONResponse({"enabled": True, "uploadLimit": call.state.habits.upload_limit})


def attachment(call: Call) -> Response:
    """Read an attachment's metadata, or delete it."""
    issue, file = _file(call)
    if call.method == "DELETE":
        if file.author is not call.me:
            raise JiraError(403, "You do not have permission to delete this attachment.")
        call.state.judge.before_write(issue, call.me, f"deleting the file {file.name}")
        call.state.touch(issue, call.me)
        issue.files.remove(file)
        return Response(status_code=204)
    return JSONResponse(call.shapes.file(file))


def attachment_content(call: Call) -> Response:
    """Redirect a download to the bytes: on Cloud another host, which must not get our credentials."""
    _, file = _file(call)
    if not call.state.cloud or call.query.get("redirect") == "false":
        return Response(file.content, media_type=file.content_type)
    return Response(status_code=303, headers={"Location": f"{call.site}{MEDIA}/{file.id}?token={_token(file)}"})


def media(call: Call) -> Response:
    """Return a file's bytes to anyone with the address that Jira gave."""
    for issue in call.state.issues.values():
        for file in issue.files:
            if file.id == call.path["attachment"] and call.query.get("token") == _token(file):
                return Response(file.content, media_type=file.content_type)
    raise JiraError(404, "There is no such file.")


def no_proof(call: Call) -> Response | None:
    """Refuse a form without the header that a browser cannot send on its own."""
    if call.headers.get("x-atlassian-token", "").lower() in {"no-check", "nocheck"}:
        return None
    return Response("XSRF check failed", 403, media_type="text/html")


def _token(file: File) -> str:
    return hashlib.sha256(file.id.encode() + file.content).hexdigest()


def _file(call: Call) -> tuple[Issue, File]:
    _ = call.me
    if call.state.may(call.account, "BROWSE_PROJECTS"):
        for issue in call.state.issues.values():
            for file in issue.files:
                if file.id == call.path["attachment"]:
                    return issue, file
    raise JiraError(404, f"The attachment with id '{call.path['attachment']}' does not exist")
