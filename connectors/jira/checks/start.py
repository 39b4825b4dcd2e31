"""Checks a desk's settings against the site before any ticket is touched, because Jira hides most mistakes.

For example, a refused token raises no error: searches find nothing, and issues seem not to exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import islice

import structlog

from connectors.desks import at
from connectors.http.statuses import of_the_system
from connectors.jira.checks.names import (
    NAMES,
    check_portal,
)
from connectors.jira.client import JiraClient
from connectors.jira.lookups import AGENT, AccountLookup, missing_permissions
from connectors.jira.settings import JiraSettings
from workflows.errors import Checklist, Misconfigured, Refused, Unexpected
from workflows.values.wording import instead, near_ones

KINDS = frozenset({"service_desk", "software"})  # of others, such as "business", neither is wrong
SUGGESTED = 50  # projects: one page
_PERMISSIONS = ("BROWSE_PROJECTS", "ADD_COMMENTS", "ASSIGN_ISSUES", "TRANSITION_ISSUES")


def check_site(client: JiraClient, settings: JiraSettings, accounts: AccountLookup) -> None:
    """Raise `Misconfigured` with every setting that does not match the site; a wrong account is told alone."""
    checks = Checklist(client.system)
    with whole_site():
        check_deployment(client, settings)
        accounts.worker(client)
    for key in settings.projects:
        with checks.noting(), whole_site():
            kind = kind_of(client, key)
            check_permissions(client, settings, key)
            _same_kind(client, settings, key, kind)
    for check in (*NAMES, check_portal):
        with checks.noting(), whole_site():
            check(client, settings)
    for place, wanted in settings.assignees().items():
        with checks.noting(), whole_site():
            accounts.check(client, place, wanted)
    checks.end()
    warn_of_assignees(client, settings)
    warn_of_label(client, settings)


@contextmanager
def whole_site() -> Iterator[None]:
    """Raise a refusal that concerns no issue as `Misconfigured`."""
    try:
        yield
    except Refused as error:
        raise of_the_system(error) from error


def warn_of_assignees(client: JiraClient, settings: JiraSettings) -> None:
    """Log projects whose hand-overs nobody would get."""
    for key in settings.projects:
        if not settings.escalation_of(key):
            text = f"hand-overs of project {key} are assigned to nobody: set `escalation_assignee`"
            structlog.get_logger("forcesync.jira").warning("nobody gets hand-overs", system=client.system, text=text)


def warn_of_label(client: JiraClient, settings: JiraSettings) -> None:
    """Log that no issue carries the label, which may be misspelt; only Cloud lists its labels.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-labels/
    """
    if not settings.is_cloud:
        return
    log = structlog.get_logger("forcesync.jira")
    try:
        known = set(client.labels("look for the label"))
    except (Refused, Unexpected) as error:
        log.info("the label is not held against the settings", system=client.system, why=error.detail)
        return
    if settings.label not in known:
        text = f"label: no issue carries {settings.label!r} yet{near_ones(settings.label, known)}; check its spelling"
        log.warning("the label is not in use", system=client.system, text=text)


def check_deployment(client: JiraClient, settings: JiraSettings) -> None:
    """Raise `Misconfigured` for a site of the other deployment than the settings say."""
    operation = "check the deployment"
    found = client.read_object(operation, "serverInfo").get("deploymentType")
    if (found == "Cloud") != settings.is_cloud:
        raise Misconfigured(
            client.system,
            operation,
            f"the site says it is {found!r}; the setting `deployment` says {settings.deployment}",
        )


def kind_of(client: JiraClient, key: str) -> str:
    """Return a project's kind ("" if the site does not tell), or raise `Misconfigured` with the projects that it has.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-projects/ ("Get project")
    """
    operation = f"check project {key}"
    try:
        return str(client.read_object(operation, f"project/{key}").get("projectTypeKey") or "")
    except Refused as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        place = at(client.system, f"projects.{key}")
        detail = f"{place}: the account sees no project {key!r}{instead(key, _visible_projects(client))}"
        advice = "correct the key, or give the account the permission to browse the project"
        raise Misconfigured(client.system, operation, f"{detail}; {advice}", request_id=error.request_id) from error


def _visible_projects(client: JiraClient) -> list[str]:
    """Return the keys of some projects that the account may see; none if Jira does not list them."""
    try:
        return [str(item.get("key")) for item in islice(client.projects("list the projects"), SUGGESTED)]
    except (Refused, Unexpected) as error:
        structlog.get_logger("forcesync.jira").info("projects are not listed", system=client.system, why=error.detail)
        return []


def _same_kind(client: JiraClient, settings: JiraSettings, key: str, kind: str) -> None:
    """Raise `Misconfigured` for a service project that the settings call a software project, or the reverse."""
    told = settings.projects[key].kind
    if kind in KINDS and kind != told:
        place = at(client.system, f"projects.{key}.kind")
        detail = f"{place}: found {told!r}; Jira says that {key} is {kind!r}: set kind = {kind!r}"
        raise Misconfigured(client.system, f"check project {key}", detail)


def check_permissions(client: JiraClient, settings: JiraSettings, project: str) -> None:
    """Raise `Misconfigured` with the permissions that the account lacks in a project."""
    agent = (AGENT,) if settings.projects[project].is_service_desk else ()
    files = ("CREATE_ATTACHMENTS",) if settings.attach_diagnostics else ()
    fields = ("EDIT_ISSUES",) if any(route.priority for route in settings.routes_of(project).values()) else ()
    missing = missing_permissions(client, project, (*_PERMISSIONS, *agent, *files, *fields))
    if missing:
        detail = f"the account lacks {', '.join(missing)}"
        raise Misconfigured(client.system, f"check the permissions in project {project}", detail)
