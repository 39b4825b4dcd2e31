"""Read many users in few calls, so that a hundred tickets that wait for one sync do not ask a hundred times.

`filter` on ids answers from the most up-to-date data, unlike `search`, whose index may be behind
(https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/#tag/User/operation/listUsers).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from workflows.model import OktaUser
from workflows.ports import Clock

TOGETHER = 40  # users in one call: the address stays far below the 8 kB that servers take (each id is 20 letters)

ReadMany = Callable[[list[str]], Mapping[str, OktaUser]]


class Watching:
    """The latest readings of users that are being watched; threads share it, and one reads for all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._readings: dict[str, OktaUser] = {}
        self._lock = threading.Lock()

    def look(
        self, user_id: str, not_before: datetime, others: Callable[[], Iterable[str]], read: ReadMany
    ) -> OktaUser | None:
        """Return a reading of the user made at `not_before` or later; if there is none, read the others along."""
        with self._lock:
            held = self._readings.get(user_id)
            if held is None or held.read_at is None or held.read_at < not_before:
                self._read(user_id, not_before, others, read)
            return self._readings.get(user_id)

    def _read(self, user_id: str, not_before: datetime, others: Callable[[], Iterable[str]], read: ReadMany) -> None:
        old = {id for id, held in self._readings.items() if held.read_at is None or held.read_at < not_before}
        for id in old:
            del self._readings[id]
        wanted = [user_id, *(id for id in dict.fromkeys(others()) if id != user_id and id not in self._readings)]
        for start in range(0, len(wanted), TOGETHER):
            at = self._clock.now()
            found = read(wanted[start : start + TOGETHER])
            self._readings |= {id: user.but(read_at=at) for id, user in found.items()}
