"""The commands of several machines: each does its part of the work, and SIGTERM ends it with everything it started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.recovery.programs import STOCK, STOP_WITHIN, FarSides, far_sides, started
from tests.recovery.servers import Valkey
from worker.store import Store
from workflows.model import WriteState

pytestmark = pytest.mark.long

IN_TIME = STOP_WITHIN + 10.0  # what a busy machine needs beyond the time that the settings allow
TWO = ("worker", "--processes", "2", "--threads", "2")


@pytest.fixture
def far(tmp_path: Path, valkey: Valkey) -> Iterator[FarSides]:
    """Return a served sandbox, with a Redis to carry the messages."""
    with far_sides(tmp_path, broker={"kind": "redis", "url": valkey.url}) as far:
        yield far


@pytest.mark.parametrize("stock", [False, True], ids=["forcesync worker", "dramatiq"])
def test_schedulers_and_workers_do_the_job_and_end_when_told(far: FarSides, *, stock: bool) -> None:
    with (
        started(far, *far.ours("scheduler")) as scheduler,
        started(far, *(STOCK if stock else far.ours(*TWO))) as worker,
    ):
        far.file_tickets()
        worker.until(far.all_done, "the ends")
        for program in (worker, scheduler):
            program.end()
    with closing(Store.open(far.store_url())) as store:
        assert ["resolved", "resolved"] == [case.state for case in store.cases()]
    assert [] == far.control.state()["violations"]


def test_a_process_that_finds_no_store_is_replaced_and_takes_no_other_down(tmp_path: Path, valkey: Valkey) -> None:
    gone = {"url": "postgresql://forcesync@127.0.0.1:9/store"}
    with (
        far_sides(tmp_path, broker={"kind": "redis", "url": valkey.url}, store=gone) as far,
        started(far, *far.ours(*TWO)) as worker,
    ):
        worker.until(lambda: worker.output.count("ended (1); replaced") >= 3, "processes that are replaced")
        assert "see that it runs" in worker.output
        worker.end()


@pytest.mark.parametrize("command", ["run", "worker", "dramatiq"])
def test_a_step_under_way_is_finished_before_the_end(command: str, tmp_path: Path, valkey: Valkey) -> None:
    broker = {} if command == "run" else {"kind": "redis", "url": valkey.url}
    with far_sides(tmp_path, broker=broker) as far, ExitStack() as stack:
        slow(far, "delay", seconds=2.0)
        if command != "run":
            stack.enter_context(started(far, *far.ours("scheduler")))
        words = {"run": far.ours("run"), "worker": far.ours(*TWO), "dramatiq": STOCK}[command]
        program = stack.enter_context(started(far, *words))
        far.file_tickets()
        program.until(lambda: far.control.state()["faults_hit"] == 1, "a write that is under way")
        assert program.end() < IN_TIME
        with closing(Store.open(far.store_url())) as store:
            states = {write.state for case in store.cases() for write in store.writes(case.id)}
            assert WriteState.DELIVERED in states
            assert WriteState.SENT not in states, "the answer was waited for, and noted"
        assert [] == far.control.state()["violations"]


def test_a_step_that_takes_too_long_is_left_to_the_next_process(tmp_path: Path) -> None:
    with far_sides(tmp_path, worker={"stop_within": 1.0}) as far:
        slow(far, "stall", seconds=60.0)
        far.file_tickets()
        with started(far, *far.ours("run")) as program:
            program.until(lambda: far.control.state()["faults_hit"] == 1, "a write whose answer does not come")
            assert program.end() < IN_TIME
        with closing(Store.open(far.store_url())) as store:
            states = {write.state for case in store.cases() for write in store.writes(case.id)}
            assert WriteState.SENT in states, "what became of the write is open"
        with started(far, *far.ours("run")) as program:
            program.until(lambda: far.all_done() and ended(far), "the ends")
            program.end()
        state = far.control.state()
        assert [] == state["violations"]
        for ticket in state["tickets"]:
            said = [item["body"] for item in ticket["comments"] if item["by_worker"]]
            assert len(set(said)) == len(said)


def test_a_scheduler_that_still_checks_the_far_sides_ends_at_once(tmp_path: Path, valkey: Valkey) -> None:
    patient = {"connect_timeout": 1.0, "read_timeout": 50.0}
    broker = {"kind": "redis", "url": valkey.url}
    with far_sides(tmp_path, worker={"lease_for": 120.0}, timeouts=patient, broker=broker) as far:
        far.control.post("/faults", {"product": "servicenow", "kind": "delay", "seconds": 45.0})
        with started(far, *far.ours("scheduler")) as program:
            program.until(lambda: far.control.state()["faults_hit"] == 1, "a check that takes long")
            assert program.end() < IN_TIME


def ended(far: FarSides) -> bool:
    """Say whether the store, too, knows that every case has ended."""
    with closing(Store.open(far.store_url())) as store:
        return all(case.ended for case in store.cases())


def slow(far: FarSides, kind: str, *, seconds: float) -> None:
    """Let ServiceNow take its time over the next write."""
    for method in ("PATCH", "PUT"):
        fault = {"product": "servicenow", "method": method, "kind": kind, "seconds": seconds}
        far.control.post("/faults", fault)
