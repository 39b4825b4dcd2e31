"""Shares rate-limit back-off between workers through the store.

A 429, or a 503 that names a time, is recorded by the worker that receives it: first in this process's memory, where its
other threads see it at once, then in the store. Every worker, on any machine, checks both before its next request and
waits as long, without calling the product. The same holds while a system is paused because its credential is refused. A
note is a row that is read by its key and written only when a product asks, so it never becomes a hot row.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from connectors.http import patience
from worker.process.stalls import Stalls
from worker.store import Store
from workflows.errors import Transient
from workflows.ports import Clock, OktaOrg, SyncDriver, TicketDesk

FREE = "plan"  # makes no calls
TRIAL = "check"  # made at start-up, to see whether a paused system works again; Retry-After applies to it too

FREE_FOR = timedelta(seconds=1)  # how long a system that the store knows nothing of is not asked for again

NO_ANSWER = "it did not answer several times in a row"

Port = TypeVar("Port", TicketDesk, OktaOrg, SyncDriver)


class Notes:
    """Until when each system must not be called; one instance per process, shared by its threads and ports."""

    def __init__(self, store: Store, clock: Clock, stalls: Stalls) -> None:
        self._store, self._clock, self.stalls = store, clock, stalls
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
            with self._minding(name):
                answer = method(*args, **kwargs)
            return self._each(answer, name) if isinstance(answer, Iterator) else answer

        return call

    def _each(self, answers: Iterator[Any], name: str) -> Iterator[Any]:
        end = object()
        while True:
            with self._minding(name):
                answer = next(answers, end)
            if answer is end:
                return
            yield answer

    @contextmanager
    def _minding(self, name: str) -> Iterator[None]:
        token = patience.set(_Minding(self.name, name, self._notes))
        try:
            with self._notes.stalls.thread(self.name, name.replace("_", " ")):
                yield
        finally:
            patience.reset(token)


class _Minding:
    """The notes for one operation of a port, which reads and records them."""

    def __init__(self, system: str, operation: str, notes: Notes) -> None:
        self._system, self._operation, self._notes = system, operation, notes

    def ask(self) -> None:
        if held := self._notes.held(self._system, though_paused=self._operation == TRIAL):
            detail = f"it is left alone until {held[0]:%H:%M:%S} UTC: {held[1]}"
            raise Transient(self._system, f"go on ({self._operation.replace('_', ' ')})", detail, until=held[0])

    def note(self, until: datetime, why: str) -> None:
        self._notes.note(self._system, until, why)

    def answered(self) -> None:
        self._notes.stalls.answered(self._system)

    def missed(self) -> None:
        self._notes.missed(self._system)
