"""Keeps a product that stalls from taking every thread: a share of the threads for each system, and a breaker.

A call that hangs holds its thread until the read timeout. So no system gets all threads of a process, and each finds
one free whatever the others do, where there are as many. One that did not answer several times in a row is left alone
for a while: what needs it waits in the store, not in a thread.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from workflows.errors import Transient
from workflows.ports import Clock
from workflows.steps import Tell, silence

Alert = Callable[[str, str, str], None]  # (system, cause, text): told to the operator once a cause

MOST_MISSED = 3  # time-outs in a row: one may be a hiccup, and each holds a thread for its time limit
REST = timedelta(seconds=60)
TRIAL = timedelta(seconds=30)  # for one call after a rest; until it is answered, no other is made
HANGS = timedelta(seconds=2)  # in a call: nearly all answers come sooner
BUSY_FOR = 1.0  # seconds to wait for one of the system's threads while none of them hangs
AGAIN = timedelta(seconds=10)


def share_of(threads: int) -> int:
    """Return how many of a process's threads one system may hold: three quarters, and never the last one of several."""
    return max(1, threads - max(1, threads // 4))


class Stalls:
    """What each system does to this process's threads; shared by them and by all ports."""

    def __init__(self, threads: int, clock: Clock, warn: Alert, tell: Tell, systems: Iterable[str] = ()) -> None:
        self._threads, self._systems = threads, frozenset(systems)
        self._share, self._clock, self._alert, self._tell = share_of(threads), clock, warn, tell
        self._changed = threading.Condition()
        self._inside = defaultdict[str, list[datetime]](list)  # when each call that is being made began
        self._queues = defaultdict[str, deque[object]](deque)  # who waits for one of a system's threads
        self._missed = Counter[str]()
        self._rest_until: dict[str, datetime] = {}
        self._trial_until: dict[str, datetime] = {}

    @contextmanager
    def thread(self, system: str, operation: str) -> Iterator[None]:
        """Hold one of the system's threads; `Transient` at once if some of them hang, or soon if all stay busy."""
        with self._changed:
            inside, now = self._inside[system], self._clock.now()
            hangs = bool(inside) and now - min(inside) >= HANGS and not self._has_room(system)
            if hangs or not self._takes_turn(system):
                detail = f"{len(inside)} threads wait for its answers already; the others are kept for the rest"
                raise Transient(system, operation, detail, until=now + AGAIN)
            began = self._clock.now()
            inside.append(began)
        try:
            yield
        finally:
            with self._changed:
                inside.remove(began)
                self._changed.notify_all()

    def _takes_turn(self, system: str) -> bool:
        """Wait for room in the order of arrival: a thread that makes one call after another goes behind those."""
        queue, place = self._queues[system], object()
        queue.append(place)
        try:
            return self._changed.wait_for(lambda: queue[0] is place and self._has_room(system), BUSY_FOR)
        finally:
            queue.remove(place)
            self._changed.notify_all()

    def _has_room(self, system: str) -> bool:
        """Say whether a system may take a thread: within its share, and one is left for each that has none."""
        if not self._inside[system]:
            return True
        held = {name: len(began) for name, began in self._inside.items()}
        without = sum(not held.get(name) for name in self._systems)
        left = self._threads - sum(held.values())
        return held[system] < self._share and (left > without or self._threads < len(self._systems))

    def rests_until(self, system: str) -> datetime | None:
        """Return until when a system that did not answer is left alone; `None` for the one call that tries it again."""
        now = self._clock.now()
        with self._changed:
            if self._missed[system] < MOST_MISSED:
                return None
            until = max(self._rest_until[system], self._trial_until.get(system, now))
            if until > now:
                return until
            self._trial_until[system] = now + TRIAL
            return None

    def missed(self, system: str) -> datetime | None:
        """Count a time-out; return until when the system is left alone, if that begins now."""
        now = self._clock.now()
        with self._changed:
            self._missed[system] += 1
            self._trial_until.pop(system, None)
            if self._missed[system] < MOST_MISSED or self._rest_until.get(system, now) > now:
                return None
            until = self._rest_until[system] = now + REST
        text = f"{system} did not answer {MOST_MISSED} times in a row within its time limits: it is left alone"
        each = f"for {REST.seconds} seconds at a time until it answers, and what needs it waits"
        self._alert(system, silence(system), f"{text} {each}")
        return until

    def answered(self, system: str) -> None:
        """Count an answer; the first one after a rest is told."""
        now = self._clock.now()
        with self._changed:
            if self._rest_until.get(system, now) > now:
                return  # the answer to a call that was made before the rest
            self._missed.pop(system, None)
            self._trial_until.pop(system, None)
            back = self._rest_until.pop(system, None) is not None
        if back:
            self._tell("answers again", {"system": system, "text": f"{system} answers again: what needs it goes on"})
