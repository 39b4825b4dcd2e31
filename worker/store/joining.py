"""Joins a case to the gathering run of its directory and user type, or to a new one.

A run of both that no longer gathers must end first.
"""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from worker.store.database import Raced
from worker.store.documents import dump, load_run
from worker.store.leases import woken
from worker.store.processes import AT
from worker.store.tables import cases, open_run, rides, runs
from workflows.model import DirectoryRef, JoinRequest, Press, RideState, RunState, SyncRun
from workflows.ports import Joined

STILL_OPEN = (
    sa.select(runs)
    .where(runs.c.org == sa.bindparam("org"), runs.c.app_id == sa.bindparam("app"))
    .where(runs.c.type_id == sa.bindparam("type"), runs.c.assisted == sa.bindparam("by_a_person"), open_run)
    .with_for_update(key_share=True)
)
RODE = (
    rides.update()
    .where(rides.c.run_id == sa.bindparam("run"), rides.c.case_id == sa.bindparam("of"))
    .values(state=sa.bindparam("state"))
)
WAKE_WANTING = (
    cases.update()
    .where(cases.c.wants == sa.bindparam("kind"), cases.c.id != sa.bindparam("of"))
    .values(woken(cases, AT))
)


class Blocked(Exception):  # noqa: N818  # it names the fact
    """The open run of the kind no longer gathers; `answer` names it, and the transaction is rolled back."""

    def __init__(self, answer: Joined) -> None:
        super().__init__(answer.blocked_by)
        self.answer = answer


def run_kind(directory: DirectoryRef, type_id: str) -> str:
    """Return the key of the runs of a directory and user type."""
    return f"{directory.org} {directory.app_id} {type_id}"


def join(connection: sa.Connection, request: JoinRequest, case_id: str, now: datetime) -> str:
    """Insert the ride (and the run, if there is none) and return the run's id; raises `Blocked`.

    Cases that would join it if they did not wait for a user's page are made due. The open run's row is locked, so that
    it keeps gathering until this transaction ends. If two cases open a run of the same kind at the same moment, the
    unique index refuses one (`Raced`), which tries again and joins the other's.
    """
    ref = request.directory.ref
    kind = {"org": ref.org, "app": ref.app_id, "type": request.target_type_id, "by_a_person": request.assisted}
    row = connection.execute(STILL_OPEN, kind).first()
    joinable = {RunState.GATHERING, RunState.REQUESTED} if request.assisted else {RunState.GATHERING}
    if row is not None and row.state not in joinable:
        until = load_run(row).deadline if row.state != RunState.STARTING else None  # it may gather again at once
        raise Blocked(Joined(blocked_by=row.id, blocked_until=until))
    run_id = row.id if row is not None else _open(connection, request, now)
    if not request.assisted:
        wanted = {"kind": run_kind(ref, request.target_type_id), "of": case_id, "at": now}
        connection.execute(WAKE_WANTING, wanted)
    ride = {"run_id": run_id, "case_id": case_id, "state": RideState.OPEN}
    if not connection.execute(RODE, {"run": run_id, "of": case_id, "state": RideState.OPEN}).rowcount:
        connection.execute(rides.insert(), ride)
    return run_id


def _open(connection: sa.Connection, request: JoinRequest, now: datetime) -> str:
    run = SyncRun(id=secrets.token_hex(6), opened_at=now, **dict(request))
    row = {"org": run.directory.ref.org, "app_id": run.directory.ref.app_id, "type_id": run.target_type_id}
    times = {"opened_at": now, "due_at": run.gather_until}
    try:
        connection.execute(
            runs.insert().values(id=run.id, state=run.state, assisted=run.assisted, doc=dump(run), **row, **times)
        )
    except sa.exc.IntegrityError as error:
        raise Raced from error
    return run.id


def note_press(connection: sa.Connection, run_id: str, press: Press, now: datetime) -> None:
    """Record a person's word that they pressed Force Sync, once, on a run that waits for it; the run becomes due."""
    row = connection.execute(sa.select(runs).where(runs.c.id == run_id).with_for_update()).first()
    run = load_run(row) if row is not None else None
    if run is None or run.state is not RunState.REQUESTED or run.press is not None:
        return
    changed = runs.update().where(runs.c.id == run_id)
    connection.execute(changed.values({"doc": dump(run.but(press=press))} | woken(runs, now)))
