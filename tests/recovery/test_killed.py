"""A process that is killed or frozen while it has work in hand: nothing is made twice, and nobody waits for long."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.outside import Json, until
from tests.recovery.killing import WORKER, Seen, kill, slow_reads
from tests.recovery.programs import FarSides, far_sides, started

pytestmark = pytest.mark.long

ARRIVES_AFTER = 12.0  # seconds; the process that sent it is dead by then, and another has looked for it
ON_ITS_WAY = 25.0  # seconds within which a case whose write was on its way goes on
BUSY_MACHINE = 10.0


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FarSides]:
    patient = {"connect_timeout": 5.0, "read_timeout": 30.0}
    with far_sides(tmp_path, worker=WORKER, timeouts=patient) as far:
        yield far


def said(state: Json) -> list[tuple[str, str]]:
    return [
        (ticket["id"], item["body"]) for ticket in state["tickets"] for item in ticket["comments"] if item["by_worker"]
    ]


def test_a_write_on_its_way_when_its_process_is_killed_is_not_made_twice(far: FarSides) -> None:
    seen = Seen(far)
    for product, method in (("servicenow", "PATCH"), ("servicenow", "PUT"), ("jira", "POST")):
        path = {"path": r"/comment"} if product == "jira" else {}
        late = {"product": product, "method": method, "kind": "delay", "seconds": ARRIVES_AFTER, "times": 1}
        far.control.post("/faults", late | path)
    far.file_tickets()
    with started(far, *far.ours("run")) as program:
        program.until(lambda: len(seen.sent()) == 2, "a write to each desk that is on its way")
        killed_at = kill(program)
    with started(far, *far.ours("run")) as program:
        program.until(lambda: not seen.sent(), "the writes that were on their way")
        assert time.time() - killed_at < ON_ITS_WAY + BUSY_MACHINE
        program.until(far.all_done, "the ends")
        program.end()
    state = far.control.state()
    assert len(set(said(state))) == len(said(state))
    assert [] == state["violations"]


def test_a_process_that_was_frozen_while_another_took_over_writes_nothing(far: FarSides) -> None:
    seen = Seen(far)
    with started(far, *far.ours("run")) as frozen:
        frozen.until(lambda: frozen.process.pid in seen.processes(), "its start")
        own = seen.processes()[frozen.process.pid]
        slow_reads(far)
        far.file_tickets()
        frozen.until(lambda: bool(seen.leased(own)), "a step under way")
        os.kill(frozen.process.pid, signal.SIGSTOP)
        far.control.delete("/faults")
        with started(far, *far.ours("run")) as other:
            other.until(far.all_done, "the ends, by the other process")
            before = far.control.state()
            os.kill(frozen.process.pid, signal.SIGCONT)
            until(lambda: not seen.leased(own), "the frozen process")
            for program in (frozen, other):
                program.end()
    after = far.control.state()
    assert said(before) == said(after)
    assert len(set(said(after))) == len(said(after))
    assert [] == after["violations"]
