"""Finds our own account, what it may do, and the accounts that tickets are handed to, by exact match."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from connectors.desks import Agents, at
from connectors.http.statuses import of_the_system
from connectors.jira.answers import an_object
from connectors.jira.client import JiraClient
from connectors.jira.settings import JiraSettings
from workflows.errors import Misconfigured, NotAllowed, Refused, Unexpected
from workflows.model import Route
from workflows.ports import Clock

Found = TypeVar("Found")


# https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-user-search/
BROWSE_USERS = "the global permission 'Browse users and groups'"
# Comes with an agent's licence; shows approvals, SLAs and internal comments. Only service projects know it:
# https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-permission-schemes/ ("Built-in permissions")
AGENT = "SERVICEDESK_AGENT"


def missing_permissions(client: JiraClient, project: str, needed: Sequence[str]) -> list[str]:
    """Return which of these permissions our account lacks in a project.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-permissions/ ("Get my permissions")
    """
    operation = f"check the permissions in project {project}"
    params = {"projectKey": project, "permissions": ",".join(needed)}
    granted = client.read_object(operation, "mypermissions", params).get("permissions")
    if not isinstance(granted, Mapping):
        raise Unexpected(client.system, operation, "the answer has no permissions")
    return [name for name in needed if not an_object(granted.get(name)).get("havePermission")]


def _of_the_account(read: Callable[[], Found], right: str) -> Found:
    """Make a read whose refusal is about our account, whatever ticket it is made for."""
    try:
        return read()
    except Refused as error:
        raise of_the_system(error, right) from error


class AccountLookup:
    """Looks up the accounts that a desk needs, each when first needed, and again after a refused assignment.

    An account's id never changes, but an e-mail address may get another account.
    """

    def __init__(self, settings: JiraSettings, clock: Clock) -> None:
        self._settings, self._agents = settings, Agents("jira", clock)
        self._worker: str | None = None
        self._found: dict[str, str] = {}

    def worker(self, client: JiraClient) -> str:
        """Return our own account id (Cloud) or user name (Data Center)."""
        if self._worker is None:
            operation = "prove the credential"
            me = _of_the_account(lambda: client.read_object(operation, "myself"), "")
            name = me.get(self._id_field)
            if not isinstance(name, str) or not name:
                raise Misconfigured(
                    client.system, operation, f"Jira's answer names no {self._id_field}; is this {self._kind}?"
                )
            self._worker = name
        return self._worker

    def is_agent(self, client: JiraClient, project: str, account: str) -> bool:
        """Return whether an account is an agent of a service project.

        Agents alone can be assigned a service project's issues (inferred: customers have no licence).
        """
        operation = "find out whether an account is an agent"
        return self._agents.is_one(project, account, lambda: client.assignable(operation, project, account))

    def forget(self) -> None:
        """Look up the accounts of hand-overs again when they are next needed."""
        self._found = {}

    def handed_to(self, client: JiraClient, project: str) -> dict[str, str]:
        """Return the accounts that a project's tickets are handed to, by route; the empty name is the default."""
        routes = {"": None, **{route.value: route for route in self._settings.routes_of(project)}}
        return {name: self._assignee(client, project, route) or "" for name, route in routes.items()}

    def check(self, client: JiraClient, place: str, wanted: str) -> None:
        """Find an assignee, or raise `Misconfigured` with the settings key `place` that names them."""
        try:
            self._found[wanted] = self._found.get(wanted) or self._look_up(client, wanted)
        except NotAllowed:
            raise  # our right to look people up is missing, whoever it is
        except Misconfigured as error:
            detail = f"{at(error.system, place)}: found {wanted!r}; {error.detail}"
            raise Misconfigured(error.system, error.operation, detail, request_id=error.request_id) from error

    def _assignee(self, client: JiraClient, project: str, route: Route | None) -> str | None:
        wanted = self._settings.escalation_of(project, route)
        if not wanted:
            return None
        found = self._found.get(wanted)  # another thread may forget it
        if found is None:
            found = self._found[wanted] = self._look_up(client, wanted)
        return found

    def _look_up(self, client: JiraClient, wanted: str) -> str:
        """Find the one active account with exactly this id, name or e-mail address: a near match is another person."""
        operation = f"find the escalation assignee {wanted!r}"
        found = _of_the_account(lambda: client.users(operation, wanted), BROWSE_USERS)
        active = [user for user in found if user.get("active") is not False and user.get(self._id_field)]
        exact = {str(user[self._id_field]) for user in active if wanted.casefold() in self._names(user)}
        if len(exact) != 1:
            detail = f"{len(exact) or 'no'} active accounts have exactly this {self._id_field} or e-mail address"
            raise Misconfigured(client.system, operation, f"{detail}; {self._instead(active)}")
        return exact.pop()

    def _names(self, user: Mapping[str, Any]) -> set[str]:
        return {str(user.get(name) or "").casefold() for name in (self._id_field, "emailAddress")}

    def _instead(self, active: Sequence[Mapping[str, Any]]) -> str:
        """Say what to give instead: the id of an account whose address the site hides, where Jira found one for it.

        https://developer.atlassian.com/cloud/jira/platform/user-privacy-developer-guide/
        """
        hidden = [str(user[self._id_field]) for user in active if not user.get("emailAddress")]
        if hidden:
            return (
                f"the site hides the addresses of those that it found; give the {self._id_field}, if right: {hidden[0]}"
            )
        return f"where the site hides addresses, give the {self._id_field}"

    @property
    def _id_field(self) -> str:
        return "accountId" if self._settings.is_cloud else "name"

    @property
    def _kind(self) -> str:
        return "Jira Cloud" if self._settings.is_cloud else "Jira Data Center"
