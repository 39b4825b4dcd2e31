"""The values of the simulated Okta org: applications, users and their types, app users, mappings, groups.

Only records.py and what builds on it change them; their initial contents are in tables.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

DirectoryKind = Literal["ad", "ldap"]
AppKind = Literal["ad", "ldap", "oidc", "csv", "ldap_interface", "hr"]
MasterType = Literal["PROFILE_MASTER", "OKTA", "OVERRIDE"]
PushStatus = Literal["PUSH", "DONT_PUSH"]
Scope = Literal["USER", "GROUP"]


@dataclass
class MappingRow:
    """How a mapping fills one attribute of its target."""

    expression: str
    push_status: PushStatus = "PUSH"


@dataclass
class Mapping:
    """An app's two mappings with one user type: to Okta with its rows, and back."""

    to_okta_id: str
    to_app_id: str
    to_okta: dict[str, MappingRow]


@dataclass
class App:
    """One application instance; a directory is one of kind `ad` or `ldap`."""

    id: str
    kind: AppKind
    name: str  # in the API; two AD instances have the same
    mapping_name: str  # in mappings; another instance of the same name has a suffix there
    label: str
    created: datetime
    type_id: str  # of its app users; the source of a reapply
    features: tuple[str, ...]
    mappings: dict[str, Mapping] = field(default_factory=dict)  # by the id of the user type
    status: str = "ACTIVE"
    agents: str = "OPERATIONAL"  # operational status of its agent pool
    roadblock: bool = False  # its last import was stopped by the Import Safeguard
    members: dict[str, None] = field(default_factory=dict)  # user ids, in order of assignment
    approved: set[str] = field(default_factory=set)  # what its Force Syncs may change of logins and e-mails, or empty

    @property
    def leads(self) -> bool:
        """Say whether it may be the source of profiles, as directories and others may."""
        return "PROFILE_MASTERING" in self.features and self.status == "ACTIVE"

    @property
    def is_directory(self) -> bool:
        """Say whether this is AD or LDAP; some other apps look alike."""
        return self.kind in ("ad", "ldap")


@dataclass
class AppUser:
    """A user's link to an app: the directory's values, and Okta's copy of them."""

    external_id: str | None
    scope: Scope
    user_name: str
    source: dict[str, Any]
    profile: dict[str, Any]
    created: datetime
    last_updated: datetime
    last_sync: datetime
    status: str = "ACTIVE"
    sync_state: str = "SYNCHRONIZED"
    skipped: bool = False  # imports skip it, with a warning in the log


@dataclass
class User:
    """One user of the org."""

    id: str
    type_id: str
    status: str
    profile: dict[str, Any]
    created: datetime
    last_updated: datetime
    status_changed: datetime
    last_login: datetime | None = None
    stuck: bool = False  # a reapply skips it without an event: a case for Okta Support
    rejected: str | None = None  # why Okta rejects every update of it, whatever the values
    overwrites: dict[str, Any] = field(default_factory=dict)  # what another system sets right after the next update
    links: dict[str, AppUser] = field(default_factory=dict)
    past: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)  # changes: when, and the values before

    @property
    def login(self) -> str:
        """Return the login."""
        return str(self.profile["login"])

    def held(self, attribute: str, since: datetime) -> list[tuple[datetime, Any]]:
        """Return the values of an Okta attribute since a moment, each with the moment from which it was held."""
        found: list[tuple[datetime, Any]] = []
        value = self.profile.get(attribute)
        for moment, before in reversed(self.past):
            if moment <= since:
                break
            if attribute in before:
                found.append((moment, value))
                value = before[attribute]
        return [(since, value), *reversed(found)]


@dataclass
class SchemaAttribute:
    """What the user schema says of one Okta attribute."""

    title: str
    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    enum: tuple[str, ...] = ()
    unique: bool = False
    custom: bool = False
    master: MasterType | None = "PROFILE_MASTER"  # None is also recorded: an attribute without a stated source
    priority: tuple[str, ...] = ()  # app ids, for OVERRIDE


@dataclass
class UserType:
    """A user type with its own schema. The default one is named `user`, in some orgs `Okta`."""

    id: str
    name: str
    title: str
    schema_id: str
    schema: dict[str, SchemaAttribute]
    default: bool


@dataclass
class Group:
    """A group of users; a directory group has its app."""

    id: str
    name: str
    kind: Literal["OKTA_GROUP", "APP_GROUP", "BUILT_IN"]
    created: datetime
    app_id: str | None = None
    members: dict[str, None] = field(default_factory=dict)  # user ids, in order


@dataclass
class ForceSync:
    """One accepted reapply and when it takes effect."""

    app_id: str
    label: str
    type_id: str  # of the users it applies to
    requested_at: datetime
    effect_at: datetime
    request_id: str
    by_hand: bool = False  # a person pressed it in the Admin Console
    applied_at: datetime | None = None
