"""The Service Management API of the simulated Jira: requests, comments, and files that state who sees them.

https://developer.atlassian.com/cloud/jira/service-desk/rest/
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira import workflow
from connectors.sandbox.jira.accounts import AGENT
from connectors.sandbox.jira.calls import NO_ISSUE, Call
from connectors.sandbox.jira.comments import MOST_TEXT, TOO_LONG
from connectors.sandbox.jira.files import no_proof
from connectors.sandbox.jira.records import Issue, JiraError
from connectors.sandbox.jira.request_shapes import approval, comment, dated, file, page, person, sla

MOST_ON_A_PAGE = 100
NO_DESK = "The service desk does not exist."


def info(call: Call) -> Response:
    """Return the product's version; no authentication needed."""
    shown = {
        "version": "5.12.0",
        "platformVersion": "1001.0.0",
        "buildChangeSet": "0" * 40,
        "isLicensedForUse": True,
        "_links": {"self": f"{call.site}/rest/servicedeskapi/info"},
    }
    return JSONResponse(shown)


def desks(call: Call) -> Response:
    """List the service desks."""
    _ = call.me
    return JSONResponse(
        _page(call, [_desk(call, project) for project in call.state.projects if project.service_desk_id])
    )


def request_types(call: Call) -> Response:
    """List the request types of a service desk's portal."""
    found = _project(call)
    shown = [
        {"id": str(number), "name": name, "issueTypeId": "10005", "serviceDeskId": found.service_desk_id}
        for number, name in enumerate(found.request_types, 1)
    ]
    return JSONResponse(_page(call, shown))


def request_form(call: Call) -> Response:
    """Return the fields that a request type asks for: a summary, and those of the project's form.

    https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-servicedesk/ ("Get request type fields")
    """
    found, number = _project(call), call.path["type"]
    if number not in {str(place) for place in range(1, len(found.request_types) + 1)}:
        raise JiraError(404, "The request type does not exist.")
    asked = [("summary", "Summary", {"type": "string", "system": "summary"})]
    if found.request_types[int(number) - 1] == found.form:
        asked += [(id, workflow.FIELDS[id], workflow.schema(id)) for id in found.fields.values()]
    shown = [
        {"fieldId": id, "name": name, "description": "", "required": id == "summary", "jiraSchema": kind}
        | {"defaultValues": [], "validValues": [], "presetValues": [], "visible": True}
        for id, name, kind in asked
    ]
    return JSONResponse({"requestTypeFields": shown, "canRaiseOnBehalfOf": True, "canAddRequestParticipants": True})


def request(call: Call) -> Response:
    """Return a request."""
    issue = _request(call)
    status = {
        "status": call.state.word(issue.status.name),
        "statusCategory": issue.status.category.upper(),
        "statusDate": dated(call, max([row["at"] for row in issue.history if row["field"] == "status"], default=None)),
    }
    values = {"summary": ("Summary", issue.summary), "description": ("Description", issue.description)}
    values |= {name: (workflow.FIELDS[name], issue.fields.get(name, "")) for name in workflow.FIELDS}
    shown = {
        "issueId": issue.id,
        "issueKey": issue.key,
        "summary": issue.summary,
        "requestTypeId": "1",
        "serviceDeskId": issue.project.service_desk_id,
        "createdDate": dated(call, issue.created),
        "reporter": person(call, issue.reporter),
        "requestFieldValues": [
            {"fieldId": name, "label": label, "value": value} for name, (label, value) in values.items()
        ],
        "currentStatus": {name: value for name, value in status.items() if value is not None},
        "_links": {
            "self": f"{call.site}/rest/servicedeskapi/request/{issue.id}",
            "jiraRest": f"{call.site}/rest/api/2/issue/{issue.id}",
            "web": f"{call.site}/servicedesk/customer/portal/{issue.project.service_desk_id}/{issue.key}",
            "agent": f"{call.site}/browse/{issue.key}",
        },
    }
    return JSONResponse(shown)


def comments(call: Call) -> Response:
    """List a request's comments, or add a public or internal one; an empty page for a caller without access."""
    if call.method == "POST":
        return _write(call, _request(call))
    if not call.state.may(call.me, "BROWSE_PROJECTS"):
        return JSONResponse(_page(call, []))
    issue = _request(call)
    sides = {True: call.query.get("public") != "false", False: call.query.get("internal") != "false"}
    sides[False] = sides[False] and call.state.may(call.me, AGENT)
    return JSONResponse(_page(call, [comment(call, issue, item) for item in issue.comments if sides[item.public]]))


def slas(call: Call) -> Response:
    """List a request's SLAs, for agents only."""
    issue = _request(call)
    call.need(AGENT, 403, "You must be an agent of this service desk to see its SLAs.")
    running = issue.slas_at(call.state.frame.clock())
    return JSONResponse(_page(call, [sla(call, issue, place) for place in range(len(running))]))


