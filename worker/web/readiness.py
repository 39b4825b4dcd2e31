"""Whether a process can do its work now: store, broker, leader, and the last complete search of each desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.store import Store
from worker.store.health import Health
from workflows.errors import StoreUnavailable
from workflows.ports import Clock
from workflows.values.masking import without_people
from workflows.values.wording import moment

SILENT = timedelta(minutes=15)  # without a complete search, after which the operator is alerted too
SEARCHES = 3  # that may fail in a row where they are further apart


def silent_after(poll_every: float) -> timedelta:
    """Return how old a desk's last complete search may be."""
    return max(SILENT, SEARCHES * timedelta(seconds=poll_every))


@dataclass(frozen=True)
class Check:
    """One thing that the process needs: whether it is there, and what was seen."""

    id: str
    ok: bool
    seen: str


@dataclass(frozen=True)
class Queueing:
    """How this process gets its work: `ask` raises `gone` where the broker does not answer.

    `shared` says that the processes elect a leader.
    """

    ask: Callable[[], object]
    gone: type[Exception]
    shared: bool


class Readiness:
    """Looks at everything when it is asked; no far side is called."""

    def __init__(self, store: Store, clock: Clock, queueing: Queueing, desks: Iterable[str], poll_every: float) -> None:
        self._store, self._clock, self._queueing = store, clock, queueing
        self._desks, self._silent = tuple(desks), silent_after(poll_every)

    def checks(self) -> tuple[Check, ...]:
        """Return every check; without a store, only that it and the broker were looked at."""
        try:
            health = self._store.health(self._clock.now())
        except StoreUnavailable as error:
            return Check("store", ok=False, seen=without_people(str(error))), self._broker()
        found = [Check("store", ok=True, seen="it answers"), self._broker()]
        if self._queueing.shared:
            found.append(self._leader(health))
        return *found, *(self._search(desk, health.searched.get(desk)) for desk in self._desks)

    def _broker(self) -> Check:
        try:
            self._queueing.ask()
        except self._queueing.gone as error:
            return Check("broker", ok=False, seen=without_people(str(error)))
        return Check("broker", ok=True, seen="it answers" if self._queueing.shared else "within this process")

    def _leader(self, health: Health) -> Check:
        until = health.led_until
        if until is None:
            return Check("leader", ok=False, seen="no scheduler has led yet; start `forcesync scheduler`")
        ok = until > self._clock.now()
        seen = "a scheduler leads" if ok else f"no scheduler has led since {moment(until)}; start `forcesync scheduler`"
        return Check("leader", ok=ok, seen=seen)

    def _search(self, desk: str, at: datetime | None) -> Check:
        if at is None:
            return Check(f"search.{desk}", ok=False, seen="no search was complete yet")
        ok = self._clock.now() - at <= self._silent
        return Check(f"search.{desk}", ok=ok, seen=f"the last complete search ended {moment(at)}")
