"""Inbound REST rate limits: a rule allows a number of calls an hour, and is enforced slightly late.

https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/inbound-REST-API-rate-limiting.html: counts are
flushed every 30 seconds, a refusal has `Retry-After`, and no header gives the remaining calls. That hours start on the
clock hour is inferred.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from connectors.sandbox.servicenow.errors import SnowError
from connectors.sandbox.servicenow.switches import Switches
from connectors.sandbox.wire.frame import Frame

HOUR = timedelta(hours=1)
FLUSHED_EVERY = timedelta(seconds=30)
GRACE = timedelta(seconds=2)  # calls in flight when the first refusal was sent


class HourlyRule:
    """Counts one account's calls to the Table API."""

    def __init__(self, frame: Frame, switches: Switches) -> None:
        self._frame, self._switches = frame, switches
        self._hour: datetime | None = None
        self._calls: Counter[datetime] = Counter()  # by half minute
        self._refused_at: datetime | None = None

    def count(self, what: str) -> dict[str, str]:
        """Count a call and return the rule's headers; `RateLimitedError` when the flushed counts reach the limit."""
        limit, now = self._switches.hourly_limit, self._frame.clock()
        if limit is None:
            return {}
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._refused_at = hour, None
            self._calls.clear()
        reset = hour + HOUR
        headers = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Reset": str(int(reset.timestamp()))}
        headers["X-RateLimit-Rule"] = "Table API per hour"
        flushed = hour + (now - hour) // FLUSHED_EVERY * FLUSHED_EVERY
        counted = sum(calls for moment, calls in self._calls.items() if moment < flushed)
        if not self._frame.settings.limits or counted < limit:
            self._calls[flushed] += 1
            return headers
        if self._refused_at is None:
            self._refused_at = now
        elif now - self._refused_at > GRACE:
            self._frame.violate("servicenow", "rate limit not respected", f"{what} before Retry-After had passed")
        wait = int((reset - now).total_seconds()) + 1
        raise RateLimitedError(limit, headers | {"Retry-After": str(wait)})


class RateLimitedError(SnowError):
    """A refusal for too many calls, with the rule's headers."""

    def __init__(self, limit: int, headers: dict[str, str]) -> None:
        words = f"Rate limit of {limit} requests per hour for Table API exceeded"
        super().__init__(429, "Rate limit exceeded", words)
        self.headers = headers
