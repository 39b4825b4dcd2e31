"""The time of this machine, as the core's clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Tells the time of this machine in UTC."""

    def now(self) -> datetime:
        """Return the present time."""
        return datetime.now(UTC)
