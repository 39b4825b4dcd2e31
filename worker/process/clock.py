"""The system clock, as the core's `Clock`."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Tells the time of this machine in UTC."""

    def now(self) -> datetime:
        """Return the present time."""
        return datetime.now(UTC)
