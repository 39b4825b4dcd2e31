"""Reads what diagnoses need beside the profile: System Log, groups, agents, support cases and the org itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from connectors.okta.cache import Cache
from connectors.okta.client import OktaClient, part
from connectors.okta.reading.bodies import OktaReader
from connectors.okta.reading.log import SystemLog
from workflows.errors import Unexpected
from workflows.model import AgentPool, Directory, Group, LogEvent, LogReading, Organization, SupportCase, folded

PAGE = 200  # the maximum page size of the lists read here, but for a group's members
MEMBERS = 1000
ALIKE = 3  # letters that a misspelt name probably shares with the intended group
GROUP_ID = re.compile(r"00g[A-Za-z0-9]{1,30}")
KEEP_POOLS_FOR = 60.0  # seconds: the endpoint allows ten calls a minute


class Surroundings:
    """The part of `OktaOrg` that serves diagnoses."""

    name: str
    _client: OktaClient
    _reader: OktaReader
    _cache: Cache
    _log: SystemLog
    _pools: Cache

    def log(
        self, target_id: str, since: datetime, limit: int = 100, *, types: Sequence[str] = ()
    ) -> tuple[LogEvent, ...]:
        """Return System Log events that concern a user or an app, oldest first, the newest `limit` of them."""
        return self._log.events(target_id, since, limit, types)

    def told_of(
        self, user_id: str, directory: Directory, since: datetime, limit: int, *, types: Sequence[str]
    ) -> LogReading:
        """Return the log events of a user in a directory; the reading may be half a minute old and carries its time."""
        return self._log.about(user_id, directory, since, limit, types)

    def groups(self, user_id: str) -> tuple[Group, ...]:
        """Return the groups that a user is in."""
        operation = "read the user's groups"
        items = self._client.items(operation, f"/api/v1/users/{part(user_id)}/groups", {"limit": PAGE})
        return tuple(self._reader.group(item) for item, _ in items)

    def groups_named(self, text: str) -> tuple[Group, ...]:
        """Return the groups with this id or name, ignoring case; if there is none, groups whose names begin alike.

        `q` matches the beginning of a name, exact matches first (https://developer.okta.com/docs/reference/api/groups/);
        that it ignores case is inferred.
        """
        return self._cache.get(("groups named", text), lambda: self._find_groups(text))

    def members_of(self, group: Group) -> frozenset[str]:
        """Return the ids of a group's members, who are never cached.

        https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Group/#tag/Group/operation/listGroupUsers
        """
        operation = "read a group's members"
        items = self._client.items(operation, f"/api/v1/groups/{part(group.id)}/users", {"limit": MEMBERS})
        return frozenset(self._reader.text(item, "member", "id") for item, _ in items)

    def _find_groups(self, text: str) -> tuple[Group, ...]:
        operation = "find a group"
        if GROUP_ID.fullmatch(text):
            answer = self._client.find(operation, f"/api/v1/groups/{part(text)}")
            if answer:
                return (self._reader.group(answer.body),)
        exact = [group for group in self._groups(operation, text) if folded(group.name) == folded(text)]
        return tuple(exact) or tuple(self._groups(operation, text[:ALIKE]))

    def _groups(self, operation: str, prefix: str) -> list[Group]:
        page = self._client.page(operation, "/api/v1/groups", {"q": prefix, "limit": PAGE})
        return [self._reader.group(item) for item in page.items]

    def agent_pools(self) -> tuple[AgentPool, ...]:
        """Return the AD and LDAP agent pools, up to a minute old: this endpoint allows ten calls a minute.

        The limit is taken from the recorded answers in https://github.com/okta/okta-sdk-python.
        """
        return self._pools.get("agent pools", self._read_pools)

    def _read_pools(self) -> tuple[AgentPool, ...]:
        page = self._client.page("read the agent pools", "/api/v1/agentPools", {"limitPerPoolType": PAGE})
        return tuple(self._reader.agent_pool(item) for item in page.items if item.get("type") in ("AD", "LDAP"))

    def support_cases(self) -> tuple[SupportCase, ...]:
        """Return the cases with Okta Support; the API description says an object, its example shows a bare list."""
        operation = "read the cases with Okta Support"
        body = self._client.get(operation, "/api/v1/org/privacy/oktaSupport/cases").body
        items = body.get("supportCases") if isinstance(body, Mapping) else body
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            raise Unexpected(self.name, operation, "a list of cases was expected")
        return tuple(self._reader.support_case(item) for item in items)

    def organization(self) -> Organization:
        """Return what the org publishes about itself."""
        answer = self._client.get("read the org's own id", "/.well-known/okta-organization")
        return self._reader.organization(answer.body).but(url=self._client.transport.base_url)
