"""The clock of one simulated SLA: it runs while the ticket is worked, pauses while it waits, and stops when it ends.

As with the vendors' scheduled jobs, its values are updated only when they are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from connectors.sandbox.wire.frame import Target, iso

NAMES: dict[Target, str] = {"resolution": "Time to resolution", "response": "Time to first response"}
TARGETS: tuple[Target, ...] = get_args(Target)


@dataclass
class SlaClock:
    """An SLA of a ticket; `looked` is when `elapsed` was last updated."""

    name: str
    goal: timedelta
    started: datetime
    looked: datetime
    elapsed: timedelta = timedelta()
    paused: bool = False
    stopped: datetime | None = None

    @property
    def breached(self) -> bool:
        """Say whether the elapsed time exceeds the goal."""
        return self.elapsed > self.goal

    @property
    def used(self) -> float:
        """Return the elapsed share of the goal, in per cent."""
        return 100 * (self.elapsed / self.goal)

    @classmethod
    def started_at(cls, now: datetime, target: Target, minutes: float, used: float = 0.0) -> SlaClock:
        """Start a clock with this goal and `used` per cent elapsed."""
        goal = timedelta(minutes=minutes)
        return cls(NAMES[target], goal, started=now, looked=now, elapsed=goal * used / 100)

    def shown(self) -> dict[str, Any]:
        """Return the clock in the control server's shape."""
        minutes, used = self.goal / timedelta(minutes=1), round(self.used, 2)
        shown = {"name": self.name, "minutes": minutes, "used": used, "breached": self.breached}
        return shown | {"paused": self.paused, "stopped": iso(self.stopped)}

    def settle(self, now: datetime, *, waiting: bool, done: bool) -> None:
        """Advance to now, in the ticket's current state."""
        if self.stopped is None:
            self.elapsed += timedelta() if waiting else now - self.looked
            self.paused, self.stopped = waiting, now if done else None
        self.looked = now
