"""Shares rate-limit back-off between workers: "wait until" goes through the store.

A 429, or a 503 that names a time, is noted by whoever meets it: first in this process's memory, which its other threads
see at once, then in the store. Every worker, on whichever machine, looks at both before its next request and waits in
the same way, without asking. So does everybody while a system is paused because its credential is refused. A note is a
row that is read by its key and written only when a far side speaks up, so it never becomes a hot row.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar, cast

from connectors.http import patience
from worker.store import Store
from workflows.errors import Transient
from workflows.ports import Clock, OktaOrg, SyncDriver, TicketDesk

FREE = "plan"  # calls nobody
TRIAL = "check"  # made at a start, to see whether a paused system works now; a Retry-After holds for it too

Port = TypeVar("Port", TicketDesk, OktaOrg, SyncDriver)


class Notes:
    """Until when which system is left alone; one for a process, and all its threads and ports share it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._told: dict[str, tuple[datetime, str]] = {}
        self._lock = threading.Lock()

    def held(self, system: str, *, though_paused: bool) -> tuple[datetime, str] | None:
        """Return until when and why a system must not be called now; `though_paused` minds the far side's word only."""
        now = self._clock.now()
        with self._lock:
            told = self._told.get(system)
        if told is not None and told[0] > now:
            return told
        return self._store.held(system, now, though_paused=though_paused)

    def note(self, system: str, until: datetime, why: str) -> None:
        """Remember a far side's word, unless it has asked for more before."""
        with self._lock:
            told = self._told.get(system)
            if told is None or told[0] < until:
                self._told[system] = (until, why)
        self._store.hold(system, until, why)


def patient(port: Port, notes: Notes) -> Port:
    """Return the port with every call of it behind the shared notes about its system."""
    return cast("Port", _Patient(port, notes))


class _Patient:
    """A port of any kind: its methods are found by name, so that a new one is covered without a line here."""

    def __init__(self, port: Any, notes: Notes) -> None:
        self._port, self._notes = port, notes
        self.name: str = port.name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._behind_the_notes(found, name) if callable(found) and name != FREE else found

    def _behind_the_notes(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
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
            yield
        finally:
            patience.reset(token)


class _Minding:
    """The notes as one operation of a port asks and tells them."""

    def __init__(self, system: str, operation: str, notes: Notes) -> None:
        self._system, self._operation, self._notes = system, operation, notes

    def ask(self) -> None:
        if held := self._notes.held(self._system, though_paused=self._operation == TRIAL):
            detail = f"it is left alone until {held[0]:%H:%M:%S} UTC: {held[1]}"
            raise Transient(self._system, f"go on ({self._operation.replace('_', ' ')})", detail, until=held[0])

    def note(self, until: datetime, why: str) -> None:
        self._notes.note(self._system, until, why)
