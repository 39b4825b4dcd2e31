"""Logs a server's outage without filling the log: when it goes, now and then while it is away, when it is back.

A server that is down for a night is asked every two seconds; a line for each would bury everything else.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

SAY_AGAIN = 60.0  # seconds between two lines about the same outage
FORGOTTEN = 20.0  # seconds without a failure after which the next one begins a new outage


class Outage:
    """What one part of the program has said of one server; `seconds` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._since: float | None = None
        self._failed_at = self._said_at = 0.0

    def failed(self, event: str, text: str) -> None:
        """Say that it does not answer, unless that was said just now."""
        now = self._seconds()
        if self._since is None or now - self._failed_at > FORGOTTEN:
            self._since = now
        elif now - self._said_at < SAY_AGAIN:
            self._failed_at = now
            return
        self._failed_at = self._said_at = now
        structlog.get_logger("forcesync").warning(event, text=text, for_seconds=round(now - self._since))

    def over(self, event: str) -> None:
        """Say that it answers again, if it was said to be gone."""
        if self._since is not None:
            gone, self._since = round(self._seconds() - self._since), None
            structlog.get_logger("forcesync").warning(event, after_seconds=gone)
