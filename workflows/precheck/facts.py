"""What Okta holds about one subject at one moment: all that the precheck decides on, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field, JsonValue

from workflows.model import (
    AgentPool,
    AppUser,
    AttributeRule,
    Directory,
    Evidence,
    LogEvent,
    MappingRule,
    OktaUser,
    ProfileMapping,
    Reading,
    Request,
    Value,
)
from workflows.values.comparing import identity, same

PROFILE_SOURCE = "PROFILE_MASTERING"  # the feature of a directory that may write Okta profiles
INVALID_EXPRESSION = "application.appuser.mapping.invalid.expression"


class Imports(Value):
    """What Okta tells of a directory's imports; why agents or System Log could not be read, "" where they were."""

    pool: AgentPool | None = None
    directory_events: tuple[LogEvent, ...] = ()
    user_events: tuple[LogEvent, ...] = ()
    agents_unread: str = ""
    log_unread: str = ""


class Facts(Value):
    """What Okta holds about one subject at one moment (UTC).

    `identifier` is what was looked up, `named` whether the ticket named it (else it is the requester). `unreadable`
    holds Okta's words where it refused a reading. `external_names` translate AD/LDAP names to the app user's.
    `other_sources` are the labels of apps besides AD and LDAP that may write the Okta profile. `rival_rules` are the
    mappings' rules by app id, read only where several directories may lead. `history`, `directory_history` and
    `imports` are None until a verdict asks for them. `words` are the ticket's own, in lines. `reading` is what the
    whole ticket holds. The ticket was `opened` then; what came since `recent_since` came lately (both UTC). `taken` has
    the unique values that a sync would bring and another user holds: that user's id, by attribute.
    """

    at: datetime
    request: Request = Request()
    identifier: str | None = None
    named: bool = False
    users: tuple[OktaUser, ...] = ()
    app_users: tuple[AppUser, ...] = ()
    other_sources: tuple[str, ...] = ()
    mapping: ProfileMapping | None = None
    schema_rules: tuple[AttributeRule, ...] = ()
    external_names: Mapping[str, str] = Field(default_factory=dict)
    unreadable: str | None = None
    rival_rules: Mapping[str, Mapping[str, MappingRule]] = Field(default_factory=dict)
    history: tuple[LogEvent, ...] | None = None
    directory_history: tuple[LogEvent, ...] | None = None
    taken: Mapping[str, str] = Field(default_factory=dict)
    imports: Imports | None = None
    evidence: tuple[Evidence, ...] = ()
    words: tuple[str, ...] = ()
    reading: Reading = Reading()
    opened: datetime | None = None
    recent_since: datetime | None = None
    several: bool = False
    stranger: bool = False

    @property
    def user(self) -> OktaUser:
        """Return the one user."""
        return self.users[0]

    @property
    def profiles(self) -> tuple[Mapping[str, JsonValue], ...]:
        """Return what Okta and the directories hold."""
        return tuple(item.profile for item in (*self.users, *self.app_users))

    @property
    def leading(self) -> AppUser | None:
        """Return the one copy that may write the Okta profile; None where there is none, or several may.

        No public interface tells the order of several profile sources, so it is never assumed.
        """
        if len(self.app_users) <= 1:
            return self.app_users[0] if self.app_users else None
        able = self.able
        return able[0] if len(able) == 1 else None

    @property
    def able(self) -> tuple[AppUser, ...]:
        """Return the copies whose directory may write the Okta profile."""
        sources = (item for item in self.app_users if item.directory.active and item.scope != "GROUP")
        return tuple(item for item in sources if PROFILE_SOURCE in item.directory.features)

    @property
    def copy_user(self) -> AppUser:
        """Return the leading copy."""
        if self.leading is None:
            raise LookupError("no directory leads for this user")
        return self.leading

    @property
    def label(self) -> str:
        """Return the leading directory's label."""
        return self.copy_user.directory.label

    @property
    def rules(self) -> Mapping[str, MappingRule]:
        """Return the mapping's rules, none where there is no mapping."""
        return self.mapping.rules if self.mapping else {}

    @property
    def settings(self) -> tuple[object, ...]:
        """Return what administrators have set up: the mappings' rules, the schema, and that they could be read."""
        return dict(self.rules), self.schema_rules, dict(self.rival_rules), self.unreadable

    @property
    def schema_names(self) -> tuple[str, ...]:
        """Return every attribute that the user schema knows."""
        return tuple(rule.attribute for rule in self.schema_rules)

    def schema_of(self, attribute: str) -> AttributeRule | None:
        """Return what the schema says of an attribute, if it knows it."""
        return next((rule for rule in self.schema_rules if rule.attribute == attribute), None)

    def okta(self, attribute: str) -> JsonValue:
        """Return the Okta profile's value."""
        return self.user.profile.get(attribute)

    def source_of(self, attribute: str) -> str | None:
        """Return the app user's attribute behind an identity mapping, None where the mapping is anything else."""
        rule = self.rules.get(attribute)
        return identity(rule.expression) if rule else None

    def copy_of(self, attribute: str) -> JsonValue:
        """Return the app user's value behind an identity mapping, None where the mapping is anything else."""
        name = self.source_of(attribute)
        return self.copy_user.profile.get(name) if name else None

    def differs(self, attribute: str) -> bool:
        """Say whether the two copies differ in an attribute that an identity mapping fills."""
        return self.source_of(attribute) is not None and not same(self.copy_of(attribute), self.okta(attribute))

    def would_empty(self, attribute: str) -> bool:
        """Say whether a sync would erase what Okta holds, as the copy holds nothing."""
        return self.predictable(attribute) and self.differs(attribute) and same(self.copy_of(attribute), None)

    def may_write(self, attribute: str) -> bool:
        """Say whether the schema lets the leading directory write the attribute; where it does not tell, it does."""
        return may_write(self.schema_of(attribute), self.copy_user.directory)

    def predictable(self, attribute: str) -> bool:
        """Say whether a sync would write just the copy's value: an identity mapping, on update, of the right source."""
        rule = self.rules.get(attribute)
        return rule is not None and rule.on_update and bool(self.source_of(attribute)) and self.may_write(attribute)


def may_write(rule: AttributeRule | None, directory: Directory) -> bool:
    """Say whether a rule of the user schema lets a directory write its attribute."""
    if rule is None or rule.master not in {"OKTA", "OVERRIDE"}:
        return True
    return rule.master == "OVERRIDE" and rule.apps[:1] == (directory.ref.app_id,)
