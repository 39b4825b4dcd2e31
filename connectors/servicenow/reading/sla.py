"""Reads how much of a ticket's resolution SLA is used, as the instance last computed it.

A task's SLAs are rows of `task_sla`. The instance updates their percentages periodically, more often near the breach
(https://www.servicenow.com/docs/r/it-service-management/service-level-management/r_TaskSLATable.html).
`business_percentage` follows the SLA's schedule.
"""

from __future__ import annotations

import math
from contextlib import suppress

from connectors.desks import UNREADABLE, SlaRows
from connectors.servicenow.answers import Row, plain
from connectors.servicenow.client import ServiceNowClient
from workflows.model import Sla

TABLE = "task_sla"
COLUMNS = ["task", "active", "sla.name", "sla.target", "business_percentage", "percentage"]
MOST = 20  # SLAs of one ticket


class Slas:
    """Reads SLAs; at `limit` (per cent) a person takes over, 0 means never."""

    def __init__(self, client: ServiceNowClient, limit: float) -> None:
        self._client = client
        self._rows = SlaRows("servicenow", limit)

    def check(self) -> None:
        """Warn if the table may not be read; tickets are then worked without regard to their SLAs."""
        with suppress(*UNREADABLE):
            self._read("active=true", 1)

    def of_ticket(self, sys_id: str) -> Sla | None:
        """Return the ticket's running resolution SLA; of several, the one that is used most."""
        rows = self._read(f"task={self._client.checked('read the SLA', sys_id)}^active=true", MOST)
        found = [
            Sla(name=plain(row.get("sla.name")) or "resolution", used=used, limit=self._rows.limit)
            for row in rows
            if plain(row.get("task")) == sys_id and plain(row.get("active")) == "true" and _of_resolution(row)
            if (used := _used(row)) is not None
        ]
        return max(found, key=lambda sla: sla.used, default=None)

    def _read(self, query: str, limit: int) -> list[Row]:
        fields = ["sys_id", *COLUMNS]
        return self._rows.read(lambda: self._client.lists.first("read the SLA", TABLE, query, fields, limit))


def _of_resolution(row: Row) -> bool:
    """Say whether an SLA is about resolution, by its target or, if none is set, by its name (inferred)."""
    target = plain(row.get("sla.target"))
    return target == "resolution" or (not target and "resol" in plain(row.get("sla.name")).casefold())


def _used(row: Row) -> float | None:
    text = plain(row.get("business_percentage")) or plain(row.get("percentage"))
    try:
        used = float(text.replace(",", "") if "." in text else text)  # a comma alone may be the decimal point
    except ValueError:
        return None
    return used if math.isfinite(used) else None
