"""Logs a server's outage without flooding the log: when it begins, once a minute while it lasts, and when it ends.

A server that is down overnight is retried every two seconds; a line for each attempt would bury everything else.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

SAY_AGAIN = 60.0  # seconds between two lines about the same outage
FORGOTTEN = 20.0  # seconds without a failure after which the next one begins a new outage


class Outage:
    """One server's outage, as one part of the program logs it; `seconds` is a monotonic clock."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._since: float | None = None
        self._failed_at = self._said_at = 0.0

    def failed(self, event: str, text: str) -> None:
        """Log that it does not answer, unless that was logged less than a minute ago."""
        now = self._seconds()
        if self._since is None or now - self._failed_at > FORGOTTEN:
            self._since = now
        elif now - self._said_at < SAY_AGAIN:
            self._failed_at = now
            return
        self._failed_at = self._said_at = now
        structlog.get_logger("forcesync").warning(event, text=text, for_seconds=round(now - self._since))

    def over(self, event: str) -> None:
        """Log that it answers again, if an outage was logged."""
        if self._since is not None:
            gone, self._since = round(self._seconds() - self._since), None
            structlog.get_logger("forcesync").warning(event, after_seconds=gone)
