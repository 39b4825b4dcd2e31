"""The doors to an Okta org: reading it, and running Force Sync."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from workflows.model import (
    AgentPool,
    AppAttribute,
    AppUser,
    AttributeRule,
    Directory,
    Group,
    LogEvent,
    LogReading,
    Member,
    MemberPage,
    OktaUser,
    Organization,
    ProfileMapping,
    Receipt,
    SupportCase,
)


class OktaOrg(Protocol):
    """One Okta org, read only."""

    name: str

    def check(self) -> None:
        """Prove the credential; `Misconfigured` says what is wrong."""

    def find_users(self, identifier: str) -> tuple[OktaUser, ...]:
        """Return the users whose login, e-mail, second e-mail or employee number is exactly this, ignoring case."""

    def user(self, user_id: str) -> OktaUser:
        """Read one user with the Okta profile. `Refused` where there is none."""

    def watched(self, user_id: str, not_before: datetime, others: Callable[[], Iterable[str]] = tuple) -> OktaUser:
        """Read a user for whom a sync is awaited; a reading made at `not_before` (UTC) or later serves, and tells when.

        Where it must be read anew, `others` (the ids of those who await the same) are read along in the same calls.
        """

    def members(self, directory: Directory, user_ids: Sequence[str]) -> Mapping[str, Member]:
        """Read these users afresh with their copies in a directory, by id; who is not linked to it is left out."""

    def app_users(self, user_id: str) -> tuple[AppUser, ...]:
        """Return the user's copies in the directories (AD and LDAP instances) that the user is linked to."""

    def app_user(self, directory: Directory, user_id: str) -> AppUser | None:
        """Read the user's copy in one directory; `None` where the user is not linked to it."""

    def mapping(
        self, directory: Directory, type_id: str, *, not_before: datetime | None = None
    ) -> ProfileMapping | None:
        """Return the directory's To-Okta mapping onto that user type, and tell when it was read.

        A reading made at `not_before` (UTC) or later serves; where that is not said, it may be some minutes old.
        """

    def attribute_rules(self, user: OktaUser, *, not_before: datetime | None = None) -> tuple[AttributeRule, ...]:
        """Tell from the schema of the user's type who may write each attribute, and which values it takes.

        How old it may be is said as for a mapping.
        """

    def user_attributes(self, *, not_before: datetime | None = None) -> frozenset[str]:
        """Return the names of all attributes that Okta's users have, whatever their type.

        How old they may be is said as for a mapping. `Misconfigured` where the account may not read them.
        """

    def app_schema(self, directory: Directory, *, not_before: datetime | None = None) -> tuple[AppAttribute, ...]:
        """Return which variables the directory's copies have, and what AD or LDAP calls them.

        How old it may be is said as for a mapping.
        """

    def log(
        self, target_id: str, since: datetime, limit: int = 100, *, types: Sequence[str] = ()
    ) -> tuple[LogEvent, ...]:
        """Return System Log events that concern a user or an app, oldest first, of these event types if any are named.

        Silence proves nothing.
        """

    def told_of(
        self, user_id: str, directory: Directory, since: datetime, limit: int, *, types: Sequence[str]
    ) -> LogReading:
        """Return the newest events of these types that name the user, or the directory and no user at all.

        The reading may be half a minute old. Silence proves nothing.
        """

    def groups(self, user_id: str) -> tuple[Group, ...]:
        """Return the groups that a user is in."""

    def groups_named(self, text: str) -> tuple[Group, ...]:
        """Return the groups with this id or name, ignoring case; where there is none, some whose names begin alike.

        It may be some minutes old.
        """

    def directories(self) -> tuple[Directory, ...]:
        """Return every AD and LDAP instance of the org; it may be some minutes old."""

    def directory(self, app_id: str) -> Directory:
        """Read one directory. `Refused` where there is none, or the app is no directory."""

    def directory_users(self, directory: Directory, after: str | None = None) -> MemberPage:
        """Read one page of everybody in a directory, both copies side by side; begin without `after`.

        A directory may have very many members: whoever needs them all reads a page at a time and may stop and go on.
        """

    def agent_pools(self) -> tuple[AgentPool, ...]:
        """Return the directory agents' pools."""

    def support_cases(self) -> tuple[SupportCase, ...]:
        """Return the cases that people opened with Okta Support; none can be opened through an interface."""

    def organization(self) -> Organization:
        """Return what the org tells everybody about itself."""


class SyncDriver(Protocol):
    """The way to press Force Sync; with `by_hand`, a person presses and `start` is never called."""

    name: str
    by_hand: bool

    def check(self, directory: Directory) -> None:
        """Prove the credential by a reading of a directory, and start nothing; `Misconfigured` says what is wrong."""

    def start(self, directory: Directory, target_type_id: str) -> Receipt:
        """Start one Force Sync of the whole directory.

        `Transient` where it was provably not started, `Uncertain` where the answer was lost.
        """
