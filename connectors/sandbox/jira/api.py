"""The simulated Jira as a Starlette application: every path and its handler.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.jira import comments, files, issues, links, properties, search, service_desk, site
from connectors.sandbox.jira.access import CLOUD_ID
from connectors.sandbox.jira.calls import Pure, answer, refusal
from connectors.sandbox.jira.instance import JiraState

PLATFORM: tuple[tuple[str, str, Pure], ...] = (
    ("GET", "/serverInfo", site.server_info),
    ("GET", "/myself", site.myself),
    ("GET", "/mypermissions", site.my_permissions),
    ("GET", "/field", site.fields),
    ("GET", "/project", site.projects),
    ("GET", "/project/search", site.search_projects),
    ("GET", "/project/{project}", site.project),
    ("GET", "/project/{project}/statuses", site.project_statuses),
    ("GET", "/resolution", site.resolutions),
    ("GET", "/priority", site.priorities),
    ("GET", "/priority/search", site.search_priorities),
    ("GET", "/label", site.labels),
    ("GET", "/issueLinkType", site.link_types),
    ("GET", "/user/search", site.find_users),
    ("GET", "/user/assignable/search", site.assignable_users),
    ("GET", "/user", site.user),
    ("GET POST", "/search/jql", search.by_token),
    ("GET POST", "/search", search.by_offset),
    ("POST", "/issue", issues.create_issue),
    ("PUT", "/issue/properties/{key}", properties.in_bulk),
    ("GET", "/task/{task}", properties.task),
    ("POST", "/issueLink", links.link_issues),
    ("GET", "/issue/{issue}", issues.read_issue),
    ("PUT", "/issue/{issue}", issues.edit_issue),
    ("GET", "/issue/{issue}/changelog", issues.changelog),
    ("GET POST", "/issue/{issue}/transitions", issues.transitions),
    ("PUT", "/issue/{issue}/assignee", issues.assign),
    ("GET", "/issue/{issue}/properties", properties.of_issue),
    ("GET PUT DELETE", "/issue/{issue}/properties/{key}", properties.one_of_issue),
    ("GET POST", "/issue/{issue}/remotelink", links.remote_links),
    ("GET POST", "/issue/{issue}/comment", comments.comments),
    ("GET PUT DELETE", "/issue/{issue}/comment/{comment}", comments.comment),
    ("GET", "/comment/{comment}/properties", properties.of_comment),
    ("GET PUT DELETE", "/comment/{comment}/properties/{key}", properties.one_of_comment),
    ("POST", "/issue/{issue}/attachments", files.attach),
    ("GET", "/attachment/meta", files.attachment_meta),
    ("GET DELETE", "/attachment/{attachment}", files.attachment),
    ("GET", "/attachment/content/{attachment}", files.attachment_content),
)
SERVICE_DESK: tuple[tuple[str, str, Pure], ...] = (
    ("GET", "/info", service_desk.info),
    ("GET", "/request/{issue}", service_desk.request),
    ("GET POST", "/request/{issue}/comment", service_desk.comments),
    ("GET", "/request/{issue}/sla", service_desk.slas),
    ("GET", "/request/{issue}/approval", service_desk.approvals),
    ("POST", "/request/{issue}/attachment", service_desk.attach),
    ("GET POST", "/request/{issue}/transition", service_desk.transition),
    ("GET", "/servicedesk", service_desk.desks),
    ("GET", "/servicedesk/{desk}/requesttype", service_desk.request_types),
    ("GET", "/servicedesk/{desk}/requesttype/{type}/field", service_desk.request_form),
    ("POST", "/servicedesk/{desk}/attachTemporaryFile", service_desk.upload),
)
GATEWAY = "/ex/jira/{cloud}"  # of https://api.atlassian.com, served here by the same host


def jira_app(state: JiraState) -> Starlette:
    """Return the application over `state`; every request holds the frame's lock."""

    def wire(pure: Pure, template: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def endpoint(request: Request) -> Response:
            return await answer(state, pure, request, template)

        return endpoint

    calls = [(f"/rest/api/{{version}}{path}", path, verbs, pure) for verbs, path, pure in PLATFORM]
    calls += [(f"/rest/servicedeskapi{path}", path, verbs, pure) for verbs, path, pure in SERVICE_DESK]
    routes = [
        Route(door + whole, wire(pure, path), methods=verbs.split())
        for door in ("", GATEWAY)
        for whole, path, verbs, pure in calls
    ]
    if state.cloud:
        routes.append(Route("/_edge/tenant_info", _tenant_info))
    routes.append(Route(files.MEDIA + "/{attachment}", wire(files.media, files.MEDIA), methods=["GET"]))
    return Starlette(routes=routes, exception_handlers={404: _nothing_here})


async def _tenant_info(_request: Request) -> Response:
    """Answer with the site's cloud id, without authentication."""
    return JSONResponse({"cloudId": CLOUD_ID})


async def _nothing_here(request: Request, _error: Exception) -> Response:
    """Answer a request for an unknown path, in the shape of the API that it belongs to."""
    if "/rest/servicedeskapi/" in request.url.path:
        return JSONResponse(refusal("No resource was found at this path."), 404)
    return JSONResponse({"message": f"null for uri: {request.url.path}", "status-code": 404}, 404)
