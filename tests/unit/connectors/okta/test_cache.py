"""The cache forgets what has expired before it grows too large."""

from __future__ import annotations

from datetime import timedelta

from connectors.okta.cache import MOST_KEPT, Cache
from tests.unit.wire import StoppedClock


def test_a_full_cache_drops_what_has_expired() -> None:
    clock, reads = StoppedClock(), list[int]()

    cache = Cache(clock, 60.0)

    def look(key: int) -> None:
        cache.get(key, lambda: reads.append(key))

    for key in range(MOST_KEPT):
        look(key)
    clock.at += timedelta(minutes=2)
    for key in (-1, -1, 0):
        look(key)
    assert reads[MOST_KEPT:] == [-1, 0]
    assert len(cache._found) == 2
