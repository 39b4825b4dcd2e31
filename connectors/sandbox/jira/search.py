"""The searches of the simulated Jira: by token on Cloud, by offset on Data Center.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-search/
"""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira.calls import Call, page
from connectors.sandbox.jira.index import indexed
from connectors.sandbox.jira.jql import search
from connectors.sandbox.jira.records import Issue, JiraError

MOST_ON_A_PAGE = 5000
MOST_WITH_FIELDS = 100  # "fewer when many fields are requested" (the number is inferred)
FEW_FIELDS = frozenset({"id", "key"})
MOST_RECONCILED = 50
MOST_PROPERTIES = 5
TOKEN_LIFE = timedelta(days=7)
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline "
    "is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


def by_token(call: Call) -> Response:
    """Search on Cloud: pages by token, `id` is the only default field; an anonymous caller finds nothing."""
    if not call.state.cloud:
        raise JiraError(404, "null for uri: /rest/api/2/search/jql")
    asked = _asked(call)
    if call.account is None:
        return JSONResponse({"issues": [], "isLast": True})
    jql, size = str(asked.get("jql") or ""), _size(asked)
    found = _found(call, jql, _reconciled(asked))
    start = _place(call, asked["nextPageToken"], jql) if asked.get("nextPageToken") else 0
    shown: dict[str, Any] = {"issues": [_hit(call, issue, asked) for issue in found[start : start + size]]}
    last = start + size >= len(found)
    return JSONResponse(shown | ({} if last else {"nextPageToken": _token(call, start + size, jql)}) | {"isLast": last})


def by_offset(call: Call) -> Response:
    """Search on Data Center; removed from Cloud."""
    if call.state.cloud:
        call.state.judge.removed_search(call.account)
        raise JiraError(410, REMOVED)
    asked = _asked(call)
    found = _found(call, str(asked.get("jql") or ""), set()) if call.account else []
    shown = page(found, "issues", _whole(asked, "startAt", 0), min(_whole(asked, "maxResults", 50), 1000))
    shown["issues"] = [_hit(call, issue, asked) for issue in shown["issues"]]
    return JSONResponse(shown)


def _found(call: Call, jql: str, reconciled: set[str]) -> list[Issue]:
    visible = call.state.may(call.account, "BROWSE_PROJECTS")
    return search(call.state, jql, indexed(call.state, reconciled) if visible else [], bounds=call.state.cloud)


def _asked(call: Call) -> dict[str, Any]:
    if call.method == "POST":
        asked = call.json()
        for name in ("fields", "properties", "reconcileIssues"):
            if asked.get(name) is not None and not isinstance(asked[name], list):
                raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
        if call.state.cloud and isinstance(asked.get("expand"), list):
            raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    else:
        asked = dict(call.query)
        for name in ("fields", "properties"):
            if name in asked:
                asked[name] = call.words(name)
        listed = call.query.getlist("reconcileIssues")
        asked["reconcileIssues"] = [number for item in listed for number in item.split(",") if number]
    if len(asked.get("properties") or []) > MOST_PROPERTIES:
        raise JiraError(400, f"At most {MOST_PROPERTIES} properties may be requested.")
    return asked


def _whole(asked: dict[str, Any], name: str, default: int) -> int:
    value = asked.get(name)
    try:
        return max(0, int(value)) if value not in {None, ""} else default
    except (TypeError, ValueError):
        raise JiraError(400, f"{name} must be a whole number") from None


def _size(asked: dict[str, Any]) -> int:
    size = _whole(asked, "maxResults", 50)
    few = set(asked.get("fields") or ["id"]) <= FEW_FIELDS
    return max(1, min(size, MOST_ON_A_PAGE if few else MOST_WITH_FIELDS))


def _reconciled(asked: dict[str, Any]) -> set[str]:
    numbers = asked.get("reconcileIssues") or []
    if len(numbers) > MOST_RECONCILED or not all(str(number).isdigit() for number in numbers):
        raise JiraError(400, f"reconcileIssues takes at most {MOST_RECONCILED} issue ids.")
    return {str(number) for number in numbers}


def _hit(call: Call, issue: Issue, asked: dict[str, Any]) -> dict[str, Any]:
    wanted = asked.get("fields") or None
    if wanted is None and call.state.cloud:
        return {"id": issue.id}
    expand = asked.get("expand") or ""
    shown = call.shapes.issue(issue, wanted, set(expand if isinstance(expand, list) else expand.split(",")))
    if keys := asked.get("properties"):
        shown["properties"] = {key: value for key, value in issue.properties.items() if key in keys}
    if issue.id in call.state.habits.odd_hits:
        shown["fields"].pop("status", None)
    if not shown["fields"]:
        del shown["fields"]
    return shown


def _token(call: Call, start: int, jql: str) -> str:
    """Return a page token; real ones contain the JQL too, encoded but not encrypted."""
    ends = int((call.state.frame.clock() + TOKEN_LIFE).timestamp())
    return base64.urlsafe_b64encode(f"{start}:{ends}:{jql}".encode()).decode()


def _place(call: Call, token: Any, jql: str) -> int:
    try:
        start, ends, query = base64.urlsafe_b64decode(str(token).encode()).decode().split(":", 2)
        if query == jql and call.state.frame.clock().timestamp() < int(ends):
            return max(0, int(start))
    except ValueError:
        pass
    raise JiraError(400, "The provided next page token is invalid or expired.")
