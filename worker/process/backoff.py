"""Shares rate-limit back-off between workers through the store.

A 429, or a 503 that names a time, is recorded by the worker that receives it: first in this process's memory, where its
other threads see it at once, then in the store. Every worker, on any machine, checks both before its next request and
waits as long, without calling the product. The same holds while a system is paused because its credential is refused. A
note is a row that is read by its key and written only when a product asks, so it never becomes a hot row.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from connectors.http.governance import Patience, patience
from worker.process.stalls import Stalls
from worker.store import Store
from workflows.errors import FarSideError, Misconfigured, Refused, StoreUnavailable, Transient, Uncertain, Unexpected
from workflows.ports import Clock, OktaOrg, SyncDriver, TicketDesk

FREE = "plan"  # makes no calls
TRIAL = "check"  # made at start-up, to see whether a paused system works again; Retry-After applies to it too

# How long what the store says of a system counts. If another process is asked to wait, this one goes on calling until
# that is recorded, and then for this long at most.
FREE_FOR = timedelta(seconds=0.25)

NO_ANSWER = "it did not answer several times in a row"

Port = TypeVar("Port", TicketDesk, OktaOrg, SyncDriver)

# Told of each operation: system, operation, outcome, and its seconds; `None` for one of which nothing was sent.
Seen = Callable[[str, str, str, float | None], None]

_KINDS: tuple[type[FarSideError], ...] = (Transient, Uncertain, Refused, Misconfigured, Unexpected)


def unseen(_system: str, _operation: str, _outcome: str, _seconds: float | None) -> None:
    """Count nothing."""


class Notes:
    """Until when each system must not be called; one instance per process, shared by its threads and ports."""

    def __init__(self, store: Store, clock: Clock, stalls: Stalls, seen: Seen = unseen) -> None:
        self._store, self._clock, self.stalls, self.seen = store, clock, stalls, seen
        self._noted: dict[str, tuple[datetime, str]] = {}
        self._free: dict[tuple[str, bool], datetime] = {}
        self._lock = threading.Lock()

    def held(self, system: str, *, though_paused: bool) -> tuple[datetime, str] | None:
        """Return until when, and why, a system must not be called.

        `though_paused` ignores pauses and applies only the product's own request to wait.
        """
        now = self._clock.now()
        with self._lock:
            noted = self._noted.get(system)
            asked_at = self._free.get((system, though_paused))
        if noted is not None and noted[0] > now:
            return noted
        if asked_at is None or not asked_at <= now < asked_at + FREE_FOR:
            stop = self._store.held(system, now, though_paused=though_paused)
            if stop:
                return stop.until, stop.why
            with self._lock:
                self._free[system, though_paused] = now
        rest = self.stalls.rests_until(system)
        return (rest, NO_ANSWER) if rest else None

    def missed(self, system: str) -> None:
        """Record that a product did not answer in time; after several times in a row it is left alone for a while."""
        until = self.stalls.missed(system)
        if until:
            self.note(system, until, NO_ANSWER)

    def note(self, system: str, until: datetime, why: str) -> None:
        """Record how long a product asked us to wait, unless it already asked for longer."""
        with self._lock:
            noted = self._noted.get(system)
            if noted is None or noted[0] < until:
                self._noted[system] = (until, why)
        self._store.hold(system, until, why)


def patient(port: Port, notes: Notes) -> Port:
    """Return the port, checking the shared notes about its system before each request."""
    return cast("Port", _Patient(port, notes))


def patience_of(system: str, notes: Notes) -> Patience:
    """Return what the checks at the start have in common with the work: what either is asked to wait, both wait."""
    return _Minding(system, TRIAL, notes)


class _Patient:
    """Wraps a port of any kind; its methods are looked up by name, so that new ones are covered too."""

    def __init__(self, port: Any, notes: Notes) -> None:
        self._port, self._notes = port, notes
        self.name: str = port.name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._with_notes(found, name) if callable(found) and name != FREE else found

    def _with_notes(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            minding, answer = _Minding(self.name, name, self._notes), None
            try:
                with minding.part():
                    answer = method(*args, **kwargs)
            finally:
                if not isinstance(answer, Iterator):
                    minding.over()
            return self._each(answer, minding) if isinstance(answer, Iterator) else answer

        return call

    def _each(self, answers: Iterator[Any], minding: _Minding) -> Iterator[Any]:
        end = object()
        try:
            while True:
                with minding.part():
                    answer = next(answers, end)
                if answer is end:
                    return
                yield answer
        finally:
            minding.over()


class _Minding:
    """The notes for one operation of a port, which reads and records them, and what became of it.

    An operation that yields its answers one by one has a part for each; in between, the time is not the product's.
    """

    def __init__(self, system: str, operation: str, notes: Notes) -> None:
        self._system, self._operation, self._notes = system, operation, notes
        self._seconds, self._sent, self._outcome = 0.0, False, "ok"

    @contextmanager
    def part(self) -> Iterator[None]:
        token, began = patience.set(self), time.monotonic()
        try:
            with self._notes.stalls.thread(self._system, self._operation.replace("_", " ")):
                began = time.monotonic()  # the wait for a thread is not the product's time either
                yield
        except Exception as error:
            self._outcome = _outcome(error)
            raise
        finally:
            self._seconds += time.monotonic() - began
            patience.reset(token)

    def over(self) -> None:
        """Tell what became of the operation; an answer that was kept from an earlier one is none of the product's."""
        if self._sent:
            self._notes.seen(self._system, self._operation, self._outcome, self._seconds)
        elif self._outcome == "transient":
            self._notes.seen(self._system, self._operation, "waited", None)

    def ask(self) -> None:
        if held := self._notes.held(self._system, though_paused=self._operation == TRIAL):
            detail = f"it is left alone until {held[0]:%H:%M:%S} UTC: {held[1]}"
            raise Transient(self._system, f"go on ({self._operation.replace('_', ' ')})", detail, until=held[0])
        self._sent = True

    def note(self, until: datetime, why: str, *, one_limit: bool = False) -> None:  # noqa: ARG002 - all wait, either way
        self._notes.note(self._system, until, why)

    def answered(self) -> None:
        self._notes.stalls.answered(self._system)

    def missed(self) -> None:
        self._notes.missed(self._system)


def _outcome(error: Exception) -> str:
    """Return what an operation met; our own store's failure says nothing about a product."""
    if isinstance(error, StoreUnavailable):
        return "ok"
    return next((kind.__name__.lower() for kind in _KINDS if isinstance(error, kind)), "defect")
