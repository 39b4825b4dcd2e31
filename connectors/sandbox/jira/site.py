"""The site-wide endpoints of the simulated Jira: the caller, permissions, fields, projects, choices and users."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira import workflow
from connectors.sandbox.jira.accounts import AGENT
from connectors.sandbox.jira.calls import Call, page
from connectors.sandbox.jira.records import JiraError

PERMISSIONS = (
    "ADD_COMMENTS",
    "ASSIGN_ISSUES",
    "BROWSE_PROJECTS",
    "CREATE_ATTACHMENTS",
    "CREATE_ISSUES",
    "DELETE_OWN_ATTACHMENTS",
    "DELETE_OWN_COMMENTS",
    "EDIT_ISSUES",
    "EDIT_OWN_COMMENTS",
    "LINK_ISSUES",
    AGENT,
    "TRANSITION_ISSUES",
)


def server_info(call: Call) -> Response:
    """Return the server info; no authentication needed."""
    cloud = call.state.cloud
    info = {
        "baseUrl": call.site,
        "version": "1001.0.0-SNAPSHOT" if cloud else "10.3.0",
        "versionNumbers": [1001, 0, 0] if cloud else [10, 3, 0],
        "deploymentType": "Cloud" if cloud else "Server",
        "buildNumber": 100290,
        "buildDate": "2026-01-01T00:00:00.000+0000",
        "serverTime": call.shapes.time(call.state.frame.clock()),
        "scmInfo": "0" * 40,
        "serverTimeZone": "Etc/UTC",  # the site's; times are nevertheless in the reader's zone, as recorded
        "serverTitle": "Jira",
        "defaultLocale": {"locale": "en_US"},
    }
    return JSONResponse(info)


def myself(call: Call) -> Response:
    """Return the caller; the only endpoint that proves a credential."""
    return JSONResponse(call.shapes.account(call.me))


def my_permissions(call: Call) -> Response:
    """Return which of the named permissions the caller has; `permissions` is required."""
    names = call.words("permissions")
    if not names:
        raise JiraError(400, "The 'permissions' query parameter is required.")
    unknown = [name for name in names if name not in PERMISSIONS]
    if unknown:
        raise JiraError(400, f"Unrecognized permission keys: {', '.join(unknown)}")
    if call.query.get("projectKey", "SUP") not in workflow.PROJECTS:
        raise JiraError(404, f"No project could be found with key '{call.query['projectKey']}'.")
    if named := call.query.get("issueKey") or call.query.get("issueId"):
        call.state.issue(named)
    shown = {
        name: {
            "id": str(number),
            "key": name,
            "name": name.replace("_", " ").capitalize(),
            "type": "PROJECT",
            "description": "",
            "havePermission": call.state.may(call.account, name),
        }
        for number, name in enumerate(names, 10)
    }
    return JSONResponse({"permissions": shown})


def fields(call: Call) -> Response:
    """List the fields of issues; an anonymous caller sees none."""
    if call.account is None:
        return JSONResponse([])
    system = ("summary", "description", "status", "resolution", "labels", "assignee", "reporter", "created", "updated")
    common = {"navigable": True, "orderable": True, "searchable": True}
    found: list[dict[str, Any]] = [
        {"id": name, "key": name, "name": name.capitalize(), "custom": False, "clauseNames": [name]} | common
        for name in system
    ]
    for id, name in {**workflow.FIELDS, **workflow.SLA_FIELDS}.items():
        number, kind = int(id.removeprefix("customfield_")), workflow.schema(id)
        shown = {"id": id, "key": id, "name": name, "untranslatedName": name, "custom": True, "schema": kind}
        found.append(shown | common | {"clauseNames": [f"cf[{number}]", name]})
    return JSONResponse(found)


def project(call: Call) -> Response:
    """Return a project with its issue types."""
    found = _project(call)
    return JSONResponse(_short(call, found) | {"issueTypes": [_issue_type(call, found)]})


def projects(call: Call) -> Response:
    """List all projects; an anonymous caller sees none."""
    return JSONResponse([_short(call, item) for item in call.state.projects] if call.account else [])


def search_projects(call: Call) -> Response:
    """Find projects by part of their key or name, in pages; Data Center has no such path and reads it as a key.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-projects/
    """
    if not call.state.cloud:
        raise JiraError(404, "No project could be found with key 'search'.")
    wanted = call.query.get("query", "").casefold()
    named = [item for item in call.state.projects if wanted in f"{item.key} {item.name}".casefold()]
    every = [_short(call, item) for item in named] if call.account else []
    start, most = call.number("startAt", 0), max(1, min(call.number("maxResults", 50), 50))
    place = f"{call.base}/project/search?startAt={start}&maxResults={most}"
    return JSONResponse({"self": place, "isLast": start + most >= len(every)} | page(every, "values", start, most))


def project_statuses(call: Call) -> Response:
    """List the statuses of a project's workflow for each of its issue types."""
    found = _project(call)
    statuses = [call.shapes.status(status) for status in found.statuses]
    return JSONResponse([_issue_type(call, found) | {"statuses": statuses}])


