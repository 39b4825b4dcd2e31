"""The simulated Okta org in memory: three copies of every directory user, and what a Force Sync does to them.

The directory's own value, Okta's copy of it (the app user) and the Okta profile can each be wrong on their own; the
product under test has to tell which, so the three are kept apart here.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox import okta_events as events
from connectors.sandbox.frame import Frame, Person, iso
from connectors.sandbox.okta_expressions import identity
from connectors.sandbox.okta_oauth import AuthorizationServer
from connectors.sandbox.okta_sourcing import differences, mapped_values, profile_problem, unreadable
from connectors.sandbox.okta_world import (
    SENSITIVE,
    TO_OKTA,
    App,
    AppKind,
    AppUser,
    DirectoryKind,
    ForceSync,
    MappingRow,
    MasterType,
    PushStatus,
    User,
    directory_entry,
    first_values,
    user_schema,
)


class OktaState:
    """One org. Time passes lazily: every access first lets the reapplies take effect that are due by the clock."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.created = frame.clock()
        self.org_id = frame.okta_id("00o")
        self.user_type_id = frame.okta_id("oty")
        self.user_schema_id = frame.okta_id("osc")
        self.schema = user_schema()
        self.log = events.SystemLog(frame.seed)
        self.oauth = AuthorizationServer(frame)
        self.apps: dict[str, App] = {}
        self.people: dict[str, User] = {}
        self.syncs: list[ForceSync] = []
        self.support_cases: list[dict[str, Any]] = []
        # Whether some ticket can gain from this reapply: (app id, ids of the users whose values it would change).
        self.helpable: Callable[[str, set[str]], bool] = lambda _app_id, _user_ids: True
        self._by_login: dict[str, str] = {}
        self._wiki = self._add_app("Wiki", "oidc")  # an app that everybody has and that is no directory
        frame.sensitive = self._sensitive_values

    # What scenarios and the control server do

    def add_directory(self, label: str, kind: DirectoryKind) -> str:
        """Integrate a directory instance and return its app id."""
        if kind not in ("ad", "ldap"):
            raise ValueError(f"the kind of the directory {label!r} is {kind!r}, expected 'ad' or 'ldap'")
        if any(app.label == label for app in self.apps.values()):
            raise ValueError(f"a directory or app {label!r} exists already")
        return self._add_app(label, kind)

    def add_user(
        self,
        person: Person,
        *,
        directories: list[str],
        profile: dict[str, Any] | None = None,
        status: str = "ACTIVE",
        stuck: bool = False,
    ) -> str:
        """Create a user in Okta and in the directories, all in sync, and return the user id.

        `profile` overrides the starting values by the names of Okta's attributes; None leaves an attribute unset.
        """
        if person.login.lower() in self._by_login:
            raise ValueError(f"a user {person.login!r} exists already")
        for app_id in directories:
            self._directory(app_id)
        now = self.frame.clock()
        values = first_values(person, self.frame.random) | (profile or {})
        values = {name: value for name, value in values.items() if value is not None}
        user = User(id=self.frame.okta_id("00u"), status=status, profile=values, created=now, last_updated=now)
        self.people[user.id] = user
        for app_id in [*directories, self._wiki]:
            self._link(user, self.apps[app_id], person)
        for app_id in directories:
            mapped = mapped_values(user, self.apps[app_id], self.schema)
            user.profile |= {name: value for name, value in mapped.items() if value is not None}
        user.stuck = stuck
        self._by_login[user.login.lower()] = user.id
        return user.id

    def users(self) -> list[dict[str, Any]]:
        """Return every user with the three copies of their attributes, in the control server's shape."""
        self.settle()
        return [self._user_view(user) for user in self.people.values()]

    def directories(self) -> list[dict[str, Any]]:
        """Return the directory instances in the control server's shape."""
        return [
            {"app_id": app.id, "label": app.label, "kind": app.kind, "users": len(app.members)}
            for app in self.apps.values()
            if app.is_directory
        ]

    def force_syncs(self) -> list[dict[str, Any]]:
        """Return the accepted reapplies, oldest first, in the control server's shape."""
        self.settle()
        return [
            {
                "app_id": sync.app_id,
                "label": sync.label,
                "requested_at": iso(sync.requested_at),
                "applied_at": iso(sync.applied_at),
                "request_id": sync.request_id,
            }
            for sync in self.syncs
        ]

    def set_user(
        self,
        user_id: str,
        *,
        profile: dict[str, Any] | None = None,
        directories: list[dict[str, Any]] | None = None,
    ) -> None:
        """Merge values into the Okta profile, a directory's `source` or its `app_user`; None removes a value.

        Writes no System Log event: it sets up the world, nobody in it acts. Unknown user: `KeyError`.
        """
        self.settle()
        user, now = self._user(user_id), self.frame.clock()
        entries = directories or []
        for entry in entries:
            if entry.get("app_id") not in user.links:
                raise ValueError(f"{user.login} has no account in the directory {entry.get('app_id')!r}")
        if profile:
            self._set_profile(user, profile, now)
        for entry in entries:
            link = user.links[entry["app_id"]]
            _merge(link.source, entry.get("source") or {})
            if entry.get("app_user"):
                _merge(link.profile, entry["app_user"])
                link.last_updated = link.last_sync = now

    def stuck(self, user_id: str) -> None:
        """Make every further reapply pass this user by. Unknown user: `KeyError`."""
        self.settle()
        self._user(user_id).stuck = True

    def user_id(self, login: str) -> str:
        """Return the id of the user with this login, without regard to case. Unknown: `KeyError`."""
        self.settle()
        return self._by_login[login.lower()]

    def import_now(self, app_id: str) -> None:
        """Import the directory: copy what it holds to every app user, with the import's events.

        The Okta profiles stay as they are: that the import is not carried on to them is the defect under test.
        """
        self.settle()
        app, now = self._directory(app_id), self.frame.clock()
        self.log.write(now, events.IMPORT_STARTED, [events.app_target(app)])
        changed = 0
        for user in self._members(app):
            link = user.links[app.id]
            link.last_sync = now
            if link.profile != link.source:
                link.profile = copy.deepcopy(link.source)
                link.last_updated = now
                changed += 1
                self.log.write(now, events.IMPORT_USER_UPDATED, [events.user_target(user), events.app_target(app)])
        summary = {"usersScanned": len(app.members), "usersUpdated": changed}
        self.log.write(now, events.IMPORT_COMPLETED, [events.app_target(app)], debug=summary)

    def set_mapping(self, app_id: str, attribute: str, expression: str, push_status: PushStatus = "PUSH") -> None:
        """Change how the directory's To-Okta mapping fills an attribute; existing users keep their values."""
        self.settle()
        self._directory(app_id).to_okta[attribute] = MappingRow(expression, push_status)

    def set_master(self, attribute: str, master: MasterType, priority: tuple[str, ...] = ()) -> None:
        """Change the source priority of an Okta attribute; `priority` are app ids, for OVERRIDE."""
        self.settle()
        self.schema[attribute].master = master
        self.schema[attribute].priority = priority

    # What the API does

    def find_user(self, id_or_login: str) -> User | None:
        """Return the user with this id or login."""
        return self.people.get(id_or_login) or self.people.get(self._by_login.get(id_or_login.lower(), ""))

    def reapply(self, app_id: str, request_id: str) -> None:
        """Accept a Force Sync of the directory; its effect comes `sync_seconds` later."""
        self.settle()
        app, now = self.apps[app_id], self.frame.clock()
        if any(sync.app_id == app_id and sync.applied_at is None for sync in self.syncs):
            self.frame.violate(
                "okta", "overlapping Force Sync", f"{app.label}: another Force Sync of it was being applied"
            )
        if not self.helpable(app_id, self.would_change(app_id)):
            self.frame.violate(
                "okta", "pointless Force Sync", f"{app.label}: no open tagged ticket could be helped by one"
            )
        effect = now + timedelta(seconds=self.frame.settings.sync_seconds)
        self.syncs.append(ForceSync(app_id, app.label, now, effect, request_id))

    def would_change(self, app_id: str) -> set[str]:
        """Return the ids of the users whose mapped values differ now from their Okta profile, stuck ones too."""
        self.settle()
        app = self.apps[app_id]
        return {user.id for user in self._members(app) if differences(user, app, self.schema)}

    def settle(self) -> None:
        """Let every reapply take effect whose time has come, in the order of their times."""
        now = self.frame.clock()
        due = [sync for sync in self.syncs if sync.applied_at is None and sync.effect_at <= now]
        for sync in sorted(due, key=lambda sync: sync.effect_at):
            sync.applied_at = sync.effect_at
            self._apply(self.apps[sync.app_id], sync.effect_at)

    # Inside

    def _add_app(self, label: str, kind: AppKind) -> str:
        app = App(
            id=self.frame.okta_id("0oa"),
            kind=kind,
            label=label,
            created=self.frame.clock(),
            type_id=self.frame.okta_id("oty"),
            to_okta_id=self.frame.okta_id("prm"),
            to_app_id=self.frame.okta_id("prm"),
            to_okta={attribute: MappingRow(expression) for attribute, expression in TO_OKTA[kind]},
        )
        if not app.is_directory:
            app.features = ()
        self.apps[app.id] = app
        return app.id

    def _directory(self, app_id: str) -> App:
        app = self.apps.get(app_id)
        if app is None or not app.is_directory:
            raise ValueError(f"{app_id!r} is no directory of this org")
        return app

    def _user(self, user_id: str) -> User:
        if user_id not in self.people:
            raise KeyError(f"no Okta user {user_id!r}")
        return self.people[user_id]

    def _members(self, app: App) -> Iterable[User]:
        return (self.people[user_id] for user_id in app.members)

    def _link(self, user: User, app: App, person: Person) -> None:
        held: dict[str, Any] = {}
        external_id = None
        if app.is_directory:
            held, external_id = directory_entry(app.kind, app.label, person, self.frame)
        for attribute, row in app.to_okta.items():
            name = identity(row.expression)
            if name is not None and attribute in user.profile:
                held[name] = user.profile[attribute]
        now = self.frame.clock()
        user.links[app.id] = AppUser(
            external_id=external_id,
            scope="USER" if app.is_directory else "GROUP",
            user_name=user.login,
            source=held,
            profile=dict(held),
            created=now,
            last_updated=now,
            last_sync=now,
        )
        app.members.append(user.id)

    def _apply(self, app: App, moment: datetime) -> None:
        for attribute, reason in unreadable(app).items():
            debug = {"attribute": attribute, "expression": app.to_okta[attribute].expression}
            self.log.write(
                moment, events.EXPRESSION_INVALID, [events.app_target(app)], failure=reason[:255], debug=debug
            )
        for user in self._members(app):
            changes = {} if user.stuck else differences(user, app, self.schema)
            if not changes:
                continue
            problem = profile_problem(changes, self.schema) or self._login_taken(user, changes)
            if problem:
                targets = [events.user_target(user), events.app_target(app)]
                self.log.write(moment, events.MASTERING_FAILED, targets, failure=problem)
                continue
            self._set_profile(user, changes, moment)
            debug = {"changedAttributes": ",".join(sorted(changes))}
            self.log.write(moment, events.USER_UPDATED, [events.user_target(user)], debug=debug)

    def _login_taken(self, user: User, changes: dict[str, Any]) -> str | None:
        holder = self._by_login.get(str(changes.get("login", "")).lower(), user.id)
        return (
            None if holder == user.id else "login: An object with this field already exists in the current organization"
        )

    def _set_profile(self, user: User, values: dict[str, Any], moment: datetime) -> None:
        if "login" in values and not values["login"]:
            raise ValueError(f"the login of {user.login} cannot be removed")
        if self._login_taken(user, values):
            raise ValueError(f"the login {values['login']!r} is another user's")
        del self._by_login[user.login.lower()]
        _merge(user.profile, values)
        self._by_login[user.login.lower()] = user.id
        user.last_updated = moment

    def _user_view(self, user: User) -> dict[str, Any]:
        links = [(self.apps[app_id], link) for app_id, link in user.links.items() if self.apps[app_id].is_directory]
        return {
            "id": user.id,
            "login": user.login,
            "status": user.status,
            "profile": copy.deepcopy(user.profile),
            "directories": [
                {
                    "app_id": app.id,
                    "label": app.label,
                    "kind": app.kind,
                    "source": copy.deepcopy(link.source),
                    "app_user": copy.deepcopy(link.profile),
                }
                for app, link in links
            ],
        }

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
