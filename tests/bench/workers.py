"""What a second worker process brings while the far sides are slow: `make bench`.

Tickets whose profile is right already are claimed, judged and resolved without waiting for anything but answers, so the
time is that of the calls alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.recovery.crew import Crew, settings
from worker.commands.sandbox_config import settings_table

WANTED = 1.8
THREADS = 2
WAITS = {"poll_every": 1.0, "retry_after": 1.0}
LIMIT = 240.0  # seconds


def seconds_for(workers: int, *, tickets: int, latency_ms: float, store: str, broker: str) -> float:
    """Return how long so many workers need for so many tickets, from the first claim to the last end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forcesync-bench-")))
        sandbox = stack.enter_context(Sandbox(Scenario("empty", users=tickets), latency_ms=latency_ms))
        given = settings_table(sandbox, folder / "forcesync.sqlite3", WAITS)
        config = settings(stack, given, folder, store, broker, threads=THREADS)
        crew = Crew(config, workers, embedded=broker == "embedded", folder=folder)
        stack.callback(crew.stop)
        pause = threading.Event()
        while not all(sandbox.frame.calls[product] for product in ("servicenow", "jira", "okta")):
            pause.wait(0.1)
        pause.wait(3.0)  # the other workers have started too
        with sandbox.frame.lock:
            for number, member in enumerate(sandbox.world.members[:tickets]):
                desk, table = (("servicenow", "incident"), ("jira", "SUP"))[number % 2]
                held = sandbox.world.holds(member, "department")
                sandbox.world.desks[desk].create(
                    tagged=True,
                    requester=member.login,
                    summary="Profile not updating",
                    description=f"User: {member.login}\nAttribute: department\nExpected: {held}",
                    table=table,
                )
        began = time.monotonic()
        while time.monotonic() - began < LIMIT:
            crew.look()
            with sandbox.frame.lock:
                shown = [ticket for desk in sandbox.world.desks.values() for ticket in desk.tickets()]
            if all(ticket["status_category"] == "done" for ticket in shown):
                return time.monotonic() - began
            pause.wait(0.1)
    raise RuntimeError(f"{workers} workers did not end {tickets} tickets within {LIMIT:g} seconds")


def main() -> int:
    """Run from the command line; the exit code says whether a second worker is worth it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=40)
    parser.add_argument("--latency-ms", type=float, default=250.0)
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--broker", choices=["embedded", "redis", "rabbitmq"], default="embedded")
    asked = vars(parser.parse_args())
    one, two = (seconds_for(workers, **asked) for workers in (1, 2))
    print(f"{asked}: one worker {one:.1f} s, two workers {two:.1f} s: {one / two:.2f} times as fast")
    return 0 if one / two >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
