"""`forcesync demo`: a scenario on the sandbox, through the same wiring as `forcesync run`, with short waits."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from worker import wiring
from worker.demo.report import Changes, Rows, closing, ended_rightly, opening, rows_of, save_artefacts
from worker.errors import OperatorError
from worker.output import empty_folder, folded, print_lines, room
from worker.process import logs
from worker.process.service import Service
from worker.sandbox.command import serving
from worker.sandbox.config import settings_table, write_settings
from worker.settings.model import load

SCENARIOS = ("tour", "cases")
ALLOWED_SECONDS = 55.0  # the whole demo ends within a minute, whatever happens
SYNC_SECONDS = 2.0
RESERVE = 0.1  # of Okta's rate limits: nobody else calls the simulated org, and nobody wants to wait for a minute's end
WAITS = {
    "gather_for": 3.0,
    "gather_at_most": 15.0,
    "cool_down": 2.0,
    "at_most_per_day": 1000,
    "verify_every": 0.5,
    "verify_for": 10.0,
    "poll_every": 0.7,
    "ask_every": 0.5,
}


def demo(*, scenario: str, keep: bool, seed: int, save: Path | None = None, port: int = 0) -> int:
    """Run the scenario and report; returns 0 only if every ticket ended as expected, in time.

    Tickets, diagnostics, log and store are left in the folder `save`; without one, only if something went wrong. Okta
    listens on `port`, and the others on the next ones; 0 takes any that are free. Raises `OperatorError`, and leaves
    nothing behind then, if one of them is in use.
    """
    if scenario not in SCENARIOS:
        raise OperatorError(f"--scenario: found {scenario!r}; allowed: {', '.join(SCENARIOS)}")
    begun = time.monotonic()
    with serving(Sandbox(Scenario(scenario, seed=seed), port=port, sync_seconds=SYNC_SECONDS), port) as sandbox:
        folder = empty_folder(save.resolve(), "--save") if save else Path(tempfile.mkdtemp(prefix="forcesync-demo-"))
        try:
            right = _play(sandbox, folder, begun, keep=keep)
        except (KeyboardInterrupt, BrokenPipeError):
            right = True  # whoever stops the demo, or reads no further, does not look for its files
            raise
        except BaseException:
            right = False
            raise
        finally:
            _leave(folder, scenario, kept=save is not None or not right)
    return 0 if right else 1


def _leave(folder: Path, scenario: str, *, kept: bool) -> None:
    """Remove the folder unless it is kept, and say what to look at next."""
    text = f"Tickets, diagnostics, log and store: {folder}"
    if not kept:
        shutil.rmtree(folder)
        text = "No file is left. To keep tickets, diagnostics, log and store: --save FOLDER"
    started = Path(sys.argv[0])  # in a checkout, `make demo` starts what is not on the path
    called = started if started.name == "forcesync" and not shutil.which("forcesync") else "forcesync"
    following = [
        f"{called} demo --keep, to look around while everything runs",
        "README.md, The first hour: your own tenants, in observe mode",
    ]
    if scenario != "cases":
        following.insert(0, f"{called} demo --scenario cases, a ticket for every cause")
    print_lines((text, *(f"{'      ' if place else 'Next: '}{line}" for place, line in enumerate(following))))


def _play(sandbox: Sandbox, folder: Path, begun: float, *, keep: bool) -> bool:
    """Work the scenario with its files in a folder; True if every ticket ended as expected, in time."""
    config = folder / "forcesync.toml"
    table = settings_table(sandbox, folder / "forcesync.sqlite3", WAITS)
    table["okta"]["main"]["reserve"] = RESERVE
    write_settings(config, table)
    settings = load(config)
    log = (folder / "forcesync.log").open("w", encoding="utf-8")
    logs.configure("debug", "json", log)
    parts = wiring.build(settings, logs.tell)
    try:
        parts.store.migrate()
        with Service(parts):

            def look() -> Rows:
                return rows_of(sandbox, parts.store)

            rows = _watch(look, begun)
            seconds = time.monotonic() - begun
            save_artefacts(sandbox, folder)
            with sandbox.frame.lock:
                syncs = [sync["label"] for sync in sandbox.okta.force_syncs()]
                broken = [f"{violation.rule}: {violation.detail}" for violation in sandbox.frame.violations]
            print_lines(closing(rows, syncs, broken, seconds, room()))
            if keep:
                _keep(sandbox, folder)
    finally:
        parts.store.close()
        log.close()
    return all(map(ended_rightly, rows)) and not broken


def _watch(look: Callable[[], Rows], begun: float) -> Rows:
    """Print what happens until every ticket has ended or the time is up."""
    changes, pause = Changes(), threading.Event()
    print_lines(opening(look(), room()))
    while True:
        rows, seconds = look(), time.monotonic() - begun
        print_lines(changes.since(rows, seconds, room()))
        if all(map(ended_rightly, rows)) or seconds > ALLOWED_SECONDS:
            return rows
        pause.wait(0.25)


def _keep(sandbox: Sandbox, folder: Path) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    lines = (
        "",
        f"Everything keeps running. State of the simulated products: {sandbox.control_url}/state",
        f"Cases: forcesync case list --config {folder / 'forcesync.toml'}",
        "Files of a case: forcesync case show KEY --save FOLDER, with the same --config",
        f"Tickets, diagnostics, log and store: {folder}",
        "Press Ctrl-C to stop.",
    )
    print_lines(folded(lines, room()))
    stop.wait()
