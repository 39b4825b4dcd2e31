"""The port to the store: what one step commits, and what the core needs from it. The worker's store tells more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from workflows.model import (
    Case,
    CaseState,
    Decision,
    Directory,
    DirectoryRef,
    Followup,
    JoinRequest,
    OperatorAct,
    PlannedWrite,
    Press,
    Reason,
    Receipt,
    Ride,
    RideState,
    Sighting,
    Stop,
    StopKind,
    SyncRun,
    Value,
    Write,
)

Kind = Literal["desk", "case", "run", "followup"]


class Lease(Value):
    """The right to work one aggregate until `until` (UTC); `token` is random, so a late owner is detected.

    `wakes` counts how often an event had made it due before: one that comes during the work is told by that, and makes
    it due at once, whatever the work ends with.
    """

    kind: Kind
    id: str
    token: str
    until: datetime
    wakes: int = 0


class DeskPoll(Value):
    """When a desk was last searched to the end. Times are UTC; `None` if it never was."""

    name: str
    last_started_at: datetime | None = None
    last_completed_at: datetime | None = None


class SeenBefore(NamedTuple):
    """The case of a ticket that a search finds: its id and state, and the ticket's stamp when it was last found.

    `known` is the stamp when the case last saw or wrote its ticket.
    """

    case_id: str
    stamp: str
    state: CaseState
    known: str = ""


class Standing(Value):
    """The queue entry of an aggregate: when it is due, until when it is leased, what it waits for. Times are UTC.

    `leased_until` is when the process that has it counts as dead unless it shows that it lives. In the past, it belongs
    to one that died: any other releases its lease.
    """

    due_at: datetime | None = None
    leased_until: datetime | None = None
    waiting: str = ""


class Joined(Value):
    """The answer to a join: the run that the case now rides, or the open run that must end first."""

    run_id: str | None = None
    blocked_by: str | None = None
    blocked_until: datetime | None = None


class Sole(Value):
    """The right to prepare the one Support Case about these users: `besides` names the cases that already had one.

    Other cases count while they are open, or if they were handed over after `handed_over_after` (UTC).
    """

    org: str
    user_ids: tuple[str, ...]
    besides: tuple[str, ...]
    handed_over_after: datetime


class CaseCommit(Value):
    """One case's step, to be committed whole or not at all.

    Guarded by the lease's token and by `before.state`. `due_at` is when the case is due again, `None` for never.
    `waits_for` is the run or the case whose end makes it due before that. `releases`: the lease ends with the commit.
    `writes` are stored as pending, after the existing ones. `because` is the event's text, `waiting` says what a case
    in a new state waits for. `ride` sets the state of the case's ride on `before.run_id`, whose run becomes due when
    its last open ride is over. `join` puts the case on a run, whose id the store writes to `after.run_id`. With `sole`,
    the guard also fails if another case about the same users has got a Support Case in the meantime. `press` is noted
    on `before.run_id`, if that waits for one and has none yet, and makes it due.
    """

    before: Case
    after: Case
    due_at: datetime | None
    because: str
    waiting: str = ""
    waits_for: str | None = None
    releases: bool = False
    writes: tuple[PlannedWrite, ...] = ()
    ride: RideState | None = None
    join: JoinRequest | None = None
    press: Press | None = None
    followups: tuple[Followup, ...] = ()
    sole: Sole | None = None


class RunCommit(Value):
    """One run's step, to be committed whole or not at all; riders still open become due at once if `wake_riders`.

    `drop` names the cases whose rides are dropped; they become due at once too. So do those that wait for this run,
    when it gathers again or ends.
    """

    before: SyncRun
    after: SyncRun
    due_at: datetime | None
    because: str
    drop: tuple[str, ...] = ()
    wake_riders: bool = False


class Leases(Protocol):
    """Which worker has what, and what is due. Used by the engine and the scheduler.

    What a process leases or wakes is free at once when the store takes the process for dead.
    """

    def now(self) -> datetime:
        """Return the time (UTC) of the store's own clock, the same for every process."""

    def due(self, now: datetime, limit: int) -> list[tuple[Kind, str]]:
        """Return what is due and neither leased nor just woken, oldest first, and record that it was woken.

        A case with undelivered writes is due even if it has ended.
        """

    def lease(self, kind: Kind, id: str, now: datetime, seconds: float, *, only_due: bool = False) -> Lease | None:
        """Take the lease if nobody holds it and the aggregate exists; with `only_due`, only if it is due as well."""

    def extend(self, lease: Lease, now: datetime, seconds: float) -> Lease | None:
        """Extend a lease that is still ours; `None` if it was lost."""

    def release(self, lease: Lease) -> None:
        """Release the lease; do nothing if it was lost, or has ended with a commit or `defer`."""

    def defer(self, lease: Lease, due_at: datetime | None, reason: str, now: datetime) -> None:
        """Make this aggregate due at that time (`None`: never) without changing it, and release the lease.

        `reason` is for people.
        """


