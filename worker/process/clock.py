"""The system clock, as the core's `Clock`."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Returns this machine's time in UTC."""

    def now(self) -> datetime:
        """Return the current time."""
        return datetime.now(UTC)
