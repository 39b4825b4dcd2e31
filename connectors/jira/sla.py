"""Reads how much of a request's resolution SLA is used; an unreadable SLA is ignored.

Jira Service Management returns the running cycle's elapsed time and goal, in the desk's working hours
(https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/). SLAs have no type, so the settings
name the one that counts. Only an agent of the project may read it.
"""

from __future__ import annotations

from typing import Any

import structlog

from connectors.jira.answers import an_object
from connectors.jira.client import JiraClient
from connectors.jira.settings import JiraSettings
from workflows.errors import FarSideError, Refused, Transient, Unexpected
from workflows.model import Sla


class Slas:
    """Reads the SLAs of one site's requests."""

    def __init__(self, settings: JiraSettings) -> None:
        self._name, self._limit = settings.sla, settings.sla_percent
        self._warned: set[str] = set()  # cleared when SLAs can be read again

    def of_request(self, client: JiraClient, issue_id: str) -> Sla | None:
        """Return the request's running resolution SLA."""
        if not self._limit:
            return None
        try:
            found = client.slas(issue_id)
        except (Refused, Unexpected, Transient) as error:
            self._warn_once(error)
            return None
        self._warned.clear()
        used = (_used(item.get("ongoingCycle")) for item in found if item.get("name") == self._name)
        share = next((share for share in used if share is not None), None)
        return None if share is None else Sla(name=self._name, used=share, limit=self._limit)

    def _warn_once(self, error: FarSideError) -> None:
        """Warn once for a temporary fault and once for a refusal, so that the one does not hide the other."""
        said = "SLAs cannot be looked at now" if isinstance(error, Transient) else "SLAs are not looked at"
        if said not in self._warned:
            self._warned.add(said)
            structlog.get_logger("forcesync.jira").warning(said, system=error.system, text=str(error))


def _used(cycle: Any) -> float | None:
    elapsed, goal = _millis(cycle, "elapsedTime"), _millis(cycle, "goalDuration")
    return 100 * elapsed / goal if elapsed is not None and goal else None


def _millis(cycle: Any, name: str) -> int | None:
    millis = an_object(an_object(cycle).get(name)).get("millis")
    return millis if isinstance(millis, int) else None
