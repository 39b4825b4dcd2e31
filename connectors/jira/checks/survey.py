"""Tells what a site offers to an account before the settings are written: projects, resolutions, people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from connectors.http.statuses import of_the_system
from connectors.http.totals import Totals
from connectors.jira.checks.forms import forms_of
from connectors.jira.checks.probes import Looks
from connectors.jira.client import JiraClient
from connectors.jira.limits import Limits
from connectors.jira.lookups import AccountLookup
from connectors.jira.settings import JiraSettings
from workflows.errors import Refused
from workflows.model import label
from workflows.ports import Clock, Form

SERVICE_DESK, SOFTWARE = "service_desk", "software"


class VisibleProject(NamedTuple):
    """A project that the account may browse; `service_desk_id` is "" where it sees no service desk of it."""

    key: str
    name: str
    kind: str
    service_desk_id: str


class JiraSurvey:
    """One site as one account; reads only. `account` holds the keys of `JiraSettings` that sign in."""

    def __init__(self, name: str, account: Mapping[str, Any], *, clock: Clock) -> None:
        settings = JiraSettings(**{"projects": {"NOT_CHOSEN_YET": {"kind": "software"}}, **account})
        self._client = JiraClient(name, settings, clock, Limits(clock), Totals(name))
        self._accounts = AccountLookup(settings, clock)
        self._looks = Looks(name, lambda: self._client, settings, self._accounts)

    def identity(self) -> str:
        """Prove the site's kind and the credential; return our account's id (Cloud) or user name (Data Center)."""
        return self._looks.identity()

    def projects(self) -> list[VisibleProject]:
        """Return the projects that the account may browse, with their service desks."""
        try:
            found = list(self._client.projects("list the projects"))
            served = any(item.get("projectTypeKey") == SERVICE_DESK for item in found)
            desks = self._client.service_desks("list the service desks") if served else ()
            ids = {str(desk.get("projectKey")): str(desk.get("id")) for desk in desks}
        except Refused as error:
            raise of_the_system(error) from error
        return [_project(item, ids) for item in found]

    def resolutions(self) -> list[str]:
        """Return the names of the site's resolutions."""
        try:
            return [
                label(str(item.get("name"))) for item in self._client.read_list("list the resolutions", "resolution")
            ]
        except Refused as error:
            raise of_the_system(error) from error

    def forms(self, service_desk_id: str) -> list[Form]:
        """Return what the request types of a service desk ask for, as far as the account may see it."""
        try:
            return list(forms_of(self._client, service_desk_id))
        except Refused as error:
            raise of_the_system(error) from error

    def find_assignee(self, wanted: str) -> None:
        """Find the one account with this id, name or address, or raise `Misconfigured`."""
        self._accounts.check(self._client, "escalation_assignee", wanted)


def _project(item: Mapping[str, Any], service_desks: Mapping[str, str]) -> VisibleProject:
    """Return a project; one of any other type than Jira Service Management's has comments like a software project."""
    key = str(item.get("key"))
    kind = SERVICE_DESK if item.get("projectTypeKey") == SERVICE_DESK else SOFTWARE
    return VisibleProject(key, label(str(item.get("name"))), kind, service_desks.get(key, ""))
