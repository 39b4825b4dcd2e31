"""Leaves a product alone while it asks for patience, as workers noted it in the store or as it tells the doctor now."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime

from worker.errors import OperatorError
from worker.store import Store
from workflows.errors import StoreUnavailable, Transient
from workflows.ports import Clock

STORE_WITHIN = 1.0  # seconds that a product's checks wait for what the store knows; its own checks tell if it is down


class Manners:
    """When one product may be called; implements the session's `Patience` and writes nothing down."""

    def __init__(self, system: str, clock: Clock) -> None:
        self.system, self._clock = system, clock
        self._until: datetime | None = None
        self._why = ""
        self._lock = threading.Lock()
        self.known = threading.Event()  # whether the store has told what workers noted

    def ask(self) -> None:
        """Raise `Transient` while the product is to be left alone."""
        if not self.known.wait(STORE_WITHIN):
            self.known.set()  # a store that hangs is waited for once
        with self._lock:
            until, why = self._until, self._why
        if until and until > self._clock.now():
            detail = f"it is left alone until {until:%H:%M:%S} UTC: {why}"
            raise Transient(self.system, "call it now", detail, until=until)

    def note(self, until: datetime, why: str, *, one_limit: bool = False) -> None:
        """Remember for this run that the product asks for patience; one limit alone holds back no other checks."""
        if one_limit:
            return
        with self._lock:
            if self._until is None or self._until < until:
                self._until, self._why = until, why

    def answered(self) -> None:
        """Ignore that the product answers."""

    def missed(self) -> None:
        """Ignore that the product does not answer: each check says so itself."""


def manners_towards(systems: Iterable[str], store: Store, clock: Clock) -> Mapping[str, Manners]:
    """Return the manners towards each product; a thread of its own asks the store, which may hang, what it knows."""
    found = {system: Manners(system, clock) for system in systems}
    threading.Thread(target=_read, args=(found, store, clock), daemon=True, name="what workers noted").start()
    return found


def _read(found: Mapping[str, Manners], store: Store, clock: Clock) -> None:
    try:
        if not store.is_missing:
            store.check_schema()
            for system, manners in found.items():
                if stop := store.held(system, clock.now(), though_paused=True):
                    manners.note(stop.until, stop.why)
    except (OperatorError, StoreUnavailable):
        return  # the store's own check tells what is wrong with it
    finally:
        for manners in found.values():
            manners.known.set()
