"""Count the Okta calls of a ticket, from its discovery to its end, everything included.

    python -m tests.bench.okta_calls [TICKETS ...]

prints a table for one ticket alone and for a burst of 100 (or for the numbers given), on the sandbox with a clock of
its own: nothing waits. Calls of the start-up check and of the day-after re-check are not a ticket's and are left out.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.e2e.world import World

USUAL = (1, 100)


def calls_of(tickets: int, folder: Path) -> Counter[str]:
    """Return the calls by endpoint that a burst of tickets costs a worker that has just started."""
    with World(folder, scenario="burst" if tickets > 1 else "empty", tickets=tickets, users=12 + tickets) as world:
        if tickets == 1:
            world.stale_ticket()
        world.sandbox.frame.calls["okta"].clear()
        world.settle()
        ends = Counter(case.state.value for case in world.parts.store.cases())
        if ends != {"resolved": tickets}:
            raise RuntimeError(f"not every ticket was resolved: {dict(ends)}")
        return Counter(world.sandbox.frame.calls["okta"])


def main(numbers: tuple[int, ...]) -> None:
    """Print the tables."""
    for tickets in numbers:
        with tempfile.TemporaryDirectory() as folder:
            calls = calls_of(tickets, Path(folder))
        print(f"{tickets} tickets: {calls.total()} calls, {calls.total() / tickets:.2f} for each")
        for endpoint, count in calls.most_common():
            print(f"  {count:5}  {endpoint}")


if __name__ == "__main__":
    main(tuple(int(text) for text in sys.argv[1:]) or USUAL)
