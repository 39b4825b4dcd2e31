"""Links of the simulated Jira: issue links and remote links."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira import workflow
from connectors.sandbox.jira.calls import NO_ISSUE, Call
from connectors.sandbox.jira.records import Issue, JiraError


def link_issues(call: Call) -> Response:
    """Link two issues; the answer is an empty 201, so the link's id has to be read from an issue."""
    _ = call.me
    asked = call.json()
    named = asked.get("type") or {}
    found = next((row for row in workflow.LINK_TYPES if row[1] == named.get("name") or row[0] == named.get("id")), None)
    if found is None:
        raise JiraError(404, f"No issue link type with name '{named.get('name')}' found.")
    inward, outward = _end(call, asked.get("inwardIssue")), _end(call, asked.get("outwardIssue"))
    if inward is outward:
        raise JiraError(400, "You cannot link an issue to itself.")
    call.need("LINK_ISSUES", 401, "You do not have permission to link issues.")
    if max(len(inward.links), len(outward.links)) >= call.state.habits.most_links:
        raise JiraError(413, "The number of links of an issue is limited; this issue has reached the limit.")
    call.state.judge.before_write(outward, call.me, "a link")
    call.state.touch(outward, call.me)
    kind = dict(zip(("id", "name", "inward", "outward"), found, strict=True))
    kind["self"] = f"{call.base}/issueLinkType/{found[0]}"
    id = call.state.new_id("link")
    for issue, side, other in ((inward, "outwardIssue", outward), (outward, "inwardIssue", inward)):
        issue.links.append({"id": id, "self": f"{call.base}/issueLink/{id}", "type": kind, side: _short(call, other)})
    return Response(status_code=201)


def remote_links(call: Call) -> Response:
    """List remote links, or set one; a known `globalId` updates its link."""
    issue = call.issue()
    if call.method == "GET":
        wanted = call.query.get("globalId")
        if wanted is None:
            return JSONResponse(list(issue.remote_links.values()))
        if wanted not in issue.remote_links:
            raise JiraError(404, f"The remote issue link with the global ID '{wanted}' does not exist.")
        return JSONResponse(issue.remote_links[wanted])
    asked = call.json()
    target = asked.get("object")
    if not isinstance(target, dict) or not target.get("url") or not target.get("title"):
        raise JiraError(400, fields={"object": "'url' and 'title' are required."})
    call.need("LINK_ISSUES", 403, "You do not have permission to link issues.")
    key = str(asked.get("globalId") or "") or None
    stood = issue.remote_links.get(key) if key else None
    if stood is None and len(issue.remote_links) >= call.state.habits.most_links:
        raise JiraError(413, "The number of remote links of an issue is limited; this issue has reached the limit.")
    call.state.judge.before_write(issue, call.me, "a remote link")
    call.state.touch(issue, call.me)
    id = stood["id"] if stood else int(call.state.new_id("link"))
    place = f"{call.base}/issue/{issue.key}/remotelink/{id}"
    issue.remote_links[key or f"#{id}"] = asked | {"id": id, "self": place}
    return JSONResponse({"id": id, "self": place}, 200 if stood else 201)


def _end(call: Call, named: Any) -> Issue:
    picked = named if isinstance(named, dict) else {}
    if not picked.get("key") and not picked.get("id"):
        raise JiraError(400, "Both issues of a link must be named by key or id.")
    if not call.state.may(call.account, "BROWSE_PROJECTS"):
        raise JiraError(404, NO_ISSUE)
    return call.state.issue(str(picked.get("key") or picked["id"]))


def _short(call: Call, issue: Issue) -> dict[str, Any]:
    fields = {"summary": issue.summary, "status": call.shapes.status(issue.status)}
    return {"id": issue.id, "key": issue.key, "self": f"{call.base}/issue/{issue.id}", "fields": fields}
