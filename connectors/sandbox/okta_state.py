"""The simulated Okta org in memory: three copies of every directory user, and what a Force Sync does to them.

The directory's own value, Okta's copy of it (the app user) and the Okta profile can each be wrong on their own; the
product under test has to tell which, so the three are kept apart here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from connectors.sandbox import okta_events as events
from connectors.sandbox.frame import Frame, Person
from connectors.sandbox.okta_actors import Actors
from connectors.sandbox.okta_expressions import identity
from connectors.sandbox.okta_imports import Imports
from connectors.sandbox.okta_oauth import AuthorizationServer
from connectors.sandbox.okta_sourcing import mapped_values
from connectors.sandbox.okta_syncing import Syncing
from connectors.sandbox.okta_tables import (
    APP_NAMES,
    DIRECTORY_FEATURES,
    SENSITIVE,
    TO_OKTA,
    directory_entry,
    first_values,
    user_schema,
)
from connectors.sandbox.okta_views import directory_view, force_sync_view, user_view
from connectors.sandbox.okta_world import (
    App,
    AppKind,
    AppUser,
    DirectoryKind,
    Group,
    Mapping,
    MappingRow,
    MasterType,
    PushStatus,
    User,
    UserType,
)


class OktaState:
    """One org. Time passes lazily: every access first lets the reapplies take effect that are due by the clock.

    `syncing` applies mappings, `imports` runs and stops imports, `actors` does what people do to users, `oauth` gives
    tokens.
    Unknown users raise `KeyError`, unusable values `ValueError`.
    """

    def __init__(self, frame: Frame, *, default_type: str = "user") -> None:
        self.frame = frame
        self.created = frame.clock()
        self.org_id = frame.okta_id("00o")
        self.log = events.SystemLog(frame.seed)
        self.oauth = AuthorizationServer(frame)
        self.imports, self.actors, self.syncing = Imports(self), Actors(self), Syncing(self)
        self.apps: dict[str, App] = {}
        self.people: dict[str, User] = {}
        self.user_types: dict[str, UserType] = {}
        self.support_cases: list[dict[str, Any]] = []
        self.bare_support_cases = False  # the described example's shape instead of the described schema's
        self.odd_pools: list[str] = []  # types of further agent pools, which the description need not know
        self.forbidden: set[str] = set()  # users whose app users no caller's role lets it read
        self._by_login: dict[str, str] = {}
        self.user_type_id = self._add_type(default_type, "User", default=True)
        # Apps that everybody has, and one that looks like a directory: none of them is one.
        self._everybodys = [self._add_app("Wiki", "oidc"), self._add_app("LDAP Interface", "ldap_interface")]
        self.csv = self._add_app("CSV Directory", "csv")
        self._everyone = Group(frame.okta_id("00g"), "Everyone", "BUILT_IN", self.created)
        self.groups: dict[str, Group] = {self._everyone.id: self._everyone}
        frame.sensitive = self._sensitive_values

    # What scenarios and the control server do

    def add_directory(self, label: str, kind: DirectoryKind) -> str:
        """Integrate a directory instance and return its app id."""
        if kind not in ("ad", "ldap"):
            raise ValueError(f"the kind of the directory {label!r} is {kind!r}, expected 'ad' or 'ldap'")
        if any(app.label == label for app in self.apps.values()):
            raise ValueError(f"a directory or app {label!r} exists already")
        return self._add_app(label, kind)

    def add_user_type(self, name: str) -> str:
        """Create a further user type, with a schema and mappings of its own, and return its id."""
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

        `profile` overrides the starting values by the names of Okta's attributes; None leaves an attribute unset.
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
            mapped = mapped_values(user, self.apps[app_id], kind)
            user.profile |= {name: value for name, value in mapped.items() if value is not None}
        user.stuck = stuck
        self._by_login[user.login.lower()] = user.id
        self._everyone.members.append(user.id)
        return user.id

    def assign(self, user_id: str, app_id: str) -> None:
        """Link a user to a further app or directory, which holds what the Okta profile holds now."""
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

        Writes no System Log event: it sets up the world, nobody in it acts.
        """
        self.settle()
        user, now = self.user(user_id), self.frame.clock()
        links = [(self.link(user_id, str(entry.get("app_id"))), entry) for entry in directories or []]
        if profile:
            self.set_profile(user, profile, now)
        for link, entry in links:
            _merge(link.source, entry.get("source") or {})
            if entry.get("app_user"):
                _merge(link.profile, entry["app_user"])
                link.last_updated = link.last_sync = now

    def stuck(self, user_id: str, *, stuck: bool = True) -> None:
        """Make every further reapply pass this user by, or stop doing so."""
        self.settle()
        self.user(user_id).stuck = stuck

    def reject(self, user_id: str, reason: str | None) -> None:
        """Make Okta refuse every further update of this user for this reason, or take it back."""
        self.settle()
        self.user(user_id).rejected = reason

    def user_id(self, login: str) -> str:
        """Return the id of the user with this login, without regard to case. Unknown: `KeyError`."""
        self.settle()
        return self._by_login[login.lower()]

    def set_mapping(
        self, app_id: str, attribute: str, expression: str | None, push_status: PushStatus = "PUSH"
    ) -> None:
        """Change how the directory's To-Okta mapping fills an attribute, None: not at all; users keep their values."""
        self.settle()
        for mapping in self.directory(app_id).mappings.values():
            mapping.to_okta.pop(attribute, None)
            if expression is not None:
                mapping.to_okta[attribute] = MappingRow(expression, push_status)

    def set_master(self, attribute: str, master: MasterType | None, priority: tuple[str, ...] = ()) -> None:
        """Change the source priority of an Okta attribute; `priority` are app ids, for OVERRIDE."""
        self.settle()
        for kind in self.user_types.values():
            if attribute not in kind.schema:
                raise ValueError(f"{attribute!r} is no attribute of the user type {kind.name!r}")
            kind.schema[attribute].master = master
            kind.schema[attribute].priority = priority

    # What the API does

    def find_user(self, id_or_login: str) -> User | None:
        """Return the user with this id or login."""
        return self.people.get(id_or_login) or self.people.get(self._by_login.get(id_or_login.lower(), ""))

    def settle(self) -> None:
        """Let every reapply take effect whose time has come."""
        self.syncing.settle()

    def directory(self, app_id: str) -> App:
        """Return a directory; anything else is a `ValueError`."""
        app = self.apps.get(app_id)
        if app is None or not app.is_directory:
            raise ValueError(f"{app_id!r} is no directory of this org")
        return app

    def user(self, user_id: str) -> User:
        """Return a user by id."""
        if user_id not in self.people:
            raise KeyError(f"no Okta user {user_id!r}")
        return self.people[user_id]

    def link(self, user_id: str, app_id: str) -> AppUser:
        """Return what links a user to an app; none is a `ValueError`."""
        user = self.user(user_id)
        if app_id not in user.links:
            raise ValueError(f"{user.login} has no account in the directory {app_id!r}")
        return user.links[app_id]

    def members(self, app: App) -> Iterable[User]:
        """Return the users of an app, in the order of their assignment."""
        return (self.people[user_id] for user_id in app.members)

    def login_taken(self, user: User, changes: dict[str, Any]) -> str | None:
        """Return why the changes may not set the login that they set, or None."""
        holder = self._by_login.get(str(changes.get("login", "")).lower(), user.id)
        return (
            None if holder == user.id else "login: An object with this field already exists in the current organization"
        )

    def set_profile(self, user: User, values: dict[str, Any], moment: datetime) -> None:
        """Merge values into the Okta profile; a login that cannot be is a `ValueError`."""
        if "login" in values and not values["login"]:
            raise ValueError(f"the login of {user.login} cannot be removed")
        if self.login_taken(user, values):
            raise ValueError(f"the login {values['login']!r} is another user's")
        del self._by_login[user.login.lower()]
        _merge(user.profile, values)
        self._by_login[user.login.lower()] = user.id
        user.last_updated = moment

    # Inside

    def _add_type(self, name: str, title: str, *, default: bool) -> str:
        if any(kind.name == name for kind in self.user_types.values()):
            raise ValueError(f"a user type {name!r} exists already")
        ids = self.frame.okta_id("oty"), self.frame.okta_id("osc")
        schema = user_schema() if default else copy.deepcopy(self.user_types[self.user_type_id].schema)
        kind = UserType(ids[0], name, title, ids[1], schema, default)
        self.user_types[kind.id] = kind
        for app in self.apps.values():
            self._map(app, kind)
        return kind.id

    def _add_app(self, label: str, kind: AppKind) -> str:
        name = APP_NAMES[kind]
        again = any(app.name == name for app in self.apps.values())
        app = App(
            id=self.frame.okta_id("0oa"),
            kind=kind,
            name=name,
            mapping_name=f"{name}_{self.frame.hex_id(7)}" if again else name,
            label=label,
            created=self.frame.clock(),
            type_id=self.frame.okta_id("oty"),
            features=DIRECTORY_FEATURES if kind in ("ad", "ldap") else (),
        )
        self.apps[app.id] = app
        for user_type in self.user_types.values():
            self._map(app, user_type)
        return app.id

    def _map(self, app: App, kind: UserType) -> None:
        rows = {attribute: MappingRow(expression) for attribute, expression in TO_OKTA[app.kind]}
        held = app.mappings.get(self.user_type_id) if kind.id != self.user_type_id else None
        rows = copy.deepcopy(held.to_okta) if held else rows
        app.mappings[kind.id] = Mapping(self.frame.okta_id("prm"), self.frame.okta_id("prm"), rows)

    def _link(self, user: User, app: App, person: Person) -> None:
        held: dict[str, Any] = {}
        external_id = None
        if app.is_directory:
            held, external_id = directory_entry(app.kind, app.label, person, self.frame)
        for attribute, row in app.mappings[user.type_id].to_okta.items():
            name = identity(row.expression)
            if name is not None and attribute in user.profile:
                held[name] = user.profile[attribute]
        now = self.frame.clock()
        user.links[app.id] = AppUser(
            external_id=external_id,
            scope="GROUP" if app.id in self._everybodys else "USER",
            user_name=user.login,
            source=held,
            profile=dict(held),
            created=now,
            last_updated=now,
            last_sync=now,
            sync_state="SYNCHRONIZED" if app.is_directory else "DISABLED",
        )
        app.members.append(user.id)

    def _sensitive_values(self) -> set[str]:
        self.settle()
        holders = [user.profile for user in self.people.values()]
        for user in self.people.values():
            holders += [held for link in user.links.values() for held in (link.source, link.profile)]
        return {str(held[name]) for held in holders for name in SENSITIVE if held.get(name)}


def _merge(held: dict[str, Any], values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value is None:
            held.pop(name, None)
        else:
            held[name] = value
