"""What is due and who may work it: leases with random tokens, and a mark on what has already been woken.

Both name the process that holds them, if it beats (see `processes`): when it dies, they are free at once.
A lost queue costs only time: what was woken but never worked is woken again. The number of a desk's cases worked at
once is counted from the leases themselves, so that no counter can leak or become a hot row.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from worker.store.database import Raced, given_clock, store_time, time_in, transaction
from worker.store.processes import ProcessRows, bury, held, held_at
from worker.store.tables import WORKABLE, Moment, cases, leaders, processes
from workflows.ports import Kind, Lease

WOKEN_FOR = timedelta(seconds=30)  # after which a message that was never worked is sent again
CROWDED_FOR = timedelta(seconds=1)  # after which a case that found its desk at its limit is woken again
SCHEDULER, SETTINGS = "scheduler", "settings"  # names of leaders
FIRST_DUE = sa.union_all(*(sa.select(sa.func.min(table.c.due_at)) for table in WORKABLE.values()))


class Leases(ProcessRows):
    """Due times and leases of every kind of aggregate."""

    _at_once: Mapping[str, int]

    @transaction
    def due(self, now: datetime, limit: int, fence: int | None = None) -> list[tuple[Kind, str]]:
        """Return what is due and neither leased nor woken, oldest first, and mark it as woken.

        `fence` is a leader's number; a leader that has been replaced gets nothing. What a leader wakes lies in a queue
        that others share, so the mark outlives its process; otherwise it goes with the process.
        """
        with self._database.reading() as connection:
            none_due = (earliest := _earliest(connection)) is None or earliest > now or not _due(connection, now, 1)
            if none_due and not (fence is not None and _any_dead(connection)):
                return []
        with self._database.writing(lasting=False) as connection:
            leading = sa.select(leaders.c.fence).where(leaders.c.name == SCHEDULER)
            if (fence is not None and connection.scalar(leading) != fence) or not self._lives(connection):
                return []
            if fence is not None:
                bury(connection, processes.c.until <= store_time(connection))
            found = _due(connection, now, limit, mine=True)
            mark = {"woken_until": now + WOKEN_FOR, "woken_by": self._holder if fence is None else None}
            for kind, table in WORKABLE.items():
                ids = [id for found_kind, id in found if found_kind == kind]
                if ids:
                    connection.execute(table.update().where(table.c.id.in_(ids)).values(mark))
            return found

    @transaction
    def next_due(self) -> datetime | None:
        """Return when the next thing becomes due."""
        with self._database.reading() as connection:
            return _earliest(connection)

    @transaction
    def lead(self, holder: str, now: datetime, seconds: float) -> int | None:
        """Become or stay the leader of the schedulers; returns the fencing number, or `None` if another one leads.

        The number grows with every change of leader, so that one that hung and wakes can be distinguished from its
        successor.
        """
        until = now + timedelta(seconds=seconds)
        this = leaders.c.name == SCHEDULER
        with self._database.reading() as connection:
            row = connection.execute(sa.select(leaders).where(this)).first()
        if row is not None and row.until > now + timedelta(seconds=seconds / 2):
            return row.fence if row.holder == holder else None
        with self._database.writing(lasting=False) as connection:
            row = connection.execute(sa.select(leaders).where(this).with_for_update()).first()
            if row is None:
                first = {"name": SCHEDULER, "holder": holder, "until": until, "fence": 1}
                try:
                    connection.execute(leaders.insert().values(first))
                except sa.exc.IntegrityError as error:
                    raise Raced from error
                return 1
            if row.holder != holder and row.until > now:
                return None
            fence: int = row.fence + (row.holder != holder)
            connection.execute(leaders.update().where(this).values(holder=holder, until=until, fence=fence))
            return fence

    @transaction
    def passed(self, settings: str, now: datetime) -> datetime | None:
        """Return until when it counts that these settings passed every check; `None` if it does not."""
        this = sa.and_(leaders.c.name == SETTINGS, leaders.c.holder == settings, leaders.c.until > now)
        with self._database.reading() as connection:
            until: datetime | None = connection.scalar(sa.select(leaders.c.until).where(this))
        return until

    @transaction
    def note_passed(self, settings: str, until: datetime) -> None:
        """Record that the settings of this fingerprint passed every check, which counts until then."""
        with self._database.writing(lasting=False) as connection:
            found = leaders.update().where(leaders.c.name == SETTINGS).values(holder=settings, until=until)
            if not connection.execute(found).rowcount:
                first = {"name": SETTINGS, "holder": settings, "until": until, "fence": 0}
                try:
                    connection.execute(leaders.insert().values(first))
                except sa.exc.IntegrityError as error:
                    raise Raced from error

    @transaction
    def lease(self, kind: Kind, id: str, now: datetime, seconds: float, *, only_due: bool = False) -> Lease | None:
        """Take the lease if nobody holds it and the aggregate exists; with `only_due`, only if it is due."""
        lease = Lease(kind=kind, id=id, token=secrets.token_hex(16), until=now + timedelta(seconds=seconds))
        table = WORKABLE[kind]
        values = {"lease_token": lease.token, "lease_until": lease.until, "lease_holder": self._holder}
        with self._database.writing(lasting=False) as connection:
            if not self._lives(connection):
                return None
            free = sa.not_(leased(connection, table, now))
            if only_due:
                free = sa.and_(free, table.c.due_at <= now)
            if kind == "case" and self._at_once and _crowded(connection, id, now, self._at_once):
                soon = table.update().where(table.c.id == id, free).values(woken_until=now + CROWDED_FOR, woken_by=None)
                connection.execute(soon)
                return None
            mine = table.update().where(table.c.id == id, free).values(values).returning(table.c.wakes)
            wakes = connection.scalar(mine)
        return None if wakes is None else lease.but(wakes=wakes)

    @transaction
    def extend(self, lease: Lease, now: datetime, seconds: float) -> Lease | None:
        """Extend a lease that is still ours; `None` if it is lost."""
        until = now + timedelta(seconds=seconds)
        with self._database.writing(lasting=False) as connection:
            kept = connection.execute(guarded_update(connection, lease, now).values(lease_until=until)).rowcount
        return lease.but(until=until) if kept else None

    @transaction
    def release(self, lease: Lease) -> None:
        """Release the lease, if it is still ours."""
        table = WORKABLE[lease.kind]
        mine = table.update().where(table.c.id == lease.id, table.c.lease_token == lease.token)
        with self._database.writing(lasting=False) as connection:
            connection.execute(mine.values(lease_token=None, lease_until=None, lease_holder=None, woken_until=None))

    @transaction
    def defer(self, lease: Lease, due_at: datetime | None, reason: str, now: datetime) -> None:
        """Make the aggregate due at `due_at`, and record what it is waiting for."""
        with self._database.writing(lasting=False) as connection:
            values = {"due_at": next_due(lease, due_at, now), "waiting": reason}
            connection.execute(guarded_update(connection, lease, now).values(values))


def _earliest(connection: sa.Connection) -> datetime | None:
    """Return the earliest due time of all. Every scheduler asks this at every look, so it is one short statement."""
    return min((time for time in connection.scalars(FIRST_DUE) if time is not None), default=None)


def woken(table: sa.Table, now: datetime) -> dict[str, Any]:
    """Return the values that make a row due at once because of an event, also while somebody works it."""
    return {"due_at": now, "woken_until": None, "wakes": table.c.wakes + 1}


def next_due(lease: Lease, due_at: datetime | None, now: datetime) -> sa.ColumnElement[datetime | None]:
    """Return when a worked row is due again: at once if an event has come since it was leased."""
    table = WORKABLE[lease.kind]
    return sa.case((table.c.wakes != lease.wakes, sa.literal(now, Moment)), else_=sa.literal(due_at, Moment))


def leased(connection: sa.Connection, table: sa.Table, now: datetime) -> sa.ColumnElement[bool]:
    """Say in SQL whether somebody has the lease of a row."""
    return held(connection, table.c.lease_until, table.c.lease_holder, now)


def guarded_update(connection: sa.Connection, lease: Lease, now: datetime) -> sa.Update:
    """Begin an update of the leased row that matches nothing once the lease is lost, or its process taken for dead."""
    return WORKABLE[lease.kind].update().where(_ours(connection, lease, now))


def holds(connection: sa.Connection, lease: Lease, now: datetime) -> sa.Row[Any] | None:
    """Return the leased row if the lease is still ours, and keep it so until this transaction ends."""
    clock = given_clock(connection)
    times = {"at": now} | ({"store_now": clock.now()} if clock else {})
    ours = _ours_in(lease.kind, None if clock else connection.dialect.name)
    return connection.execute(ours, {"id": lease.id, "token": lease.token} | times).first()


@cache
def _ours_in(kind: Kind, dialect: str | None) -> sa.Select[Any]:
    """Build the query of a lease that is ours, once: each step asks it. Without a dialect, the clock is a parameter."""
    table = WORKABLE[kind]
    store_now = sa.bindparam("store_now", type_=Moment()) if dialect is None else time_in(dialect)
    lives = held_at(table.c.lease_until, table.c.lease_holder, sa.bindparam("at", type_=Moment()), store_now)
    mine = sa.and_(table.c.id == sa.bindparam("id"), table.c.lease_token == sa.bindparam("token"))
    known = [table.c[name] for name in ("id", "state", "round") if name in table.c]
    return sa.select(*known).where(mine, lives).with_for_update(key_share=True)


def _ours(connection: sa.Connection, lease: Lease, now: datetime) -> sa.ColumnElement[bool]:
    table = WORKABLE[lease.kind]
    mine = sa.and_(table.c.id == lease.id, table.c.lease_token == lease.token)
    return sa.and_(mine, leased(connection, table, now))


def _any_dead(connection: sa.Connection) -> bool:
    dead = sa.select(processes.c.id).where(processes.c.until <= store_time(connection))
    return connection.scalar(dead.limit(1)) is not None


def _crowded(connection: sa.Connection, case_id: str, now: datetime, at_once: Mapping[str, int]) -> bool:
    """Say whether as many cases of this case's desk are leased as the settings allow."""
    desk = connection.scalar(sa.select(cases.c.desk).where(cases.c.id == case_id))
    most = at_once.get(desk or "")
    if most is None:
        return False
    here = sa.and_(cases.c.desk == desk, leased(connection, cases, now))
    return (connection.scalar(sa.select(sa.func.count()).select_from(cases).where(here)) or 0) >= most


def _due(connection: sa.Connection, now: datetime, limit: int, *, mine: bool = False) -> list[tuple[Kind, str]]:
    """Read what is due; `mine` locks the rows where the database can, and skips those that others have locked."""
    rows: list[tuple[datetime, Kind, str]] = []
    for kind, table in WORKABLE.items():
        columns: Any = table.c
        query = (
            sa.select(columns.due_at, columns.id)
            .where(
                columns.due_at <= now,
                sa.not_(leased(connection, table, now)),
                sa.not_(held(connection, columns.woken_until, columns.woken_by, now)),
            )
            .order_by(columns.due_at)
            .limit(limit)
        )
        if mine:
            query = query.with_for_update(skip_locked=True, key_share=True)
        rows += [(row.due_at, kind, row.id) for row in connection.execute(query)]
    rows.sort(key=lambda row: (row[0], row[1], row[2]))
    return [(kind, id) for _, kind, id in rows[:limit]]
