"""What belongs to the simulated Jira site as a whole: who calls, what exists, and the searches."""

from __future__ import annotations

import base64
from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox import jira_workflow as workflow
from connectors.sandbox.jira_calls import Call, page
from connectors.sandbox.jira_jql import search
from connectors.sandbox.jira_state import JiraError

PERMISSIONS = (
    "ADD_COMMENTS",
    "ASSIGN_ISSUES",
    "BROWSE_PROJECTS",
    "CREATE_ATTACHMENTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "LINK_ISSUES",
    "TRANSITION_ISSUES",
)
MOST_ON_A_PAGE = 5000
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline "
    "is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


def server_info(call: Call) -> Response:
    """Say what site this is; everybody may ask."""
    cloud = call.state.cloud
    info = {
        "baseUrl": call.site,
        "version": "1001.0.0-SNAPSHOT" if cloud else "10.3.0",
        "versionNumbers": [1001, 0, 0] if cloud else [10, 3, 0],
        "deploymentType": "Cloud" if cloud else "Server",
        "buildNumber": 100290,
        "serverTime": call.shapes.time(call.state.frame.clock()),
        "scmInfo": "0" * 40,
        "serverTitle": "Jira",
    }
    return JSONResponse(info)


def myself(call: Call) -> Response:
    """Say who calls; the one answer that proves a credential."""
    return JSONResponse(call.shapes.account(call.me))


def my_permissions(call: Call) -> Response:
    """Say which of the named permissions the caller has; `permissions` is needed."""
    names = call.words("permissions")
    if not names:
        raise JiraError(400, "The 'permissions' query parameter is required.")
    unknown = [name for name in names if name not in PERMISSIONS]
    if unknown:
        raise JiraError(400, f"Unrecognized permission keys: {', '.join(unknown)}")
    if call.query.get("projectKey", "SUP") not in workflow.PROJECTS:
        raise JiraError(404, f"No project could be found with key '{call.query['projectKey']}'.")
    held = call.account is not None
    shown = {
        name: {"id": str(number), "key": name, "name": name.replace("_", " ").capitalize(), "havePermission": held}
        for number, name in enumerate(names, 10)
    }
    return JSONResponse({"permissions": shown})


def fields(call: Call) -> Response:
    """List the fields of issues; an anonymous caller sees none."""
    if call.account is None:
        return JSONResponse([])
    system = ("summary", "description", "status", "resolution", "labels", "assignee", "reporter", "created", "updated")
    found: list[dict[str, Any]] = [
        {"id": name, "key": name, "name": name.capitalize(), "custom": False, "navigable": True} for name in system
    ]
    found += [
        {"id": id, "key": id, "name": name, "custom": True, "navigable": True, "schema": {"type": "string"}}
        for id, name in workflow.FIELDS.items()
    ]
    return JSONResponse(found)


def resolutions(call: Call) -> Response:
    """List the resolutions."""
    _ = call.me
    return JSONResponse([call.shapes.resolution(name) for name in workflow.RESOLUTIONS.values()])


def link_types(call: Call) -> Response:
    """List the kinds of links between issues."""
    _ = call.me
    kinds = [
        {"id": id, "name": name, "inward": inward, "outward": outward, "self": f"{call.base}/issueLinkType/{id}"}
        for id, name, inward, outward in workflow.LINK_TYPES
    ]
    return JSONResponse({"issueLinkTypes": kinds})


def find_users(call: Call) -> Response:
    """Find people by a part of their name or e-mail address: Jira's own search is fuzzy as well."""
    _ = call.me
    wanted = call.query.get("query" if call.state.cloud else "username", "").casefold()
    if not wanted:
        name = "query" if call.state.cloud else "username"
        raise JiraError(400, f"The {name} query parameter was not provided")
    found = [item for item in call.state.accounts.values() if wanted in f"{item.display} {item.login}".casefold()]
    return JSONResponse([call.shapes.account(account) for account in found])


def user(call: Call) -> Response:
    """Return one person by account id, or by name on Data Center."""
    _ = call.me
    found = call.state.by_id(call.query.get("accountId" if call.state.cloud else "username"))
    if found is None:
        raise JiraError(404, "Specified user does not exist or you do not have required permissions")
    return JSONResponse(call.shapes.account(found))


def search_jql(call: Call) -> Response:
    """Search on Cloud: pages by token, `id` as the only default field; an anonymous caller finds nothing."""
    if not call.state.cloud:
        raise JiraError(404, "null for uri: /rest/api/2/search/jql")
    asked = _asked(call)
    if call.account is None:
        return JSONResponse({"issues": [], "isLast": True})
    jql, size = str(asked.get("jql") or ""), _size(asked)
    found = search(call.state, jql)
    start = _place(asked["nextPageToken"], jql) if asked.get("nextPageToken") else 0
    shown = [_hit(call, issue, asked) for issue in found[start : start + size]]
    if start + size >= len(found):
        return JSONResponse({"issues": shown, "isLast": True})
    return JSONResponse({"issues": shown, "nextPageToken": _token(start + size, jql), "isLast": False})


def search_by_offset(call: Call) -> Response:
    """Search on Data Center; on Cloud this was removed."""
    if call.state.cloud:
        raise JiraError(410, REMOVED)
    asked = _asked(call)
    found = search(call.state, str(asked.get("jql") or "")) if call.account else []
    start, size = int(asked.get("startAt") or 0), _size(asked)
    shown = page(found, "issues", start, size)
    shown["issues"] = [_hit(call, issue, asked) for issue in shown["issues"]]
    return JSONResponse(shown)


def _asked(call: Call) -> dict[str, Any]:
    if call.method == "POST":
        return call.json()
    asked: dict[str, Any] = dict(call.query)
    if "fields" in asked:
        asked["fields"] = call.words("fields")
    return asked


def _size(asked: dict[str, Any]) -> int:
    try:
        size = int(asked.get("maxResults") or 50)
    except (TypeError, ValueError):
        raise JiraError(400, "maxResults must be a whole number") from None
    return max(1, min(size, MOST_ON_A_PAGE))


def _hit(call: Call, issue: Any, asked: dict[str, Any]) -> dict[str, Any]:
    wanted = asked.get("fields")
    shown = call.shapes.issue(issue, wanted if wanted is not None or not call.state.cloud else ["id"], set())
    if not shown["fields"]:
        del shown["fields"]
        if wanted is None:
            return {"id": issue.id}
    return shown


def _token(start: int, jql: str) -> str:
    return base64.urlsafe_b64encode(f"{start}:{jql}".encode()).decode()


def _place(token: str, jql: str) -> int:
    try:
        start, _, told = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if told == jql:
            return int(start)
    except ValueError:
        pass
    raise JiraError(400, "The provided next page token is invalid or expired.")
