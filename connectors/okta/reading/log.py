"""Reads the System Log for one user or, if several cases ask within a minute, for all users at once.

Its bucket is small (60 calls a minute for one token in a small org), and a hundred tickets may ask in one morning.
Filters: https://developer.okta.com/docs/reference/system-log-query/
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from connectors.okta.cache import Cache
from connectors.okta.client import MOST_PAGES, OktaClient
from connectors.okta.reading.bodies import OktaReader
from workflows.errors import Refused
from workflows.model import Directory, LogEvent, LogReading
from workflows.ports import Clock

PATH, OPERATION = "/api/v1/logs", "read the System Log"
WIDE_PAGE = 1000  # Okta's maximum; an org that logs more than this is read user by user
KEEP_FOR = 30.0  # seconds: far less than the delay of the log itself
SOON = timedelta(seconds=60)  # two reads within this time count as several
WIDER = timedelta(hours=1)  # a read begins so much earlier, to serve those who look back a little further
TOO_MANY_FOR = timedelta(hours=1)  # an org with too many events for one page will not soon have few
USERS = frozenset({"User", "AppUser"})  # the target types that are a person


class _Entry(NamedTuple):
    """An event, the ids of its targets, and whether one of them is a user."""

    event: LogEvent
    targets: frozenset[str]
    of_user: bool


class _AllUsers(NamedTuple):
    """The events of all users; `whole` is false if they did not fit one page."""

    events: tuple[_Entry, ...]
    whole: bool
    at: datetime


class _Newest(NamedTuple):
    """The newest events of one target, newest first: since when they were asked for, and at most how many."""

    since: datetime
    limit: int
    events: tuple[_Entry, ...]


class SystemLog:
    """Reads the log of one org, of each look no more than `pages`; threads share it."""

    def __init__(self, client: OktaClient, reader: OktaReader, clock: Clock, pages: int = MOST_PAGES) -> None:
        self._client, self._reader, self._clock, self._pages = client, reader, clock, pages
        self._cache = Cache(clock, KEEP_FOR)
        self._asked_at = self._too_many_at = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def events(self, target_id: str, since: datetime, limit: int, types: Sequence[str] = ()) -> tuple[LogEvent, ...]:
        """Return the newest events that have this target, oldest first; a read of the last seconds serves if it can."""
        wanted = f'target.id eq "{self._id(target_id)}"'
        if types:
            wanted = f"{wanted} and ({self._any(types)})"

        def read() -> _Newest:
            return _Newest(since - WIDER, limit, self._read(wanted, since - WIDER, limit))

        newest = self._cache.get(wanted, read)
        if newest.since > since or newest.limit < limit:
            newest = self._cache.get(wanted, read, not_before=self._clock.now() + timedelta.resolution)
        fitting = [item for item in newest.events if item.event.published >= since]
        return _in_order(fitting[:limit])

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
        """Read the log for one user; if the directory's events fill the page, read the user's alone."""
        at, of_user, kinds = self._clock.now(), f'target.id eq "{self._id(user_id)}"', self._any(types)
        found = self._read(f'({of_user} or target.id eq "{self._id(app_id)}") and ({kinds})', since, limit)
        if len(found) >= limit:
            found = self._read(f"{of_user} and ({kinds})", since, limit)
        fitting = (item for item in found if _concerns(item, user_id, app_id, since))
        return LogReading(events=_in_order(fitting), at=at)

    def _several(self) -> bool:
        """Say whether another case has asked within the last minute, in an org whose log fits one page."""
        now = self._clock.now()
        with self._lock:
            before, self._asked_at = self._asked_at, now
            return now - before < SOON and now - self._too_many_at >= TOO_MANY_FOR

    def _together(self, since: datetime, types: Sequence[str]) -> _AllUsers:
        """Read the log for all users, or reuse a read of the last seconds."""

        def read() -> _AllUsers:
            at = self._clock.now()
            found = self._read(self._any(types), since, WIDE_PAGE)
            return _AllUsers(found, len(found) < WIDE_PAGE, at)

        wide = self._cache.get(("all users", tuple(types)), read)
        if not wide.whole:
            with self._lock:
                self._too_many_at = wide.at
        return wide

    def _read(self, wanted: str, since: datetime, limit: int) -> tuple[_Entry, ...]:
        """Return the events, newest first; one that cannot be read is skipped."""
        params: dict[str, str | int] = {
            "filter": wanted,
            "since": since.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "sortOrder": "DESCENDING",
            "limit": limit,
        }
        found: list[_Entry] = []
        for item in self._client.items_until_empty_page(OPERATION, PATH, params, self._pages):
            if event := self._reader.log_event(item):
                found.append(_entry(event, item.get("target")))
            if len(found) >= limit:
                break
        return tuple(found)

    def _id(self, text: str) -> str:
        return checked_id(self._client.system, OPERATION, text)

    def _any(self, types: Sequence[str]) -> str:
        return " or ".join(f'eventType eq "{_event_type(self._client.system, kind)}"' for kind in types)


def checked_id(system: str, operation: str, text: str) -> str:
    """Return an id that is safe in a filter; Okta's ids are letters and digits."""
    if not text.isalnum() or not text.isascii():
        raise Refused(system, operation, f"{text[:40]!r} is not an Okta id")
    return text


def _event_type(system: str, text: str) -> str:
    if not text.replace(".", "").replace("_", "").isalnum() or not text.isascii():
        raise Refused(system, OPERATION, f"{text[:60]!r} is not an Okta event type")
    return text


def _entry(event: LogEvent, targets: Any) -> _Entry:
    named = [item for item in targets if isinstance(item, Mapping)] if isinstance(targets, list) else []
    ids = frozenset(item["id"] for item in named if isinstance(item.get("id"), str))
    return _Entry(event, ids, any(str(item.get("type")) in USERS for item in named))


def _concerns(item: _Entry, user_id: str, app_id: str, since: datetime) -> bool:
    named = user_id in item.targets or (app_id in item.targets and not item.of_user)
    return named and item.event.published >= since


def _in_order(found: Iterable[_Entry]) -> tuple[LogEvent, ...]:
    return tuple(reversed([item.event for item in found]))
