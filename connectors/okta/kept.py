"""What an org told and does not change within minutes, kept so that it is not asked for every ticket again."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from workflows.ports import Clock

Found = TypeVar("Found")


class Kept:
    """Keeps what was read for some seconds; threads that want the same thing wait for the one that reads it."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._life = clock, timedelta(seconds=seconds)
        self._found: dict[Hashable, tuple[datetime, object]] = {}
        self._locks: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Found], *, not_before: datetime | None = None) -> Found:
        """Return what is kept under a key and not too old, else read it and keep that, unless it failed.

        What was read at `not_before` (UTC) or later is not too old; where that is not said, the usual seconds count.
        """
        with self._lock:
            lock = self._locks[key]
        with lock:
            at, held = self._clock.now(), self._found.get(key)
            if held is not None and (held[0] >= not_before if not_before else at - held[0] < self._life):
                return cast("Found", held[1])
            found = read()
            self._found[key] = (at, found)
            return found
