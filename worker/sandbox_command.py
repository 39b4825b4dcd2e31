"""`forcesync sandbox`: the simulated far sides alone, until a signal."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from connectors.sandbox.server import Sandbox
from worker.problems import OperatorError
from worker.sandbox_config import settings_table, write_settings

SCENARIOS = ("tour", "cases", "burst", "mixed", "empty")


def serve(
    *,
    scenario: str,
    seed: int,
    tickets: int | None,
    users: int,
    port: int,
    latency_ms: float,
    write_config: Path | None,
) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    if scenario not in SCENARIOS:
        raise OperatorError(f"--scenario: found {scenario!r}; allowed: {', '.join(SCENARIOS)}")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    sandbox = Sandbox(scenario=scenario, seed=seed, tickets=tickets, users=users, port=port, latency_ms=latency_ms)
    try:
        sandbox.start()
    except OSError as error:
        raise OperatorError(f"the sandbox cannot serve on ports {port} to {port + 3}: {error}") from error
    try:
        if write_config is not None:
            store = write_config.resolve().with_suffix(".sqlite3")
            write_settings(write_config, settings_table(sandbox, store))
            print(f"settings: {write_config}", flush=True)
        for name, url in (
            ("Okta", sandbox.okta_url),
            ("ServiceNow", sandbox.servicenow_url),
            ("Jira", sandbox.jira_url),
            ("control", sandbox.control_url),
        ):
            print(f"{name}: {url}", flush=True)
        stop.wait()
    finally:
        sandbox.stop()
    return 0
