"""What a second worker process brings while the products are slow.

Tickets whose profile is right already are claimed, judged and resolved without waiting for anything but answers, so the
time is that of the calls alone.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.bench.rows import Row
from tests.recovery.crew import Crew, settings
from worker.sandbox.config import settings_table

WANTED = 1.8
THREADS = 2
TICKETS, LATENCY_MS = 20, 150.0
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


def rows(store: str = "sqlite", broker: str = "embedded") -> Iterator[Row]:
    """Yield how much faster two worker processes are than one."""
    one, two = (
        seconds_for(workers, tickets=TICKETS, latency_ms=LATENCY_MS, store=store, broker=broker) for workers in (1, 2)
    )
    what = f"two processes against one, {LATENCY_MS:g} ms a call ({store}, {broker})"
    yield Row("workers", what, one / two, "x", WANTED, "at least", detail=f"{one:.1f} and {two:.1f} s")
