"""What Okta holds about one subject at one moment: all that the precheck decides on, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from workflows.model import (
    AgentPool,
    AppUser,
    AttributeRule,
    Evidence,
    LogEvent,
    MappingRule,
    OktaUser,
    ProfileMapping,
    Reading,
    Request,
    Value,
)

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

    request: Request
    identifier: str | None
    named: bool
    at: datetime
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
    def rules(self) -> dict[str, MappingRule]:
        """Return the mapping's rules, none where there is no mapping."""
        return dict(self.mapping.rules) if self.mapping else {}

    @property
    def settings(self) -> tuple[object, ...]:
        """Return what administrators have set up: the mappings' rules, the schema, and that they could be read."""
        return self.rules, self.schema_rules, dict(self.rival_rules), self.unreadable

    @property
    def schema_names(self) -> tuple[str, ...]:
        """Return every attribute that the user schema knows."""
        return tuple(rule.attribute for rule in self.schema_rules)

    def schema_of(self, attribute: str) -> AttributeRule | None:
        """Return what the schema says of an attribute, if it knows it."""
        return next((rule for rule in self.schema_rules if rule.attribute == attribute), None)
