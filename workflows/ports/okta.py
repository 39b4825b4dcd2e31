"""The ports to an Okta org: reading it, and running Force Sync."""

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
    Links,
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
        """Verify the credential; raise `Misconfigured` with what is wrong."""

    def find_users(self, identifier: str) -> tuple[OktaUser, ...]:
        """Return the users whose login, e-mail, second e-mail or employee number is this, ignoring ASCII's case."""

    def find_named(self, name: str) -> tuple[OktaUser, ...]:
        """Return at most a handful of users, deactivated ones too, whom this name fits, ignoring case.

        It fits as the display name or as first and last name, in either order with a comma; a middle name belongs to
        either or to none. The profiles may be some minutes old: they tell who it is, and are read anew to be judged.
        """

    def find_in_copies(self, text: str) -> tuple[OktaUser, ...]:
        """Return at most a handful of users whose copy in a directory holds exactly this, ignoring case.

        That is as user name, e-mail, employee number or display name; a renamed user's new ones may stand only there.
        Who it is may have been found some minutes ago; the profiles are read now.
        """

    def holders(self, attribute: str, value: str) -> tuple[str, ...]:
        """Return the ids of at most a handful of users whose Okta profile holds this value in an attribute now.

        The case of the value is ignored. An empty result proves nothing.
        """

    def user(self, user_id: str) -> OktaUser:
        """Read one user with the Okta profile; raise `Refused` if there is none."""

    def watched(self, user_id: str, not_before: datetime, others: Callable[[], Iterable[str]] = tuple) -> OktaUser:
        """Read a user who waits for a sync; a shared read from `not_before` (UTC) or later will do, and has its time.

        A new read includes `others`, the ids of users who wait for the same sync, in the same calls.
        """

    def members(self, directory: Directory, user_ids: Sequence[str]) -> Mapping[str, Member]:
        """Read these users afresh with their copies in a directory, by id; users not linked to it are left out."""

    def links(self, user_id: str) -> Links:
        """Return the user's copies in AD and LDAP instances, and the user's other apps that are profile sources."""

    def app_user(self, directory: Directory, user_id: str) -> AppUser | None:
        """Read the user's copy in one directory; `None` if the user is not linked to it."""

    def mapping(
        self, directory: Directory, type_id: str, *, not_before: datetime | None = None
    ) -> ProfileMapping | None:
        """Return the directory's To-Okta mapping for a user type, with the time it was read.

        A shared read from `not_before` (UTC) or later will do; without `not_before`, it may be some minutes old.
        """

    def attribute_rules(self, user: OktaUser, *, not_before: datetime | None = None) -> tuple[AttributeRule, ...]:
        """Return, from the schema of the user's type, who may write each attribute and which values it takes.

        `not_before` means the same as for `mapping`.
        """

    def user_type(self, type_id: str) -> str:
        """Return the name of a user type, "" for the org's default type; it may be a day old."""

    def user_attributes(self, *, not_before: datetime | None = None) -> frozenset[str]:
        """Return the names of all attributes that Okta's users have, whatever their type.

        `not_before` means the same as for `mapping`. Raises `Misconfigured` if the account may not read them.
        """

    def app_schema(self, directory: Directory, *, not_before: datetime | None = None) -> tuple[AppAttribute, ...]:
        """Return which variables the directory's copies have, and what AD or LDAP calls them.

        `not_before` means the same as for `mapping`.
        """

    def log(
        self, target_id: str, since: datetime, limit: int = 100, *, types: Sequence[str] = ()
    ) -> tuple[LogEvent, ...]:
        """Return System Log events that concern a user or an app, oldest first, of these event types if any are named.

        The read may be half a minute old. An empty result proves nothing.
        """

    def told_of(
        self, user_id: str, directory: Directory, since: datetime, limit: int, *, types: Sequence[str]
    ) -> LogReading:
        """Return the newest events of these types that name the user, or the directory and no user at all.

        The read may be half a minute old. An empty result proves nothing.
        """

    def groups(self, user_id: str) -> tuple[Group, ...]:
        """Return the groups that a user is in."""

    def groups_named(self, text: str) -> tuple[Group, ...]:
        """Return the groups with this id or name, ignoring case; if there is none, some with similar names.

        It may be some minutes old.
        """

    def members_of(self, group: Group) -> frozenset[str]:
        """Return the ids of the users who are in a group now."""

    def directories(self) -> tuple[Directory, ...]:
        """Return every AD and LDAP instance of the org; it may be some minutes old."""

    def directory(self, app_id: str) -> Directory:
        """Read one directory; raise `Refused` if there is none, or if the app is not a directory."""

    def directory_users(self, directory: Directory, after: str | None = None) -> MemberPage:
        """Read one page of a directory's members, both copies side by side; the first page has no `after`.

        A directory may have very many members, so they are read page by page, and reading can stop and resume.
        """

    def agent_pools(self) -> tuple[AgentPool, ...]:
        """Return the directory agents' pools."""

    def support_cases(self) -> tuple[SupportCase, ...]:
        """Return the cases that people opened with Okta Support; Okta has no API to open one."""

    def organization(self) -> Organization:
        """Return the org's public data about itself."""


class SyncDriver(Protocol):
    """How Force Sync is started; with `by_hand`, a person presses the button and `start` is never called."""

    name: str
    by_hand: bool

    def check(self, directory: Directory) -> None:
        """Verify the credential by reading a directory, and start nothing; raise `Misconfigured` with what is wrong."""

    def start(self, directory: Directory, target_type_id: str) -> Receipt:
        """Start one Force Sync of all the directory's users of a type.

        Raises `Transient` if it was provably not started, `Uncertain` if the answer was lost.
        """
