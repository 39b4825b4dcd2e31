"""Runs and rides: a run's step wakes or drops its riders in the same transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from worker.store.database import Database, transaction
from worker.store.desks import write_act
from worker.store.documents import dump, load_case, load_run
from worker.store.leases import holds, next_due, when_due, woken
from worker.store.steps import UNDELIVERED, WAITED_FOR, wake_waiting, write_event
from worker.store.tables import case_users, cases, open_run, processes, rides, runs, writes
from workflows.model import Act, Case, Decision, Directory, OperatorAct, Ride, RideState, RunState, SyncRun
from workflows.ports import Lease, RunCommit, Standing

ONE = sa.select(runs).where(runs.c.id == sa.bindparam("of"))
STEPPED = runs.update().where(runs.c.id == sa.bindparam("of")).values(due_at=when_due(runs))
RIDE = sa.select(rides.c.state).where(rides.c.run_id == sa.bindparam("of"), rides.c.case_id == sa.bindparam("case"))


class RunRows:
    """The part of the store that keeps runs."""

    _database: Database

    @transaction
    def run(self, run_id: str) -> SyncRun | None:
        """Load a run."""
        with self._database.reading() as connection:
            row = connection.execute(ONE, {"of": run_id}).first()
        return load_run(row) if row else None

    @transaction
    def runs(self, *, open_only: bool = False, limit: int = 1000) -> tuple[SyncRun, ...]:
        """Return runs, newest first."""
        query = sa.select(runs).order_by(runs.c.opened_at.desc(), runs.c.id).limit(limit)
        if open_only:
            query = query.where(open_run)
        with self._database.reading() as connection:
            return tuple(load_run(row) for row in connection.execute(query))

    @transaction
    def standings(self, run_id: str | None = None) -> dict[str, Standing]:
        """Return what each open run, or this one, is waiting for."""
        lives = sa.case((runs.c.lease_holder.is_(None), runs.c.lease_until), else_=processes.c.until)
        query = (
            sa.select(runs.c.id, runs.c.due_at, runs.c.waiting, lives.label("leased_until"))
            .outerjoin(processes, processes.c.id == runs.c.lease_holder)
            .where(open_run if run_id is None else runs.c.id == run_id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.id: Standing(due_at=row.due_at, leased_until=row.leased_until, waiting=row.waiting) for row in rows}

    @transaction
    def starts(self, directory: Directory, since: datetime) -> tuple[datetime, ...]:
        """Return when runs of the directory started since then, oldest first."""
        ref = directory.ref
        of_directory = sa.and_(runs.c.org == ref.org, runs.c.app_id == ref.app_id, runs.c.started_at >= since)
        with self._database.reading() as connection:
            return tuple(
                connection.scalars(sa.select(runs.c.started_at).where(of_directory).order_by(runs.c.started_at))
            )

    @transaction
    def under_way(self, directory: Directory) -> tuple[SyncRun, ...]:
        """Return the directory's runs that are being started, or whose effect is looked for."""
        ref, pressed = directory.ref, [RunState.STARTING, RunState.STARTED]
        query = sa.select(runs).where(runs.c.org == ref.org, runs.c.app_id == ref.app_id, runs.c.state.in_(pressed))
        with self._database.reading() as connection:
            return tuple(load_run(row) for row in connection.execute(query))

    @transaction
    def rides(self, run_id: str) -> tuple[Ride, ...]:
        """Return every ride of a run."""
        query = sa.select(rides).where(rides.c.run_id == run_id).order_by(rides.c.case_id)
        with self._database.reading() as connection:
            return tuple(
                Ride(run_id=row.run_id, case_id=row.case_id, state=RideState(row.state))
                for row in connection.execute(query)
            )

    @transaction
    def ride(self, run_id: str, case_id: str) -> Ride | None:
        """Return a case's ride on a run."""
        with self._database.reading() as connection:
            state = connection.scalar(RIDE, {"of": run_id, "case": case_id})
        return Ride(run_id=run_id, case_id=case_id, state=RideState(state)) if state else None

    @transaction
    def awaiting(self, run_id: str) -> tuple[str, ...]:
        """Return the ids of the Okta users of the cases that still wait for a run's effect."""
        query = (
            sa.select(case_users.c.user_id)
            .join(rides, rides.c.case_id == case_users.c.case_id)
            .where(rides.c.run_id == run_id, rides.c.state == RideState.OPEN)
            .order_by(case_users.c.user_id)
        )
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    @transaction
    def rides_by_run(self) -> dict[str, int]:
        """Return the number of rides of each run that has any."""
        query = sa.select(rides.c.run_id, sa.func.count().label("number")).group_by(rides.c.run_id)
        with self._database.reading() as connection:
            return {row.run_id: row.number for row in connection.execute(query)}

    @transaction
    def riders(self, run_id: str, *, open_only: bool = False) -> tuple[Case, ...]:
        """Return the cases that ride a run; with `open_only`, those that still wait for its effect."""
        query = sa.select(cases).join(rides, rides.c.case_id == cases.c.id).where(rides.c.run_id == run_id)
        if open_only:
            query = query.where(rides.c.state == RideState.OPEN)
        with self._database.reading() as connection:
            return tuple(load_case(row) for row in connection.execute(query.order_by(cases.c.id)))

    @transaction
    def unclaimed(self, run_id: str, desks: Collection[str]) -> frozenset[str]:
        """Return the ids of a run's open riders on these desks whose claim, or another write, is not there yet."""
        query = (
            sa.select(rides.c.case_id)
            .join(writes, writes.c.case_id == rides.c.case_id)
            .join(cases, cases.c.id == rides.c.case_id)
            .where(cases.c.desk.in_(desks))
            .where(rides.c.run_id == run_id, rides.c.state == RideState.OPEN, writes.c.state.in_(UNDELIVERED))
        )
        with self._database.reading() as connection:
            return frozenset(connection.scalars(query))

    @transaction
    def helped(self, run_id: str, limit: int) -> tuple[Case, ...]:
        """Return up to `limit` cases for which the run's effect was seen."""
        seen = sa.and_(rides.c.run_id == run_id, rides.c.state == RideState.SEEN)
        query = sa.select(cases).join(rides, rides.c.case_id == cases.c.id).where(seen)
        with self._database.reading() as connection:
            return tuple(load_case(row) for row in connection.execute(query.order_by(cases.c.id).limit(limit)))

    @transaction
    def commit_run(self, lease: Lease, commit: RunCommit, now: datetime) -> bool:
        """Commit a run's step; False if the guard failed, or if another run of the directory is being started."""
        try:
            with self._database.writing() as connection:
                return _commit(connection, lease, commit, now)
        except sa.exc.IntegrityError:
            return False

    @transaction
    def decide(self, run_id: str, decision: Decision, now: datetime) -> bool:
        """Record a person's decision on a proposed run, which becomes due; False if it is not waiting for one."""
        with self._database.writing() as connection:
            row = connection.execute(sa.select(runs).where(runs.c.id == run_id).with_for_update()).first()
            if row is None or row.state != RunState.PROPOSED:
                return False
            before = load_run(row)
            if before.decision is not None:
                return False
            after = before.but(decision=decision)
            changed = runs.update().where(runs.c.id == run_id, runs.c.state == RunState.PROPOSED)
            values = {"doc": dump(after)} | woken(runs, now)
            if not connection.execute(changed.values(values)).rowcount:
                return False
            write_act(connection, _act(run_id, decision))
            return True


