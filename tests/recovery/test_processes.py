"""The commands of several machines: each does its part of the work, and SIGTERM ends it with everything it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.outside import ControlServer, Json, free_base, listening, running, until
from tests.recovery.servers import Valkey
from worker.store import Store

WITHIN = 60  # seconds; longer than the settings' time to stop and what is added before a kill
STOCK = ["-m", "dramatiq", "worker.app:broker", "--processes", "1", "--threads", "2"]
DONE = "done"


@pytest.fixture
def config(tmp_path: Path, valkey: Valkey) -> Iterator[Path]:
    """Return the settings of a served sandbox with two tickets that need no Force Sync, and of a Redis."""
    base, path = free_base(), tmp_path / "forcesync.toml"
    options = ["--tickets", "0", "--users", "4", "--port", str(base), "--write-config", str(path)]
    with running(tmp_path / "sandbox.log", "sandbox", *options):
        until(lambda: path.exists() and listening(base), "the sandbox")
        path.write_text(f'{path.read_text()}\n[broker]\nkind = "redis"\nurl = "{valkey.url}"\n')
        yield path


def file_tickets(control: ControlServer) -> list[Json]:
    user = control.state()["okta"]["users"][0]
    text = f"User: {user['login']}\nAttribute: department\nExpected: {user['profile']['department']}"
    filed = {"tagged": True, "requester": user["login"], "summary": "Profile", "description": text}
    return [control.post("/tickets", filed | {"desk": desk}) for desk in ("servicenow", "jira")]


@contextmanager
def started(config: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program; its pipe stays open as long as it or anything that it started lives."""
    environment = os.environ | {"FORCESYNC_CONFIG": str(config)}
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Ask a program to end, and return its code and output once nothing of it is left."""
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=WITHIN)
    return process.returncode, output.decode(errors="replace")


@pytest.mark.parametrize("stock", [False, True], ids=["forcesync worker", "dramatiq"])
def test_schedulers_and_workers_do_the_job_and_end_when_told(config: Path, *, stock: bool) -> None:
    control = ControlServer(int(config.read_text().split("127.0.0.1:")[1].split('"')[0]))
    ours = ["-m", "worker", "worker", "--processes", "2", "--threads", "2", "--config", str(config)]
    with (
        started(config, "-m", "worker", "scheduler", "--config", str(config)) as scheduler,
        started(config, *(STOCK if stock else ours)) as worker,
    ):
        tickets = file_tickets(control)
        until(lambda: all(control.ticket(ticket)["status_category"] == DONE for ticket in tickets), "the ends")
        for process in (worker, scheduler):
            code, output = ended(process)
            assert 0 == code, output
            assert "Traceback" not in output
    store = Store.open(f"sqlite:///{config.parent}/forcesync.sqlite3")
    try:
        assert ["resolved", "resolved"] == [case.state for case in store.cases()]
    finally:
        store.close()
    assert [] == control.state()["violations"]
