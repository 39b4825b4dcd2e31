"""The simulated org's System Log: what Okta records, and how a query pages through it.

No event type of Okta's catalogue names a Force Sync, so none is written for one; its effects on users are.
Shapes: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.sandbox.okta.world import App, User
from connectors.sandbox.wire.frame import iso

USER_UPDATED = "user.account.update_profile"
MASTERING_FAILED = "app.user_management.update_from_master_failed"
EXPRESSION_INVALID = "application.appuser.mapping.invalid.expression"
REFRESHED = "app.realtimesync.import.details.update_user"
AGENT_REFRESHED = "system.agent.ad.realtimesync"
REFRESH_FAILED = "app.realtimesync.import_failed"
SIGNED_IN = "user.session.start"
AGENT_CONNECTED = "system.agent.ad.connect"
ROADBLOCK = "system.import.roadblock"
ROADBLOCK_RESUMED = "system.import.roadblock.resume"
IMPORT_SKIPPED_USER = "app.ad.api.user_import.warn.skipped_user.attribute_invalid_value"
IMPORT_SCHEDULED = "system.import.schedule"
IMPORT_STARTED = "system.import.start"
IMPORT_USER_UPDATED = "system.import.user.update"
IMPORT_COMPLETED = "system.import.complete"

_MESSAGES = {
    USER_UPDATED: "Update user profile for Okta",
    MASTERING_FAILED: "Could not apply import.",
    EXPRESSION_INVALID: "Evaluate the mapping expression of an app user",
    REFRESHED: "Update user in real time sync",
    AGENT_REFRESHED: "Perform RealTimeSync by AD agent",
    REFRESH_FAILED: "Import in real time sync failed",
    SIGNED_IN: "User login to Okta",
    AGENT_CONNECTED: "Connect AD agent to Okta",
    ROADBLOCK: "Import roadblock, the Import Safeguard",
    ROADBLOCK_RESUMED: "Resume imports after a roadblock",
    IMPORT_SKIPPED_USER: "Skip user in import, attribute with an invalid value",
    IMPORT_SCHEDULED: "Schedule import",
    IMPORT_STARTED: "Start import",
    IMPORT_USER_UPDATED: "Update user in import",
    IMPORT_COMPLETED: "Complete import",
}
_SYSTEM = {
    "id": "spr00000000000000000",
    "type": "SystemPrincipal",
    "alternateId": "unknown",
    "displayName": "Okta System",
    "detailEntry": None,
}


def digest(*parts: object) -> str:
    """Return 64 hexadecimal digits derived from the parts, without the seeded random numbers.

    These ids are made while requests run, whose order must not change the world that the seed gives.
    """
    return hashlib.sha256("/".join(str(part) for part in parts).encode("utf-8")).hexdigest()


def person(login: str) -> dict[str, Any]:
    """Return an actor for an event; the id is derived from the login, whether or not the user exists."""
    return {
        "id": f"00u{digest('actor', login)[:17]}",
        "type": "User",
        "alternateId": login,
        "displayName": login.partition("@")[0].replace(".", " ").title(),
        "detailEntry": None,
    }


def user_target(user: User) -> dict[str, Any]:
    """Return a user as the target of an event."""
    name = f"{user.profile.get('firstName', '')} {user.profile.get('lastName', '')}".strip()
    return {"id": user.id, "type": "User", "alternateId": user.login, "displayName": name, "detailEntry": None}


def app_target(app: App) -> dict[str, Any]:
    """Return an app instance as the target of an event."""
    return {
        "id": app.id,
        "type": "AppInstance",
        "alternateId": app.label,
        "displayName": app.label,
        "detailEntry": None,
    }


@dataclass(frozen=True)
class LogPage:
    """One page of a log query; `cursor` continues after it, even if the page is empty."""

    events: list[dict[str, Any]]
    cursor: str


@dataclass
class SystemLog:
    """The events of the org, oldest first; an event's index is its cursor."""

    seed: int
    events: list[dict[str, Any]] = field(default_factory=list)
    published: list[datetime] = field(default_factory=list)

    def write(
        self,
        moment: datetime,
        event_type: str,
        targets: list[dict[str, Any]],
        *,
        failure: str | None = None,
        debug: dict[str, Any] | None = None,
        actor: dict[str, Any] | None = None,
    ) -> None:
        """Append an event of one of the org's jobs or of an actor; `failure` is the reason of a failed outcome."""
        number = len(self.events)
        name = digest(self.seed, "event", number)
        event: dict[str, Any] = {
            "actor": actor or _SYSTEM,
            "client": {"userAgent": None, "zone": None, "device": None, "id": None, "ipAddress": None},
            "authenticationContext": {"authenticationStep": 0, "externalSessionId": "unknown"},
            "displayMessage": _MESSAGES[event_type],
            "eventType": event_type,
            "outcome": {"result": "FAILURE", "reason": failure} if failure else {"result": "SUCCESS", "reason": None},
            "published": iso(moment),
            "severity": "WARN" if failure else "INFO",
            "debugContext": {"debugData": debug or {}},
            "legacyEventType": None,
            "transaction": {"type": "WEB" if actor else "JOB", "id": f"job{name[40:57]}", "detail": {}},
            "uuid": f"{name[:8]}-{name[8:12]}-4{name[13:16]}-a{name[17:20]}-{name[20:32]}",
            "version": "0",
            "request": {"ipChain": []},
            "target": targets,
        }
        self.events.append(event)
        self.published.append(moment)

    def page(
        self,
        *,
        since: datetime,
        until: datetime,
        wanted: Callable[[dict[str, Any]], bool],
        keywords: list[str],
        limit: int,
        after: int | None,
        descending: bool,
    ) -> LogPage:
        """Return up to `limit` events of the half-open time range after the cursor `after`, in that order."""
        places = range(len(self.events) - 1, -1, -1) if descending else range(len(self.events))
        found: list[int] = []
        for place in places:
            if after is not None and (place >= after if descending else place <= after):
                continue
            if len(found) == limit:
                break
            event = self.events[place]
            if since <= self.published[place] < until and wanted(event) and _mentions(event, keywords):
                found.append(place)
        if found:
            return LogPage([self.events[place] for place in found], str(found[-1]))
        end = 0 if descending else len(self.events) - 1
        return LogPage([], str(end if after is None else after))


def _mentions(event: dict[str, Any], keywords: list[str]) -> bool:
    if not keywords:
        return True
    text = json.dumps(event).lower()
    return all(keyword.lower() in text for keyword in keywords)