def approvals(call: Call) -> Response:
    """List a request's approvals: https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/.

    Who may view the request may see them; that our account must be an agent for it is inferred.
    """
    issue = _request(call)
    call.need(AGENT, 403, "You do not have permission to view the approvals of this request.")
    return JSONResponse(_page(call, [approval(call, issue, item) for item in issue.approvals]))


def upload(call: Call) -> Response:
    """Accept temporary files, which nobody sees until they are attached."""
    _ = call.me
    if call.path["desk"] not in {project.service_desk_id for project in call.state.projects} - {None}:
        raise JiraError(404, NO_DESK)
    if refused := no_proof(call):
        return refused
    call.need("CREATE_ATTACHMENTS", 403, "You do not have permission to add attachments.")
    if not call.files:
        raise JiraError(400, "No file was sent in the field 'file'.")
    if any(len(content) > call.state.habits.upload_limit for _, content, _ in call.files):
        raise JiraError(413, f"A file is larger than the maximum of {call.state.habits.upload_limit} bytes.")
    shown = []
    for one in call.files:
        id = "temp" + call.state.frame.hex_id(32)
        call.state.temporary[id] = one
        shown.append({"temporaryAttachmentId": id, "fileName": one[0]})
    return JSONResponse({"temporaryAttachments": shown}, 201)


def attach(call: Call) -> Response:
    """Attach temporary files to a request, public or internal; adds a comment that lists them."""
    issue, asked = _request(call), call.json()
    ids = asked.get("temporaryAttachmentIds")
    if not isinstance(ids, list) or not ids or not isinstance(asked.get("public"), bool):
        raise JiraError(400, "temporaryAttachmentIds and public are required.")
    missing = [id for id in ids if id not in call.state.temporary]
    if missing:
        raise JiraError(400, f"Temporary attachment {missing[0]} does not exist.")
    call.need("CREATE_ATTACHMENTS", 403, "You do not have permission to add attachments.")
    public = _side(call, asked)
    files = [call.state.attach(issue, call.me, *call.state.temporary.pop(id), public=public) for id in ids]
    extra = str((asked.get("additionalComment") or {}).get("body") or "")
    text = "\n".join(filter(None, [extra, *(f"[^{item.name}]" for item in files)]))
    noted = call.state.comment(issue, call.me, text, public=public)
    attached = page([file(call, item) for item in files], 0, 50)
    return JSONResponse({"comment": comment(call, issue, noted), "attachments": attached}, 201)


def transition(call: Call) -> Response:
    """List the transitions on the portal, or make one; its comment is public."""
    issue = _request(call)
    offered = [item for item in call.state.offered(issue, call.me) if item.for_customers]
    if call.method == "GET":
        return JSONResponse(_page(call, [{"id": item.id, "name": call.state.word(item.name)} for item in offered]))
    asked = call.json()
    if str(asked.get("id")) not in {item.id for item in offered}:
        raise JiraError(400, "The transition is not available to customers.")
    call.state.transition(issue, call.me, str(asked["id"]), {})
    if text := (asked.get("additionalComment") or {}).get("body"):
        call.state.comment(issue, call.me, str(text), public=True)
    return Response(status_code=204)


def _write(call: Call, issue: Issue) -> Response:
    asked = call.json()
    if not asked.get("body") or not isinstance(asked.get("public"), bool):
        raise JiraError(400, "Comment body and public are required.")
    if len(str(asked["body"])) > MOST_TEXT:
        raise JiraError(400, TOO_LONG)
    call.need("ADD_COMMENTS", 403, "You do not have permission to comment on this request.")
    public = _side(call, asked)
    added = call.state.comment(issue, call.me, str(asked["body"]), public=public)
    return JSONResponse(comment(call, issue, added), 201)


def _side(call: Call, asked: dict[str, Any]) -> bool:
    """Return whether the body asks for public; customers can only be public."""
    if not asked["public"] and not call.state.may(call.me, AGENT):
        raise JiraError(403, "Only agents may write internally.")
    return bool(asked["public"])


def _request(call: Call) -> Issue:
    _ = call.me
    if not call.state.may(call.account, "BROWSE_PROJECTS"):
        raise JiraError(403, "You do not have permission to view this request.")
    issue = call.issue()
    if issue.project.service_desk_id is None:
        raise JiraError(404, NO_ISSUE)
    return issue


def _project(call: Call) -> workflow.Project:
    _ = call.me
    found = next((item for item in call.state.projects if item.service_desk_id == call.path["desk"]), None)
    if found is None:
        raise JiraError(404, NO_DESK)
    return found


def _desk(call: Call, project: workflow.Project) -> dict[str, Any]:
    names = {"projectId": project.id, "projectName": project.name, "projectKey": project.key}
    place = f"{call.site}/rest/servicedeskapi/servicedesk/{project.service_desk_id}"
    return {"id": project.service_desk_id, **names, "_links": {"self": place}}


def _page(call: Call, values: list[dict[str, Any]]) -> dict[str, Any]:
    limit = max(1, min(call.number("limit", 50), MOST_ON_A_PAGE))
    return page(values, call.number("start", 0), limit, f"{call.site}/rest/servicedeskapi")
