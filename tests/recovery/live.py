"""A sandbox and the worker's real threads, brokers and clock: what cannot be shown while time stands still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.migrated import place_store
from worker import wiring
from worker.process.clock import SystemClock
from worker.process.parts import Parts
from worker.sandbox.config import settings_table
from worker.settings.model import Settings

PATIENCE = 60.0  # seconds until a test gives up; on an idle machine everything here takes two or three
WAITS = {
    "poll_every": 0.3,
    "gather_for": 0.5,
    "gather_at_most": 30.0,
    "cool_down": 0.0,
    "at_most_per_day": 1000,
    "verify_every": 0.2,
    "verify_for": 60.0,
    "ask_every": 0.5,
    "retry_after": 1.0,
}


class Shifted:
    """The machine's clock, which a test can push forward or back."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the present time."""
        return SystemClock().now() + self._ahead

    def jump(self, seconds: float) -> None:
        """Push the clock."""
        self._ahead += timedelta(seconds=seconds)


@contextmanager
def sandbox(tickets: int, **changes: Any) -> Iterator[Sandbox]:
    """Serve a world whose tickets a Force Sync fixes."""
    scenario = Scenario("burst", tickets=tickets, users=12)
    with Sandbox(scenario, **{"sync_seconds": 0.3} | changes) as running:
        yield running


def settings(running: Sandbox, store_url: str, broker: Mapping[str, Any] | None = None, **worker: Any) -> Settings:
    """Return settings for the sandbox on that store and broker."""
    table = settings_table(running, Path("unused"), WAITS)
    table["store"] = {"url": store_url}
    table["worker"] = {"threads": 4, "stop_within": 10.0, **worker}
    table["broker"] = dict(broker or {})
    return Settings(**table)


@contextmanager
def parts(made: Settings, clock: Shifted | None = None, told: list[str] | None = None) -> Iterator[Parts]:
    """Wire a worker as the commands do."""

    def tell(event: str, facts: Mapping[str, object]) -> None:
        if told is not None:
            told.append(f"{event} {dict(facts)}")

    if made.store.url.startswith("sqlite:///"):
        place_store(Path(made.store.url.removeprefix("sqlite:///")))
    built = wiring.build(made, tell, clock or Shifted())
    built.store.migrate()
    try:
        yield built
    finally:
        built.store.close()


def until(reached: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait for the world to be so."""
    end, pause = time.monotonic() + patience, threading.Event()
    while not reached():
        assert time.monotonic() < end, f"after {patience:g} seconds not yet: {what}"
        pause.wait(0.05)


def tickets(running: Sandbox) -> list[dict[str, Any]]:
    """Return every ticket as the control server shows it, but those that were closed before."""
    with running.frame.lock:
        shown = [ticket for desk in running.world.desks.values() for ticket in desk.tickets()]
    return [ticket for ticket in shown if ticket["kind"] != "closed_before"]


def all_done(running: Sandbox) -> bool:
    """Say whether every ticket is resolved."""
    return all(ticket["status_category"] == "done" for ticket in tickets(running))
