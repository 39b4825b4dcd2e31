"""Drain a queue of tickets with Okta's rate limits on, and hold the time against the bound that the limits set.

    python -m tests.bench.okta_limits [--tickets 1000]

The clock is simulated: work takes no time, only waiting does, so what is measured is how well the worker keeps to the
limits, not how fast the machine is. The sandbox enforces its limits for one token (`LIMITS`), in windows of a minute
that begin at the first call; half of each is used. The bound: the tightest bucket needs so many windows, of which the
last need not be waited out; added is what the same tickets take with the limits off, the waits of the Force Sync.

Fails above 1.05 of the bound, at a single 429, or where more than half of a bucket was used within a window.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from connectors.sandbox.okta.limits import LIMITS, WINDOW, Bucket, Quota, RateLimits
from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.world import World

MOST, SHARE = 1.05, 0.5
DIRECT = {"cool_down": 0.0, "at_most_per_day": 1000, "approve_above": 100_000}  # what else would hold a run back


class Drain(NamedTuple):
    """What a drain took: seconds, Okta calls by bucket, 429s, and the largest share of a bucket within a window."""

    seconds: float
    calls: Counter[Bucket]
    refused: int
    share: float


class Watched(RateLimits):
    """Limits that also count: per bucket in all, and the largest share of a window's calls."""

    def __init__(self, limits: RateLimits) -> None:
        super().__init__(limits.frame)
        self.calls: Counter[Bucket] = Counter()
        self.refused, self.share = 0, 0.0

    def count(self, bucket: Bucket, principal: str) -> Quota:
        """Count a call."""
        quota = super().count(bucket, principal)
        self.calls[bucket] += 1
        self.refused += quota.exceeded
        self.share = max(self.share, self.windows[bucket, principal].used / LIMITS[bucket])
        return quota


def drained(tickets: int, folder: Path, *, limits: bool) -> Drain:
    """File so many tickets that a Force Sync fixes, and work until the last is resolved."""
    with World(folder, Scenario("empty", users=3 * tickets + 36), policy=DIRECT) as world:
        world.sandbox.frame.settings.limits = limits
        world.sandbox.okta.limits = watched = Watched(world.sandbox.okta.limits)
        for _ in range(tickets):
            world.stale_ticket()
        began = world.time.now()
        world.settle()
        ends = Counter(case.state.value for case in world.parts.store.cases())
        if ends != {"resolved": tickets}:
            raise RuntimeError(f"not every ticket was resolved: {dict(ends)}")
        last = max(case.ended_at for case in world.parts.store.cases() if case.ended_at)
        return Drain((last - began).total_seconds(), watched.calls, watched.refused, watched.share)


def bound(calls: Counter[Bucket], unlimited: float) -> tuple[float, str]:
    """Return the least seconds that the calls take where half of each limit is used, and the bucket that decides."""
    windows = {bucket: math.ceil(number / (SHARE * LIMITS[bucket])) for bucket, number in calls.items()}
    tightest = max(windows, key=lambda bucket: windows[bucket])
    return (windows[tightest] - 1) * WINDOW.total_seconds() + unlimited, tightest


def main() -> int:
    """Run from the command line; the exit code says whether all bars are kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1000)
    tickets = parser.parse_args().tickets
    found, began = [], time.process_time()
    for limits, number in ((False, min(tickets, 20)), (True, tickets)):
        with tempfile.TemporaryDirectory() as folder:
            found.append(drained(number, Path(folder), limits=limits))
    free, ours = found
    least, tightest = bound(ours.calls, free.seconds)
    print(f"{tickets} tickets, simulated clock: {ours.seconds:.0f} s; bound {least:.0f} s by {tightest!r}")
    print(f"  ours / bound {ours.seconds / least:.3f}, 429s {ours.refused}, largest share of a bucket {ours.share:.0%}")
    print(f"  {ours.calls.total()} calls, limits off {free.seconds:.0f} s; {time.process_time() - began:.0f} s of CPU")
    return 0 if ours.seconds <= MOST * least and not ours.refused and ours.share <= SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
