"""How long `forcesync check` takes where every answer of Okta takes 100 ms: a person waits for it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.bench.rows import Row
from worker.sandbox.config import settings_table, write_settings

LATENCY, TIMES, MOST = 100.0, 5, 3.0  # ms of an answer, runs, and seconds of one


def rows() -> Iterator[Row]:
    """Yield the median time of a whole command, the start of the program included."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(Scenario("tour", users=20), act=False) as sandbox:
        config = Path(folder) / "forcesync.toml"
        write_settings(config, settings_table(sandbox, config.with_name("store.sqlite3")))
        sandbox.frame.settings.latency_ms = LATENCY
        login = sandbox.world.members[0].login
        took = statistics.median(_seconds(config, login) for _ in range(TIMES))
    yield Row("check", "forcesync check of one user, 100 ms an answer", took, "s", MOST)


def _seconds(config: Path, login: str) -> float:
    began = time.monotonic()
    command = [sys.executable, "-m", "worker", "check", login, "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return time.monotonic() - began
