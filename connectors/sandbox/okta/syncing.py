"""Force Syncs of the simulated org: accepted at once, applied to every user of a directory a while later.

As in a real org, the answer says nothing about the effect, and no event marks the start or the end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.okta import events
from connectors.sandbox.okta.records import OktaRecords
from connectors.sandbox.okta.sourcing import differences, profile_problem, unreadable
from connectors.sandbox.okta.world import App, ForceSync, User, UserType

EMPTY: tuple[Any, ...] = (None, "", [])  # what holds no value


class Syncing:
    """Holds the reapplies and applies mappings to users."""

    def __init__(self, records: OktaRecords) -> None:
        self._records = records
        self.syncs: list[ForceSync] = []
        # Whether this reapply can help some ticket: (app id, ids of the users whose values it would change).
        self.helpable: Callable[[str, set[str]], bool] = lambda _app_id, _user_ids: True
        # Called after a reapply took effect: with it, the Okta attributes that it changed, and those that it emptied.
        self.judge: Callable[[ForceSync, set[str], set[str]], None] = lambda _sync, _changed, _emptied: None

    def reapply(self, app_id: str, request_id: str, type_id: str | None = None, *, by_hand: bool = True) -> None:
        """Accept a Force Sync of the directory for one user type; it takes effect `sync_seconds` later."""
        self.settle()
        app, now, kind = self._records.apps[app_id], self._records.frame.clock(), type_id or self._records.user_type_id
        if any(sync.app_id == app_id and sync.applied_at is None for sync in self.syncs):
            self._records.frame.violate(
                "okta", "overlapping Force Sync", f"{app.label}: another Force Sync of it was being applied"
            )
        if not self.helpable(app_id, self.would_change(app_id, kind)):
            self._records.frame.violate(
                "okta", "pointless Force Sync", f"{app.label}: no open tagged ticket could be helped by one"
            )
        effect = now + timedelta(seconds=self._records.frame.settings.sync_seconds)
        self.syncs.append(ForceSync(app_id, app.label, kind, now, effect, request_id, by_hand))

    def would_change(self, app_id: str, type_id: str | None = None) -> set[str]:
        """Return the ids of the users whose mapped values differ from their Okta profile now, including stuck ones."""
        self.settle()
        app, kind = self._records.apps[app_id], self._records.user_types[type_id or self._records.user_type_id]
        members = (user for user in self._records.members(app) if user.type_id == kind.id)
        return {user.id for user in members if self._differences(user, self._records.leader(user) or app)}

    def settle(self) -> None:
        """Apply every reapply that is due, in order of its time."""
        now = self._records.frame.clock()
        due = [sync for sync in self.syncs if sync.applied_at is None and sync.effect_at <= now]
        for sync in sorted(due, key=lambda sync: sync.effect_at):
            sync.applied_at = sync.effect_at
            app, kind = self._records.apps[sync.app_id], self._records.user_types[sync.type_id]
            self.judge(sync, *self._apply(app, kind, sync.effect_at))

    def log_unreadable(self, user: User, app: App, moment: datetime) -> None:
        """Log which expressions of the mapping cannot be evaluated for a user."""
        kind = self._records.user_types[user.type_id]
        for attribute, reason in unreadable(app, kind).items():
            debug = {"attribute": attribute, "expression": app.mappings[kind.id].to_okta[attribute].expression}
            targets = [events.user_target(user), events.app_target(app)]
            self._records.log.write(moment, events.EXPRESSION_INVALID, targets, failure=reason[:255], debug=debug)

    def master(self, user: User, app: App, moment: datetime) -> set[str]:
        """Apply the app's mapping to one user, all changes or none if one is invalid; return the changed attributes."""
        changes = self._differences(user, app)
        if not changes:
            return set()
        if problem := self.problem(user, app):
            targets = [events.user_target(user), events.app_target(app)]
            self._records.log.write(moment, events.MASTERING_FAILED, targets, failure=problem)
            return set()
        self._records.set_profile(user, changes, moment)
        debug = {"changedAttributes": ",".join(sorted(changes))}
        self._records.log.write(moment, events.USER_UPDATED, [events.user_target(user)], debug=debug)
        if user.overwrites:
            values, user.overwrites = user.overwrites, {}
            self._records.set_profile(user, values, moment)
            self._records.log_update(user.id, moment, values, "hr.system@example.com")
        return set(changes)

    def problem(self, user: User, app: App) -> str | None:
        """Return why Okta would reject what the app's mapping sets on a user, or None."""
        changes = self._differences(user, app)
        invalid = profile_problem(changes, self._records.user_types[user.type_id].schema) if changes else None
        return user.rejected or invalid or self._records.taken(user, changes)

    # Inside

    def _differences(self, user: User, app: App) -> dict[str, Any]:
        return differences(user, app, self._records.user_types[user.type_id], self._records.manager_of)

    def _apply(self, app: App, kind: UserType, moment: datetime) -> tuple[set[str], set[str]]:
        """Apply to every user what their leading source maps, from whichever source the reapply was started.

        Return which attributes were changed, and which of them were emptied.

        https://support.okta.com/help/s/article/How-To-Use-The-Force-Sync-Option
        """
        changed, emptied = set[str](), set[str]()
        for user in self._records.members(app):
            if user.type_id == kind.id and not user.stuck:
                self.log_unreadable(user, app, moment)
                filled = {name for name, value in user.profile.items() if value not in EMPTY}
                done = self.master(user, self._records.leader(user) or app, moment)
                changed |= done
                emptied |= {name for name in done & filled if user.profile.get(name) in EMPTY}
        return changed, emptied
