"""The door to the store: what one step commits, and what the engine and the scheduler ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from workflows.model import (
    Case,
    Decision,
    Directory,
    Followup,
    JoinRequest,
    PlannedWrite,
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


class Standing(Value):
    """How something stands in line: when it is due, until when a process has it, what it waits for. Times are UTC.

    A `leased_until` that is over is that of a process that died: whoever ends well gives the lease back.
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
    """The right to prepare the one Support Case about these users: `besides` names the cases that had one before.

    Others count while they are open, or were handed over after `handed_over_after` (UTC).
    """

    org: str
    user_ids: tuple[str, ...]
    besides: tuple[str, ...]
    handed_over_after: datetime


class CaseCommit(Value):
    """One case's step, to be committed whole or not at all.

    Guarded by the lease's token and by `before.state`. `due_at` is when to look again, `None` for never. `writes` are
    stored as pending after those that are there. `because` tells the event. `ride` sets the state of the case's ride on
    `before.run_id`. `join` puts the case on a run: the run's id is put into `after.run_id` by the store. With `sole`,
    the guard fails too where another case about the same users has come to say that word in `said`.
    """

    before: Case
    after: Case
    due_at: datetime | None
    because: str
    writes: tuple[PlannedWrite, ...] = ()
    ride: RideState | None = None
    join: JoinRequest | None = None
    followups: tuple[Followup, ...] = ()
    sole: Sole | None = None


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


class Leases(Protocol):
    """Who works what, and what is due. Used by the engine and the scheduler."""

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

    def defer(self, lease: Lease, due_at: datetime | None, reason: str, now: datetime) -> None:
        """Look at this aggregate again at that time (`None`: never) without changing it; `reason` is for people."""

    def lead(self, holder: str, now: datetime, seconds: float) -> int | None:
        """Become or stay the one leading scheduler; returns the fencing number, `None` if another one leads."""


class Polls(Protocol):
    """The state of every desk's polling. Used by discovery."""

    def ensure_desk(self, name: str, now: datetime) -> None:
        """Make the row of a desk, due at once, if it is not there."""

    def poll_started(self, lease: Lease, now: datetime) -> None:
        """Note that a search of the desk begins."""

    def poll_done(self, lease: Lease, started_at: datetime | None, now: datetime, due_at: datetime) -> None:
        """Note when the next search is due, and that the one begun at `started_at` was complete (`None`: not)."""

    def polls(self) -> tuple[DeskPoll, ...]:
        """Return the state of every desk's polling."""


class Cases(Protocol):
    """Cases and the events of their transitions. Used by case steps, discovery and commands."""

    def known(self, desk: str, ticket_ids: Sequence[str]) -> dict[str, Case]:
        """Return the cases of these tickets, by ticket id."""

    def open_case(self, sighting: Sighting, now: datetime) -> Case | None:
        """Open a case in `received`, due at once; `None` if the ticket has one already."""

    def reopen(self, case: Case, stamp: str, now: datetime, why: Reason, because: str) -> bool:
        """Start the next round of an ended case from zero, its story aside; False if it is no longer as `case` says.

        `because` is the event's sentence for `why`.
        """

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

    def cases_about(self, org: str, user_ids: Sequence[str], handed_over_after: datetime) -> tuple[Case, ...]:
        """Return the cases about any of these users that are open, or were handed over after then."""

    def unjudged(self, opened_before: datetime) -> int:
        """Count the cases opened before then that are received or claimed, and whose subjects nobody has judged yet."""

    def events(self, kind: Kind, id: str) -> tuple[tuple[datetime, str, str, str], ...]:
        """Return (time, from, to, because) of every transition, oldest first."""


class Writes(Protocol):
    """The writes on tickets, stored before they are sent. Used by delivery."""

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


class Runs(Protocol):
    """Force Sync runs and their rides. Used by run steps and commands."""

    def run(self, run_id: str) -> SyncRun | None:
        """Load a run."""

    def runs(self, *, open_only: bool = False, limit: int = 1000) -> tuple[SyncRun, ...]:
        """Return the newest runs first."""

    def last_started(self, directory: Directory) -> datetime | None:
        """Return when a run of the directory last started (UTC)."""

    def rides(self, run_id: str) -> tuple[Ride, ...]:
        """Return every ride of a run."""

    def riders(self, run_id: str, *, open_only: bool = False) -> tuple[Case, ...]:
        """Return the cases that ride a run; with `open_only`, those that still wait for its effect."""

    def helped(self, run_id: str, limit: int) -> tuple[Case, ...]:
        """Return up to `limit` cases for which an effect of the run was seen."""

    def commit_run(self, lease: Lease, commit: RunCommit, now: datetime) -> bool:
        """Commit a run's step; False if the guard failed."""

    def decide(self, run_id: str, decision: Decision, now: datetime) -> bool:
        """Note a person's decision on a proposed run, which becomes due; False if it waits for none (any more)."""

    def rides_by_run(self) -> dict[str, int]:
        """Return how many rides every run has that has any."""

    def standings(self, run_id: str | None = None) -> dict[str, Standing]:
        """Return how every open run, or this one, stands in line."""


class Followups(Protocol):
    """What is looked at after the end."""

    def followup(self, followup_id: str) -> Followup | None:
        """Load a followup."""

    def commit_followup(
        self, lease: Lease, followup: Followup, due_at: datetime | None, writes: tuple[PlannedWrite, ...], now: datetime
    ) -> bool:
        """Store a followup's state and any writes on its case (which becomes due); False if the lease has been lost."""

    def not_durable(self) -> set[tuple[str, int]]:
        """Return the cases, each with its round, whose resolved values a later look found changed."""


class Stops(Protocol):
    """What must not be called or started now: paused systems, switches, and patience that a product asked for."""

    def pause(self, stop: Stop) -> bool:
        """Store a stop, in place of one of the same kind and name; True if there was none, so that it is said once."""

    def paused(self, kind: StopKind, name: str, now: datetime) -> Stop | None:
        """Return a stop that holds now."""

    def resume(self, kind: StopKind, name: str) -> None:
        """Lift a stop."""

    def switches(self, now: datetime) -> list[Stop]:
        """Return every switch that is off, the general one first."""

    def hold(self, system: str, until: datetime, reason: str) -> None:
        """Note that a system asked for patience until then, unless it asked for more before."""

    def held(self, system: str, now: datetime, *, though_paused: bool = False) -> Stop | None:
        """Return what keeps a system from being called now: it is paused (if that counts), or asked for patience."""


class CaseStore(Leases, Polls, Cases, Writes, Runs, Followups, Stops, Protocol):
    """The truth, whole. Every method is one transaction."""
