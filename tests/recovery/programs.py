"""The command line's programs on a served sandbox, told to end or bereft of their servers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.outside import ControlServer, Json, free_base, listening, running, until
from worker.sandbox.config import write_settings

WITHIN = 60.0  # seconds; longer than the settings' time to stop and what is added before a kill
STOP_WITHIN = 10.0
WORKER: dict[str, Any] = {"threads": 2, "lease_for": 13.0, "stop_within": STOP_WITHIN, "log_level": "warning"}
TIMEOUTS = {"connect_timeout": 1.0, "read_timeout": 5.0}
STOCK = ("-m", "dramatiq", "worker.app:broker", "--processes", "1", "--threads", "2")


class FarSides(NamedTuple):
    """A served sandbox whose users need no Force Sync, and the settings for it."""

    control: ControlServer
    config: Path

    def ours(self, *arguments: str) -> tuple[str, ...]:
        """Return the words of one of our commands on these settings."""
        return ("-m", "worker", *arguments, "--config", str(self.config))

    def file_tickets(self) -> list[Json]:
        """File a ticket on either desk that is resolved as soon as it is looked at."""
        user = self.control.state()["okta"]["users"][0]
        text = f"User: {user['login']}\nAttribute: department\nExpected: {user['profile']['department']}"
        filed = {"tagged": True, "requester": user["login"], "summary": "Profile", "description": text}
        return [self.control.post("/tickets", filed | {"desk": desk}) for desk in ("servicenow", "jira")]

    def all_done(self) -> bool:
        """Say whether every ticket is resolved."""
        return all(ticket["status_category"] == "done" for ticket in self.control.state()["tickets"])

    def store_url(self) -> str:
        """Return the URL of the store."""
        url: str = tomllib.loads(self.config.read_text(encoding="utf-8"))["store"]["url"]
        return url


@contextmanager
def far_sides(
    folder: Path,
    *,
    worker: Mapping[str, Any] | None = None,
    timeouts: Mapping[str, float] = TIMEOUTS,
    **sections: Any,
) -> Iterator[FarSides]:
    """Serve a sandbox; `sections` replace those of the settings file, `worker` overrides single settings."""
    base, written, config = free_base(), folder / "sandbox.toml", folder / "forcesync.toml"
    options = ["--tickets", "0", "--users", "4", "--port", str(base), "--write-config", str(written)]
    with running(folder / "sandbox.log", "sandbox", *options):
        until(lambda: written.exists() and listening(base), "the sandbox")
        table = tomllib.loads(written.read_text(encoding="utf-8"))
        table["store"] = {"url": f"sqlite:///{folder}/forcesync.sqlite3"}
        for desk in table["desks"].values():
            desk.update(timeouts)
        write_settings(config, table | {"worker": WORKER | dict(worker or {})} | sections)
        yield FarSides(ControlServer(base), config)


class Program:
    """A program in a process group of its own, with its output in a file."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log

    @property
    def output(self) -> str:
        """Return what it has printed so far."""
        return self._log.read_text(errors="replace")

    def until(self, ready: Callable[[], bool], what: str) -> None:
        """Wait until something is so, while it runs."""

        def reached() -> bool:
            assert self.process.poll() is None, self.output
            return ready()

        until(reached, what)

    def end(self) -> float:
        """Ask it to end; returns the seconds until nothing of it is left, and asserts that it ended as told."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(WITHIN)
        assert 0 == code, f"{code}: {self.output}"
        assert "Traceback" not in self.output
        until(lambda: not _lives(self.process.pid), "the end of everything that it had started")
        return time.monotonic() - began


@contextmanager
def started(far: FarSides, *arguments: str) -> Iterator[Program]:
    """Start a program; nothing of it is left behind."""
    log = far.config.parent / f"program{len(list(far.config.parent.glob('program*.log')))}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"FORCESYNC_CONFIG": str(far.config)},
            start_new_session=True,
        )
    try:
        yield Program(process, log)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _lives(group: int) -> bool:
    """Say whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
