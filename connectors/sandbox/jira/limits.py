"""The simulated Jira's rate limits: bursts per endpoint and method, writes per issue, and a quota.

Rates and reasons: https://developer.atlassian.com/cloud/jira/platform/rate-limiting/. The limits in the headers are as
recorded (350 for reads, 400 for an issue, 300 for PUT, 200 for POST), taken to be burst sizes (inferred). Data Center's
headers are recorded from a site with limits; this one has none, as an administrator has to enable them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from connectors.sandbox.jira.habits import Habits
from connectors.sandbox.wire.frame import ON_ITS_WAY, Frame, iso

BURSTS = {  # burst, then calls a second
    "GET": (350, 100.0),
    "GET /issue/{issue}": (400, 150.0),
    "POST": (200, 100.0),
    "PUT": (300, 50.0),
    "DELETE": (300, 50.0),
}
PER_ISSUE = ((2.0, 20), (30.0, 100))  # seconds, writes
NEAR = 0.2  # share of a limit; below it, the header warns
HOUR = timedelta(hours=1)


class TooMany(Exception):  # noqa: N818  # an expected answer, not a failure
    """A call over a limit, with the headers of its answer."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__("Rate limit exceeded")
        self.headers = headers


@dataclass
class _Burst:
    left: float
    at: datetime


@dataclass
class Limits:
    """Counts calls and writes, refuses those over a limit, and reports a client that does not wait."""

    frame: Frame
    habits: Habits
    cloud: bool
    bursts: dict[str, tuple[int, float]] = field(default_factory=lambda: dict(BURSTS))
    _levels: dict[str, _Burst] = field(default_factory=dict)
    _written: dict[str, deque[datetime]] = field(default_factory=dict)
    _hour: tuple[datetime, int] | None = None
    _held: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)  # key -> refused at, not before

    def count(self, method: str, template: str) -> dict[str, str]:
        """Count a call and return its headers; raise `TooMany` over the burst or the quota."""
        if not self.cloud:
            return {
                "Retry-After": "0",  # on every 200, as recorded
                "X-RateLimit-Limit": "5",
                "X-RateLimit-Remaining": "4",
                "X-RateLimit-FillRate": "5",
                "X-RateLimit-Interval-Seconds": "1",
            }
        endpoint = f"{method} {template}"
        size, rate = self.bursts.get(endpoint) or self.bursts.get(method, self.bursts["GET"])
        now = self.frame.clock()
        level = self._levels.setdefault(endpoint, _Burst(float(size), now))
        level.left = min(float(size), level.left + (now - level.at).total_seconds() * rate)
        level.at = now
        if self.frame.settings.limits:
            self._spend_quota(now)
            if level.left < 1:
                self._refuse("jira-burst-based", endpoint, (1 - level.left) / rate, size)
        level.left = max(0.0, level.left - 1)
        headers = {"X-RateLimit-Limit": str(size), "X-RateLimit-Remaining": str(int(level.left))}
        return headers | ({"X-RateLimit-NearLimit": "true"} if level.left < NEAR * size else {})

    def write(self, issue_id: str) -> None:
        """Count a write on an issue; raise `TooMany` over the issue's limit."""
        if not self.cloud or not self.frame.settings.limits:
            return
        now = self.frame.clock()
        self._judge(f"issue {issue_id}", "write during a Retry-After", now)
        written = self._written.setdefault(issue_id, deque(maxlen=PER_ISSUE[-1][1]))
        for seconds, most in PER_ISSUE:
            recent = [at for at in written if now - at < timedelta(seconds=seconds)]
            if len(recent) >= most:
                wait = seconds - (now - recent[-most]).total_seconds()
                self._refuse("jira-per-issue-on-write", f"issue {issue_id}", wait, most)
        written.append(now)

    def _spend_quota(self, now: datetime) -> None:
        if self.habits.quota is None:
            return
        self._judge("quota", "call during a quota pause", now)
        start, used = self._hour or (now, 0)
        if now - start >= HOUR:
            start, used = now, 0
        if used >= self.habits.quota:
            wait = (start + HOUR - now).total_seconds()
            self._refuse("jira-quota-tenant-based", "quota", wait, self.habits.quota)
        self._hour = (start, used + 1)

    def _refuse(self, reason: str, whose: str, wait: float, limit: int) -> None:
        if self.habits.silent_limits:
            raise TooMany({})
        now, seconds = self.frame.clock(), max(1, ceil(wait))
        until = now + timedelta(seconds=seconds)
        self._held.setdefault(whose, (now, until))
        raise TooMany(
            {
                "Retry-After": str(seconds),
                "RateLimit-Reason": reason,
                "X-RateLimit-Limit": str(limit),
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": str(iso(until)),
                "X-RateLimit-NearLimit": "true",
            }
        )

    def _judge(self, whose: str, rule: str, now: datetime) -> None:
        refused_at, until = self._held.get(whose, (None, None))
        if refused_at is None or until is None:
            return
        if now >= until:
            del self._held[whose]
        elif now - refused_at > ON_ITS_WAY:
            self.frame.violate("jira", rule, f"{whose}: before {until:%H:%M:%S}")
