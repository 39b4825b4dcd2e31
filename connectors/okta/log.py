"""The System Log, read for one user, or where several ask within a minute for all users together.

Its bucket is small (60 calls a minute of one token in a small org), and a hundred tickets of one morning ask the same.
Filters: https://developer.okta.com/docs/reference/system-log-query/
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from connectors.okta.client import Kept, OktaClient
from connectors.okta.reading import Shapes
from workflows.errors import Refused
from workflows.model import Directory, LogEvent, LogReading
from workflows.ports import Clock

PATH, OPERATION = "/api/v1/logs", "read the System Log"
WIDE_PAGE = 1000  # the most that Okta gives at once; an org that writes more than this is asked user by user
KEEP_FOR = 30.0  # seconds: far less than what the log itself may be behind
SOON = timedelta(seconds=60)  # who asks this long after another one makes it several
TOO_MANY_FOR = timedelta(hours=1)  # an org with too many events for one page does not soon have few
USERS = frozenset({"User", "AppUser"})  # types of targets that are somebody


class _Told(NamedTuple):
    """An event with the ids of its targets, and whether one of them is a user."""

    event: LogEvent
    targets: frozenset[str]
    of_user: bool


class _Wide(NamedTuple):
    """The events of all users; `whole` tells that there were not too many."""

    events: tuple[_Told, ...]
    whole: bool
    at: datetime


class SystemLog:
    """Reads the log of one org; threads share it."""

    def __init__(self, client: OktaClient, shapes: Shapes, clock: Clock) -> None:
        self._client, self._shapes, self._clock = client, shapes, clock
        self._kept = Kept(clock, KEEP_FOR)
        self._asked_at = self._too_many_at = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def events(self, target_id: str, since: datetime, limit: int, types: Sequence[str] = ()) -> tuple[LogEvent, ...]:
        """Return the newest events that have this target, oldest first."""
        wanted = f'target.id eq "{self._id(target_id)}"'
        if types:
            wanted = f"{wanted} and ({self._any(types)})"
        return _in_order(self._read(wanted, since, limit))

    def about(
        self, user_id: str, directory: Directory, since: datetime, limit: int, types: Sequence[str]
    ) -> LogReading:
        """Return the events of these types that name the user, or the directory and no user at all, oldest first."""
        wide = self._together(since, types) if self._several() else None
        if wide is None or not wide.whole:
            return self._alone(user_id, directory.ref.app_id, since, limit, types)
        fitting = [item for item in wide.events if _concerns(item, user_id, directory.ref.app_id, since)]
        return LogReading(events=_in_order(fitting[:limit]), at=wide.at)

    def _alone(self, user_id: str, app_id: str, since: datetime, limit: int, types: Sequence[str]) -> LogReading:
        """Read the log for one user; where the directory's events fill the page, the user's are asked for alone."""
        at, of_user, kinds = self._clock.now(), f'target.id eq "{self._id(user_id)}"', self._any(types)
        found = self._read(f'({of_user} or target.id eq "{self._id(app_id)}") and ({kinds})', since, limit)
        if len(found) >= limit:
            found = self._read(f"{of_user} and ({kinds})", since, limit)
        fitting = (item for item in found if _concerns(item, user_id, app_id, since))
        return LogReading(events=_in_order(fitting), at=at)

    def _several(self) -> bool:
        """Say whether somebody else has asked within the last minute, in an org that can be read whole."""
        now = self._clock.now()
        with self._lock:
            before, self._asked_at = self._asked_at, now
            return now - before < SOON and now - self._too_many_at >= TOO_MANY_FOR

    def _together(self, since: datetime, types: Sequence[str]) -> _Wide:
        """Read the log for all users; somebody else's reading of the last seconds serves."""

        def read() -> _Wide:
            at = self._clock.now()
            found = self._read(self._any(types), since, WIDE_PAGE)
            return _Wide(found, len(found) < WIDE_PAGE, at)

        wide = self._kept.get(("all users", tuple(types)), read)
        if not wide.whole:
            with self._lock:
                self._too_many_at = wide.at
        return wide

    def _read(self, wanted: str, since: datetime, limit: int) -> tuple[_Told, ...]:
        """Return the newest events first; one that cannot be read is left out."""
        params: dict[str, str | int] = {
            "filter": wanted,
            "since": since.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "sortOrder": "DESCENDING",
            "limit": limit,
        }
        found: list[_Told] = []
        for item, _ in self._client.pages(OPERATION, PATH, params, stop_when_empty=True):
            if event := self._shapes.log_event(item):
                found.append(_told(event, item.get("target")))
            if len(found) >= limit:
                break
        return tuple(found)

    def _id(self, text: str) -> str:
        return checked_id(self._client.system, OPERATION, text)

    def _any(self, types: Sequence[str]) -> str:
        return " or ".join(f'eventType eq "{_event_type(self._client.system, kind)}"' for kind in types)


def checked_id(system: str, operation: str, text: str) -> str:
    """Return an id that may stand in a filter; Okta's ids are letters and digits."""
    if not text.isalnum() or not text.isascii():
        raise Refused(system, operation, f"{text[:40]!r} is not an id of Okta")
    return text


def _event_type(system: str, text: str) -> str:
    if not text.replace(".", "").replace("_", "").isalnum() or not text.isascii():
        raise Refused(system, OPERATION, f"{text[:60]!r} is not an event type of Okta")
    return text


def _told(event: LogEvent, targets: Any) -> _Told:
    named = [item for item in targets if isinstance(item, Mapping)] if isinstance(targets, list) else []
    ids = frozenset(item["id"] for item in named if isinstance(item.get("id"), str))
    return _Told(event, ids, any(str(item.get("type")) in USERS for item in named))


def _concerns(item: _Told, user_id: str, app_id: str, since: datetime) -> bool:
    named = user_id in item.targets or (app_id in item.targets and not item.of_user)
    return named and item.event.published >= since


def _in_order(found: Iterable[_Told]) -> tuple[LogEvent, ...]:
    return tuple(reversed([item.event for item in found]))
