"""Reads how much of a request's resolution SLA is used.

Jira Service Management returns the running cycle's elapsed time and goal, in the desk's working hours
(https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/). SLAs have no type, so the settings
name the one that counts. Only an agent of the project may read it.
"""

from __future__ import annotations

from typing import Any

from connectors.desks import SlaRows
from connectors.jira.answers import an_object
from connectors.jira.client import JiraClient
from connectors.jira.settings import JiraSettings
from workflows.model import Sla


class Slas:
    """Reads the SLAs of one site's requests."""

    def __init__(self, settings: JiraSettings) -> None:
        self._name = settings.sla
        self._rows = SlaRows("jira", settings.sla_percent)

    def of_request(self, client: JiraClient, issue_id: str) -> Sla | None:
        """Return the request's running resolution SLA."""
        found = self._rows.read(lambda: client.slas(issue_id))
        used = (_used(item.get("ongoingCycle")) for item in found if item.get("name") == self._name)
        share = next((share for share in used if share is not None), None)
        return None if share is None else Sla(name=self._name, used=share, limit=self._rows.limit)


def _used(cycle: Any) -> float | None:
    elapsed, goal = _millis(cycle, "elapsedTime"), _millis(cycle, "goalDuration")
    return 100 * elapsed / goal if elapsed is not None and goal else None


def _millis(cycle: Any, name: str) -> int | None:
    millis = an_object(an_object(cycle).get(name)).get("millis")
    return millis if isinstance(millis, int) else None
