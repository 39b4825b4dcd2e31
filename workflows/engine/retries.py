"""What is said of far-side faults, and when to try again: one answer for cases, runs, desks and followups."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.errors import FarSideError, Misconfigured, Transient
from workflows.steps import Ports

SOON = timedelta(seconds=1)  # never at once: a far side that names a time already past would be called in a loop


def retry_at(error: FarSideError, ports: Ports) -> datetime:
    """Return when to try again (UTC): the far side's own time where it gave one, else the policy's."""
    now = ports.clock.now()
    until = error.until if isinstance(error, Transient) else None
    return max(until or now + timedelta(seconds=ports.policy.retry_after), now + SOON)


def report(error: FarSideError, ports: Ports) -> None:
    """Tell of a fault; a system that cannot be used as configured is marked as paused, and told of once."""
    if not isinstance(error, Misconfigured):
        ports.tell("far side", {"system": error.system, "text": str(error)})
        return
    if ports.store.pause(error.system, retry_at(error, ports), str(error)):
        ports.tell("alert", {"system": error.system, "text": str(error)})
