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

    def get(self, key: Hashable, read: Callable[[], Found], *, fresh: bool = False) -> Found:
        """Return what is kept under a key, else (or if it must be `fresh`) read it and keep that, unless it failed."""
        with self._lock:
            lock = self._locks[key]
        with lock:
            held = self._found.get(key)
            if held is not None and not fresh and self._clock.now() - held[0] < self._life:
                return cast("Found", held[1])
            at = self._clock.now()
            found = read()
            self._found[key] = (at, found)
            return found
