"""Names the right that a read needs, and tells a refusal of the account from one of a single record.

Scopes: https://developer.okta.com/docs/api/oauth2/; the role of an API token's administrator grants the same reads.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from datetime import datetime

_RIGHTS = (
    (r"/api/v1/users/[^/]+/groups|/api/v1/groups(/.*)?", "okta.groups.read"),
    (r"/api/v1/users(/.*)?", "okta.users.read"),
    (r"/api/v1/apps(/.*)?", "okta.apps.read"),
    (r"/api/v1/mappings(/.*)?", "okta.profileMappings.read"),
    (r"/api/v1/meta/types/.*", "okta.userTypes.read"),
    (r"/api/v1/meta/schemas/.*", "okta.schemas.read"),
    (r"/api/v1/logs", "okta.logs.read"),
    (r"/api/v1/agentPools", "okta.agentPools.read"),
)
# An administrator's role may be limited to some users: https://help.okta.com/oie/en-us/content/topics/security/custom-admin-role/about-resource-sets.htm
_OF_A_USER = re.compile(r"/api/v1/users/[^/]+(/.*)?|/api/v1/apps/[^/]+/users/[^/]+")
SEVERAL = 2  # users refused one after the other, without an answer in between: not these users are refused

# What no ticket can be judged without, each by a small read.
NEEDED = ("/api/v1/users", "/api/v1/apps", "/api/v1/mappings", "/api/v1/meta/schemas/user/default")


def right_for(path: str) -> str:
    """Return the right that a read of this path needs."""
    return next((right for pattern, right in _RIGHTS if re.fullmatch(pattern, path)), f"the right to read {path}")


class Rights:
    """Which rights have been seen to work, and whom they were refused for; threads share it."""

    def __init__(self) -> None:
        self._answered: dict[str, datetime] = {}
        self._refused: defaultdict[str, set[str]] = defaultdict(set)
        self._lock = threading.Lock()

    def answered(self, path: str, now: datetime) -> None:
        """Record that a read was answered."""
        with self._lock:
            self._answered[right_for(path)] = now
            self._refused.pop(right_for(path), None)

    def answered_since(self, path: str, since: datetime) -> bool:
        """Say whether a read that needs the same right was answered since then."""
        with self._lock:
            at = self._answered.get(right_for(path))
        return at is not None and at >= since

    def concerns_account(self, path: str) -> bool:
        """Record a refusal; say whether it is the account's and not that of one user."""
        if not _OF_A_USER.fullmatch(path):
            return True
        with self._lock:
            refused = self._refused[right_for(path)]
            refused.add(path)
            return len(refused) >= SEVERAL
