"""What the store forgets about a person before its time: whole records, of which the outcome without people stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from worker.store.database import Database, transaction
from worker.store.desks import write_act
from worker.store.retention.archive import forget_record
from worker.store.retention.outcomes import keep_outcomes
from worker.store.tables import archive, cases, writes
from workflows.model import ENDS, OperatorAct


class PersonRows:
    """The part of the store that erases records, and returns the files that they hold."""

    _database: Database

    def erase(self, case_ids: Collection[str], act: OperatorAct) -> tuple[str, ...]:
        """Erase the records of these cases, archived rounds included, and record the act.

        Returns the ids of the cases that are still worked, or whose last writes are under way; nothing is erased then.
        """
        if busy := self._erase(case_ids, act):
            return busy
        self._database.empty_log()
        return ()

    @transaction
    def _erase(self, case_ids: Collection[str], act: OperatorAct) -> tuple[str, ...]:
        with self._database.writing() as connection:
            self._database.overwrite(connection)
            rows = connection.execute(
                sa.select(cases).where(cases.c.id.in_(case_ids)).order_by(cases.c.id).with_for_update()
            ).all()
            if busy := tuple(row.id for row in rows if _is_worked(row)):
                return busy
            keep_outcomes(connection, [row.id for row in rows if row.archived_at is None])
            for row in rows:
                if row.archived_at is None:
                    forget_record(connection, row, act.at)
                connection.execute(archive.delete().where(archive.c.case_id == row.id))
            write_act(connection, act)
            return ()

    @transaction
    def worked(self, case_ids: Collection[str]) -> tuple[str, ...]:
        """Return which of these cases are still worked, or have their last writes under way."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(cases).where(cases.c.id.in_(case_ids)).order_by(cases.c.id)).all()
        return tuple(row.id for row in rows if _is_worked(row))

    @transaction
    def files_of(self, case_id: str) -> Mapping[str, bytes]:
        """Return the files that are kept with a case's writes, by the writes' keys."""
        query = sa.select(writes.c.key, writes.c.content).where(
            writes.c.case_id == case_id, writes.c.content.is_not(None)
        )
        with self._database.reading() as connection:
            return {row.key: row.content for row in connection.execute(query.order_by(writes.c.seq))}


def _is_worked(row: Any) -> bool:
    return row.state not in ENDS or row.due_at is not None
