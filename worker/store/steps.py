"""Commits a case's step: state, writes, event, ride and followups, together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from worker.store.database import Raced
from worker.store.documents import dump
from worker.store.joining import RODE, join, note_press, run_kind
from worker.store.leases import NO_LEASE, holds, next_due, when_due, woken
from worker.store.processes import AT
from worker.store.tables import cases, events, followups, open_run, rides, runs, writes
from worker.store.users import has_support_case, note_users
from workflows.model import ENDS, KEEP, RUN_ENDS, Case, Followup, PlannedWrite, RideState, RunState, WriteState
from workflows.ports import CaseCommit, Joined, Kind, Lease

WAITED_FOR = RUN_ENDS | {RunState.GATHERING}  # states of a run in which a case need not wait for it any more
UNDELIVERED = (WriteState.PENDING, WriteState.SENT)

# Statements of every step are built once: to build one takes longer than to run it.
_this = cases.update().where(cases.c.id == sa.bindparam("of"))
_STEP = ("round", "state", "opened_at", "ended_at", "doc", "waiting", "waits_for", "wants")
_later = sa.case((cases.c.known < sa.bindparam("seen"), sa.bindparam("seen")), else_=cases.c.known)
STEPPED = _this.values({name: sa.bindparam(name) for name in _STEP} | {"known": _later, "due_at": when_due(cases)})
RELEASED = STEPPED.values(NO_LEASE)
WAKE_WAITING = (
    cases.update().where(cases.c.waits_for == sa.bindparam("ended")).values(woken(cases, AT) | {"waits_for": None})
)
WOKEN = _this.values(woken(cases, AT))
_open_ride = sa.exists().where(rides.c.run_id == sa.bindparam("of"), rides.c.state == RideState.OPEN)
WAKE_RUN = runs.update().where(runs.c.id == sa.bindparam("of"), open_run, ~_open_ride).values(woken(runs, AT))
EVENT = events.insert()
PLANNED = writes.insert()
FOLLOW_UP = followups.insert()
LAST_WRITE = sa.select(sa.func.max(writes.c.seq)).where(writes.c.case_id == sa.bindparam("of"))
ANY_UNDELIVERED = (
    sa.select(writes.c.key).where(writes.c.case_id == sa.bindparam("of"), writes.c.state.in_(UNDELIVERED)).limit(1)
)


class LostGuard(Exception):  # noqa: N818  # it names the fact
    """What the step relied on no longer holds (lease, state, sole case); the transaction is rolled back."""


def commit_step(connection: sa.Connection, lease: Lease, commit: CaseCommit, now: datetime) -> Joined:
    """Write what a case's step decided. Raises `LostGuard`, `Blocked` or `Raced`; nothing is committed then."""
    before, after, joined = commit.before, commit.after, Joined()
    found = holds(connection, lease, now)
    if found is None or (found.state, found.round) != (before.state, before.round):
        raise LostGuard
    if commit.sole is not None and has_support_case(connection, commit.sole, before.id):
        raise LostGuard
    if commit.ride is not None and before.run_id:
        connection.execute(RODE, {"run": before.run_id, "of": before.id, "state": commit.ride})
        connection.execute(WAKE_RUN, {"of": before.run_id, "at": now})  # if no ride is open on it any more
    if commit.join is not None:
        run_id = join(connection, commit.join, before.id, now)
        after, joined = after.but(run_id=run_id), Joined(run_id=run_id)
    if commit.press is not None and before.run_id:
        note_press(connection, before.run_id, commit.press, now)
    add_writes(connection, before.id, commit.writes, now)
    undelivered = after.ended and connection.scalar(ANY_UNDELIVERED, {"of": before.id}) is not None
    due_at = now if undelivered else commit.due_at
    over = commit.waits_for and _is_over(connection, commit.waits_for)
    moved = (after.state, after.closing, after.said) != (before.state, before.closing, before.said)
    values = columns_of(after) | {"waiting": commit.waiting if moved else commit.because, "waits_for": commit.waits_for}
    values |= {"seen": after.known, "of": before.id} | next_due(lease, due_at, now)
    connection.execute(RELEASED if commit.releases else STEPPED, values)  # still ours, by `holds`
    if over:
        connection.execute(WOKEN, {"of": before.id, "at": now})  # a later `defer` of this lease delays nothing
    if after.ended and not before.ended:
        wake_waiting(connection, before.id, now)
    note_users(connection, before, after)
    if moved:
        write_event(connection, "case", before.id, now, before.state, after.state, commit.because)
    for followup in commit.followups:
        _add_followup(connection, followup)
    return joined


def _add_followup(connection: sa.Connection, followup: Followup) -> None:
    """Add a follow-up, unless another case has added the same one."""
    row = {"id": followup.id, "case_id": followup.case_id, "state": followup.state, "due_at": followup.due_at}
    if connection.execute(sa.select(followups.c.id).where(followups.c.id == followup.id)).first():
        return
    try:
        connection.execute(FOLLOW_UP, row | {"doc": dump(followup)})
    except sa.exc.IntegrityError as error:
        raise Raced from error


def wake_waiting(connection: sa.Connection, id: str, now: datetime) -> None:
    """Make the cases due that wait for this run or case."""
    connection.execute(WAKE_WAITING, {"ended": id, "at": now})


def _is_over(connection: sa.Connection, id: str) -> bool:
    """Return whether what a case is about to wait for is over: a run that gathers again or ended, or an ended case."""
    run = sa.select(runs.c.id).where(runs.c.id == id, runs.c.state.in_(sorted(WAITED_FOR)))
    case = sa.select(cases.c.id).where(cases.c.id == id, cases.c.state.in_(sorted(ENDS)))
    return connection.scalar(run) is not None or connection.scalar(case) is not None


def write_event(
    connection: sa.Connection, kind: Kind, id: str, at: datetime, source: str, target: str, because: str
) -> None:
    """Add the event row of one transition of a case or a run."""
    row = {"kind": kind, "aggregate_id": id, "at": at, "from_state": source, "to_state": target, "because": because}
    connection.execute(EVENT, row)


def add_writes(connection: sa.Connection, case_id: str, planned: Sequence[PlannedWrite], now: datetime) -> None:
    """Store writes, pending unless they are only kept, after the case's existing ones."""
    if not planned:
        return
    highest = connection.scalar(LAST_WRITE, {"of": case_id})
    first = 0 if highest is None else highest + 1
    rows = [
        {
            "key": write.key,
            "case_id": case_id,
            "seq": first + place,
            "operation": write.operation,
            "payload": write.payload,
            "content": write.content,
            "state": WriteState.KEPT if write.operation == KEEP else WriteState.PENDING,
            "updated_at": now,
        }
        for place, write in enumerate(planned)
    ]
    connection.execute(PLANNED, rows)


def columns_of(case: Case) -> dict[str, Any]:
    """Return the columns that follow from a case's own value."""
    columns = {"round": case.round, "state": case.state, "opened_at": case.opened_at, "ended_at": case.ended_at}
    return columns | {"doc": dump(case), "wants": run_kind(*case.wants) if case.wants else None}