class Polls(Protocol):
    """The state of every desk's polling. Used by discovery."""

    def ensure_desk(self, name: str, now: datetime) -> None:
        """Create a desk's row, due at once, if it does not exist."""

    def poll_started(self, lease: Lease, now: datetime) -> None:
        """Record that a search of the desk begins."""

    def poll_done(self, lease: Lease, started_at: datetime | None, now: datetime, due_at: datetime) -> None:
        """Record when the next search is due, and that the one begun at `started_at` was complete (`None`: not)."""

    def polls(self) -> tuple[DeskPoll, ...]:
        """Return the state of every desk's polling."""


class Cases(Protocol):
    """Cases and the events of their transitions. Used by case steps and discovery."""

    def seen_before(self, desk: str, ticket_ids: Sequence[str]) -> dict[str, SeenBefore]:
        """Return what is known of those of these tickets that have a case, by ticket id."""

    def open_case(self, sighting: Sighting, now: datetime) -> Case | None:
        """Open a case in `received`, due at once; `None` if the ticket already has one."""

    def open_cases(self, desk: str, sightings: Sequence[Sighting], now: datetime) -> tuple[Case, ...]:
        """Open a case, as `open_case` does, for each of a desk's tickets that has none."""

    def reopen(self, case: Case, stamp: str, now: datetime, why: Reason, because: str) -> bool:
        """Start the next round of an ended case, keeping only its story; False if it changed since `case` was read.

        `because` is the event's text for `why`.
        """

    def note_stamp(self, case: Case, stamp: str, now: datetime, *, wake: bool) -> None:
        """Store the ticket's stamp as a search shows it; with `wake`, make an open case due at once."""

    def note_stamps(self, found: Sequence[tuple[SeenBefore, str]]) -> None:
        """Store these tickets' stamps as a search shows them, each unless another was stored since `seen_before`."""

    def note_missing(self, desk: str, seen: Collection[str], begun: datetime, now: datetime) -> int:
        """Make the desk's open cases due that a complete search did not show, once for each time; return how many.

        `seen` are the ids of the tickets in the search, which began at `begun`. Absence proves nothing: the case looks,
        unless it has not seen its ticket yet, and does so anyway.
        An ended case only has its stamp forgotten, so that a ticket that comes back is looked at.
        """

    def case(self, case_id: str) -> Case | None:
        """Load a case."""

    def case_with_writes(self, case_id: str) -> tuple[Case, tuple[Write, ...]] | None:
        """Load a case and its writes, in order, as they were at one moment."""

    def commit_case(self, lease: Lease, commit: CaseCommit, now: datetime) -> Joined | None:
        """Commit a case's step; `None` if the guard failed.

        If the join is refused, nothing is committed and the result says why.
        """

    def cases_about(
        self, org: str, user_ids: Sequence[str], handed_over_after: datetime, *, besides: str
    ) -> tuple[Case, ...]:
        """Return the other cases about any of these users that are open, or were handed over after that time."""

    def of_cause(self, cause: str, since: datetime, limit: int) -> tuple[Case, ...]:
        """Return the newest cases that are closing for this cause or ended for it since then (UTC), at most so many."""

    def wanting(self, directory: DirectoryRef, type_id: str) -> tuple[Case, ...]:
        """Return the cases that wait for a user's page and would else join the run of this directory and user type.

        Whoever joins such a run makes them due.
        """

    def unjudged(self, desks: Collection[str], opened_before: datetime) -> int:
        """Count these desks' received and claimed cases opened before then (UTC) that have not been judged yet."""

    def open_on(self, desk: str) -> int:
        """Count the open cases of a desk."""

    def troubled(self, what: str, ended_after: datetime, *, besides: str) -> int:
        """Count the other cases that meet this trouble, open or ended after then (UTC)."""

    def filed_before(self, case: Case, since: datetime) -> int:
        """Count the other cases of the case's requester, on the same desk, opened since then (UTC) and before it."""


