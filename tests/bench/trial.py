"""Try a batch of tickets with Okta's rate limits on, and hold the time against twelve minutes for a thousand.

    python -m tests.bench.trial [--tickets 1000] [--scale 10]

The clock is simulated: work takes no time, only waiting does. Tickets and limits are both divided by `scale`, which
leaves the number of windows, so the time is that of all the tickets. The scenario is the sandbox's mix of causes.

Fails above twelve minutes, at a single 429, at a write, or where more than nine tenths of a bucket was used.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.sandbox.okta.limits import LIMITS, Bucket
from connectors.sandbox.scenarios.catalogue import Scenario
from tests.bench.okta_limits import Watched
from tests.e2e.world import World
from worker.trial.command import RESERVE, trial_parts, tried
from worker.trial.finding import since
from worker.trial.pace import Pace
from worker.trial.progress import Progress
from worker.trial.rows import Outcome

MOST_SECONDS = 720.0


class Measured(NamedTuple):
    """One trial: seconds waited, outcomes, calls by bucket, 429s, the most of a bucket in a window, writes."""

    seconds: float
    outcomes: Counter[Outcome]
    calls: Counter[tuple[Bucket, str]]
    refused: int
    share: float
    writes: list[str]


def measured(tickets: int, limits: Mapping[Bucket, int], folder: Path) -> Measured:
    """Try so many tickets against these limits."""
    with World(folder, Scenario("mixed", tickets=tickets, users=tickets)) as world:
        frame = world.sandbox.frame
        frame.settings.okta_limits |= {str(bucket): most for bucket, most in limits.items()}
        world.sandbox.okta.limits = watched = Watched(frame)
        began, before = world.time.now(), world.written()

        def wait(seconds: float) -> bool:
            world.skip(seconds=seconds)
            return False

        with trial_parts(world.settings, world.time) as parts:
            pace = Pace(world.time, Progress(), wait)
            moment = began - timedelta(days=1)
            result = tried(
                parts.ports, lambda desks, patiently: since(moment, tickets, desks, patiently), pace, Progress()
            )
        taken = (world.time.now() - began).total_seconds()
        outcomes = Counter(row.outcome for row in result.rows)
        writes = [name for name in world.written() if name not in before]
        return Measured(taken, outcomes, watched.calls, watched.refused, watched.share, writes)


def main() -> int:
    """Run from the command line; the exit code says whether all bars are kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--scale", type=int, default=10)
    asked = parser.parse_args()
    tickets, limits = asked.tickets // asked.scale, {name: max(2, most // asked.scale) for name, most in LIMITS.items()}
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        ours = measured(tickets, limits, Path(folder))
    told = ", ".join(f"{outcome.value} {number}" for outcome, number in sorted(ours.outcomes.items()))
    print(f"{ours.outcomes.total()} tickets, limits / {asked.scale}, simulated clock: {ours.seconds:.0f} s ({told})")
    for (bucket, token), number in ours.calls.most_common(5):
        usable = int(limits[bucket] * (1 - RESERVE))
        print(f"  {number:5}  {bucket} ({token}), {usable} a minute: {number / usable:.1f} minutes")
    print(f"  429s {ours.refused}, largest share of a bucket {ours.share:.0%}, writes {len(ours.writes)}")
    print(f"  {ours.calls.total() / tickets:.2f} calls a ticket; {time.process_time() - began:.0f} s of CPU")
    kept = not ours.refused and not ours.writes and ours.share <= 1 - RESERVE and not ours.outcomes[Outcome.NOT_READ]
    return 0 if kept and ours.seconds <= MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
