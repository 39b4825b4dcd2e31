"""Retention: moves the record of a case that ended long ago to the archive, and keeps only what discovery needs.

The case's row stays, without findings, story or files: a ticket that still carries the tag must not be worked as new,
and a reopened one starts the case's next round. Its rides, and the outcome of each round, stay for the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from worker.store.database import Database, transaction
from worker.store.documents import dump, load_case, load_followup
from worker.store.retention.outcomes import keep_outcomes
from worker.store.tables import archive, case_users, cases, events, followups, stops, writes
from workflows.model import Case, FollowupState, StopKind, WriteState

BATCH = 50  # cases archived in one transaction, so that nobody waits long for it
PAGE = 500

Record = dict[str, Any]


class ArchiveRows:
    """The part of the store that archives ended cases and returns every record."""

    _database: Database

    @transaction
    def put_away(self, ended_before: datetime, now: datetime) -> int:
        """Archive the records of up to `BATCH` cases that ended before `ended_before`; returns how many.

        What was alerted and what is waited for no more is forgotten with them.
        """
        open_followup = sa.exists().where(
            followups.c.case_id == cases.c.id, followups.c.state == FollowupState.OPEN, followups.c.due_at.is_not(None)
        )
        ended = sa.select(cases).where(
            cases.c.archived_at.is_(None), cases.c.ended_at <= ended_before, cases.c.due_at.is_(None), ~open_followup
        )
        with self._database.writing() as connection:
            rows = connection.execute(
                ended.order_by(cases.c.ended_at).limit(BATCH).with_for_update(skip_locked=True)
            ).all()
            keep_outcomes(connection, [row.id for row in rows])
            for row in rows:
                put = {"case_id": row.id, "round": row.round, "archived_at": now, "record": _record(connection, row)}
                connection.execute(archive.insert().values(put))
                forget_record(connection, row, now)
            over = stops.c.kind.in_([StopKind.ALERT, StopKind.PATIENCE]) & (stops.c.until <= ended_before)
            connection.execute(stops.delete().where(over))
            return len(rows)

    @transaction
    def forget(self, archived_before: datetime) -> int:
        """Delete records that were archived before `archived_before`; returns how many."""
        with self._database.writing() as connection:
            self._database.overwrite(connection)
            return connection.execute(archive.delete().where(archive.c.archived_at <= archived_before)).rowcount

    def records(self) -> Iterator[Record]:
        """Yield the record of every case and round, archived ones first; reads page by page."""
        after: tuple[str, int] | None = None
        while rows := self._archived(after):
            yield from (row.record for row in rows)
            after = (rows[-1].case_id, rows[-1].round)
        last = ""
        while page := self._live(last):
            yield from page
            last = page[-1]["case"]["id"]

    @transaction
    def record(self, case_id: str) -> Record:
        """Return a case's record: that of its round, or of the last one if it is archived. Raises `LookupError`."""
        newest = sa.select(archive.c.record).where(archive.c.case_id == case_id).order_by(archive.c.round.desc())
        with self._database.reading() as connection:
            row = connection.execute(sa.select(cases).where(cases.c.id == case_id)).first()
            if row is None:
                raise LookupError(f"no case {case_id}")
            put_away: Record | None = connection.scalar(newest.limit(1)) if row.archived_at else None
            return put_away or _record(connection, row)

    @transaction
    def _archived(self, after: tuple[str, int] | None) -> Any:
        key = sa.tuple_(archive.c.case_id, archive.c.round)
        query = sa.select(archive).order_by(archive.c.case_id, archive.c.round).limit(PAGE)
        if after is not None:
            query = query.where(key > sa.tuple_(*(sa.literal(part) for part in after)))
        with self._database.reading() as connection:
            return connection.execute(query).all()

    @transaction
    def _live(self, last: str) -> list[Record]:
        query = sa.select(cases).where(cases.c.id > last, cases.c.archived_at.is_(None)).order_by(cases.c.id)
        with self._database.reading() as connection:
            return [_record(connection, row) for row in connection.execute(query.limit(PAGE)).all()]


def _record(connection: sa.Connection, row: Any) -> Record:
    """Return everything known about a case as JSON; of files only the size: the bytes of one kept off a ticket end."""
    history = sa.select(events).where(events.c.kind == "case", events.c.aggregate_id == row.id).order_by(events.c.id)
    written = sa.select(writes).where(writes.c.case_id == row.id).order_by(writes.c.seq)
    looked = sa.select(followups.c.doc).where(followups.c.case_id == row.id).order_by(followups.c.id)
    return {
        "case": dump(load_case(row)),
        "events": [
            {"at": item.at.isoformat(), "from": item.from_state, "to": item.to_state, "because": item.because}
            for item in connection.execute(history)
        ],
        "writes": [
            {
                "key": item.key,
                "operation": item.operation,
                "payload": item.payload,
                "bytes": len(item.content or b""),
                "state": item.state,
                "receipt": item.receipt,
                "reason": item.reason,
            }
            for item in connection.execute(written)
        ],
        "followups": list(connection.scalars(looked)),
    }


def forget_record(connection: sa.Connection, row: Any, now: datetime) -> None:
    """Delete what is kept of an ended case beside its archived records, but for what discovery needs."""
    _forget_looks(connection, row.id)
    delivered = (writes.c.case_id == row.id) & (writes.c.state == WriteState.DELIVERED)
    written = connection.execute(sa.select(writes.c.key).where(delivered).limit(1)).first() is not None
    for table in (writes, case_users):
        connection.execute(table.delete().where(table.c.case_id == row.id))
    connection.execute(events.delete().where(events.c.kind == "case", events.c.aggregate_id == row.id))
    left = {"doc": dump(_memory(load_case(row), written=written)), "archived_at": now, "waiting": ""}
    connection.execute(cases.update().where(cases.c.id == row.id).values(left))


def _forget_looks(connection: sa.Connection, case_id: str) -> None:
    """Delete the later looks at a case; one that found its values changed stays, without the finding."""
    looks = sa.select(followups.c.doc).where(followups.c.case_id == case_id)
    for look in map(load_followup, connection.scalars(looks).all()):
        this = followups.c.id == look.id
        if look.state is FollowupState.CHANGED:
            bare = dump(look.but(finding=None))
            connection.execute(followups.update().where(this).values(doc=bare))
        else:
            connection.execute(followups.delete().where(this))


def _memory(case: Case, *, written: bool) -> Case:
    """Return an ended case with only what discovery needs."""
    return Case(
        id=case.id,
        ref=case.ref,
        round=case.round,
        state=case.state,
        opened_at=case.opened_at,
        ended_at=case.ended_at,
        stamp=case.stamp,
        tagged_at=case.tagged_at,
        given_at=case.given_at,
        closing=case.closing,
        written=case.written or written,
    )
