"""What people and other systems do to users of the simulated org; the System Log events name them as actors."""

from __future__ import annotations

import copy
from typing import Any

from connectors.sandbox.okta import events
from connectors.sandbox.okta.imports import DOWN, SKIPPED
from connectors.sandbox.okta.records import OktaRecords
from connectors.sandbox.okta.syncing import Syncing
from connectors.sandbox.okta.world import Group

ADMIN = "profile.admin@example.com"


class Actors:
    """Changes users on behalf of a named actor; the records themselves have no actors."""

    def __init__(self, records: OktaRecords, syncing: Syncing) -> None:
        self._records, self._syncing = records, syncing

    def update(self, user_id: str, values: dict[str, Any], *, by: str = ADMIN) -> None:
        """Change a user's Okta profile as an administrator or another system."""
        self._syncing.settle()
        user, now = self._records.user(user_id), self._records.frame.clock()
        self._records.set_profile(user, values, now)
        self._records.log_update(user_id, now, values, by)

    def overwrite_next(self, user_id: str, values: dict[str, Any]) -> None:
        """Make another system overwrite these values right after the next update from a directory."""
        self._records.user(user_id).overwrites = copy.deepcopy(values)

    def sign_in(self, user_id: str, app_id: str) -> None:
        """Sign a user in through a directory, which refreshes this one user in all three copies.

        https://support.okta.com/help/s/article/methods-for-initiating-active-directory-imports-in-okta
        """
        self._syncing.settle()
        user, app = self._records.user(user_id), self._records.directory(app_id)
        link, now = self._records.link(user_id, app_id), self._records.frame.clock()
        user.last_login = now
        targets = [events.user_target(user), events.app_target(app)]
        if link.profile != link.source:
            link.profile = copy.deepcopy(link.source)
            link.last_updated = link.last_sync = now
            self._records.log.write(now, events.REFRESHED, targets)
        self._syncing.master(user, app, now)

    def open_profile(self, user_id: str) -> None:
        """Open a user's page in the Admin Console, which imports this one user from their AD directories.

        It needs an agent that works and just-in-time provisioning, which is on here; an LDAP user is not refreshed so.
        One bad value fails the whole import. Inferred: the agent's event names the user, whatever has changed; and an
        unchanged copy is left alone, mapping included.
        https://support.okta.com/help/s/article/okta-active-directory-integration
        """
        self._syncing.settle()
        user, now = self._records.user(user_id), self._records.frame.clock()
        for app_id, link in user.links.items():
            app = self._records.apps[app_id]
            if app.kind != "ad" or app.status != "ACTIVE" or app.agents in DOWN:
                continue
            targets, before = [events.user_target(user), events.app_target(app)], link.profile
            self._records.log.write(now, events.AGENT_REFRESHED, targets)
            if link.profile == link.source:
                continue
            link.profile = copy.deepcopy(link.source)
            skipped = SKIPPED if link.skipped else None
            if problem := skipped or self._syncing.problem(user, app):
                link.profile = before
                self._records.log.write(now, events.REFRESH_FAILED, targets, failure=problem)
                continue
            link.last_updated = link.last_sync = now
            self._records.log.write(now, events.REFRESHED, targets)
            self._syncing.master(user, app, now)

    def status(self, user_id: str, status: str) -> None:
        """Set a user's status: suspended, locked out, deactivated, ..."""
        user = self._records.user(user_id)
        user.status, user.status_changed = status, self._records.frame.clock()

    def group(self, name: str, user_ids: list[str], *, app_id: str | None = None) -> str:
        """Add users to a group, creating it if needed, and return its id; with an app, it is a directory group."""
        for user_id in user_ids:
            self._records.user(user_id)
        held = next((group for group in self._records.groups.values() if group.name == name), None)
        if held is None:
            kind = self._records.frame.okta_id("00g")
            held = Group(kind, name, "APP_GROUP" if app_id else "OKTA_GROUP", self._records.frame.clock(), app_id)
            self._records.groups[held.id] = held
        held.members |= dict.fromkeys(user_ids)
        return held.id
