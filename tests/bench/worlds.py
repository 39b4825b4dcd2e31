"""Thousands of random worlds by command: `python -m tests.bench.worlds --worlds 1000 --seed 1`; exit code by result."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.random_worlds import RandomWorld, ends
from tests.e2e.world import World


def main() -> int:
    """Tell the worlds one after the other, and print what went wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--worlds", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--tickets", type=int, default=12)
    options.add_argument("--seconds", type=float, default=1800.0, help="stop after this time")
    asked = options.parse_args()
    begun, told, presses, wrong = time.monotonic(), 0, 0, 0
    counts: Counter[str] = Counter()
    for seed in range(asked.seed, asked.seed + asked.worlds):
        if time.monotonic() - begun > asked.seconds:
            break
        with (
            tempfile.TemporaryDirectory() as folder,
            World(Path(folder), Scenario("empty", seed=seed, users=60)) as world,
        ):
            random_world = RandomWorld(world, seed)
            lines = [*random_world.tell(asked.tickets), *world.violations()]
            counts.update(ends(random_world))
            presses += random_world.presses
        told += 1
        wrong += len(lines)
        for line in lines:
            print(f"seed {seed}: {line}", flush=True)
    shown = ", ".join(f"{state} {number}" for state, number in sorted(counts.items()))
    print(f"{told} worlds, {sum(counts.values())} tickets ({shown}), {presses} Force Syncs, {wrong} wrong")
    return 1 if wrong or told < asked.worlds else 0


if __name__ == "__main__":
    raise SystemExit(main())
