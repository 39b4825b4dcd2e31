"""The simulated Jira as an application: every path, and what answers it.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox import jira_comments as comments
from connectors.sandbox import jira_issues as issues
from connectors.sandbox import jira_service_desk as service_desk
from connectors.sandbox import jira_site as site
from connectors.sandbox.jira_calls import Pure, answer
from connectors.sandbox.jira_state import JiraState

PLATFORM: tuple[tuple[str, str, Pure], ...] = (
    ("GET", "/serverInfo", site.server_info),
    ("GET", "/myself", site.myself),
    ("GET", "/mypermissions", site.my_permissions),
    ("GET", "/field", site.fields),
    ("GET", "/resolution", site.resolutions),
    ("GET", "/issueLinkType", site.link_types),
    ("GET", "/user/search", site.find_users),
    ("GET", "/user", site.user),
    ("GET POST", "/search/jql", site.search_jql),
    ("GET POST", "/search", site.search_by_offset),
    ("POST", "/issue", issues.create_issue),
    ("POST", "/issueLink", issues.link_issues),
    ("GET", "/issue/{issue}", issues.read_issue),
    ("PUT", "/issue/{issue}", issues.edit_issue),
    ("GET", "/issue/{issue}/changelog", issues.changelog),
    ("GET POST", "/issue/{issue}/transitions", issues.transitions),
    ("PUT", "/issue/{issue}/assignee", issues.assign),
    ("GET", "/issue/{issue}/properties", issues.issue_properties),
    ("GET PUT DELETE", "/issue/{issue}/properties/{key}", issues.issue_property),
    ("GET POST", "/issue/{issue}/remotelink", issues.remote_links),
    ("GET POST", "/issue/{issue}/comment", comments.comments),
    ("GET PUT DELETE", "/issue/{issue}/comment/{comment}", comments.comment),
    ("GET PUT DELETE", "/comment/{comment}/properties/{key}", comments.comment_property),
    ("POST", "/issue/{issue}/attachments", comments.attach),
    ("GET", "/attachment/meta", comments.attachment_meta),
    ("GET DELETE", "/attachment/{attachment}", comments.attachment),
    ("GET", "/attachment/content/{attachment}", comments.attachment_content),
)
SERVICE_DESK: tuple[tuple[str, str, Pure], ...] = (
    ("GET", "/info", service_desk.info),
    ("GET", "/request/{issue}", service_desk.request),
    ("GET POST", "/request/{issue}/comment", service_desk.comments),
    ("POST", "/request/{issue}/attachment", service_desk.attach),
    ("POST", "/request/{issue}/transition", service_desk.transition),
    ("POST", "/servicedesk/{desk}/attachTemporaryFile", service_desk.upload),
)


def jira_app(state: JiraState) -> Starlette:
    """Return the application over `state`; every request holds the frame's lock while it works."""

    def wire(pure: Pure) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def endpoint(request: Request) -> Response:
            return await answer(state, pure, request)

        return endpoint

    routes = [
        Route(f"/rest/api/{{version}}{path}", wire(pure), methods=verbs.split()) for verbs, path, pure in PLATFORM
    ]
    routes += [
        Route(f"/rest/servicedeskapi{path}", wire(pure), methods=verbs.split()) for verbs, path, pure in SERVICE_DESK
    ]
    return Starlette(routes=routes, exception_handlers={404: _nothing_here})


async def _nothing_here(request: Request, _error: Exception) -> Response:
    """Answer for a path that Jira does not have."""
    return JSONResponse({"message": f"null for uri: {request.url.path}", "status-code": 404}, 404)
