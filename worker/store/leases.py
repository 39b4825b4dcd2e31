"""What is due, and who may work it: leases with random tokens, and a note that something has been woken already."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from worker.store.database import Database
from worker.store.tables import cases, desks, followups, runs
from workflows.ports import Kind, Lease

TABLES: dict[Kind, sa.Table] = {"desk": desks, "case": cases, "run": runs, "followup": followups}
WOKEN_FOR = timedelta(seconds=30)  # after which a message that was never worked is sent again


class Leases:
    """Due times and leases of every kind of aggregate."""

    _database: Database

    def due(self, now: datetime, limit: int) -> list[tuple[Kind, str]]:
        """Return what is due and neither leased nor woken, oldest first, and note the waking."""
        with self._database.reading() as connection:
            if not _due(connection, now, 1):
                return []
        with self._database.writing() as connection:
            found = _due(connection, now, limit)
            for kind, table in TABLES.items():
                ids = [id for found_kind, id in found if found_kind == kind]
                if ids:
                    woken = table.update().where(table.c.id.in_(ids)).values(woken_until=now + WOKEN_FOR)
                    connection.execute(woken)
            return found

    def next_due(self) -> datetime | None:
        """Return when the next thing becomes due."""
        with self._database.reading() as connection:
            times = [connection.scalar(sa.select(sa.func.min(table.c.due_at))) for table in TABLES.values()]
        return min((time for time in times if time is not None), default=None)

    def lease(self, kind: Kind, id: str, now: datetime, seconds: float) -> Lease | None:
        """Take the lease if nobody holds it and the aggregate exists."""
        lease = Lease(kind=kind, id=id, token=secrets.token_hex(16), until=now + timedelta(seconds=seconds))
        table = TABLES[kind]
        free = sa.or_(table.c.lease_until.is_(None), table.c.lease_until <= now)
        values = {"lease_token": lease.token, "lease_until": lease.until}
        with self._database.writing() as connection:
            taken = connection.execute(table.update().where(table.c.id == id, free).values(values)).rowcount
        return lease if taken else None

    def extend(self, lease: Lease, now: datetime, seconds: float) -> Lease | None:
        """Prolong a lease that is still ours."""
        until = now + timedelta(seconds=seconds)
        with self._database.writing() as connection:
            kept = connection.execute(guarded_update(lease, now).values(lease_until=until)).rowcount
        return lease.model_copy(update={"until": until}) if kept else None

    def release(self, lease: Lease) -> None:
        """Give the lease back."""
        table = TABLES[lease.kind]
        mine = table.update().where(table.c.id == lease.id, table.c.lease_token == lease.token)
        with self._database.writing() as connection:
            connection.execute(mine.values(lease_token=None, lease_until=None, woken_until=None))

    def defer(self, lease: Lease, due_at: datetime | None, reason: str, now: datetime) -> None:
        """Look at this aggregate again at that time."""
        with self._database.writing() as connection:
            connection.execute(guarded_update(lease, now).values(due_at=due_at, waiting=reason))


def guarded_update(lease: Lease, now: datetime) -> sa.Update:
    """Begin an update of the leased row that finds nothing once the lease has been lost."""
    table = TABLES[lease.kind]
    return table.update().where(table.c.id == lease.id, table.c.lease_token == lease.token, table.c.lease_until > now)


def holds(connection: sa.Connection, lease: Lease, now: datetime) -> bool:
    """Say whether a lease is still ours."""
    table = TABLES[lease.kind]
    query = sa.select(table.c.id).where(
        table.c.id == lease.id, table.c.lease_token == lease.token, table.c.lease_until > now
    )
    return connection.scalar(query) is not None


def _due(connection: sa.Connection, now: datetime, limit: int) -> list[tuple[Kind, str]]:
    rows: list[tuple[datetime, Kind, str]] = []
    for kind, table in TABLES.items():
        columns: Any = table.c
        query = (
            sa.select(columns.due_at, columns.id)
            .where(
                columns.due_at <= now,
                sa.or_(columns.lease_until.is_(None), columns.lease_until <= now),
                sa.or_(columns.woken_until.is_(None), columns.woken_until <= now),
            )
            .order_by(columns.due_at)
            .limit(limit)
        )
        rows += [(row.due_at, kind, row.id) for row in connection.execute(query)]
    rows.sort(key=lambda row: (row[0], row[1], row[2]))
    return [(kind, id) for _, kind, id in rows[:limit]]
