"""Names the right that a read needs, and tells a refusal of the account from one of a single record.

Scopes: https://developer.okta.com/docs/api/oauth2/; the role of an API token's administrator grants the same reads.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

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
# Reads about one user, each with the list that the same right opens. An administrator's role may be limited to some
# users: https://help.okta.com/oie/en-us/content/topics/security/custom-admin-role/about-resource-sets.htm
_OF_A_USER = (
    (r"/api/v1/users/[^/]+/groups", "/api/v1/groups"),
    (r"/api/v1/users/[^/]+", "/api/v1/users"),
    (r"/api/v1/apps/[^/]+/users/[^/]+", "/api/v1/apps"),
    (r"/api/v1/apps\?.*user\.id.*", "/api/v1/apps"),
)


def right_for(_method: str, path: str) -> str:
    """Return the right that a read of this path needs."""
    return next((right for pattern, right in _RIGHTS if re.fullmatch(pattern, path)), f"the right to read {path}")


def list_besides(url: str) -> str | None:
    """Return the list whose refusal would show that not this one user is refused; `None` for a read about no user."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    fits = (other for pattern, other in _OF_A_USER for text in (target, parts.path) if re.fullmatch(pattern, text))
    return next(fits, None)
