"""Servers that go away under running programs: told in a line, and used again when they are back."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.recovery.conftest import new_database
from tests.recovery.programs import WITHIN, far_sides, started
from tests.recovery.servers import Postgres, RabbitMq, Server, Valkey

pytestmark = pytest.mark.long

WORKING = "[info     ] working"
NO_MESSAGES = "the worker gets no messages"
NO_LABEL = ("the label is not in use", "id=desks.jira.label")  # no ticket had it at the start
CANNOT_SEND = "the scheduler cannot send what is due"


def told_by(output: str) -> Iterator[str]:
    """Yield a program's lines, but for those about the label."""
    return (line for line in output.splitlines() if not any(words in line for words in NO_LABEL))


@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
def test_a_broker_that_goes_away_is_told_in_a_line_and_used_again(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: Valkey | RabbitMq = request.getfixturevalue({"redis": "valkey", "rabbitmq": "rabbitmq"}[kind])
    with (
        far_sides(tmp_path, broker={"kind": kind, "url": server.url}) as far,
        started(far, *far.ours("scheduler")) as scheduler,
        started(far, *far.ours("worker")) as worker,
    ):
        worker.until(lambda: bool(far.control.state()["calls"]["jira"]), "the first work")
        with gone(server):
            far.file_tickets()
            scheduler.until(lambda: CANNOT_SEND in scheduler.output, "the scheduler's line")
            worker.until(lambda: NO_MESSAGES in worker.output, "the worker's line")
        worker.until(far.all_done, "the ends")
        scheduler.until(lambda: "the scheduler sends again" in scheduler.output, "the line about its return")
        for program in (scheduler, worker):
            program.end()
        assert 2 == len(list(told_by(scheduler.output))), scheduler.output
        assert "broker.url: the server does not answer" in scheduler.output
        assert {NO_MESSAGES} == {line.partition("]")[2].split("  ")[0].strip() for line in told_by(worker.output)}
        assert [] == far.control.state()["violations"]


def test_a_postgres_that_is_restarted_under_a_running_worker_is_told_in_a_line_and_used_again(
    tmp_path: Path, postgres: Postgres
) -> None:
    with (
        far_sides(tmp_path, worker={"log_level": "info"}, store={"url": new_database(postgres)}) as far,
        started(far, *far.ours("run")) as program,
    ):
        program.until(lambda: WORKING in program.output, "the line that the far sides are checked")
        with gone(postgres, signal.SIGQUIT):
            far.file_tickets()
            program.until(lambda: CANNOT_SEND in program.output, "the line")
        program.until(far.all_done, "the ends")
        program.end()
        assert 1 == program.output.count(CANNOT_SEND)
        assert "the store cannot be used now" in program.output
        assert [] == far.control.state()["violations"]


def test_a_command_whose_store_is_gone_says_so_in_a_line(tmp_path: Path, postgres: Postgres) -> None:
    with far_sides(tmp_path, store={"url": new_database(postgres)}) as far:
        command = [sys.executable, *far.ours("case", "list")]
        subprocess.run([sys.executable, *far.ours("migrate")], check=True, capture_output=True, timeout=WITHIN)
        with gone(postgres, signal.SIGQUIT):
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=WITHIN)
    assert (1, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("forcesync: the store ")
    assert 1 == len(done.stderr.splitlines())


@contextmanager
def gone(server: Server, how: signal.Signals = signal.SIGTERM) -> Iterator[None]:
    """Let a server be away for the block."""
    server.stop(how)
    try:
        yield
    finally:
        server.start()
