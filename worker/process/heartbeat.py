"""Shows the other processes, through the store, that this one lives; what it holds is theirs when it falls silent."""

from __future__ import annotations

import os
import socket
import threading
from types import TracebackType

import structlog

from worker.process.outages import Outage
from worker.store import Store
from workflows.errors import StoreUnavailable

BEATS = 5  # in the time after which a silent process counts as dead: some may come late, or meet a store that is busy


class Heartbeat:
    """A context manager around everything that leases: the process is registered before and forgotten after it."""

    def __init__(self, store: Store, dead_after: float) -> None:
        self._store, self._dead_after = store, dead_after
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        """Register this process, and beat in a thread of its own."""
        self._store.enter(socket.gethostname(), os.getpid(), self._dead_after)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop beating, and free what a step that was abandoned still holds."""
        self._stop.set()
        self._thread.join()
        self._store.leave()

    def _run(self) -> None:
        outage = Outage()
        while not self._stop.wait(self._dead_after / BEATS):
            try:
                self._store.beat()
                outage.over("the heartbeat reaches the store again")
            except StoreUnavailable as error:
                outage.failed("the heartbeat does not reach the store", str(error))
            except Exception:  # noqa: BLE001  # without a beat this process would never work again
                structlog.get_logger("forcesync").exception("the heartbeat failed; it goes on")
