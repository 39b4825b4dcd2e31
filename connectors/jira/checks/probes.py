"""Looks at one thing after the other that the work needs of a site: the doctor's lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

from connectors.desks import Usable, at, check_each, probe
from connectors.jira.answers import an_object
from connectors.jira.checks.names import (
    check_fields,
    check_issue_types,
    check_links,
    check_priorities,
    check_resolutions,
    check_service_desks,
    check_slas,
    check_statuses,
)
from connectors.jira.checks.start import (
    check_deployment,
    check_permissions,
    kind_of,
    warn_of_assignees,
    warn_of_label,
    whole_site,
)
from connectors.jira.client import JiraClient
from connectors.jira.lookups import AccountLookup
from connectors.jira.reading.discovery import tagged_jql
from connectors.jira.settings import JiraSettings
from workflows.errors import Misconfigured
from workflows.ports import NothingToSeeError, Probe

AS_SET = "as the settings say"
Item = TypeVar("Item")


class Looks:
    """One look for each thing that the work needs of a site; each thread has a client of its own."""

    def __init__(
        self, name: str, client: Callable[[], JiraClient], settings: JiraSettings, accounts: AccountLookup
    ) -> None:
        self._name, self._client, self._settings, self._accounts = name, client, settings, accounts
        self._usable = Usable(name, settings.projects)

    def identity(self) -> str:
        """Prove the site's kind and the credential; return our account."""
        client = self._client()
        with whole_site():
            check_deployment(client, self._settings)
            return self._accounts.worker(client)

    def probes(self) -> Iterator[Probe]:
        """Yield them; those of a project look at what is seen, and most of them where the account has its rights."""
        named, seen = partial(probe, self._name, "Jira"), ("permissions",)
        yield named("projects", "the projects", "projects", self._sifted("projects", _seen, "seen"))._replace(
            action="correct the name in the settings, or the account's rights"
        )
        granted = self._sifted("permissions", check_permissions, "all granted")
        yield named("permissions", "the account's permissions", "projects", granted)._replace(
            action="grant them to the account in each project's permission scheme", after=("projects",)
        )
        yield from (
            named(id, tried, keys, self._each(check))._replace(after=seen)
            for id, tried, keys, check in (
                ("kinds", "the projects' kinds, which decide how comments hide", "projects", _kind),
                ("issue_types", "the issue types", "projects", check_issue_types),
                ("statuses", "the statuses", "projects routes", check_statuses),
            )
        )
        yield named("transitions", "a transition to an end", "projects", self._transitions)._replace(
            action="let the workflow lead to an end from there, and let the account make the transition",
            needed=False,
            after=seen,
        )
        yield named("fields", "the custom fields", "fields projects", self._site(check_fields))
        yield named("resolutions", "the resolutions", "projects", self._site(check_resolutions))
        yield named("priorities", "the priorities of hand-overs", "routes", self._site(check_priorities))
        yield named("links", "the links between issues", "links link_type", self._site(check_links))._replace(
            action='correct the name in the settings, or set link_type = "" for no links between tickets'
        )
        yield named("service_desks", "service desks and request types", "projects", self._service_desks)._replace(
            after=seen
        )
        yield named("sla", "the SLA's name", "sla", self._site(check_slas))
        yield named("assignees", "who gets hand-overs", "escalation_assignee routes", self._assignees)
        yield named("label", f"the use of the label {self._settings.label!r}", "label", self._label)
        yield named("attachments", "attaching files", "attach_diagnostics", self._attachments)._replace(
            action="allow attachments in Jira, or set attach_diagnostics = false"
        )

    def _site(self, check: Callable[[JiraClient, JiraSettings], None]) -> Callable[[], str]:
        def look() -> str:
            with whole_site():
                check(self._client(), self._settings)
            return AS_SET

        return look

    def _sifted(self, id: str, check: Callable[[JiraClient, JiraSettings, str], None], found: str) -> Callable[[], str]:
        def look() -> str:
            client = self._client()
            self._usable.sift(id, _whole(lambda key: check(client, self._settings, key)))
            return f"{', '.join(self._settings.projects)}: {found}"

        return look

    def _each(self, check: Callable[[JiraClient, JiraSettings, str], None]) -> Callable[[], str]:
        def look() -> str:
            client, projects = self._client(), self._usable.names()
            check_each(client.system, projects, _whole(lambda key: check(client, self._settings, key)))
            return f"{', '.join(projects)}: {AS_SET}"

        return look

    def _service_desks(self) -> str:
        projects = {key: self._settings.projects[key] for key in self._usable.names()}
        with whole_site():
            check_service_desks(self._client(), self._settings.model_copy(update={"projects": projects}))
        return AS_SET

    def _assignees(self) -> str:
        client = self._client()

        def check(named: tuple[str, str]) -> None:
            self._accounts.check(client, *named)

        check_each(client.system, self._settings.assignees().items(), _whole(check))
        warn_of_assignees(client, self._settings)
        return "every account that the settings name"

    def _label(self) -> str:
        client = self._client()
        warn_of_label(client, self._settings)
        return "yes" if self._settings.is_cloud else "Data Center lists no labels"

    def _attachments(self) -> str:
        if not self._settings.attach_diagnostics:
            return "attach_diagnostics is off"
        client = self._client()
        with whole_site():
            meta = client.read_object("look whether files may be attached", "attachment/meta")
        if meta.get("enabled") is not True:
            raise Misconfigured(client.system, "attach files", "attachments are switched off on this site")
        return f"up to {meta.get('uploadLimit')} bytes; inside only on service projects"

    def _transitions(self) -> str:
        """Look at one open tagged issue of each project: its own workflow tells what may follow."""
        client, seen = self._client(), list[str]()

        def look(key: str) -> None:
            jql = tagged_jql(self._settings.model_copy(update={"projects": {key: self._settings.projects[key]}}))
            issue = next(client.search(jql, ("status",)), None)
            if issue is not None:
                _end_from(client, key, issue)
                seen.append(str(issue.get("key")))

        check_each(client.system, self._usable.names(), _whole(look))
        if not seen:
            raise NothingToSeeError("no project has an open issue with the label, from which transitions could be read")
        return f"yes, from {', '.join(seen)}"


def _whole(check: Callable[[Item], object]) -> Callable[[Item], None]:
    def checked(item: Item) -> None:
        with whole_site():
            check(item)

    return checked


def _end_from(client: JiraClient, project: str, issue: Mapping[str, object]) -> None:
    status = an_object(an_object(issue.get("fields")).get("status")).get("name")
    leads = [an_object(item.get("to")) for item in client.transitions(str(issue.get("id")))]
    if not any(an_object(to.get("statusCategory")).get("key") == "done" for to in leads):
        known = ", ".join(sorted(str(to.get("name")) for to in leads)) or "none"
        place = at(client.system, f"projects.{project}")
        detail = f"{place}: {issue.get('key')} is {status!r}, from where the account reaches: {known}"
        raise Misconfigured(client.system, "find a transition to an end", detail)


def _seen(client: JiraClient, _settings: JiraSettings, key: str) -> None:
    kind_of(client, key)


def _kind(client: JiraClient, settings: JiraSettings, project: str) -> None:
    """Check whether a project has an internal side, as the settings say; comments would be public otherwise."""
    found = kind_of(client, project)
    if not found or (found == "service_desk") == settings.projects[project].is_service_desk:
        return
    kind = settings.projects[project].kind
    detail = f"{at(client.system, f'projects.{project}.kind')}: found {kind!r}; the site says {found!r}"
    raise Misconfigured(client.system, f"check the kind of project {project}", detail)
