"""The same burst of tickets worked by `forcesync run` and by a straight-line script, on one kind of sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.bench.rows import Row, cpu_seconds
from tests.bench.script import THREADS
from tests.recovery.killing import Seen
from tests.recovery.programs import FarSides, started
from worker.sandbox.config import settings_table, write_settings

TICKETS = 100
MOST_TIMES, MOST_CPU = 3.0, 5.0
EVEN = 1.3  # CPU a ticket, whatever the number of tickets
COUNTS = (50, 400)
WAITS = {"gather_for": 1.0, "verify_every": 1.0, "poll_every": 1.0, "cool_down": 0.1}
SYNC_SECONDS = 2.0
LIMIT = 600.0  # seconds


class Took(NamedTuple):
    """What a burst took, the start of the process apart."""

    seconds: float
    cpu: float
    desk_calls: int


def rows() -> Iterator[Row]:
    """Yield time and CPU against the script's, and CPU a ticket of a large burst against that of a small one."""
    script, ours = by_script(TICKETS), by_us(TICKETS)
    of = f"{TICKETS} tickets"
    for what, unit, bar in (("seconds", "time", MOST_TIMES), ("cpu", "CPU", MOST_CPU)):
        own, theirs = getattr(ours, what), getattr(script, what)
        yield Row(
            "versus", f"{unit} against a script, {of}", own / theirs, "x", bar, detail=f"{own:.1f} s : {theirs:.1f} s"
        )
    detail = f"the script: {script.desk_calls / TICKETS:.1f}"
    yield Row("versus", "desk calls a ticket, polling included", ours.desk_calls / TICKETS, "", detail=detail)
    small, large = (by_us(number).cpu / number for number in COUNTS)
    what = f"CPU a ticket, a burst of {COUNTS[1]} against {COUNTS[0]}"
    yield Row("versus", what, large / small, "x", EVEN, detail=f"{1000 * small:.0f} and {1000 * large:.0f} ms")


def by_script(tickets: int) -> Took:
    """Return what the script takes."""
    with _burst(tickets) as (sandbox, far):
        command = [sys.executable, "-m", "tests.bench.script", str(far.config)]
        took = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=LIMIT).stdout)
        if not _ended(sandbox):
            raise RuntimeError("the script did not end every ticket")
        return Took(took["seconds"], took["cpu"], took["desk_calls"])


def by_us(tickets: int) -> Took:
    """Return what `forcesync run` takes."""
    with _burst(tickets) as (sandbox, far), started(far, *far.ours("run")) as program:
        pid, pause = program.process.pid, threading.Event()
        while pid not in Seen(far).processes():
            pause.wait(0.05)
        began, cpu, calls = time.monotonic(), cpu_seconds(pid), _desk_calls(sandbox)
        while not _ended(sandbox):
            if program.process.poll() is not None or time.monotonic() - began > LIMIT:
                raise RuntimeError(f"not every ticket was ended within {LIMIT:g} s:\n{program.output[-2000:]}")
            pause.wait(0.2)
        return Took(time.monotonic() - began, cpu_seconds(pid) - cpu, _desk_calls(sandbox) - calls)


@contextmanager
def _burst(tickets: int) -> Iterator[tuple[Sandbox, FarSides]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forcesync-bench-")))
        scenario = Scenario("burst", seed=3, tickets=tickets, users=2 * tickets + 20)
        sandbox = stack.enter_context(Sandbox(scenario, sync_seconds=SYNC_SECONDS))
        sandbox.frame.settings.limits = False
        table = settings_table(sandbox, folder / "forcesync.sqlite3", WAITS)
        config = folder / "forcesync.toml"
        write_settings(config, table | {"worker": {"threads": THREADS, "log_level": "warning"}})
        control: Any = None  # the sandbox is at hand
        yield sandbox, FarSides(control, config)


def _desk_calls(sandbox: Sandbox) -> int:
    return sum(sum(sandbox.frame.calls[product].values()) for product in ("servicenow", "jira"))


def _ended(sandbox: Sandbox) -> bool:
    with sandbox.frame.lock:
        return all(t["status_category"] == "done" for desk in sandbox.world.desks.values() for t in desk.tickets())
