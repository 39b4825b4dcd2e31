"""What surrounds a user's profile: the System Log, groups, agents, Okta Support's cases and the org itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.okta.client import Answer, OktaClient, part
from connectors.okta.shapes import Shapes
from workflows.errors import Refused, Unexpected
from workflows.model import AgentPool, Group, LogEvent, Organization, SupportCase

PAGE = 200  # the most that every list of ours gives at once


class Surroundings:
    """The part of `OktaOrg` that diagnoses rest on."""

    name: str
    _client: OktaClient
    _shapes: Shapes

    def log(
        self, target_id: str, since: datetime, limit: int = 100, *, types: Sequence[str] = ()
    ) -> tuple[LogEvent, ...]:
        """Return System Log events that concern a user or an app, oldest first, the newest `limit` of them.

        An event that cannot be read is left out. Filters: https://developer.okta.com/docs/reference/system-log-query/
        """
        operation = "read the System Log"
        wanted = f'target.id eq "{checked_id(self.name, operation, target_id)}"'
        if types:
            named = " or ".join(f'eventType eq "{_event_type(self.name, operation, kind)}"' for kind in types)
            wanted = f"{wanted} and ({named})"
        params: dict[str, str | int] = {
            "filter": wanted,
            "since": since.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "sortOrder": "DESCENDING",
            "limit": limit,
        }
        events = []
        for item, _ in self._client.pages(operation, "/api/v1/logs", params, stop_when_empty=True):
            event = self._shapes.log_event(item)
            if event:
                events.append(event)
            if len(events) >= limit:
                break
        return tuple(reversed(events))

    def groups(self, user_id: str) -> tuple[Group, ...]:
        """Return the groups that a user is in."""
        operation = "read the user's groups"
        pages = self._client.pages(operation, f"/api/v1/users/{part(user_id)}/groups", {"limit": PAGE})
        return tuple(self._shapes.group(item) for item, _ in pages)

    def agent_pools(self) -> tuple[AgentPool, ...]:
        """Return the AD and LDAP agents' pools; this endpoint allows few calls a minute."""
        operation = "read the agent pools"
        answer = self._need(operation, "/api/v1/agentPools", {"limitPerPoolType": PAGE})
        if not isinstance(answer.body, list):
            raise Unexpected(self.name, operation, "a list was expected")
        return tuple(
            self._shapes.agent_pool(item)
            for item in answer.body
            if isinstance(item, Mapping) and item.get("type") in {"AD", "LDAP"}
        )

    def support_cases(self) -> tuple[SupportCase, ...]:
        """Return the cases with Okta Support; the description says an object of them, its example shows a bare list."""
        operation = "read the cases with Okta Support"
        body = self._need(operation, "/api/v1/org/privacy/oktaSupport/cases").body
        items = body.get("supportCases") if isinstance(body, Mapping) else body
        if not isinstance(items, list):
            raise Unexpected(self.name, operation, "a list of cases was expected")
        return tuple(self._shapes.support_case(item) for item in items if isinstance(item, Mapping))

    def organization(self) -> Organization:
        """Return what the org tells everybody about itself."""
        answer = self._need("read the org's own id", "/.well-known/okta-organization")
        return self._shapes.organization(answer.body).model_copy(update={"url": self._client.transport.base_url})

    def _need(self, operation: str, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        answer = self._client.get(operation, path, params)
        if answer is None:
            raise Unexpected(self.name, operation, "no answer")
        return answer


def checked_id(system: str, operation: str, text: str) -> str:
    """Return an id that may stand in a filter; Okta's ids are letters and digits."""
    if not text.isalnum() or not text.isascii():
        raise Refused(system, operation, f"{text[:40]!r} is not an id of Okta")
    return text


def _event_type(system: str, operation: str, text: str) -> str:
    if not text.replace(".", "").replace("_", "").isalnum() or not text.isascii():
        raise Refused(system, operation, f"{text[:60]!r} is not an event type of Okta")
    return text
