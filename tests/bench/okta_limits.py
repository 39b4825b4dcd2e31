"""Drain a queue of tickets with Okta's rate limits on, and hold the time against the bound that the limits set.

    python -m tests.bench.okta_limits [--tickets 1000] [--scale 10]

The clock is simulated: work takes no time, only waiting does, so what is measured is how well the worker keeps to the
limits, not how fast the machine is. Tickets and limits are both divided by `scale`, which leaves the number of windows.
The sandbox enforces its limits for one token (`LIMITS`), in windows of a minute that begin at the first call; half of
each is used. The bound: the calls made need so many windows of the tightest bucket, of which the last need not be
waited out; added is the time that the sandbox's last Force Sync takes.

Fails above 1.05 of the bound, at a single 429, or where more than half of a bucket was used within a window.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from connectors.sandbox.okta.limits import LIMITS, WINDOW, Bucket, Quota, RateLimits
from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.wire.frame import Frame
from tests.e2e.world import SYNC_SECONDS, World

MOST, SHARE = 1.05, 0.5
DIRECT = {"cool_down": 0.0, "at_most_per_day": 1000, "approve_above": 100_000}  # what else would hold a run back


class Drain(NamedTuple):
    """What a drain took: seconds, calls by bucket and token, 429s, and the most of a bucket used within a window."""

    seconds: float
    calls: Counter[tuple[Bucket, str]]
    refused: int
    share: float


class Watched(RateLimits):
    """The sandbox's limits, which also count."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.calls: Counter[tuple[Bucket, str]] = Counter()
        self.refused, self.share = 0, 0.0

    def count(self, bucket: Bucket, principal: str) -> Quota | None:
        """Count a call."""
        quota = super().count(bucket, principal)
        self.calls[bucket, principal] += 1
        self.refused += quota is not None and quota.exceeded
        self.share = max(self.share, self.windows[bucket, principal].used / self.frame.settings.okta_limits[bucket])
        return quota


def drained(tickets: int, limits: Mapping[Bucket, int], folder: Path) -> Drain:
    """File so many tickets that a Force Sync fixes, and work until the last is resolved."""
    with World(folder, Scenario("empty", users=3 * tickets + 36), policy=DIRECT) as world:
        frame = world.sandbox.frame
        frame.settings.okta_limits |= {str(bucket): most for bucket, most in limits.items()}
        world.sandbox.okta.limits = watched = Watched(frame)
        for _ in range(tickets):
            world.stale_ticket()
        began = world.time.now()
        world.settle()
        cases = world.parts.store.cases()
        ends = Counter(case.state.value for case in cases)
        if ends != {"resolved": tickets}:
            raise RuntimeError(f"not every ticket was resolved: {dict(ends)}")
        last = max(case.ended_at for case in cases if case.ended_at)
        return Drain((last - began).total_seconds(), watched.calls, watched.refused, watched.share)


def bound(drain: Drain, limits: Mapping[Bucket, int]) -> tuple[float, Bucket]:
    """Return the least seconds that such calls take where half of each limit is used, and the bucket that decides."""
    windows = {key: math.ceil(number / max(1, int(SHARE * limits[key[0]]))) for key, number in drain.calls.items()}
    tightest = max(windows, key=lambda key: windows[key])
    return (windows[tightest] - 1) * WINDOW.total_seconds() + SYNC_SECONDS, tightest[0]


def main() -> int:
    """Run from the command line; the exit code says whether all bars are kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--scale", type=int, default=10)
    asked = parser.parse_args()
    tickets, limits = asked.tickets // asked.scale, {name: max(2, most // asked.scale) for name, most in LIMITS.items()}
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        ours = drained(tickets, limits, Path(folder))
    least, tightest = bound(ours, limits)
    print(f"{tickets} tickets, limits / {asked.scale}, simulated clock: {ours.seconds:.0f} s, bound {least:.0f} s")
    for (bucket, token), number in ours.calls.most_common(4):
        print(f"  {number:5}  {bucket} ({token})" + (", the tightest" if bucket == tightest else ""))
    print(f"  ours / bound {ours.seconds / least:.3f}, 429s {ours.refused}, largest share of a bucket {ours.share:.0%}")
    print(f"  {ours.calls.total() / tickets:.2f} calls a ticket; {time.process_time() - began:.0f} s of CPU")
    return 0 if ours.seconds <= MOST * least and not ours.refused and ours.share <= SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
