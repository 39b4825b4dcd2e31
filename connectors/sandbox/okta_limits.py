"""The simulated org's rate limits: how many calls a minute each bucket takes, and what the headers say of it.

A client that reads the headers and waits is never punished; one that goes on after a 429 is reported as a violation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from connectors.sandbox.frame import Frame

Bucket = Literal[
    "users", "user", "apps", "app", "app users", "mappings", "schemas", "logs", "agent pools", "support", "reapply"
]

# Calls a minute as recorded from real orgs (the largest value where recordings differ). Okta promises none of them.
# Nothing is recorded for the log (120 is documented for small orgs) and for the reapply (inferred to be generous).
LIMITS: dict[Bucket, int] = {
    "users": 600,
    "user": 2000,
    "apps": 100,
    "app": 500,
    "app users": 100,
    "mappings": 500,
    "schemas": 1000,
    "logs": 120,
    "agent pools": 10,
    "support": 100,
    "reapply": 500,
}
WINDOW = timedelta(seconds=60)
GRACE = timedelta(seconds=2)  # calls that were on their way when the first 429 was answered


@dataclass
class _Window:
    reset: datetime
    used: int = 0
    refused_at: datetime | None = None


@dataclass(frozen=True)
class Quota:
    """What is left of a bucket after a call; `exceeded` says that the call must be refused."""

    limit: int
    remaining: int
    reset: int  # UTC epoch seconds
    exceeded: bool

    def headers(self) -> dict[str, str]:
        """Return the headers of https://developer.okta.com/docs/reference/rl2-monitor/."""
        return {
            "X-Rate-Limit-Limit": str(self.limit),
            "X-Rate-Limit-Remaining": str(self.remaining),
            "X-Rate-Limit-Reset": str(self.reset),
        }


class RateLimits:
    """Counts the calls of each bucket in windows of a minute that begin with a first call."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.windows: dict[Bucket, _Window] = {}

    def count(self, bucket: Bucket) -> Quota:
        """Count one call and return what is left; a call long after a refusal, before the reset, is a violation."""
        now, limit = self.frame.clock(), LIMITS[bucket]
        window = self.windows.get(bucket)
        if window is None or now >= window.reset:
            # Whole seconds, rounded up: the header has no fractions and must never promise too early a moment.
            window = self.windows[bucket] = _Window((now + WINDOW).replace(microsecond=0) + timedelta(seconds=1))
        window.used += 1
        exceeded = self.frame.settings.limits and window.used > limit
        if exceeded:
            if window.refused_at is None:
                window.refused_at = now
            elif now - window.refused_at > GRACE:
                detail = f"bucket {bucket!r}: called again before the reset"
                self.frame.violate("okta", "rate limit not respected", detail)
        return Quota(limit, max(0, limit - window.used), int(window.reset.timestamp()), exceeded)
