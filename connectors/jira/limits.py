"""Holds back calls that a rate limit applies to: one issue's writes, one endpoint, or everything.

Jira names the limit in `RateLimit-Reason`: the writes on one issue, a burst on one endpoint, or a quota
(https://developer.atlassian.com/cloud/jira/platform/rate-limiting/). Without a reason, the limit is taken for the
endpoint's. Until it ends, such calls are not sent. A desk's threads share the limits.
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
    """The limits in force, and when each ends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def respect(self, system: str, operation: str, method: str, url: str) -> None:
        """Raise `Transient` for a call that a limit holds back; nothing is sent."""
        now = self._clock.now()
        with self._lock:
            until = max((self._until.get(scope, now) for scope in _scopes(method, url)), default=now)
        if until > now:
            raise Transient(system, operation, "Jira's rate limit is not over yet; nothing was sent", until=until)

    def note(self, reason: str, method: str, url: str, until: datetime) -> None:
        """Record a limit that a call has just hit."""
        everything, endpoint, *issue = _scopes(method, url)
        scope = everything if "quota" in reason else endpoint
        if reason == "jira-per-issue-on-write" and issue:
            scope = issue[0]
        now = self._clock.now()
        with self._lock:
            self._until = {name: end for name, end in self._until.items() if end > now}
            self._until[scope] = max(until, self._until.get(scope, until))


def _scopes(method: str, url: str) -> list[str]:
    """Return the scopes of a call: everything, its endpoint and, for a write, its issue."""
    path = urlsplit(url).path
    scopes = ["everything", f"{method} {_ONE_OF_MANY.sub('/{}', path)}"]
    issue = _ISSUE.search(path)
    return [*scopes, f"issue {issue[1]}"] if issue and method not in _READS else scopes
