"""The only doors out of the core: what it needs from desks, Okta, the store and the clock.

Every call may raise the errors of `workflows.errors`; what a port promises beyond that stands with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from workflows.model import (
    AgentPool,
    AppAttribute,
    AppUser,
    AttributeRule,
    Case,
    Decision,
    Directory,
    Followup,
    Group,
    Intent,
    JoinRequest,
    LogEvent,
    LogReading,
    Member,
    MemberPage,
    OktaUser,
    Organization,
    PlannedWrite,
    ProfileMapping,
    Receipt,
    Ride,
    RideState,
    Sighting,
    SupportCase,
    SyncRun,
    Ticket,
    TicketRef,
    Value,
    Write,
)

Kind = Literal["desk", "case", "run", "followup"]


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Return the present time, in UTC, with its zone."""


class Copies(NamedTuple):
    """How often a write stands there beyond the first time, and how many of these were removed."""

    found: int = 0
    removed: int = 0


class TicketDesk(Protocol):
    """A ticket system as the workflow sees it."""

    name: str

    def check(self) -> None:
        """Prove the credential and the settings against the product; `Misconfigured` says what is wrong."""

    def tagged(self) -> Iterator[Sighting]:
        """Yield every open ticket that carries the tag, paged to the end.

        A page that fails raises; a search that ended without an error is complete as far as the product's index is.
        """

    def read(self, ref: TicketRef) -> Ticket:
        """Read one ticket afresh, past any search index. `Refused` where it is gone or hidden from us."""

    def plan(self, ticket: Ticket, intent: Intent) -> tuple[PlannedWrite, ...]:
        """Render an intent as the calls this product needs, in order; no I/O, same answer for the same input.

        A note and its state change are one write where the product allows it. What already holds needs no write.
        """

    def find(self, ref: TicketRef, write: PlannedWrite) -> Receipt | None:
        """Look on the far side for a write that may have been made; `None` where it is certainly not there."""

    def deliver(self, ref: TicketRef, write: PlannedWrite) -> Receipt:
        """Make one write and verify its echo.

        `Uncertain` where the answer was lost, `Refused` where the product said no or the echo differs; never repeats
        a write by itself.
        """

    def take_back_copies(self, ref: TicketRef, write: PlannedWrite) -> Copies:
        """Find what stands there more than once of a write, and remove all but the oldest where the product allows it.

        Two workers may do so at the same time: both keep the same one.
        """


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

    def mapping(self, directory: Directory, type_id: str, *, fresh: bool = False) -> ProfileMapping | None:
        """Return the directory's To-Okta mapping onto that user type; it may be some minutes old unless `fresh`."""

    def attribute_rules(self, user: OktaUser, *, fresh: bool = False) -> tuple[AttributeRule, ...]:
        """Tell from the schema of the user's type who may write each attribute, and which values it takes.

        It may be some minutes old.
        """

    def app_schema(self, directory: Directory) -> tuple[AppAttribute, ...]:
        """Read which variables the directory's copies have, and what AD or LDAP calls them."""

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

    def directories(self) -> tuple[Directory, ...]:
        """Return every AD and LDAP instance of the org."""

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

    def start(self, directory: Directory, target_type_id: str) -> Receipt:
        """Start one Force Sync of the whole directory.

        `Transient` where it was provably not started, `Uncertain` where the answer was lost.
        """


class Lease(Value):
    """The right to work one aggregate until `until` (UTC); `token` is random, so a late owner is found out."""

    kind: Kind
    id: str
    token: str
    until: datetime


class DeskPoll(Value):
    """When a desk was last searched to the end. Times are UTC; `None` where it never was."""

    name: str
    last_started_at: datetime | None = None
    last_completed_at: datetime | None = None


class Joined(Value):
    """The answer to a join: the run that the case now rides, or the open run that must end first."""

    run_id: str | None = None
    blocked_by: str | None = None
    blocked_until: datetime | None = None


class CaseCommit(Value):
    """One case's step, to be committed whole or not at all.

    Guarded by the lease's token and by `before.state`. `due_at` is when to look again, `None` for never. `writes` are
    stored as pending after those that are there. `because` tells the event. `ride` sets the state of the case's ride on
    `before.run_id`. `join` puts the case on a run: the run's id is put into `after.run_id` by the store.
    """

    before: Case
    after: Case
    due_at: datetime | None
    because: str
    writes: tuple[PlannedWrite, ...] = ()
    ride: RideState | None = None
    join: JoinRequest | None = None
    followups: tuple[Followup, ...] = ()


class RunCommit(Value):
    """One run's step, to be committed whole or not at all; riders still open become due at once if `wake_riders`.

    `drop` names the cases whose rides are dropped; they become due at once too.
    """

    before: SyncRun
    after: SyncRun
    due_at: datetime | None
    because: str
    drop: tuple[str, ...] = ()
    wake_riders: bool = False


