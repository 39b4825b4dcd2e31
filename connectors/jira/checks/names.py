"""Checks the names in the settings against the site, so that a typo is reported at the start, not on a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

import structlog

from connectors.desks import at, check_each
from connectors.jira.answers import an_object, objects
from connectors.jira.client import JiraClient
from connectors.jira.settings import IssueTypeSettings, JiraSettings, ProjectSettings
from workflows.errors import Checklist, Misconfigured, Refused
from workflows.model import label
from workflows.values.wording import instead

SLA_FIELD = "com.atlassian.servicedesk:sd-sla-field"
Named = Iterable[tuple[str, str]]  # a settings key, and the name that it holds


def require(client: JiraClient, operation: str, wanted: Named, known: Iterable[str], what: str) -> None:
    """Raise `Misconfigured` with every name that is not among the known ones."""
    names = sorted(set(known))
    _refuse(client, operation, [item for item in wanted if item[1] not in names], names, what)


def require_in_any_case(client: JiraClient, operation: str, wanted: Named, known: Iterable[str], what: str) -> None:
    """Raise `Misconfigured` with every name that is not among the known ones, ignoring case."""
    names = sorted(set(known))
    folded = {name.casefold() for name in names}
    _refuse(client, operation, [item for item in wanted if item[1].casefold() not in folded], names, what)


def _refuse(client: JiraClient, operation: str, unknown: Named, names: list[str], what: str) -> None:
    check_each(client.system, unknown, lambda item: _refuse_one(client, operation, *item, names, what))


def _refuse_one(client: JiraClient, operation: str, place: str, name: str, names: list[str], what: str) -> None:
    detail = f"{at(client.system, place)}: {what} {name!r}{instead(name, names)}"
    raise Misconfigured(client.system, operation, detail)


def _each_project(client: JiraClient, settings: JiraSettings) -> None:
    checks = Checklist(client.system)
    for key in settings.projects:
        for check in (check_issue_types, check_statuses):
            with checks.noting():
                check(client, settings, key)
    checks.end()


def check_issue_types(client: JiraClient, settings: JiraSettings, key: str) -> None:
    """Check the issue types, case included: tickets of a misspelt type would never be worked."""
    wanted = [(f"projects.{key}.issue_types", name) for name in settings.projects[key].issue_types]
    if not wanted:
        return
    operation = f"check the issue types of project {key}"
    found = _names(objects(client.read_object(operation, f"project/{key}").get("issueTypes")))
    require(client, operation, wanted, found, "the project has no issue type")


def check_statuses(client: JiraClient, settings: JiraSettings, key: str) -> None:
    """Check the statuses of moves and routes against the workflows of the configured issue types.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-projects/ ("Get all statuses for project");
    the names are in the account's language, as on issues and transitions.
    """
    wanted = list(_named_statuses(settings, key))
    if not wanted:
        return
    operation = f"check the statuses of project {key}"
    found = {
        label(str(kind.get("name"))): _names(objects(kind.get("statuses")))
        for kind in client.read_list(operation, f"project/{key}/statuses")
    }
    checks = Checklist(client.system)
    for kind, place, name in wanted:
        known = found.get(kind, []) if kind else [name for names in found.values() for name in names]
        what = f"issues of the type {kind!r} have no status" if kind else "the project has no status"
        with checks.noting():
            require_in_any_case(client, operation, [(place, name)], known, what)
    checks.end()


def _named_statuses(settings: JiraSettings, key: str) -> Iterator[tuple[str, str, str]]:
    """Yield each configured status with its issue type ("" for all) and its settings key."""
    project = settings.projects[key]
    for kind in project.issue_types or ("",):
        own = project.issue_types.get(kind)
        place = f"projects.{key}.issue_types.{kind}" if own and own.statuses else f"projects.{key}"
        for move, name in project.of_type(kind).statuses.model_dump(exclude_none=True).items():
            yield kind, f"{place}.statuses.{move}", name
        for route, to in settings.routes_of(key).items():
            if to.status:
                yield kind, f"{settings.place_of_route(key, route)}.status", to.status


def check_fields(client: JiraClient, settings: JiraSettings) -> None:
    """Check the custom fields against those of the site."""
    wanted = {
        f"{place}.{name}": field for place, form in settings.every_form().items() for name, field in form.ids().items()
    }
    for key, project in settings.projects.items():
        wanted |= {f"projects.{key}.request_type_field": project.request_type_field} if project.request_types else {}
    if not wanted:
        return
    operation = "check the custom fields"
    found = {str(item.get("id")) for item in client.read_list(operation, "field")}
    checks = Checklist(client.system)
    for name, field in wanted.items():
        with checks.noting():
            if field not in found:
                raise Misconfigured(
                    client.system, operation, f"{at(client.system, name)}: the site has no field {field}"
                )
    checks.end()


def check_resolutions(client: JiraClient, settings: JiraSettings) -> None:
    """Check the resolutions against those of the site."""
    operation = "check the resolutions"
    found = _names(client.read_list(operation, "resolution"))
    wanted = [
        (f"{place}.{name}", value)
        for key, project in settings.projects.items()
        for place, own in _places(key, project)
        for name in ("resolution", "unconfirmed_resolution")
        if (value := getattr(own, name))
    ]
    require(client, operation, wanted, found, "the site has no resolution")


def _places(key: str, project: ProjectSettings) -> Iterator[tuple[str, ProjectSettings | IssueTypeSettings]]:
    yield f"projects.{key}", project
    yield from ((f"projects.{key}.issue_types.{name}", own) for name, own in project.issue_types.items())


def check_priorities(client: JiraClient, settings: JiraSettings) -> None:
    """Check the routes' priorities.

    Cloud's plain list is deprecated in favour of a paged one, which Data Center does not have
    (https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-priorities/).
    """
    wanted = [
        (f"{settings.place_of_route(project, route)}.priority", own.priority)
        for project in settings.projects
        for route, own in settings.routes_of(project).items()
        if own.priority
    ]
    if wanted:
        operation = "check the priorities"
        require_in_any_case(client, operation, wanted, client.priorities(operation), "the site has no priority")


def check_links(client: JiraClient, settings: JiraSettings) -> None:
    """Check the words and the type of links against the site's: misspelt ones would relate no tickets."""
    own = settings.link_type if "link_type" in settings.model_fields_set else ""  # the default one need not exist
    if not (settings.links or own):
        return
    operation = "check the issue link types"
    kinds = objects(client.read_object(operation, "issueLinkType").get("issueLinkTypes"))
    known = {label(str(kind.get(side))) for kind in kinds for side in ("inward", "outward")}
    ours: Mapping[str, object] = next((kind for kind in kinds if kind.get("name") == settings.link_type), {})
    checks = Checklist(client.system)
    for words in settings.links:
        if words.casefold() in {str(ours.get(side)).casefold() for side in ("inward", "outward")}:
            what = f"{words!r} is a link of the type {settings.link_type!r}, which `link_type` says is ours"
            detail = f"{at(client.system, 'links')}: {what}"
            with checks.noting():
                raise Misconfigured(client.system, operation, detail)
    with checks.noting():
        wanted = [("links", words) for words in settings.links]
        require_in_any_case(client, operation, wanted, known, "the site has no link")
    with checks.noting():
        require(client, operation, [("link_type", own)] if own else [], _names(kinds), "the site has no link type")
    checks.end()


