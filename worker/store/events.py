"""Events: one row for every transition of a case or a run, written in the transition's own transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from worker.store.database import Database, transaction
from worker.store.tables import events
from workflows.ports import Kind


def write_event(
    connection: sa.Connection, kind: Kind, id: str, at: datetime, source: str, target: str, because: str
) -> None:
    """Add the row of one transition."""
    row = {"kind": kind, "aggregate_id": id, "at": at, "from_state": source, "to_state": target, "because": because}
    connection.execute(events.insert().values(row))


class EventRows:
    """The part of the store that tells what happened."""

    _database: Database

    @transaction
    def events(self, kind: Kind, id: str) -> tuple[tuple[datetime, str, str, str], ...]:
        """Return (time, from, to, because) of every transition, oldest first."""
        query = sa.select(events).where(events.c.kind == kind, events.c.aggregate_id == id).order_by(events.c.id)
        with self._database.reading() as connection:
            return tuple((row.at, row.from_state, row.to_state, row.because) for row in connection.execute(query))
