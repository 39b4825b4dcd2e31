"""Finds users by the identifiers that tickets use, and reads watched users many at a time."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from urllib.parse import quote

from connectors.okta.client import OktaClient, addressable, part
from connectors.okta.reading.bodies import OktaReader
from workflows.model import NameKind, OktaUser, folded
from workflows.ports import Clock

TOGETHER = 40  # users in one call: keeps the URL far below the usual limit of 8 kB (each id has 20 letters)
ReadMany = Callable[[list[str]], Mapping[str, OktaUser]]
FILTERED = ("login", "email")  # what `filter` knows of a profile that may have to be unique
_ATTRIBUTE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
INDEXED = tuple(kind.value for kind in NameKind if kind is not NameKind.SHORT)  # a beginning is searched for instead
ONESELF = "me"  # in a path, the caller
FEW = 10  # more users with one name are no more ambiguous than these
LONGEST_IDENTIFIER = 100  # Okta's own limit for a login (https://developer.okta.com/docs/reference/api/users/)
LONGEST_QUOTED = 350  # as part of a query, in which it stands four times: a URL stays below 2,000 characters


class UserSearch:
    """Finds users of one org."""

    def __init__(self, client: OktaClient, reader: OktaReader) -> None:
        self._client, self._reader = client, reader

    def find(self, identifier: str) -> tuple[OktaUser, ...]:
        """Return the users whose login, e-mail, second e-mail or employee number is this, ignoring ASCII's case.

        A word without `@` is also the short name of a login, its part before the `@`; Okta knows users by it, too
        (https://developer.okta.com/docs/reference/api/users/#get-user).
        `filter` supports login and e-mail only but is up to date; `search` may be stale, so it is the fallback.
        Okta's help says that filters are case-sensitive, so the usual spellings are tried together
        (https://help.okta.com/wf/en-us/content/topics/workflows/connector-reference/okta/actions/listuserswithfilter.htm).
        """
        wanted = usable(identifier)
        if not wanted:
            return ()
        # The next read is the user's apps: if that must wait, do not spend a call here.
        self._client.keep_within_limits("find the user", "/api/v1/apps")
        spellings = dict.fromkeys((wanted, folded(wanted)))
        names = [f'profile.{name} eq "{quoted(text)}"' for text in spellings for name in ("login", "email")]
        found = self.listed("find the user", {"filter": " or ".join(names), "limit": FEW})
        return _known(found, wanted) or self._search(wanted)

    def _search(self, wanted: str) -> tuple[OktaUser, ...]:
        """Look by the remaining identifiers: the login in any spelling, and those that only the search index has."""
        tests = [f'profile.{name} eq "{quoted(wanted)}"' for name in INDEXED]
        tests += [] if "@" in wanted else [f'profile.login sw "{quoted(wanted)}@"']
        found = self.listed("search for the user", {"search": " or ".join(tests), "limit": FEW})
        if addressable(wanted) and folded(wanted) != ONESELF:
            answer = self._client.find("read the user", f"/api/v1/users/{part(wanted)}")
            if answer:
                user = self._reader.user(answer.body, answer.request_id)
                found[user.id] = user
        return _known(found, wanted)

    def holders(self, attribute: str, value: str) -> tuple[str, ...]:
        """Return the ids of a handful of users whose profile holds this value in an attribute, ignoring case.

        `filter` is up to date but knows few attributes and may respect the case, so `search` follows. Both find
        deactivated users, who keep their logins (inferred for the search).
        """
        wanted = usable(value)
        if not wanted or not _ATTRIBUTE.fullmatch(attribute):
            return ()
        ways = ("filter", "search") if attribute in FILTERED else ("search",)
        for way in ways:
            query = " or ".join(
                f'profile.{attribute} eq "{quoted(text)}"' for text in dict.fromkeys((wanted, wanted.lower()))
            )
            found = self.listed("look who holds a value", {way: query, "limit": FEW})
            holding = [user for user in found.values() if _folded(user, attribute) == wanted.casefold()]
            if holding:
                return tuple(user.id for user in holding)
        return ()

    def listed(self, operation: str, params: Mapping[str, str | int]) -> dict[str, OktaUser]:
        """Read a list of users by id; one that cannot be read is skipped and does not hide the others."""
        items = self._client.items(operation, "/api/v1/users", params)
        users = (self._reader.user_if_whole(item, request_id) for item, request_id in items)
        return {user.id: user for user in users if user}


def _known(users: Mapping[str, OktaUser], wanted: str) -> tuple[OktaUser, ...]:
    """Return the users who really have this identifier: an index may be stale, and a filter may be lenient."""
    return tuple(user for user in users.values() if user.name_kind(wanted))


def _folded(user: OktaUser, attribute: str) -> str:
    return str(user.profile.get(attribute) or "").casefold()


def usable(text: str) -> str:
    """Return a ticket's text as it may be looked up, without blanks around it; "" if it cannot be anybody's."""
    wanted = text.strip()
    if len(wanted) > LONGEST_IDENTIFIER or len(quote(quoted(wanted))) > LONGEST_QUOTED or not wanted.isprintable():
        return ""
    return wanted


def quoted(text: str) -> str:
    """Escape a text for the quotes of a filter or search (https://developer.okta.com/docs/api/#special-characters).

    That page tells it of quotes; that a backslash is escaped likewise is inferred.
    """
    return text.replace("\\", "\\\\").replace('"', '\\"')


class WatchedUsers:
    """The latest readings of watched users; threads share it, and one thread reads for all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._readings: dict[str, OktaUser] = {}
        self._lock = threading.Lock()

    def look(
        self, user_id: str, not_before: datetime, others: Callable[[], Iterable[str]], read: ReadMany
    ) -> OktaUser | None:
        """Return a reading of the user made at `not_before` or later; if there is none, read the others with it."""
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
