"""Reads many tickets at the pace that the products allow: threads wait together, and one bad ticket stops nothing."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from worker.trial.finding import Wanted
from worker.trial.rows import Outcome, Row
from workflows.errors import FarSideError, Misconfigured, Refused, Transient
from workflows.ports import Clock

MOST_SEARCHES = 3  # for the tickets, of a desk that does not answer
MOST_TRIES = 20  # of one ticket: each waits for a rate limit's next window, or for a product to answer
RETRY_AFTER = timedelta(seconds=30)  # where the product names no time
WAIT_AT_ONCE = 5.0  # seconds, after which the clock is looked at again: a machine may have slept
LET_GO = 1.0  # seconds for each call under way when a person stops the trial
INTERRUPTED = "interrupted"

Found = TypeVar("Found")
Wait = Callable[[float], bool]  # waits for so many seconds; True if the trial is to stop


class Told(Protocol):
    """Who is told how far a trial is."""

    def read(self, done: int, failed: int) -> None:
        """Note how many tickets are done, and how many of them could not be read."""

    def waits(self, system: str, until: datetime) -> None:
        """Note that a product is waited for."""


class Pace:
    """Reads tickets with several threads. `why` says why it stopped before all were read; "" if it did not."""

    def __init__(self, clock: Clock, told: Told, wait: Wait | None = None) -> None:
        self._stopped = threading.Event()
        self._clock, self._told, self._wait = clock, told, wait or self._stopped.wait
        self._until: datetime | None = None
        self._lock = threading.Lock()
        self.why = ""

    def patiently(self, call: Callable[[], Found]) -> Found:
        """Return what a call returns; one that must wait for a product is made a few times."""
        for _ in range(MOST_SEARCHES - 1):
            try:
                return call()
            except Transient as error:
                self._hold(error)
                self._ready()
        return call()

    def rows(self, wanted: Sequence[Wanted], read: Callable[[Wanted], Row], threads: int) -> tuple[Row, ...]:
        """Return the rows of all tickets in order; of those that were read, if a person or a credential stops it."""
        rows: dict[int, Row] = {}
        todo, tries, ended = deque(range(len(wanted))), Counter[int](), threading.Event()
        outcomes = Counter[Outcome]()

        def work() -> None:
            while self._ready():
                try:
                    number = todo.popleft()
                except IndexError:
                    return
                try:
                    row = read(wanted[number])
                except Transient as error:
                    tries[number] += 1
                    if tries[number] < MOST_TRIES:
                        self._hold(error)
                        todo.appendleft(number)
                        continue
                    row = _unread(wanted[number], words_of(error))
                except Misconfigured as error:
                    self.stop(words_of(error))
                    return
                except FarSideError as error:
                    row = _unread(wanted[number], words_of(error))
                except Exception as error:  # noqa: BLE001  # a fault of ours with one ticket is that ticket's line
                    row = _unread(wanted[number], f"a defect in forcesync ({type(error).__name__})")
                with self._lock:
                    if ended.is_set():  # a call that outlasted the trial
                        return
                    rows[number] = row
                    outcomes[row.outcome] += 1
                    self._told.read(len(rows), outcomes[Outcome.NOT_READ])

        self._run(work, threads)
        with self._lock:
            ended.set()
            return tuple(rows[number] for number in sorted(rows))

    def _run(self, work: Callable[[], None], threads: int) -> None:
        crew = [threading.Thread(target=work, daemon=True) for _ in range(threads - 1)]
        try:
            for thread in crew:
                thread.start()
            work()
            for thread in crew:
                while thread.is_alive():
                    thread.join(WAIT_AT_ONCE)
        except KeyboardInterrupt:
            self.stop(INTERRUPTED)
            for thread in crew:
                thread.join(LET_GO)

    def stop(self, why: str) -> None:
        """Begin no more tickets."""
        self.why = self.why or why
        self._stopped.set()

    def _hold(self, error: Transient) -> None:
        """Have every thread wait until the product may be called again."""
        until = error.until or self._clock.now() + RETRY_AFTER
        with self._lock:
            self._until = max(until, self._until or until)
        self._told.waits(error.system, until)

    def _ready(self) -> bool:
        """Wait for what holds every ticket; False if no more are to be begun."""
        while not self._stopped.is_set():
            with self._lock:
                left = (self._until - self._clock.now()).total_seconds() if self._until else 0.0
            if left <= 0:
                return True
            if self._wait(min(left, WAIT_AT_ONCE)):
                return False
        return False


def _unread(wanted: Wanted, why: str) -> Row:
    return Row(wanted.key, wanted.ref.desk if wanted.ref else "", Outcome.NOT_READ, why=why)


def unknown(wanted: Wanted, unsearched: Sequence[str] = ()) -> Row:
    """Return the row of a ticket that no desk has, of those that could be searched."""
    desks = f"{' and '.join(unsearched)} could not be searched, and no other desk" if unsearched else "no desk"
    return _unread(wanted, f"{desks} has such a ticket, or shows it to forcesync's account")


def words_of(error: FarSideError) -> str:
    """Say what could not be done; a product's own words may quote the ticket, so only ours are repeated."""
    if isinstance(error, Transient):
        return f"{error.system} did not answer"
    if isinstance(error, Misconfigured):
        return str(error)
    status = error.status if isinstance(error, Refused) else None
    if isinstance(error, Refused) and status is None:
        return f"could not {error.operation}: {error.detail}"
    told = f" (HTTP {status})" if status else ", because the answer is not understood"
    return f"{error.system} could not {error.operation}{told}"
