"""The simulated org's rate limits: how many calls a minute each bucket allows, and what the headers say.

A client that obeys the headers stays within the rules; one that continues after a 429 causes a violation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from connectors.sandbox.wire.frame import Frame

Bucket = Literal[
    "users",
    "user",
    "apps",
    "app",
    "app users",
    "mappings",
    "schemas",
    "logs",
    "agent pools",
    "support",
    "groups",
    "all groups",
    "token",
    "reapply",
]
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)

# Calls a minute of one token, as recorded from real orgs (the largest value where recordings differ); Okta guarantees
# none of them. Not recorded: the log (half of the 120 documented for small orgs), a user's groups (inferred: like a
# user), the list of groups (inferred: like an app) and the reapply (inferred: generous).
LIMITS: dict[Bucket, int] = {
    "users": 600,
    "user": 2000,
    "apps": 100,
    "app": 500,
    "app users": 100,
    "mappings": 500,
    "schemas": 1000,
    "logs": 60,
    "agent pools": 10,
    "support": 100,
    "groups": 2000,
    "all groups": 500,
    "token": 150,
    "reapply": 500,
}
# One token or app may use half of the org's limit: https://developer.okta.com/docs/reference/rl2-token-oauth/
# The headers give "the ceiling that's applicable for the current request", so the recorded values, each of a single
# token, are taken to be such halves (inferred; one recording shows a single token using its ten of ten).
PRINCIPALS = 2
WINDOW = timedelta(seconds=60)
GRACE = timedelta(seconds=2)  # calls in flight when the first 429 was sent


@dataclass
class _Window:
    reset: datetime
    used: int = 0
    refused_at: datetime | None = None


@dataclass(frozen=True)
class Quota:
    """What is left of a bucket after a call; `exceeded` means the call must be refused."""

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
    """Counts calls per bucket, org-wide and per principal, in one-minute windows that start at a first call."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.windows: dict[tuple[Bucket, str], _Window] = {}

    def count(self, bucket: Bucket, principal: str) -> Quota | None:
        """Count a call and return what is left; a call between a refusal (plus grace) and the reset is a violation.

        With the limits off, nothing is counted, and the answer says nothing of them.
        """
        if not self.frame.settings.limits:
            return None
        now, share = self.frame.clock(), self.frame.settings.okta_limits.get(bucket, LIMITS[bucket])
        org, mine = self._window(bucket, ""), self._window(bucket, principal)
        mine.used += 1
        if mine.used <= share:  # a call refused for the principal does not count for the org
            org.used += 1
        left = {PRINCIPALS * share - org.used: (PRINCIPALS * share, org), share - mine.used: (share, mine)}
        tighter = min(left)
        limit, window = left[tighter]
        exceeded = tighter < 0
        if exceeded:
            self._judge(bucket, mine, now)
        return Quota(limit, max(0, tighter), int(window.reset.timestamp()), exceeded)

    def concurrent(self, calls: int) -> Quota | None:
        """Return the refusal if too many calls run at once, or None; its reset is only a suggestion.

        https://developer.okta.com/docs/reference/rl2-concurrency/
        """
        if not self.frame.settings.limits or calls <= self.frame.settings.okta_concurrency:
            return None
        return Quota(0, 0, int((self.frame.clock() + WINDOW).timestamp()), exceeded=True)

    def _window(self, bucket: Bucket, principal: str) -> _Window:
        now, held = self.frame.clock(), self.windows.get((bucket, principal))
        if held is None or now >= held.reset:
            # Rounded up to whole seconds: the header has no fractions and must never name too early a time.
            held = _Window((now + WINDOW).replace(microsecond=0) + timedelta(seconds=1))
            self.windows[bucket, principal] = held
        return held

    def _judge(self, bucket: Bucket, mine: _Window, now: datetime) -> None:
        if mine.refused_at is None:
            mine.refused_at = now
        elif now - mine.refused_at > GRACE:
            self.frame.violate("okta", "rate limit not respected", f"bucket {bucket!r}: called again before the reset")
