"""The records of the simulated Okta org: apps, user types, users with their links, groups, tokens and the System Log.

This module looks them up and changes them by rules that hold for every caller; instance.py uses it.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from connectors.sandbox.okta import events
from connectors.sandbox.okta.expressions import identity
from connectors.sandbox.okta.oauth import AuthorizationServer
from connectors.sandbox.okta.tables import (
    APP_NAMES,
    DIRECTORY_FEATURES,
    HR_FEATURES,
    TO_OKTA,
    directory_entry,
    directory_value,
    user_schema,
)
from connectors.sandbox.okta.world import App, AppKind, AppUser, Group, Mapping, MappingRow, User, UserType
from connectors.sandbox.wire.frame import Frame, Person


class OktaRecords:
    """One org's records. Unknown users raise `KeyError`, unusable values `ValueError`."""

    def __init__(self, frame: Frame, *, default_type: str) -> None:
        self.frame = frame
        self.created = frame.clock()
        self.org_id = frame.okta_id("00o")
        self.log = events.SystemLog(frame.seed)
        self.oauth = AuthorizationServer(frame)
        self.apps: dict[str, App] = {}
        self.people: dict[str, User] = {}
        self.user_types: dict[str, UserType] = {}
        self.support_cases: list[dict[str, Any]] = []
        self.bare_support_cases = False  # the shape of the description's example, not of its schema
        self.odd_pools: list[str] = []  # types of additional agent pools, maybe unknown to the description
        self.profile_sources: list[str] = []  # app ids, the leading one first; empty: in the order of their creation
        self.forbidden: set[str] = set()  # users whose app users no caller may read
        self._by_login: dict[str, str] = {}
        self._by_value: dict[str, dict[str, set[str]]] = {}  # user ids by attribute and value in small letters
        self.user_type_id = self._add_type(default_type, "User", default=True)
        # Apps that everyone has, and one that looks like a directory; none is a directory.
        self._everybodys = [self._add_app("Wiki", "oidc"), self._add_app("LDAP Interface", "ldap_interface")]
        self.csv = self._add_app("CSV Directory", "csv")
        # Every user is in it (https://support.okta.com/help/s/article/The-Everyone-Group-in-Okta).
        self._everyone = Group(frame.okta_id("00g"), "Everyone", "BUILT_IN", self.created)
        self.groups: dict[str, Group] = {self._everyone.id: self._everyone}

    def find_user(self, id_or_login: str) -> User | None:
        """Return the user with this id or login."""
        return self.people.get(id_or_login) or self.people.get(self._by_login.get(id_or_login.lower(), ""))

    def holders(self, attribute: str, values: Iterable[str]) -> set[str]:
        """Return the ids of the users whose profile holds one of these values, which are in small letters."""
        if attribute not in self._by_value:
            index = self._by_value[attribute] = defaultdict[str, set[str]](set)
            for user in self.people.values():
                held = user.profile.get(attribute)
                for value in held if isinstance(held, list) else [held]:
                    index[str(value).lower()].add(user.id)
        return {user_id for value in values for user_id in self._by_value[attribute].get(value, ())}

    def find_by_short_name(self, text: str) -> User | None:
        """Return the one user whose login has this before its `@`, as Okta's path to a user takes it.

        https://developer.okta.com/docs/reference/api/users/#get-user-with-login-shortname
        """
        start = f"{text.lower()}@"
        found = [id for login, id in self._by_login.items() if login.startswith(start)] if "@" not in text else []
        return self.people.get(found[0]) if len(found) == 1 else None

    def directory(self, app_id: str) -> App:
        """Return a directory; `ValueError` for any other app."""
        app = self.apps.get(app_id)
        if app is None or not app.is_directory:
            raise ValueError(f"{app_id!r} is no directory of this org")
        return app

    def source(self, app_id: str) -> App:
        """Return a directory, or another app that may lead profiles; `ValueError` for any other app."""
        app = self.apps.get(app_id)
        return app if app is not None and app.kind == "hr" else self.directory(app_id)

    def user(self, user_id: str) -> User:
        """Return a user by id."""
        if user_id not in self.people:
            raise KeyError(f"no Okta user {user_id!r}")
        return self.people[user_id]

    def link(self, user_id: str, app_id: str) -> AppUser:
        """Return a user's link to an app; `ValueError` if there is none."""
        user = self.user(user_id)
        if app_id not in user.links:
            raise ValueError(f"{user.login} has no account in the directory {app_id!r}")
        return user.links[app_id]

    def members(self, app: App) -> Iterable[User]:
        """Return the users of an app, in order of assignment."""
        return (self.people[user_id] for user_id in app.members)

    def leader(self, user: User) -> App | None:
        """Return the source of a user's profile: the first of the org's order to which the user is assigned.

        https://help.okta.com/oie/en-us/content/topics/users-groups-profiles/usgp-profile-prioritize.htm
        """
        return next((app for app in self.sources() if app.id in user.links), None)

    def sources(self) -> list[App]:
        """Return the apps that may lead profiles, the first one first."""
        order = [*self.profile_sources, *(app_id for app_id in self.apps if app_id not in self.profile_sources)]
        return [self.apps[app_id] for app_id in order if self.apps[app_id].leads]

    def manager_of(self, user: User, app: App) -> User | None:
        """Return the user whom a directory names as manager, by distinguished name."""
        name = user.links[app.id].profile.get("manager")
        found = (other for other in self.members(app) if name and other.links[app.id].profile.get("dn") == name)
        return next(found, None)

    def taken(self, user: User, changes: dict[str, Any]) -> str | None:
        """Return why the changes may not set a unique attribute, or None; the case of values is ignored."""
        for name, value in changes.items():
            rule = self.user_types[user.type_id].schema.get(name)
            if rule is None or not rule.unique or not value:
                continue
            others = (other.profile.get(name) for other in self.people.values() if other.id != user.id)
            if str(value).lower() in {str(held).lower() for held in others}:
                return f"{name}: An object with this field already exists in the current organization"
        return None

    def set_profile(self, user: User, values: dict[str, Any], moment: datetime) -> None:
        """Merge values into the Okta profile; `ValueError` for an invalid login."""
        if "login" in values and not values["login"]:
            raise ValueError(f"the login of {user.login} cannot be removed")
        if problem := self.taken(user, values):
            raise ValueError(f"{problem}: it is another user's")
        del self._by_login[user.login.lower()]
        before = {name: user.profile.get(name) for name in values}
        user.past.append((moment, {name: was for name, was in before.items() if was != values[name]}))
        merge(user.profile, values)
        for name in values:
            self._by_value.pop(name, None)
        self._by_login[user.login.lower()] = user.id
        user.last_updated = moment

    def log_update(self, user_id: str, moment: datetime, values: dict[str, Any], by: str) -> None:
        """Log that someone changed a profile."""
        debug = {"changedAttributes": ",".join(sorted(values))}
        targets = [events.user_target(self.user(user_id))]
        self.log.write(moment, events.USER_UPDATED, targets, debug=debug, actor=events.person(by))

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
            features={"ad": DIRECTORY_FEATURES, "ldap": DIRECTORY_FEATURES, "hr": HR_FEATURES}.get(kind, ()),
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
                held[name] = directory_value(app.kind, app.label, name, user.profile[attribute])
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
            sync_state="SYNCHRONIZED" if app.leads else "DISABLED",
        )
        app.members[user.id] = None


def merge(held: dict[str, Any], values: dict[str, Any]) -> None:
    """Merge values into a record; None removes one."""
    for name, value in values.items():
        if value is None:
            held.pop(name, None)
        else:
            held[name] = value
