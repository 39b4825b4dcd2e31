"""What Okta holds about a person, a directory and the mapping between them, and by which names a user is known."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import Field, JsonValue

from workflows.model.values import Label, Value

_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(identifier: object) -> str:
    """Return a login, an address or a number as identifiers are compared: in small ASCII letters, else as it is.

    Unicode's folding would make one person of two: of `ß` and `ss`, or of the Kelvin sign and `k`. Nothing is "".
    """
    return "" if identifier is None else str(identifier).strip().translate(_SMALL)


class NameKind(StrEnum):
    """By which of their names a text means a user, the surest first; only logins are unique in an org."""

    LOGIN = "login"
    NUMBER = "employeeNumber"
    EMAIL = "email"
    SECOND_EMAIL = "secondEmail"
    SHORT = "short"  # a login's part before the `@`: https://developer.okta.com/docs/reference/api/users/#get-user


class DirectoryKind(StrEnum):
    """The two kinds of directory that the procedure is documented for."""

    AD = "ad"
    LDAP = "ldap"


class DirectoryRef(Value):
    """A directory's address: the org's name in the settings and the app instance id (`0oa...`)."""

    org: str
    app_id: Label


class Directory(Value):
    """One AD or LDAP instance integrated with an org."""

    ref: DirectoryRef
    kind: DirectoryKind
    label: Label
    active: bool = True
    features: tuple[Label, ...] = ()


class OktaUser(Value):
    """A user of the org with the Okta profile; `type_id` (`oty...`) is the mapping's target side.

    `read_at` (UTC) is set if the reading may be some seconds old, because several tickets share it.
    """

    id: Label
    login: Label
    status: Label
    type_id: Label
    profile: Mapping[str, JsonValue]
    schema_id: str | None = None
    last_updated: datetime | None = None
    read_at: datetime | None = None
    request_id: str | None = None

    def name_kind(self, text: str | None) -> NameKind | None:
        """Return by which of the user's names a text means them; None if by none. What is not filled is no name."""
        wanted, login = folded(text), folded(self.login)
        held = {kind: folded(self.profile.get(kind.value)) for kind in NameKind}
        held |= {NameKind.LOGIN: login, NameKind.SHORT: login.partition("@")[0]}
        return next((kind for kind in NameKind if wanted and held[kind] == wanted), None)


class AppUser(Value):
    """The directory's copy of a user inside Okta: the "Additional AD/LDAP Attributes"."""

    directory: Directory
    user_id: Label
    profile: Mapping[str, JsonValue]
    scope: Label = "USER"
    status: Label = "ACTIVE"
    sync_state: Label | None = None
    last_sync: datetime | None = None
    last_updated: datetime | None = None
    request_id: str | None = None


class Links(Value):
    """What may write a user's Okta profile: the `copies` in directories, and the labels of other profile sources."""

    copies: tuple[AppUser, ...] = ()
    other_sources: tuple[Label, ...] = ()


class MappingRule(Value):
    """How one Okta attribute is filled: the expression, and whether it applies to updates or on create only."""

    attribute: Label
    expression: str
    on_update: bool = True


class ProfileMapping(Value):
    """The directory's To-Okta mapping (source `appuser`, target `user`), by Okta attribute."""

    id: Label
    rules: Mapping[str, MappingRule]
    request_id: str | None = None
    read_at: datetime | None = None


class AttributeRule(Value):
    """What the user schema says about one Okta attribute.

    `master` says who may write it: `PROFILE_MASTER`, `OKTA`, `OVERRIDE` (then `apps` in order), or None if unknown.
    `values` are the allowed ones of an enumeration, empty if every value is allowed. Lengths are characters. `unique`
    says that no two users may hold the same value.
    """

    attribute: Label
    master: Label | None = None
    apps: tuple[Label, ...] = ()
    kind: Label = "string"
    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    values: tuple[JsonValue, ...] = ()
    pattern: str | None = None
    unique: bool = False


class LogEvent(Value):
    """One System Log event, cut to what a diagnosis quotes.

    `actor` is the actor's id, `actor_name` its login or label, `actor_kind` its type (such as `User` or
    `SystemPrincipal`). `changed` names the profile attributes that the event says were changed, if it does; `users` the
    ids of the users that it is about.
    """

    uuid: Label
    published: datetime
    event_type: Label
    result: Label | None = None
    reason: str | None = None
    actor: Label | None = None
    actor_name: Label | None = None
    actor_kind: Label | None = None
    changed: tuple[Label, ...] = ()
    users: tuple[Label, ...] = ()
    message: str | None = None


class LogReading(Value):
    """System Log events, oldest first, and when they were read (UTC): several tickets may share one reading."""

    events: tuple[LogEvent, ...]
    at: datetime


class AgentPool(Value):
    """The agents of one directory; `id` equals the directory's app id."""

    id: Label
    name: Label
    status: Label
    agents: tuple[Mapping[str, JsonValue], ...] = Field(default=())


class Group(Value):
    """A group of Okta's."""

    id: Label
    name: Label

    def is_named(self, text: str) -> bool:
        """Return whether the settings' text names this group: by its id, or by its name ignoring ASCII's case."""
        return text == self.id or folded(text) == folded(self.name)


class AppAttribute(Value):
    """A variable of a directory's app users; `external_name` is AD's or LDAP's own name for it, if known."""

    name: Label
    external_name: Label | None = None


class Member(Value):
    """A directory's copy of a user, with the Okta user if the answer held one that could be read."""

    copy_in_directory: AppUser
    user: OktaUser | None = None


class MemberPage(Value):
    """One page of a directory's members; `next` is opaque and requests the next page, None at the end.

    `unread` counts the members of the page that could not be read.
    """

    members: tuple[Member, ...]
    unread: int = 0
    next: str | None = None


class SupportCase(Value):
    """A case that a person opened with Okta Support. `access` is Okta's word for their access to the org."""

    number: Label
    access: Label | None = None


class Organization(Value):
    """The org's own id (`00o...`) and engine (`idx`: Identity Engine, `v1`: Classic), both public."""

    id: Label
    url: str | None = None
    pipeline: Label | None = None
