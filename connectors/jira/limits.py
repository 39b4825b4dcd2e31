"""Whom a rate limit makes wait: one issue's writes, one kind of call, or everything; shared by a desk's threads.

Jira names what was exceeded in `RateLimit-Reason`: the writes on one issue, a burst on one endpoint, or a quota
(https://developer.atlassian.com/cloud/jira/platform/rate-limiting/). Unnamed, it is taken for one endpoint's. While
that lasts, such a call is not sent at all.
"""

from __future__ import annotations

import re
import threading
from datetime import datetime
from urllib.parse import urlsplit

from workflows.errors import Transient
from workflows.ports import Clock

_ISSUE = re.compile(r"/(?:issue|request)/([^/]+)")
_ONE_OF_MANY = re.compile(r"/(?:[0-9]+|[A-Z][A-Z0-9_]+-[0-9]+)(?=/|$)")
_READS = frozenset({"GET", "HEAD"})


class Limits:
    """Until when which calls must wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def respect(self, system: str, operation: str, method: str, url: str) -> None:
        """Raise `Transient` for a call that Jira has asked us not to make yet; nothing is sent."""
        now = self._clock.now()
        with self._lock:
            until = max((self._until.get(scope, now) for scope in _scopes(method, url)), default=now)
        if until > now:
            raise Transient(system, operation, "Jira's rate limit is not over yet; nothing was sent", until=until)

    def note(self, reason: str, method: str, url: str, until: datetime) -> None:
        """Remember a limit that was just met."""
        everything, endpoint, *issue = _scopes(method, url)
        scope = everything if "quota" in reason else endpoint
        if reason == "jira-per-issue-on-write" and issue:
            scope = issue[0]
        now = self._clock.now()
        with self._lock:
            self._until = {name: end for name, end in self._until.items() if end > now}
            self._until[scope] = max(until, self._until.get(scope, until))


def _scopes(method: str, url: str) -> list[str]:
    """Return what a call belongs to: everything, its endpoint, and, for a write, its issue."""
    path = urlsplit(url).path
    scopes = ["everything", f"{method} {_ONE_OF_MANY.sub('/{}', path)}"]
    issue = _ISSUE.search(path)
    return [*scopes, f"issue {issue[1]}"] if issue and method not in _READS else scopes
