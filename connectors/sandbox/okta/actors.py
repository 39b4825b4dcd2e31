"""What people and other systems do to users of the simulated org, with the events that name them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from connectors.sandbox.okta import events
from connectors.sandbox.okta.world import Group

if TYPE_CHECKING:
    from connectors.sandbox.okta.instance import OktaState

ADMIN = "profile.admin@example.com"


class Actors:
    """Acts on users by name of the actor; the state itself has no actors."""

    def __init__(self, state: OktaState) -> None:
        self._state = state

    def update(self, user_id: str, values: dict[str, Any], *, by: str = ADMIN) -> None:
        """Change a user's Okta profile as an administrator or another system."""
        self._state.set_user(user_id, profile=values)
        user, now = self._state.user(user_id), self._state.frame.clock()
        self.told(user_id, now, values, by)
        user.last_updated = now

    def told(self, user_id: str, moment: Any, values: dict[str, Any], by: str) -> None:
        """Write down that somebody changed a profile."""
        debug = {"changedAttributes": ",".join(sorted(values))}
        targets = [events.user_target(self._state.user(user_id))]
        self._state.log.write(moment, events.USER_UPDATED, targets, debug=debug, actor=events.person(by))

    def overwrite_next(self, user_id: str, values: dict[str, Any]) -> None:
        """Let another system set these values again right after the next update by a directory."""
        self._state.user(user_id).overwrites = copy.deepcopy(values)

    def sign_in(self, user_id: str, app_id: str) -> None:
        """Let a user sign in through a directory, which brings this one user up to date in all three copies.

        https://support.okta.com/help/s/article/methods-for-initiating-active-directory-imports-in-okta
        """
        self._state.settle()
        user, app = self._state.user(user_id), self._state.directory(app_id)
        link, now = self._state.link(user_id, app_id), self._state.frame.clock()
        user.last_login = now
        targets = [events.user_target(user), events.app_target(app)]
        if link.profile != link.source:
            link.profile = copy.deepcopy(link.source)
            link.last_updated = link.last_sync = now
            self._state.log.write(now, events.REFRESHED, targets)
        self._state.syncing.master(user, app, now)

    def status(self, user_id: str, status: str) -> None:
        """Set a user's status: suspended, locked out, deactivated, ..."""
        user = self._state.user(user_id)
        user.status, user.status_changed = status, self._state.frame.clock()

    def group(self, name: str, user_ids: list[str], *, app_id: str | None = None) -> str:
        """Put users into a group, made if it is not there, and return its id; with an app it is the directory's."""
        for user_id in user_ids:
            self._state.user(user_id)
        held = next((group for group in self._state.groups.values() if group.name == name), None)
        if held is None:
            kind = self._state.frame.okta_id("00g")
            held = Group(kind, name, "APP_GROUP" if app_id else "OKTA_GROUP", self._state.frame.clock(), app_id)
            self._state.groups[held.id] = held
        held.members += [user_id for user_id in user_ids if user_id not in held.members]
        return held.id