def resolutions(call: Call) -> Response:
    """List the resolutions."""
    _ = call.me
    return JSONResponse([call.shapes.resolution(name) for name in workflow.RESOLUTIONS.values()])


def priorities(call: Call) -> Response:
    """List the priorities; on Cloud this list is deprecated."""
    _ = call.me
    return JSONResponse([call.shapes.priority(name) for name in workflow.PRIORITIES.values()])


def search_priorities(call: Call) -> Response:
    """List the priorities in pages; Cloud only."""
    _ = call.me
    if not call.state.cloud:
        raise JiraError(404, "null for uri: /priority/search")
    every = [call.shapes.priority(name) | {"isDefault": name == "Medium"} for name in workflow.PRIORITIES.values()]
    start, most = call.number("startAt", 0), max(1, min(call.number("maxResults", 50), 50))
    return JSONResponse(page(every, "values", start, most) | {"isLast": start + most >= len(every)})


def labels(call: Call) -> Response:
    """List the labels of all issues in pages; Cloud only.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-labels/ ("Get all labels").
    """
    _ = call.me
    if not call.state.cloud:
        raise JiraError(404, "null for uri: /label")
    every: list[Any] = sorted({label for issue in call.state.issues.values() for label in issue.labels})
    start, most = call.number("startAt", 0), max(1, min(call.number("maxResults", 1000), 1000))
    return JSONResponse(page(every, "values", start, most) | {"isLast": start + most >= len(every)})


def link_types(call: Call) -> Response:
    """List the issue link types."""
    _ = call.me
    kinds = [
        {"id": id, "name": name, "inward": inward, "outward": outward, "self": f"{call.base}/issueLinkType/{id}"}
        for id, name, inward, outward in workflow.LINK_TYPES
    ]
    return JSONResponse({"issueLinkTypes": kinds})


def find_users(call: Call) -> Response:
    """Find users by part of their name or e-mail address; Jira's search is fuzzy too."""
    _ = call.me
    wanted = call.query.get("query" if call.state.cloud else "username", "").casefold()
    if not wanted:
        name = "query" if call.state.cloud else "username"
        raise JiraError(400, f"The {name} query parameter was not provided")
    found = [item for item in call.state.accounts.values() if wanted in f"{item.display} {item.login}".casefold()]
    return JSONResponse([call.shapes.account(account) for account in found])


def assignable_users(call: Call) -> Response:
    """Find an account among those that may be assigned a project's issues: agents alone where it is a service project.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-user-search/
    """
    _ = call.me
    project = next((item for item in call.state.projects if call.query.get("project") in {item.key, item.id}), None)
    if project is None:
        raise JiraError(404, f"No project could be found with key '{call.query.get('project', '')}'.")
    found = call.state.by_id(call.query.get("accountId" if call.state.cloud else "username"))
    may = found is not None and (found.agent or not project.service_desk_id)
    return JSONResponse([call.shapes.account(found)] if found and may else [])


def user(call: Call) -> Response:
    """Return one user by account id, or by name on Data Center."""
    _ = call.me
    found = call.state.by_id(call.query.get("accountId" if call.state.cloud else "username"))
    if found is None:
        raise JiraError(404, "Specified user does not exist or you do not have required permissions")
    return JSONResponse(call.shapes.account(found))


def _project(call: Call) -> workflow.Project:
    _ = call.me
    found = next((item for item in call.state.projects if call.path["project"] in {item.key, item.id}), None)
    if found is None:
        raise JiraError(404, f"No project could be found with key '{call.path['project']}'.")
    return found


def _short(call: Call, project: workflow.Project) -> dict[str, Any]:
    place = f"{call.base}/project/{project.id}"
    kind = "service_desk" if project.service_desk_id else "software"
    return {"self": place, "id": project.id, "key": project.key, "name": project.name, "projectTypeKey": kind}


def _issue_type(call: Call, project: workflow.Project) -> dict[str, Any]:
    return {"self": f"{call.base}/issuetype/10005", "id": "10005", "name": project.issue_type, "subtask": False}