class CaseStore(Protocol):
    """The truth: cases, runs, rides, writes, events, followups and leases. Every method is one transaction."""

    # what is due

    def due(self, now: datetime, limit: int) -> list[tuple[Kind, str]]:
        """Return what is due and neither leased nor woken in the last seconds, oldest first, and note the waking.

        A case with undelivered writes is due although it has ended.
        """

    def next_due(self) -> datetime | None:
        """Return when the next thing becomes due (in the past if something is), `None` if nothing ever will."""

    def lease(self, kind: Kind, id: str, now: datetime, seconds: float, *, only_due: bool = False) -> Lease | None:
        """Take the lease if nobody holds it and the aggregate exists; with `only_due`, if its time has come too."""

    def extend(self, lease: Lease, now: datetime, seconds: float) -> Lease | None:
        """Prolong a lease that is still ours, `None` if it has been lost."""

    def release(self, lease: Lease) -> None:
        """Give the lease back; quietly nothing if it has been lost."""

    # desks

    def ensure_desk(self, name: str, now: datetime) -> None:
        """Make the row of a desk, due at once, if it is not there."""

    def poll_started(self, lease: Lease, now: datetime) -> None:
        """Note that a search of the desk begins."""

    def poll_done(self, lease: Lease, started_at: datetime | None, now: datetime, due_at: datetime) -> None:
        """Note when the next search is due, and that the one begun at `started_at` was complete (`None`: not)."""

    def polls(self) -> tuple[DeskPoll, ...]:
        """Return the state of every desk's polling."""

    # cases

    def known(self, desk: str, ticket_ids: Sequence[str]) -> dict[str, Case]:
        """Return the cases of these tickets, by ticket id."""

    def open_case(self, sighting: Sighting, now: datetime) -> Case | None:
        """Open a case in `received`, due at once; `None` if the ticket has one already."""

    def reopen(self, case: Case, stamp: str, now: datetime, because: str) -> bool:
        """Start the next round of an ended case from zero, its story aside; False if it is no longer as `case` says."""

    def note_stamp(self, case: Case, stamp: str, now: datetime) -> None:
        """Remember the ticket's stamp as seen, and make an open case due at once."""

    def case(self, case_id: str) -> Case | None:
        """Load a case."""

    def cases(self, *, open_only: bool = False, limit: int = 1000) -> tuple[Case, ...]:
        """Return the newest cases first."""

    def find_case(self, text: str) -> Case | None:
        """Return the case with this id, ticket key or ticket id."""

    def commit_case(self, lease: Lease, commit: CaseCommit, now: datetime) -> Joined | None:
        """Commit a case's step; `None` if the guard failed.

        With `join` refused, nothing is committed and the answer says why.
        """

    def unjudged(self, opened_before: datetime) -> int:
        """Count the cases opened before then that are still received or claimed."""

    def events(self, kind: Kind, id: str) -> tuple[tuple[datetime, str, str, str], ...]:
        """Return (time, from, to, because) of every transition, oldest first."""

    # writes

    def writes(self, case_id: str, *, open_only: bool = False) -> tuple[Write, ...]:
        """Return a case's writes in order."""

    def write_sent(self, lease: Lease, key: str, now: datetime) -> bool:
        """Mark a write as about to be sent; False if the lease has been lost."""

    def write_unsent(self, lease: Lease, key: str, now: datetime) -> None:
        """Mark a sent write as pending again: the far side proved that nothing happened."""

    def write_delivered(self, lease: Lease, key: str, receipt: Receipt, now: datetime) -> bool:
        """Mark a write as made; False if the lease has been lost."""

    def write_refused(self, lease: Lease, key: str, reason: str, now: datetime) -> None:
        """Mark a write as refused, and those of the case behind it that were never sent."""

    # runs

    def run(self, run_id: str) -> SyncRun | None:
        """Load a run."""

    def runs(self, *, open_only: bool = False, limit: int = 1000) -> tuple[SyncRun, ...]:
        """Return the newest runs first."""

    def last_started(self, directory: Directory) -> datetime | None:
        """Return when a run of the directory last started (UTC)."""

    def rides(self, run_id: str) -> tuple[Ride, ...]:
        """Return every ride of a run."""

    def commit_run(self, lease: Lease, commit: RunCommit, now: datetime) -> bool:
        """Commit a run's step; False if the guard failed."""

    def decide(self, run_id: str, decision: Decision, now: datetime) -> bool:
        """Note a person's decision on a proposed run, which becomes due; False if it waits for none (any more)."""

    # followups

    def followup(self, followup_id: str) -> Followup | None:
        """Load a followup."""

    def commit_followup(
        self, lease: Lease, followup: Followup, due_at: datetime | None, writes: tuple[PlannedWrite, ...], now: datetime
    ) -> bool:
        """Store a followup's state and any writes on its case (which becomes due); False if the lease has been lost."""

    # systems

    def pause(self, system: str, until: datetime, reason: str) -> bool:
        """Pause a system until then; True if it was not paused before, so that it is said once."""

    def paused(self, system: str, now: datetime) -> tuple[datetime, str] | None:
        """Return until when and why a system is paused, `None` if it is not."""

    def resume(self, system: str) -> None:
        """Take the pause off."""

    def defer(self, lease: Lease, due_at: datetime | None, reason: str, now: datetime) -> None:
        """Look at this aggregate again at that time (`None`: never) without changing it; `reason` is for people."""
