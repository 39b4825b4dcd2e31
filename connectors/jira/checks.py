"""Checks a desk's settings against the site before any ticket is touched, because Jira hides most mistakes.

For example, a refused token raises no error: searches find nothing, and issues seem not to exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from itertools import islice

import structlog

from connectors.http import of_the_system
from connectors.jira.answers import an_object
from connectors.jira.client import JiraClient
from connectors.jira.discovery import tagged_jql
from connectors.jira.lookups import AGENT, AccountLookup, missing_permissions
from connectors.jira.names import (
    NAMES,
    check_fields,
    check_issue_types,
    check_links,
    check_portal,
    check_priorities,
    check_resolutions,
    check_service_desks,
    check_slas,
    check_statuses,
)
from connectors.jira.settings import JiraSettings
from workflows.errors import Checklist, Misconfigured, Refused, Unexpected
from workflows.ports import NothingToSeeError, Probe
from workflows.values.wording import instead, near_ones

KINDS = frozenset({"service_desk", "software"})  # of others, such as "business", neither is wrong
SUGGESTED = 50  # projects: one page
_PERMISSIONS = ("BROWSE_PROJECTS", "ADD_COMMENTS", "ASSIGN_ISSUES", "TRANSITION_ISSUES")


def check_site(client: JiraClient, settings: JiraSettings, accounts: AccountLookup) -> None:
    """Raise `Misconfigured` with every setting that does not match the site; a wrong account is told alone."""
    checks = Checklist(client.system)
    with _whole_site():
        _deployment(client, settings)
        accounts.worker(client)
    for key in settings.projects:
        with checks.noting(), _whole_site():
            kind = _kind_of(client, key)
            _permissions(client, settings, key)
            _same_kind(client, settings, key, kind)
    for check in (*NAMES, check_portal):
        with checks.noting(), _whole_site():
            check(client, settings)
    for place, wanted in settings.assignees().items():
        with checks.noting(), _whole_site():
            accounts.check(client, place, wanted)
    checks.end()
    _warn_of_assignees(client, settings)
    _warn_of_label(client, settings)


@contextmanager
def _whole_site() -> Iterator[None]:
    """Raise a refusal that concerns no issue as `Misconfigured`."""
    try:
        yield
    except Refused as error:
        raise of_the_system(error) from error


def _warn_of_assignees(client: JiraClient, settings: JiraSettings) -> None:
    """Log projects whose hand-overs nobody would get."""
    for key in settings.projects:
        if not settings.escalation_of(key):
            text = f"hand-overs of project {key} are assigned to nobody: set `escalation_assignee`"
            structlog.get_logger("forcesync.jira").warning("nobody gets hand-overs", system=client.system, text=text)


def _warn_of_label(client: JiraClient, settings: JiraSettings) -> None:
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


def _deployment(client: JiraClient, settings: JiraSettings) -> None:
    operation = "check the deployment"
    found = client.read_object(operation, "serverInfo").get("deploymentType")
    if (found == "Cloud") != settings.is_cloud:
        raise Misconfigured(
            client.system,
            operation,
            f"the site says it is {found!r}; the setting `deployment` says {settings.deployment}",
        )


def _kind_of(client: JiraClient, key: str) -> str:
    """Return a project's kind ("" if the site does not tell), or raise `Misconfigured` with the projects that it has.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-projects/ ("Get project")
    """
    operation = f"check project {key}"
    try:
        return str(client.read_object(operation, f"project/{key}").get("projectTypeKey") or "")
    except Refused as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        detail = f"projects.{key}: the account sees no project {key!r}{instead(key, _visible_projects(client))}"
        advice = "correct the key, or give the account the permission to browse the project"
        raise Misconfigured(client.system, operation, f"{detail}; {advice}", request_id=error.request_id) from error


def _seen(client: JiraClient, _settings: JiraSettings, key: str) -> None:
    _kind_of(client, key)


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
        detail = f"projects.{key}.kind: found {told!r}; Jira says that {key} is {kind!r}: set kind = {kind!r}"
        raise Misconfigured(client.system, f"check project {key}", detail)


def _permissions(client: JiraClient, settings: JiraSettings, project: str) -> None:
    agent = (AGENT,) if settings.projects[project].is_service_desk else ()
    files = ("CREATE_ATTACHMENTS",) if settings.attach_diagnostics else ()
    fields = ("EDIT_ISSUES",) if any(route.priority for route in settings.routes_of(project).values()) else ()
    missing = missing_permissions(client, project, (*_PERMISSIONS, *agent, *files, *fields))
    if missing:
        detail = f"the account lacks {', '.join(missing)}"
        raise Misconfigured(client.system, f"check the permissions in project {project}", detail)


class Looks:
    """One look for each thing that the work needs of a site; each thread has a client of its own."""

    def __init__(self, client: Callable[[], JiraClient], settings: JiraSettings, accounts: AccountLookup) -> None:
        self._client, self._settings, self._accounts = client, settings, accounts

    def identity(self) -> str:
        """Prove the site's kind and the credential; return our account."""
        client = self._client()
        with _whole_site():
            _deployment(client, self._settings)
            return self._accounts.worker(client)

    def probes(self, name: str) -> Iterator[Probe]:
        """Yield them; those of a project need it to be seen, and most of them a permission."""
        seen = ("permissions",)

        def probe(id: str, tried: str, keys: str, look: Callable[[], str], needs: tuple[str, ...] = seen) -> Probe:
            own = tuple(f"desks.{name}.{key}" for key in keys.split())
            return Probe(id, tried, own, "correct the name in the settings, or create it in Jira", look, needs)

        yield probe("projects", "the account sees the projects", "projects", self._each(_seen, "seen"), ())._replace(
            action="correct the name in the settings, or the account's rights"
        )
        granted = self._each(_permissions, "all granted")
        yield probe("permissions", "the account's permissions", "projects", granted, ("projects",))._replace(
            action="grant them to the account in each project's permission scheme"
        )
        yield probe(
            "kinds",
            "the projects' kinds, which decide how comments hide",
            "projects",
            self._each(_kind, "as the settings say"),
        )
        yield probe("issue_types", "the issue types", "projects", self._each(check_issue_types, "as the settings say"))
        yield probe("statuses", "the statuses", "projects routes", self._each(check_statuses, "as the settings say"))
        yield probe("transitions", "a transition to an end", "projects", self._transitions)._replace(
            action="let the workflow lead to an end from there, and let the account make the transition", needed=False
        )
        yield probe("fields", "the custom fields", "fields projects", self._site(check_fields), ())
        yield probe("resolutions", "the resolutions", "projects", self._site(check_resolutions), ())
        yield probe("priorities", "the priorities of hand-overs", "routes", self._site(check_priorities), ())
        yield probe("links", "the links between issues", "links link_type", self._site(check_links), ())
        yield probe("service_desks", "service desks and request types", "projects", self._site(check_service_desks))
        yield probe("sla", "the SLA's name", "sla", self._site(check_slas), ())
        yield probe("assignees", "who gets hand-overs", "escalation_assignee routes", self._assignees)
        yield probe("label", f"the label {self._settings.label!r} is in use", "label", self._label, ())
        yield probe("attachments", "files may be attached", "attach_diagnostics", self._attachments, ())._replace(
            action="allow attachments in Jira, or set attach_diagnostics = false"
        )

    def _site(self, check: Callable[[JiraClient, JiraSettings], None]) -> Callable[[], str]:
        def look() -> str:
            with _whole_site():
                check(self._client(), self._settings)
            return "as the settings say"

        return look

    def _each(self, check: Callable[[JiraClient, JiraSettings, str], None], found: str) -> Callable[[], str]:
        def look() -> str:
            client = self._client()
            checks = Checklist(client.system)
            for key in self._settings.projects:
                with checks.noting(), _whole_site():
                    check(client, self._settings, key)
            checks.end()
            return f"{', '.join(self._settings.projects)}: {found}"

        return look

    def _assignees(self) -> str:
        client = self._client()
        checks = Checklist(client.system)
        for key in self._settings.projects:
            with checks.noting(), _whole_site():
                self._accounts.handed_to(client, key)
        checks.end()
        _warn_of_assignees(client, self._settings)
        return "every account that the settings name"

    def _label(self) -> str:
        client = self._client()
        _warn_of_label(client, self._settings)
        return "yes" if self._settings.is_cloud else "Data Center lists no labels"

    def _attachments(self) -> str:
        if not self._settings.attach_diagnostics:
            return "attach_diagnostics is off"
        client = self._client()
        with _whole_site():
            meta = client.read_object("look whether files may be attached", "attachment/meta")
        if meta.get("enabled") is not True:
            raise Misconfigured(client.system, "attach files", "attachments are switched off on this site")
        return f"up to {meta.get('uploadLimit')} bytes; inside only on service projects"

    def _transitions(self) -> str:
        """Look at one open tagged issue of each project: its own workflow tells what may follow."""
        client, seen = self._client(), list[str]()
        checks = Checklist(client.system)
        for key, project in self._settings.projects.items():
            jql = tagged_jql(self._settings.model_copy(update={"projects": {key: project}}))
            with checks.noting(), _whole_site():
                issue = next(client.search(jql, ("status",)), None)
                if issue is not None:
                    _end_from(client, key, issue)
                    seen.append(str(issue.get("key")))
        checks.end()
        if not seen:
            raise NothingToSeeError("no project has an open issue with the label, from which transitions could be read")
        return f"yes, from {', '.join(seen)}"


def _end_from(client: JiraClient, project: str, issue: Mapping[str, object]) -> None:
    status = an_object(an_object(issue.get("fields")).get("status")).get("name")
    leads = [an_object(item.get("to")) for item in client.transitions(str(issue.get("id")))]
    if not any(an_object(to.get("statusCategory")).get("key") == "done" for to in leads):
        known = ", ".join(sorted(str(to.get("name")) for to in leads)) or "none"
        detail = f"projects.{project}: {issue.get('key')} is {status!r}, from where the account reaches: {known}"
        raise Misconfigured(client.system, "find a transition to an end", detail)


def _kind(client: JiraClient, settings: JiraSettings, project: str) -> None:
    """Check whether a project has an internal side, as the settings say; comments would be public otherwise."""
    found = _kind_of(client, project)
    if not found or (found == "service_desk") == settings.projects[project].is_service_desk:
        return
    kind = settings.projects[project].kind
    detail = f"projects.{project}.kind: found {kind!r}; the site says {found!r}"
    raise Misconfigured(client.system, f"check the kind of project {project}", detail)
