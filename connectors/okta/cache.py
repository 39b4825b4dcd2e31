"""Caches what was read for some seconds, so that threads that need the same thing read it once."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from workflows.errors import Misconfigured
from workflows.ports import Clock

Found = TypeVar("Found")
MOST_KEPT = 2000  # cached values before the expired ones are dropped: keys may be words of tickets


class Cache:
    """Caches what was read for some seconds; threads that need the same thing wait for the one that reads it."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._life = clock, timedelta(seconds=seconds)
        self._found: dict[Hashable, tuple[datetime, object]] = {}
        self._locks: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Found], *, not_before: datetime | None = None) -> Found:
        """Return the cached value of a key if it is recent enough, else read it and cache it; failures are not cached.

        With `not_before` (UTC), a value read then or later is recent enough; without it, one read within the cache's
        lifetime.
        """
        with self._lock:
            lock = self._locks[key]
        with lock:
            at, held = self._clock.now(), self._found.get(key)
            if held is not None and (held[0] >= not_before if not_before else at - held[0] < self._life):
                return cast("Found", held[1])
            try:
                found = read()
            except Misconfigured:  # what may not be read any more is not known any more
                with self._lock:
                    self._found.pop(key, None)
                raise
            with self._lock:
                if len(self._found) >= MOST_KEPT:
                    self._found = {known: item for known, item in self._found.items() if at - item[0] < self._life}
                    self._locks.clear()  # at worst, two threads read the same
                self._found[key] = (at, found)
            return found