NAMES = (_each_project, check_fields, check_resolutions, check_priorities, check_links)  # a check for each kind of name


def _names(items: Iterable[Mapping[str, Any]]) -> list[str]:
    return [label(str(item.get("name"))) for item in items]


def check_portal(client: JiraClient, settings: JiraSettings) -> None:
    """Raise `Misconfigured` with every name that does not match the site's service desks or SLAs."""
    check_each(client.system, (check_service_desks, check_slas), lambda check: check(client, settings))


def check_slas(client: JiraClient, settings: JiraSettings) -> None:
    """Check the SLA's name, if there are service projects and SLAs count."""
    if settings.sla_percent and any(project.is_service_desk for project in settings.projects.values()):
        _sla(client, settings)


def check_service_desks(client: JiraClient, settings: JiraSettings) -> None:
    """Raise `Misconfigured` with every name that does not match the site's service desks.

    Issues carry the names of their request types. So if only request types are configured and the account may not list
    them, that is logged and nothing stops.
    """
    projects = {key: project for key, project in settings.projects.items() if project.is_service_desk}
    named = [key for key, project in projects.items() if project.service_desk_id or project.request_types]
    if named:
        with nullcontext() if any(projects[key].service_desk_id for key in named) else _unless_refused(client):
            listed = client.service_desks("check the service desks")
            desks = {str(desk.get("projectKey")): str(desk.get("id")) for desk in listed}
            checks = Checklist(client.system)
            for key in named:
                with checks.noting(), nullcontext() if projects[key].service_desk_id else _unless_refused(client):
                    _service_desk(client, settings, key, desks)
            checks.end()


@contextmanager
def _unless_refused(client: JiraClient) -> Iterator[None]:
    """Check request types; if the site refuses to list them, log that instead."""
    try:
        yield
    except Refused as error:
        log = structlog.get_logger("forcesync.jira")
        log.warning("request types are not held against the settings", system=client.system, text=error.detail)


def _service_desk(client: JiraClient, settings: JiraSettings, key: str, desks: dict[str, str]) -> None:
    """Check the service desk's id: with a wrong one, files would go to another project."""
    project, operation = settings.projects[key], "check the service desks"
    own = desks.get(key)
    if own is None:
        place = f"projects.{key}.{'service_desk_id' if project.service_desk_id else 'request_types'}"
        detail = f"{at(client.system, place)}: the account sees no service desk of project {key}; it sees those of: "
        raise Misconfigured(client.system, operation, detail + (", ".join(sorted(desks)) or "none"))
    if project.service_desk_id not in (None, own):
        place = at(client.system, f"projects.{key}.service_desk_id")
        detail = f"{place}: found {project.service_desk_id!r}; that of project {key} is {own!r}"
        raise Misconfigured(client.system, operation, detail)
    if project.request_types:
        operation = f"check the request types of project {key}"
        found = _names(client.request_types(operation, own))
        wanted = [(f"projects.{key}.request_types", name) for name in project.request_types]
        require(client, operation, wanted, found, "the service desk has no request type")


def _sla(client: JiraClient, settings: JiraSettings) -> None:
    """Check the SLA's name against the fields that hold SLAs; each has the name of its SLA (inferred).

    If the default name is missing, the site may have no SLAs, so that is only logged.
    """
    operation = "check the SLAs"
    fields = client.read_list(operation, "field")
    slas = [field for field in fields if an_object(field.get("schema")).get("custom") == SLA_FIELD]
    known = sorted({label(str(sla[name])) for sla in slas for name in ("name", "untranslatedName") if sla.get(name)})
    if settings.sla in known:
        return
    missing = f"the site has no SLA {settings.sla!r}{instead(settings.sla, known)}"
    if "sla" in settings.model_fields_set:
        raise Misconfigured(client.system, operation, f"{at(client.system, 'sla')}: {missing}")
    structlog.get_logger("forcesync.jira").warning("SLAs are not looked at", system=client.system, text=missing)
