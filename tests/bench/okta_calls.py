"""Count the Okta calls of a ticket, from its discovery to its end, everything included.

    python -m tests.bench.okta_calls [TICKETS ...]

prints a table for one ticket alone, cold and warm, and for a burst of 100 (or for the numbers given), on the sandbox
with a clock of its own: nothing waits. Calls of the start-up check and of the day-after re-check are not a ticket's and
are left out. Warm is a worker that has settled another ticket of the same directory an hour before.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.world import World
from workflows.model import Policy

USUAL = (1, 100)
AS_SHIPPED = {"verify_every": Policy().verify_every}


def calls_of(tickets: int, folder: Path, *, warm: bool = False) -> Counter[str]:
    """Return the calls by endpoint that a burst of tickets costs a worker that has just started (or is `warm`)."""
    scenario = "burst" if tickets > 1 else "empty"
    with World(folder, Scenario(scenario, tickets=tickets, users=12 + tickets), policy=AS_SHIPPED) as world:
        if warm:
            world.stale_ticket()
            world.settle()
            world.skip(hours=1)
        if tickets == 1:
            world.stale_ticket()
        world.sandbox.frame.calls["okta"].clear()
        world.settle()
        ends = Counter(case.state.value for case in world.parts.store.cases())
        if ends != {"resolved": tickets + warm}:
            raise RuntimeError(f"not every ticket was resolved: {dict(ends)}")
        return Counter(world.sandbox.frame.calls["okta"])


def main(numbers: tuple[int, ...]) -> None:
    """Print the tables."""
    for tickets in numbers:
        for state in ("cold", "warm") if tickets == 1 else ("cold",):
            with tempfile.TemporaryDirectory() as folder:
                calls = calls_of(tickets, Path(folder), warm=state == "warm")
            print(f"{tickets} tickets, {state}: {calls.total()} calls, {calls.total() / tickets:.2f} for each")
            for endpoint, count in calls.most_common():
                print(f"  {count:5}  {endpoint}")


if __name__ == "__main__":
    main(tuple(int(text) for text in sys.argv[1:]) or USUAL)
