"""Writes and followups: the progress of each, guarded by the lease of its case or followup."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from worker.store.database import Database, clock_of, time_of, times, transaction
from worker.store.documents import dump, load_followup
from worker.store.leases import holds, next_due, when_due, woken
from worker.store.steps import UNDELIVERED, add_writes
from worker.store.tables import cases, followups, writes
from workflows.model import CaseState, Followup, FollowupState, PlannedWrite, Receipt, Write, WriteState
from workflows.ports import Lease

ALL = sa.select(writes).where(writes.c.case_id == sa.bindparam("of")).order_by(writes.c.seq)
OPEN = ALL.where(writes.c.state.in_(UNDELIVERED))
LOOKED = followups.update().where(followups.c.id == sa.bindparam("of")).values(due_at=when_due(followups))
_this = writes.update().where(writes.c.key == sa.bindparam("named"), writes.c.case_id == sa.bindparam("of"))
MARKED = _this.values(attempts=writes.c.attempts + sa.bindparam("more", type_=sa.Integer()))
SEEN = (
    cases.update()
    .where(cases.c.id == sa.bindparam("of"), cases.c.state != CaseState.ASKED, cases.c.known < sa.bindparam("seen"))
    .values(known=sa.bindparam("seen"))
)


class WriteRows:
    """The part of the store that keeps writes and followups."""

    _database: Database

    @transaction
    def writes(self, case_id: str, *, open_only: bool = False) -> tuple[Write, ...]:
        """Return a case's writes in order."""
        with self._database.reading() as connection:
            return writes_of(connection, case_id, OPEN if open_only else ALL)

    def write_sent(self, lease: Lease, key: str, now: datetime) -> bool:
        """Mark a write as about to be sent."""
        return self._mark(lease, key, now, WriteState.SENT, more=1)

    def write_unsent(self, lease: Lease, key: str, now: datetime) -> None:
        """Mark a sent write as pending again."""
        self._mark(lease, key, now, WriteState.PENDING, more=-1)

    @transaction
    def write_delivered(self, lease: Lease, key: str, receipt: Receipt, now: datetime) -> bool:
        """Mark a write as delivered; False if the lease has been lost.

        The receipt's stamp is then known, unless the case waits for a reply, which may be older than it.
        """
        values = {"state": WriteState.DELIVERED, "receipt": dump(receipt), "updated_at": now}
        with self._database.writing(lasting=False) as connection:
            if not holds(connection, lease, now):
                return False
            if not connection.execute(MARKED, values | {"named": key, "of": lease.id, "more": 0}).rowcount:
                return False
            if receipt.stamp:
                connection.execute(SEEN, {"of": lease.id, "seen": receipt.stamp})
            return True

    @transaction
    def write_refused(self, lease: Lease, key: str, reason: str, now: datetime) -> None:
        """Mark a write as refused, and with it the case's later writes that were never sent."""
        with self._database.writing() as connection:
            if not holds(connection, lease, now):
                return
            refused = {"state": WriteState.REFUSED, "updated_at": now}
            place = sa.select(writes.c.seq).where(writes.c.key == key).scalar_subquery()
            behind = writes.update().where(
                writes.c.case_id == lease.id, writes.c.seq > place, writes.c.state == WriteState.PENDING
            )
            connection.execute(behind.values(refused | {"reason": reason}))
            connection.execute(writes.update().where(writes.c.key == key).values(refused | {"reason": reason}))

    @transaction
    def followup(self, followup_id: str) -> Followup | None:
        """Load a followup."""
        with self._database.reading() as connection:
            doc = connection.scalar(sa.select(followups.c.doc).where(followups.c.id == followup_id))
        return load_followup(doc) if doc else None

    @transaction
    def not_durable(self) -> set[tuple[str, int]]:
        """Return (case id, round) of every case whose resolved values a later look found changed."""
        changed = sa.select(followups.c.doc).where(followups.c.state == FollowupState.CHANGED)
        with self._database.reading() as connection:
            looks = [load_followup(doc) for doc in connection.scalars(changed)]
        return {(look.case_id, look.round) for look in looks}

    @transaction
    def commit_followup(
        self, lease: Lease, followup: Followup, due_at: datetime | None, writes: tuple[PlannedWrite, ...], now: datetime
    ) -> bool:
        """Store a followup's state and any writes on its case, which becomes due."""
        values = {"state": followup.state, "doc": dump(followup)}
        with self._database.writing() as connection:
            if not holds(connection, lease, now):
                return False
            connection.execute(LOOKED, values | {"of": lease.id} | next_due(lease, due_at, now))
            if writes:
                add_writes(connection, followup.case_id, writes, now)
                case = cases.update().where(cases.c.id == followup.case_id)
                connection.execute(case.values(woken(cases, now)))
            return True

    @transaction
    def _mark(self, lease: Lease, key: str, now: datetime, state: WriteState, *, more: int) -> bool:
        with self._database.writing() as connection:
            if not holds(connection, lease, now):
                return False
            mark = _sent(clock_of(connection)) if state is WriteState.SENT else MARKED
            this = {"named": key, "of": lease.id, "more": more} | times(connection, now)
            return bool(connection.execute(mark, this | {"state": state, "updated_at": now}).rowcount)


def writes_of(connection: sa.Connection, case_id: str, query: sa.Select[Any] = ALL) -> tuple[Write, ...]:
    """Load a case's writes in order."""
    return tuple(_load(row) for row in connection.execute(query, {"of": case_id}))


@cache
def _sent(dialect: str | None) -> sa.Update:
    return MARKED.values(sent_at=time_of(dialect))


def _load(row: Any) -> Write:
    planned = PlannedWrite(key=row.key, operation=row.operation, payload=row.payload, content=row.content)
    receipt = Receipt.model_validate(row.receipt) if row.receipt else None
    return Write(
        case_id=row.case_id,
        seq=row.seq,
        planned=planned,
        state=WriteState(row.state),
        receipt=receipt,
        reason=row.reason,
        attempts=row.attempts,
        sent_at=row.sent_at,
    )
