"""The simulated Okta org: three copies of every directory user, and what a Force Sync does to them.

The directory's value, Okta's copy of it (the app user) and the Okta profile can each be wrong independently. The worker
has to find out which one is, so they are separate here.
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.okta.actors import Actors
from connectors.sandbox.okta.imports import Imports
from connectors.sandbox.okta.limits import RateLimits
from connectors.sandbox.okta.records import OktaRecords, merge
from connectors.sandbox.okta.sourcing import mapped_values
from connectors.sandbox.okta.syncing import Syncing
from connectors.sandbox.okta.tables import SENSITIVE, common_name, first_values
from connectors.sandbox.okta.views import directory_view, force_sync_view, user_view
from connectors.sandbox.okta.world import DirectoryKind, MappingRow, MasterType, PushStatus, User
from connectors.sandbox.wire.frame import Frame, Person


class OktaState(OktaRecords):
    """One org. Time passes lazily: every access first applies the reapplies that are due.

    `syncing` applies mappings, `imports` runs and stops imports, `actors` changes users as people do, `oauth` issues
    tokens, `limits` counts calls. The methods here are for scenarios and the control server.
    """

    def __init__(self, frame: Frame, *, default_type: str = "user") -> None:
        super().__init__(frame, default_type=default_type)
        self.syncing = Syncing(self)
        self.limits = RateLimits(frame)
        self.imports, self.actors = Imports(self, self.syncing), Actors(self, self.syncing)
        frame.sensitive = self._sensitive_values

    def add_directory(self, label: str, kind: DirectoryKind) -> str:
        """Integrate a directory instance and return its app id."""
        if kind not in ("ad", "ldap"):
            raise ValueError(f"the kind of the directory {label!r} is {kind!r}, expected 'ad' or 'ldap'")
        if any(app.label == label for app in self.apps.values()):
            raise ValueError(f"a directory or app {label!r} exists already")
        return self._add_app(label, kind)

    def add_source(self, label: str) -> str:
        """Add an HR application that may lead profiles, before all others, and return its app id."""
        if any(app.label == label for app in self.apps.values()):
            raise ValueError(f"a directory or app {label!r} exists already")
        self.settle()
        id = self._add_app(label, "hr")
        self.profile_sources.insert(0, id)
        return id

    def order_sources(self, app_ids: list[str]) -> None:
        """Set the order in which profile sources lead."""
        self.settle()
        for app_id in app_ids:
            if app_id not in self.apps or not self.apps[app_id].leads:
                raise ValueError(f"{app_id!r} is no app of this org that may lead profiles")
        self.profile_sources[:] = app_ids

    def add_user_type(self, name: str) -> str:
        """Create another user type with its own schema and mappings, and return its id."""
        return self._add_type(name, name.title(), default=False)

    def add_user(
        self,
        person: Person,
        *,
        directories: list[str],
        profile: dict[str, Any] | None = None,
        status: str = "ACTIVE",
        stuck: bool = False,
        type_id: str | None = None,
    ) -> str:
        """Create a user in Okta and in the directories, all in sync, and return the user id.

        `profile` overrides the initial values by Okta attribute; None leaves an attribute unset.
        """
        if person.login.lower() in self._by_login:
            raise ValueError(f"a user {person.login!r} exists already")
        for app_id in directories:
            self.directory(app_id)
        now = self.frame.clock()
        values = first_values(person, self.frame.random) | (profile or {})
        values = {name: value for name, value in values.items() if value is not None}
        kind = self.user_types[type_id or self.user_type_id]
        user = User(self.frame.okta_id("00u"), kind.id, status, values, now, now, now)
        self.people[user.id] = user
        for app_id in [*directories, *self._everybodys]:
            self._link(user, self.apps[app_id], person)
        for app_id in directories:
            mapped = mapped_values(user, self.apps[app_id], kind, self.manager_of)
            user.profile |= {name: value for name, value in mapped.items() if value is not None}
        user.stuck = stuck
        self._by_login[user.login.lower()] = user.id
        self._by_value.clear()
        self._everyone.members[user.id] = None
        return user.id

    def assign(self, user_id: str, app_id: str) -> None:
        """Link a user to another app or directory, which starts with the values of the Okta profile."""
        self.settle()
        user = self.user(user_id)
        if app_id not in self.apps:
            raise ValueError(f"{app_id!r} is no app of this org")
        if app_id not in user.links:
            names = str(user.profile.get("firstName", "")), str(user.profile.get("lastName", ""))
            self._link(user, self.apps[app_id], Person(user.login, *names))

    def users(self) -> list[dict[str, Any]]:
        """Return every user with the three copies of their attributes, in the control server's shape."""
        self.settle()
        return [user_view(self, user) for user in self.people.values()]

    def shown(self, user_id: str) -> dict[str, Any]:
        """Return one user as `users` does; raises `KeyError`."""
        self.settle()
        return user_view(self, self.user(user_id))

    def directories(self) -> list[dict[str, Any]]:
        """Return the directory instances in the control server's shape."""
        return [directory_view(app) for app in self.apps.values() if app.is_directory]

    def force_syncs(self) -> list[dict[str, Any]]:
        """Return the accepted reapplies, oldest first, in the control server's shape."""
        self.settle()
        return [force_sync_view(sync) for sync in self.syncing.syncs]

    def set_user(
        self,
        user_id: str,
        *,
        profile: dict[str, Any] | None = None,
        directories: list[dict[str, Any]] | None = None,
    ) -> None:
        """Merge values into the Okta profile, a directory's `source` or its `app_user`; None removes a value.

        Writes no System Log event: this sets up the world; nobody acts.
        """
        self.settle()
        user, now = self.user(user_id), self.frame.clock()
        links = [(self.link(user_id, str(entry.get("app_id"))), entry) for entry in directories or []]
        if profile:
            self.set_profile(user, profile, now)
        for link, entry in links:
            merge(link.source, entry.get("source") or {})
            if entry.get("app_user"):
                merge(link.profile, entry["app_user"])
                link.last_updated = link.last_sync = now

    def stuck(self, user_id: str, *, stuck: bool = True) -> None:
        """Make every later reapply skip this user, or stop doing so."""
        self.settle()
        self.user(user_id).stuck = stuck

    def reject(self, user_id: str, reason: str | None) -> None:
        """Make Okta reject every later update of this user for this reason, or undo that."""
        self.settle()
        self.user(user_id).rejected = reason

    def user_id(self, login: str) -> str:
        """Return the id of the user with this login, ignoring case. Raises `KeyError`."""
        self.settle()
        return self._by_login[login.lower()]

    def set_mapping(
        self, app_id: str, attribute: str, expression: str | None, push_status: PushStatus = "PUSH"
    ) -> None:
        """Set how the directory's To-Okta mapping fills an attribute (None: not at all); users keep their values."""
        self.settle()
        for mapping in self.directory(app_id).mappings.values():
            mapping.to_okta.pop(attribute, None)
            if expression is not None:
                mapping.to_okta[attribute] = MappingRow(expression, push_status)

    def set_master(self, attribute: str, master: MasterType | None, priority: tuple[str, ...] = ()) -> None:
        """Set the source priority of an Okta attribute; `priority` lists app ids, for OVERRIDE."""
        self.settle()
        for kind in self.user_types.values():
            if attribute not in kind.schema:
                raise ValueError(f"{attribute!r} is no attribute of the user type {kind.name!r}")
            kind.schema[attribute].master = master
            kind.schema[attribute].priority = priority

    def settle(self) -> None:
        """Apply every reapply that is due."""
        self.syncing.settle()

    def _sensitive_values(self) -> set[str]:
        self.settle()
        holders = [user.profile for user in self.people.values()]
        for user in self.people.values():
            holders += [held for link in user.links.values() for held in (link.source, link.profile)]
        values = {str(held[name]) for held in holders for name in SENSITIVE if held.get(name)}
        return values | {common_name(value) for value in values}
