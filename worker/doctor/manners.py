"""Leaves a product alone while it asks for patience, as workers noted it in the store or as it tells the doctor now."""

from __future__ import annotations

import threading
from datetime import datetime

from worker.errors import OperatorError
from worker.store import Store
from workflows.errors import StoreUnavailable, Transient
from workflows.model import Stop
from workflows.ports import Clock


class Manners:
    """When one product may be called; implements the session's `Patience` and writes nothing down."""

    def __init__(self, system: str, clock: Clock, until: datetime | None = None, why: str = "") -> None:
        self._system, self._clock = system, clock
        self._until, self._why = until, why
        self._lock = threading.Lock()

    def ask(self) -> None:
        """Raise `Transient` while the product is to be left alone."""
        with self._lock:
            until, why = self._until, self._why
        if until and until > self._clock.now():
            raise Transient(
                self._system, "call it now", f"it is left alone until {until:%H:%M:%S} UTC: {why}", until=until
            )

    def note(self, until: datetime, why: str) -> None:
        """Remember for this run that the product asks for patience."""
        with self._lock:
            if self._until is None or self._until < until:
                self._until, self._why = until, why

    def answered(self) -> None:
        """Ignore that the product answers."""

    def missed(self) -> None:
        """Ignore that the product does not answer: each check says so itself."""


def manners_for(system: str, store: Store, clock: Clock) -> Manners:
    """Return the manners towards a product, with what the store knows; a store that cannot be read knows nothing."""
    stop: Stop | None = None
    try:
        if not store.is_missing:
            store.check_schema()
            stop = store.held(system, clock.now(), though_paused=True)
    except (OperatorError, StoreUnavailable):
        return Manners(system, clock)  # the store's own check tells what is wrong with it
    return Manners(system, clock, stop.until, stop.why) if stop else Manners(system, clock)
