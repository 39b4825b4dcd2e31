"""`forcesync sandbox`: serves the simulated products until it is stopped."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from worker.errors import OperatorError
from worker.sandbox.config import foreign, settings_table, write_settings

SCENARIOS = ("tour", "cases", "burst", "mixed", "singles", "empty")


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
    if write_config is not None:
        _check(write_config)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    world = Scenario(scenario, seed=seed, tickets=tickets, users=users)
    with serving(Sandbox(world, port=port, latency_ms=latency_ms), port) as sandbox:
        if write_config is not None:
            store = write_config.resolve().with_suffix(".sqlite3")
            table = settings_table(sandbox, store)
            table["policy"]["approvers"] = [member.login for member in sandbox.world.members[-1:]]
            write_settings(write_config, table)
            print(f"settings: {write_config}", flush=True)
        for name, url in (
            ("Okta", sandbox.okta_url),
            ("ServiceNow", sandbox.servicenow_url),
            ("Jira", sandbox.jira_url),
            ("control", sandbox.control_url),
        ):
            print(f"{name}: {url}", flush=True)
        stop.wait()
    return 0


@contextmanager
def serving(sandbox: Sandbox, port: int) -> Iterator[Sandbox]:
    """Serve the sandbox meanwhile. Raises `OperatorError` if one of its ports is in use."""
    try:
        sandbox.start()
    except OSError as error:
        raise OperatorError(
            f"the sandbox cannot serve on ports {port} to {port + 3}: {error.strerror}; name others with --port"
        ) from error
    try:
        yield sandbox
    finally:
        sandbox.stop()


def _check(file: Path) -> None:
    """Refuse a folder that does not exist, and a file that no sandbox wrote."""
    if not file.absolute().parent.is_dir():
        raise OperatorError(f"--write-config: the folder {file.absolute().parent} does not exist; make it first")
    try:
        refused = foreign(file)
    except OSError as error:
        raise OperatorError(f"--write-config: {file} cannot be read: {error.strerror}") from error
    if refused:
        raise OperatorError(
            f"--write-config: {file} is there and was not written by `forcesync sandbox`; name another file"
        )
