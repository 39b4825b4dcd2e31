"""Tracks what is left of Okta's rate limits, bucket by bucket, so that we wait before Okta refuses a call.

Limits are per endpoint family and minute, and by default one credential may use half of an org's
(https://developer.okta.com/docs/reference/rl2-token-oauth/), so only the answers' headers are reliable. Each process
keeps its own record; all of them read the same headers.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from connectors.http.clocks import by_our_clock

LONGEST_WINDOW = timedelta(minutes=10)  # windows are minutes long; a reset further ahead comes from a wrong clock

# The endpoint families, from https://developer.okta.com/docs/reference/rl-global-mgmt/ and from the ids in recorded
# headers; a path that matches none is a family of its own.
_FAMILIES = (
    (r"/api/v1/users", "users"),
    (r"/api/v1/users/[^/]+", "user"),
    (r"/api/v1/users/[^/]+/groups", "groups"),
    (r"/api/v1/groups(/[^/]+(/users)?)?", "all groups"),
    (r"/api/v1/apps(/[^/]+/user/types)?", "apps"),
    (r"/api/v1/apps/[^/]+", "app"),
    (r"/api/v1/apps/[^/]+/users(/[^/]+)?", "app users"),
    (r"/api/v1/mappings(/[^/]+)?", "mappings"),
    (r"/api/v1/meta/.*", "schemas"),
    (r"/api/v1/logs", "logs"),
    (r"/api/v1/agentPools", "agent pools"),
)


def family(path: str) -> str:
    """Return the bucket that a call counts against."""
    return next((name for pattern, name in _FAMILIES if re.fullmatch(pattern, path)), path)


OTHER = "other"  # stands for the paths that are families of their own, which may hold ids


class Left(NamedTuple):
    """The state of a bucket by its last answer: calls left, its limit, and its reset (UTC, by our clock)."""

    remaining: int
    limit: int
    reset: datetime
    window: int  # the reset as Okta sent it, the same in every answer of one window


class RateLimits:
    """The buckets of one credential; threads share it.

    `reserve` is the part of each bucket that is left to other clients: below 1 a share, from 1 on a number of calls.
    """

    def __init__(self, reserve: float = 0.5) -> None:
        self._reserve = reserve
        self._left: dict[str, Left] = {}
        self._lock = threading.Lock()

    def left(self) -> dict[str, Left]:
        """Return the state of each bucket by its last answer."""
        with self._lock:
            return dict(self._left)

    def note(self, bucket: str, headers: Mapping[str, str], now: datetime) -> None:
        """Record the state of a bucket from an answer's headers.

        A limit of 0 means too many concurrent calls; its reset is only a suggestion
        (https://developer.okta.com/docs/reference/rl2-concurrency/), so other calls are not held back.
        """
        numbers = [_number(headers.get(f"X-Rate-Limit-{name}")) for name in ("Limit", "Remaining", "Reset")]
        limit, remaining, epoch = numbers
        if not limit or remaining is None or epoch is None:
            return
        reset = by_our_clock(datetime.fromtimestamp(epoch, UTC), headers, now)
        with self._lock:
            known = self._left.get(bucket)
            if (
                known and known.window == epoch
            ):  # answers arrive out of order: within a window, the lower number is newer
                remaining = min(remaining, known.remaining)
                reset = min(reset, known.reset)  # our estimates are never early, so the earliest is the best
            if now < reset <= now + LONGEST_WINDOW:
                self._left[bucket] = Left(remaining, limit, reset, epoch)
            else:
                self._left.pop(bucket, None)

    def spent(self, bucket: str, now: datetime, *, take: bool = False) -> Left | None:
        """Return the state of a bucket that is down to its reserve; `None` while calls may be made.

        With `take`, one is made now: it counts before its answer does, so that threads together keep the reserve.
        """
        with self._lock:
            left = self._left.get(bucket)
            if left is None or now >= left.reset:
                return None
            reserved = self._reserve if self._reserve >= 1 else math.ceil(left.limit * self._reserve)
            if left.remaining <= min(reserved, left.limit - 1):
                return left
            if take:
                self._left[bucket] = left._replace(remaining=left.remaining - 1)
            return None

    def present(self, now: datetime) -> dict[str, tuple[int, int]]:
        """Return (calls left, limit) of each family's present window, of those without a name the lowest."""
        with self._lock:
            present = [(bucket, left) for bucket, left in self._left.items() if now < left.reset]
        found = dict[str, tuple[int, int]]()
        for bucket, left in present:
            name = OTHER if bucket.startswith("/") else bucket
            found[name] = min(found.get(name, (left.remaining, left.limit)), (left.remaining, left.limit))
        return found


def tells_bucket(headers: Mapping[str, str]) -> bool:
    """Say whether an answer tells of its own bucket, and not of too many concurrent calls or of nothing at all."""
    return bool(_number(headers.get("X-Rate-Limit-Limit")))


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,11}", text.strip()) else None
