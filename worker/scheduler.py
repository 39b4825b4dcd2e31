"""The scheduler: it sends a message for whatever the store says is due. It waits for nothing and keeps nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from workflows.ports import CaseStore, Clock, Kind

BATCH = 200  # due aggregates woken at once; the rest is due in the next round


class Scheduler:
    """Wakes what is due, again and again."""

    def __init__(self, store: CaseStore, clock: Clock, send: Callable[[Kind, str], object], tick: float = 0.2) -> None:
        self._store = store
        self._clock = clock
        self._send = send
        self._tick = tick
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def run_once(self) -> int:
        """Send a message for everything that is due; returns how many."""
        due = self._store.due(self._clock.now(), BATCH)
        for kind, id in due:
            self._send(kind, id)
        return len(due)

    def run(self) -> None:
        """Wake what is due until `stop`; a store that fails is reported and asked again."""
        while not self._stop.is_set():
            try:
                self.run_once()
            except Exception:  # noqa: BLE001  # the loop must outlive a full disk or a lost database connection
                structlog.get_logger("forcesync").exception("the scheduler could not ask the store; it will ask again")
                self._stop.wait(5.0)
            self._stop.wait(self._tick)

    def start(self) -> None:
        """Run in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop waking; returns when the thread has ended."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