def _act(run_id: str, decision: Decision) -> OperatorAct:
    return OperatorAct(
        at=decision.at,
        act=Act.APPROVE if decision.approved else Act.REJECT,
        target=run_id,
        by=decision.by,
        user_id=decision.user_id,
        operator=decision.operator,
        why=decision.why,
    )


def _commit(connection: sa.Connection, lease: Lease, commit: RunCommit, now: datetime) -> bool:
    before, after = commit.before, commit.after
    found = holds(connection, lease, now)
    if found is None or found.state != before.state:
        return False
    values: dict[str, Any] = {"state": after.state, "started_at": after.started_at, "doc": dump(after), "waiting": ""}
    connection.execute(STEPPED, values | {"of": before.id} | next_due(lease, commit.due_at, now))
    if before.state != after.state:
        write_event(connection, "run", before.id, now, before.state, after.state, commit.because)
    open_rides = sa.select(rides.c.case_id).where(rides.c.run_id == before.id, rides.c.state == RideState.OPEN)
    due = set(commit.drop)
    if commit.wake_riders:
        due |= set(connection.scalars(open_rides))
    if commit.drop:
        dropped = rides.update().where(rides.c.run_id == before.id, rides.c.case_id.in_(commit.drop))
        connection.execute(dropped.values(state=RideState.DROPPED))
    if before.state != after.state and after.state in WAITED_FOR:
        wake_waiting(connection, before.id, now)
    if due:
        riders = cases.update().where(cases.c.id.in_(sorted(due)))
        connection.execute(riders.values(woken(cases, now)))
    return True
