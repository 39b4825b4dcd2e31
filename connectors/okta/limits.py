"""What is left of Okta's rate limits, bucket by bucket, as its answers tell: so that we wait before it has to refuse.

Limits are by endpoint family and minute, and one credential may use half of an org's by default
(https://developer.okta.com/docs/reference/rl2-token-oauth/), so the headers are the only truth. What is known here is
this process's own; several processes each read the same headers.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from connectors.http import by_our_clock

LONGEST_WINDOW = timedelta(minutes=10)  # windows are minutes: a reset further ahead is a clock gone wrong

# The families, as told by https://developer.okta.com/docs/reference/rl-global-mgmt/ and the ids in recorded headers; a
# path that fits none is a family of its own.
_FAMILIES = (
    (r"/api/v1/users", "users"),
    (r"/api/v1/users/[^/]+", "user"),
    (r"/api/v1/users/[^/]+/groups", "groups"),
    (r"/api/v1/groups(/[^/]+)?", "all groups"),
    (r"/api/v1/apps(/[^/]+/user/types)?", "apps"),
    (r"/api/v1/apps/[^/]+", "app"),
    (r"/api/v1/apps/[^/]+/users(/[^/]+)?", "app users"),
    (r"/api/v1/mappings(/[^/]+)?", "mappings"),
    (r"/api/v1/meta/.*", "schemas"),
    (r"/api/v1/logs", "logs"),
    (r"/api/v1/agentPools", "agent pools"),
)


def family(path: str) -> str:
    """Return which bucket a call counts in."""
    return next((name for pattern, name in _FAMILIES if re.fullmatch(pattern, path)), path)


class Left(NamedTuple):
    """What a bucket's last answer told: calls left of how many, until when (UTC, by our clock)."""

    remaining: int
    limit: int
    reset: datetime
    window: int  # the reset as Okta named it, the same in every answer of one minute


class RateLimits:
    """The buckets of one credential; threads share it.

    `reserve` is what is left untouched of each bucket for others: below 1 a share of it, from 1 on a number of calls.
    """

    def __init__(self, reserve: float = 0.1) -> None:
        self._reserve = reserve
        self._left: dict[str, Left] = {}
        self._lock = threading.Lock()

    def note(self, bucket: str, headers: Mapping[str, str], now: datetime) -> None:
        """Remember what an answer's headers tell of its bucket.

        A limit of 0 tells of too many calls at once, and its reset is a suggestion only
        (https://developer.okta.com/docs/reference/rl2-concurrency/): no reason to hold other calls back.
        """
        numbers = [_number(headers.get(f"X-Rate-Limit-{name}")) for name in ("Limit", "Remaining", "Reset")]
        limit, remaining, epoch = numbers
        if not limit or remaining is None or epoch is None:
            return
        reset = by_our_clock(datetime.fromtimestamp(epoch, UTC), headers, now)
        with self._lock:
            known = self._left.get(bucket)
            if known and known.window == epoch:  # answers overtake each other: within a minute less is newer
                remaining = min(remaining, known.remaining)
                reset = min(reset, known.reset)  # none is too early; the least late is the best
            if now < reset <= now + LONGEST_WINDOW:
                self._left[bucket] = Left(remaining, limit, reset, epoch)
            else:
                self._left.pop(bucket, None)

    def spent(self, bucket: str, now: datetime) -> Left | None:
        """Return what is left of a bucket that has come to its reserve; `None` while calls may be made."""
        with self._lock:
            left = self._left.get(bucket)
        if left is None or now >= left.reset:
            return None
        kept = self._reserve if self._reserve >= 1 else math.ceil(left.limit * self._reserve)
        return left if left.remaining <= min(kept, left.limit - 1) else None


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,11}", text.strip()) else None
