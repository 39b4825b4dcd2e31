"""Hold a desk's settings against the site before any ticket is touched, because Jira hides most mistakes.

A refused token, for one, does not fail: a search then finds nothing and issues seem not to exist.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.jira.accounts import Accounts
from connectors.jira.client import JiraClient
from connectors.jira.settings import JiraSettings, ProjectSettings
from connectors.jira.shapes import an_object, objects
from workflows.errors import Misconfigured, Refused, Unexpected

_PERMISSIONS = ("BROWSE_PROJECTS", "ADD_COMMENTS", "ASSIGN_ISSUES", "TRANSITION_ISSUES")


def check_site(client: JiraClient, settings: JiraSettings, accounts: Accounts) -> None:
    """Raise `Misconfigured` for the first setting that the site does not bear out."""
    try:
        _deployment(client, settings)
        accounts.worker(client)
        for key in settings.projects:
            _permissions(client, settings, key)
            _issue_types(client, key, settings.projects[key])
        _fields(client, settings)
        _resolutions(client, settings)
        _priorities(client, settings)
        _links(client, settings)
        for key in settings.projects:
            accounts.handed_to(client, key)
    except Refused as error:
        raise Misconfigured(error.system, error.operation, error.detail, request_id=error.request_id) from error


def _deployment(client: JiraClient, settings: JiraSettings) -> None:
    operation = "check the deployment"
    found = client.read_object(operation, "serverInfo").get("deploymentType")
    if (found == "Cloud") != settings.is_cloud:
        raise Misconfigured(
            client.system,
            operation,
            f"the site says it is {found!r}; the setting `deployment` says {settings.deployment}",
        )


def _permissions(client: JiraClient, settings: JiraSettings, project: str) -> None:
    operation = f"check the permissions in project {project}"
    files = ("CREATE_ATTACHMENTS",) if settings.attach_diagnostics else ()
    fields = ("EDIT_ISSUES",) if any(route.priority for route in settings.routes_of(project).values()) else ()
    needed = (*_PERMISSIONS, *files, *fields)
    params = {"projectKey": project, "permissions": ",".join(needed)}
    granted = client.read_object(operation, "mypermissions", params).get("permissions")
    if not isinstance(granted, Mapping):
        raise Unexpected(client.system, operation, "the answer has no permissions")
    missing = [name for name in needed if not an_object(granted.get(name)).get("havePermission")]
    if missing:
        raise Misconfigured(client.system, operation, f"the account lacks {', '.join(missing)}")


def _fields(client: JiraClient, settings: JiraSettings) -> None:
    wanted = {
        f"{place}.{name}": field for place, form in settings.every_form().items() for name, field in form.ids().items()
    }
    for key, project in settings.projects.items():
        wanted |= {f"projects.{key}.request_type_field": project.request_type_field} if project.request_types else {}
    if not wanted:
        return
    operation = "check the custom fields"
    found = {str(item.get("id")) for item in client.read_list(operation, "field")}
    for name, field in wanted.items():
        if field not in found:
            raise Misconfigured(client.system, operation, f"{name}: the site has no field {field}")


def _issue_types(client: JiraClient, key: str, project: ProjectSettings) -> None:
    """Hold the issue types against the project's own, since one that is misspelt would leave its tickets lying."""
    if not project.issue_types:
        return
    operation = f"check the issue types of project {key}"
    answer = client.read_object(operation, f"project/{key}")
    found = {str(item.get("name")) for item in objects(answer.get("issueTypes"))}
    for name in project.issue_types:
        if name not in found:
            known = ", ".join(sorted(found))
            detail = f"projects.{key}.issue_types: the project has no issue type {name!r}; it has: {known}"
            raise Misconfigured(client.system, operation, detail)


def _resolutions(client: JiraClient, settings: JiraSettings) -> None:
    operation = "check the resolutions"
    found = {str(item.get("name")) for item in client.read_list(operation, "resolution")}
    for key, project in settings.projects.items():
        wanted = {f"projects.{key}.resolution": project.resolution}
        wanted |= {
            f"projects.{key}.issue_types.{name}.resolution": of_type.resolution or ""
            for name, of_type in project.issue_types.items()
        }
        for place, name in wanted.items():
            if name and name not in found:
                known = ", ".join(sorted(found))
                detail = f"{place}: the site has no resolution {name!r}; it has: {known}"
                raise Misconfigured(client.system, operation, detail)


def _priorities(client: JiraClient, settings: JiraSettings) -> None:
    """Hold the routes' priorities against the site's own.

    Cloud's plain list is deprecated in favour of a paged one, which Data Center does not have
    (https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-priorities/).
    """
    wanted = {
        f"routes of {project}, {route.value}.priority": own.priority
        for project in settings.projects
        for route, own in settings.routes_of(project).items()
        if own.priority
    }
    if not wanted:
        return
    operation = "check the priorities"
    names = {name.casefold(): name for name in client.priorities(operation)}
    for place, name in wanted.items():
        if name.casefold() not in names:
            known = ", ".join(names.values()) or "none"
            raise Misconfigured(
                client.system, operation, f"{place}: the site has no priority {name!r}; it has: {known}"
            )


def _links(client: JiraClient, settings: JiraSettings) -> None:
    """Hold the words of links against the site's link types, since misspelt ones would tie no ticket to another."""
    if not settings.links:
        return
    operation = "check the issue link types"
    kinds = objects(client.read_object(operation, "issueLinkType").get("issueLinkTypes"))
    known = {str(kind.get(side)) for kind in kinds for side in ("inward", "outward")}
    ours: Mapping[str, object] = next((kind for kind in kinds if kind.get("name") == settings.link_type), {})
    for words in settings.links:
        if words.casefold() in {str(ours.get(side)).casefold() for side in ("inward", "outward")}:
            detail = f"links: {words!r} is a link of the type {settings.link_type!r}, which `link_type` says is ours"
            raise Misconfigured(client.system, operation, detail)
        if words.casefold() not in {name.casefold() for name in known}:
            detail = f"links: the site has no link {words!r}; it has: {', '.join(sorted(known))}"
            raise Misconfigured(client.system, operation, detail)
