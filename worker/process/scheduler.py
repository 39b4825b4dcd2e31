"""The scheduler: sends a message for whatever the store says is due. It waits for no work and keeps no state.

Any number may run: on a shared broker one of them leads, by a lease in the store with a fencing number, and the others
stand by. A leader that dies or hangs is replaced after `LEAD_SECONDS`; if it wakes later, the store gives it nothing.
Schedulers with embedded brokers feed their own threads; the store gives each item to one of them only.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from worker.process.broker import BrokerUnavailable, Queue
from worker.process.outages import Outage
from worker.settings.tables import StoreSettings
from worker.store import Store
from workflows.errors import StoreUnavailable
from workflows.ports import Clock, Kind

BATCH = 200  # due aggregates sent in one round; the rest follow in the next
LEAD_SECONDS = 10.0
TICK = 0.15  # seconds between two rounds; each costs a look at the store, also where nothing is due
ARCHIVE_EVERY = timedelta(minutes=10)  # between two searches for cases to archive


class Scheduler:
    """Sends a message for what is due, round after round, while the queue has room; elects a leader on a shared queue.

    `keep` says what to archive and delete; without it, nothing is.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        queue: Queue,
        send: Callable[[Kind, str], object],
        *,
        keep: StoreSettings | None = None,
        tick: float = TICK,
        after_failure: float = 2.0,
    ) -> None:
        self._store = store
        self._clock = clock
        self._queue, self._send = queue, queue.sending(send)
        self._holder = secrets.token_hex(8) if queue.shared else None
        self._keep, self._archived_at = keep, datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._tick, self._after_failure = tick, after_failure
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def run_once(self) -> int:
        """Send a message for everything that is due, if this scheduler leads; returns how many."""
        now, fence = self._clock.now(), None
        if self._holder is not None:
            fence = self._store.lead(self._holder, now, LEAD_SECONDS)
            if fence is None:
                return 0
        self._archive(now)
        room = min(BATCH, self._queue.most - self._queue.waiting())
        if room <= 0:
            return 0
        due = self._store.due(now, room, fence)
        for kind, id in due:
            self._send(kind, id)
        return len(due)

    def run(self) -> None:
        """Send what is due until `stop`; a failure of the store or the broker is logged and retried."""
        outage = Outage()
        while not self._stop.is_set():
            try:
                self.run_once()
                outage.over("the scheduler sends again")
            except (BrokerUnavailable, StoreUnavailable) as error:
                outage.failed("the scheduler cannot send what is due", f"{error}; retrying until it does")
                self._stop.wait(self._after_failure)
            except Exception:  # noqa: BLE001  # the loop must outlive whatever is wrong with one round
                structlog.get_logger("forcesync").exception("the scheduler could not send what is due; it continues")
                self._stop.wait(self._after_failure)
            self._stop.wait(self._tick)

    def start(self) -> None:
        """Run in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self, within: float) -> None:
        """Stop sending; returns when the thread has ended, or after `within` seconds if a call hangs."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(within)
            self._thread = None

    def _archive(self, now: datetime) -> None:
        """Archive, and later delete, what is old enough, one batch at a time."""
        if self._keep is None or now - self._archived_at < ARCHIVE_EVERY:
            return
        self._archived_at = now
        if self._keep.archive_after and self._store.put_away(now - timedelta(days=self._keep.archive_after), now):
            self._archived_at = now - ARCHIVE_EVERY + timedelta(seconds=5)  # there may be more
        if self._keep.forget_after:
            self._store.forget(now - timedelta(days=self._keep.forget_after))
