"""SLAs of the simulated ServiceNow: rows of `task_sla` whose percentages follow the clock.

https://www.servicenow.com/docs/r/it-service-management/service-level-management/r_TaskSLATable.html.
"""

from __future__ import annotations

from connectors.sandbox.servicenow.writing import WritableRecords
from connectors.sandbox.wire.sla_clock import SlaClock

_WAITING = {"incident": "3"}  # "On Hold"; catalogue tables are "Pending" at -5
_DONE = {"incident": {"6", "7", "8"}}
_PENDING, _CLOSED = "-5", {"3", "4", "7"}


class ServiceNowSlas:
    """The SLAs by the sys_id of their rows."""

    def __init__(self, held: WritableRecords) -> None:
        self._held = held
        self._clocks: dict[str, SlaClock] = {}

    def start(self, ticket_id: str, clock: SlaClock, target: str) -> None:
        """Attach an SLA to a ticket; `target` is `resolution`, `response` or empty."""
        sla = self._held.insert("contract_sla", {"name": clock.name, "target": target, "active": "true"}, "admin")
        row = {"task": ticket_id, "sla": sla["sys_id"], "stage": "in_progress", "active": "true"}
        record = self._held.insert("task_sla", row, "system")
        self._clocks[record["sys_id"]] = clock

    def of(self, ticket_id: str) -> list[SlaClock]:
        """Return a ticket's clocks as of the last update."""
        rows = self._held.records["task_sla"]
        return [clock for sys_id, clock in self._clocks.items() if rows[sys_id]["task"] == ticket_id]

    def settle(self) -> None:
        """Update every row."""
        for sys_id, clock in self._clocks.items():
            row = self._held.records["task_sla"][sys_id]
            table, ticket = self._held.ticket(row["task"])
            waiting = ticket["state"] == _WAITING.get(table, _PENDING)
            clock.settle(self._held.frame.clock(), waiting=waiting, done=ticket["state"] in _DONE.get(table, _CLOSED))
            stage = "completed" if clock.stopped else "paused" if clock.paused else "in_progress"
            share = f"{clock.used:.2f}"
            row |= {"stage": stage, "active": str(clock.stopped is None).lower()}
            row |= {"percentage": share, "business_percentage": share, "has_breached": str(clock.breached).lower()}