class Writes(Protocol):
    """The writes on tickets, stored before they are sent. Used by delivery."""

    def writes(self, case_id: str, *, open_only: bool = False) -> tuple[Write, ...]:
        """Return a case's writes in order."""

    def write_sent(self, lease: Lease, key: str, now: datetime) -> bool:
        """Mark a write as about to be sent, with the store's time, and count it; False if the lease was lost."""

    def write_unsent(self, lease: Lease, key: str, now: datetime) -> None:
        """Mark a sent write as pending again: provably nothing happened in the product."""

    def write_delivered(self, lease: Lease, key: str, receipt: Receipt, now: datetime) -> bool:
        """Mark a write as delivered, and its receipt's stamp as known; False if the lease was lost.

        A case that waits for a reply does not take the stamp: the reply may be older than it.
        """

    def write_refused(self, lease: Lease, key: str, reason: str, now: datetime) -> None:
        """Mark a write as refused, and with it the case's later writes that were never sent."""


class Runs(Protocol):
    """Force Sync runs and their rides. Used by run steps and commands."""

    def run(self, run_id: str) -> SyncRun | None:
        """Load a run."""

    def runs(self, *, open_only: bool = False, limit: int = 1000) -> tuple[SyncRun, ...]:
        """Return the newest runs first."""

    def starts(self, directory: Directory, since: datetime) -> tuple[datetime, ...]:
        """Return when runs of the directory started since then (UTC), oldest first."""

    def under_way(self, directory: Directory) -> tuple[SyncRun, ...]:
        """Return the directory's runs that are being started, or whose effect is looked for."""

    def rides(self, run_id: str) -> tuple[Ride, ...]:
        """Return every ride of a run."""

    def ride(self, run_id: str, case_id: str) -> Ride | None:
        """Return a case's ride on a run."""

    def awaiting(self, run_id: str) -> tuple[str, ...]:
        """Return the ids of the Okta users of the cases that still wait for a run's effect."""

    def riders(self, run_id: str, *, open_only: bool = False) -> tuple[Case, ...]:
        """Return the cases that ride a run; with `open_only`, only those that still wait for its effect."""

    def unclaimed(self, run_id: str, desks: Collection[str]) -> frozenset[str]:
        """Return the ids of a run's open riders on these desks whose claim, or another write, is not there yet."""

    def helped(self, run_id: str, limit: int) -> tuple[Case, ...]:
        """Return up to `limit` cases for which an effect of the run was seen."""

    def commit_run(self, lease: Lease, commit: RunCommit, now: datetime) -> bool:
        """Commit a run's step; False if the guard failed, or if another run of the directory is being started."""

    def decide(self, run_id: str, decision: Decision, now: datetime) -> bool:
        """Record a person's decision on a proposed run, which becomes due, and their act for the audit.

        False if the run waits for no decision (any more).
        """


class Followups(Protocol):
    """The follow-ups of ended cases."""

    def followup(self, followup_id: str) -> Followup | None:
        """Load a followup."""

    def commit_followup(
        self, lease: Lease, followup: Followup, due_at: datetime | None, writes: tuple[PlannedWrite, ...], now: datetime
    ) -> bool:
        """Store a followup's state and any writes on its case (which becomes due); False if the lease was lost."""


class Stops(Protocol):
    """What must not be called or started now: paused systems, switches, and products that asked us to back off."""

    def pause(self, stop: Stop, act: OperatorAct | None = None) -> bool:
        """Store a stop, replacing one of the same kind and name; True if there was none, so it is reported once.

        One that was over before this one's `since` counts as none. `act` is the person's act behind it, for the audit.
        """

    def paused(self, kind: StopKind, name: str, now: datetime) -> Stop | None:
        """Return the stop that applies now, if any."""

    def switches(self, now: datetime) -> Sequence[Stop]:
        """Return every switch that is off, the general one first."""

    def resume(self, kind: StopKind, name: str, act: OperatorAct | None = None) -> None:
        """Lift a stop; `act` is the person's act behind it, for the audit."""

    def acts(self) -> tuple[OperatorAct, ...]:
        """Return every pause, resumption and decision of a person, newest first."""


class CaseStore(Leases, Polls, Cases, Writes, Runs, Followups, Stops, Protocol):
    """The whole store: the one source of truth. Every method is one transaction."""
