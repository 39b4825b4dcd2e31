"""What one worker learns of a far side's patience holds for all of them: "wait until" goes through the store.

A 429, or a 503 that names a time, is noted by whoever meets it. Every other worker, on whichever machine, reads the
note before its next request and waits in the same way, without asking. So does everybody while a system is paused
because its credential is refused. A note is a row that is read by its key and written only when a far side speaks up,
so it never becomes a hot row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from connectors.http.patience import before_call
from worker.store import Store
from workflows.errors import Transient
from workflows.ports import Clock, OktaOrg, SyncDriver, TicketDesk

FREE = "plan"  # calls nobody
TRIAL = "check"  # made at a start, to see whether a paused system works now; a Retry-After holds for it too

Port = TypeVar("Port", TicketDesk, OktaOrg, SyncDriver)


def patient(port: Port, store: Store, clock: Clock) -> Port:
    """Return the port with every call of it behind the shared notes about its system."""
    return cast("Port", _Patient(port, store, clock))


class _Patient:
    """A port of any kind: its methods are found by name, so that a new one is covered without a line here."""

    def __init__(self, port: Any, store: Store, clock: Clock) -> None:
        self._port, self._store, self._clock = port, store, clock
        self.name: str = port.name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._behind_the_notes(found, name) if callable(found) and name != FREE else found

    def _behind_the_notes(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            with self._noting(name):
                answer = method(*args, **kwargs)
            return self._each(answer, name) if isinstance(answer, Iterator) else answer

        return call

    def _each(self, answers: Iterator[Any], name: str) -> Iterator[Any]:
        end = object()
        while True:
            with self._noting(name):
                answer = next(answers, end)
            if answer is end:
                return
            yield answer

    @contextmanager
    def _noting(self, name: str) -> Iterator[None]:
        def ask() -> None:
            if held := self._store.held(self.name, self._clock.now(), though_paused=name == TRIAL):
                detail = f"it is left alone until {held[0]:%H:%M:%S} UTC: {held[1]}"
                raise Transient(self.name, f"go on ({name.replace('_', ' ')})", detail, until=held[0])

        token = before_call.set(ask)
        try:
            yield
        except Transient as error:
            if error.system_wide and error.until is not None:
                self._store.hold(self.name, error.until, error.detail)
            raise
        finally:
            before_call.reset(token)
