"""Real processes of the command line on real servers: what is killed, stopped and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

from tests.recovery.children import die_with_parent
from tests.recovery.servers import Postgres, RabbitMq, Valkey
from worker.sandbox.config import write_settings

LEASE_SECONDS = 20.0  # short, so that what a killed process held goes on soon
READ_SECONDS = 5.0  # how long a desk is waited for; stalls are longer
STOP_WITHIN = 10.0
GRACE = 10.0  # seconds on a busy machine beyond the time that a process has to stop


def settings(
    stack: ExitStack, table: Mapping[str, Any], folder: Path, store: str, broker: str, *, threads: int = 8
) -> Path:
    """Start the servers of the store and the broker, and write the settings file."""
    whole = dict(table)
    whole["worker"] = {
        "threads": threads,
        "lease_for": LEASE_SECONDS,
        "stop_within": STOP_WITHIN,
        "log_level": "warning",
    }
    for desk in whole["desks"].values():
        desk |= {"connect_timeout": 2.0, "read_timeout": READ_SECONDS}
    if store == "postgres":
        postgres = Postgres()
        stack.enter_context(postgres)
        whole["store"] = {"url": postgres.url()}
    if broker != "embedded":
        server = Valkey() if broker == "redis" else RabbitMq()
        stack.enter_context(server)
        whole["broker"] = {"kind": broker, "url": server.url}
    config = folder / "crew.toml"
    write_settings(config, whole)
    return config


class Crew:
    """The processes of the command line: schedulers and workers, or whole workers where the broker is embedded."""

    def __init__(self, config: Path, workers: int, *, embedded: bool, folder: Path) -> None:
        self._folder = folder
        single = [*(["run"] for _ in range(workers))]
        several = [*(["worker"] for _ in range(workers)), ["scheduler"], ["scheduler"]]
        self._commands = [
            [sys.executable, "-m", "worker", *command, "--config", str(config)]
            for command in (single if embedded else several)
        ]
        self._processes = [self._start(place) for place in range(len(self._commands))]

    def kill(self, random: Random) -> None:
        """Kill one process and start another one in its place."""
        place = random.randrange(len(self._processes))
        self._processes[place].kill()
        self._processes[place].wait()
        self._processes[place] = self._start(place)

    def replace(self, random: Random) -> None:
        """Tell one process to end, and start another one; raises where it does not end as told, in time."""
        place = random.randrange(len(self._processes))
        self._processes[place].send_signal(signal.SIGTERM)
        try:
            code = self._processes[place].wait(STOP_WITHIN + GRACE)
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"{self._told(place)} did not end within {STOP_WITHIN + GRACE:g} seconds") from None
        if code not in {0, -signal.SIGTERM}:  # the latter where it had not yet begun to listen
            raise RuntimeError(f"{self._told(place)} ended with {code} when told to end:\n{self._log(place)}")
        self._processes[place] = self._start(place)

    def look(self) -> None:
        """Raise where a process has ended by itself."""
        for place, process in enumerate(self._processes):
            if process.poll() is not None:
                raise RuntimeError(f"{self._told(place)} ended with {process.returncode}:\n{self._log(place)}")

    def stop(self) -> None:
        """Stop all, in words first."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(STOP_WITHIN + GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _told(self, place: int) -> str:
        return " ".join(self._commands[place])

    def _log(self, place: int) -> str:
        return (self._folder / f"process{place}.log").read_text(errors="replace")[-2000:]

    def _start(self, place: int) -> subprocess.Popen[bytes]:
        with (self._folder / f"process{place}.log").open("ab") as log:
            return subprocess.Popen(
                self._commands[place],
                stdout=log,
                stderr=log,
                env={name: text for name, text in os.environ.items() if not name.startswith("FORCESYNC_")},
                preexec_fn=die_with_parent(),  # noqa: PLW1509  # it makes two system calls and no more
            )
