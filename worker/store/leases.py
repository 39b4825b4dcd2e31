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
from typing import Any, NamedTuple

import sqlalchemy as sa

from worker.store.database import Raced, clock_of, store_time, time_of, times, transaction
from worker.store.processes import AT, ProcessRows, bury, held
from worker.store.tables import WORKABLE, Moment, cases, leaders, processes
from workflows.ports import Kind, Lease

WOKEN_FOR = timedelta(seconds=30)  # after which a message that was never worked is sent again
CROWDED_FOR = timedelta(seconds=1)  # after which a case that found its desk at its limit is woken again
SCHEDULER, SETTINGS = "scheduler", "settings"  # names of leaders
NO_LEASE = {"lease_token": None, "lease_until": None, "lease_holder": None, "woken_until": None}
FIRST_DUE = sa.union_all(*(sa.select(sa.func.min(table.c.due_at)) for table in WORKABLE.values()))


class Leases(ProcessRows):
    """Due times and leases of every kind of aggregate."""

    _at_once: Mapping[str, int]
    _ended: set[str]  # tokens of leases that ended with a commit, until `release` is asked to end them

    @transaction
    def due(self, now: datetime, limit: int, fence: int | None = None) -> list[tuple[Kind, str]]:
        """Return what is due and neither leased nor woken, oldest first, and mark it as woken.

        `fence` is a leader's number; a leader that has been replaced gets nothing. What a leader wakes lies in a queue
        that others share, so the mark outlives its process; otherwise it goes with the process.
        """
        with self._database.reading() as connection:
            earliest = _earliest(connection)
            is_due = earliest is not None and earliest <= now and _any_due(connection, now)
            if not is_due and not (fence is not None and _any_dead(connection)):
                return []
        with self._database.writing(lasting=False) as connection:
            leading = sa.select(leaders.c.fence).where(leaders.c.name == SCHEDULER)
            if (fence is not None and connection.scalar(leading) != fence) or not self._lives(connection):
                return []
            if fence is not None:
                bury(connection, processes.c.until <= store_time(connection))
            found = _due(connection, now, limit)
            mark = {"woken_until": now + WOKEN_FOR, "woken_by": self._holder if fence is None else None}
            for kind in {kind for kind, _ in found}:
                ids = [id for found_kind, id in found if found_kind == kind]
                connection.execute(_statements(kind, clock_of(connection)).mark, mark | {"these": ids})
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
        with self._database.writing(lasting=False) as connection:
            statements, of = _statements(kind, clock_of(connection)), {"of": id} | times(connection, now)
            if kind == "case" and self._at_once and self._is_crowded(connection, of):
                connection.execute(statements.wait, of | {"soon": now + CROWDED_FOR})
                return None
            mine = {"token": lease.token, "until": lease.until, "holder": self._holder}
            wakes = connection.scalar(statements.take_due if only_due else statements.take, of | mine)
        return None if wakes is None else lease.but(wakes=wakes)

    def _is_crowded(self, connection: sa.Connection, of: Mapping[str, Any]) -> bool:
        """Say whether as many cases of this case's desk are leased as the settings allow."""
        row = connection.execute(_at_its_desk(clock_of(connection)), of).first()
        return row is not None and row.leased >= self._at_once.get(row.desk, row.leased + 1)

    @transaction
    def extend(self, lease: Lease, now: datetime, seconds: float) -> Lease | None:
        """Extend a lease that is still ours; `None` if it is lost."""
        until, table = now + timedelta(seconds=seconds), WORKABLE[lease.kind]
        with self._database.writing(lasting=False) as connection:
            if not holds(connection, lease, now):
                return None
            connection.execute(table.update().where(table.c.id == lease.id).values(lease_until=until))
        return lease.but(until=until)

    @transaction
    def release(self, lease: Lease) -> None:
        """Release the lease, if it is still ours and has not ended with a commit."""
        if lease.token in self._ended:
            self._ended.remove(lease.token)
            return
        with self._database.writing(lasting=False) as connection:
            release = _statements(lease.kind, clock_of(connection)).release
            connection.execute(release, {"of": lease.id, "token": lease.token})

    @transaction
    def defer(self, lease: Lease, due_at: datetime | None, reason: str, now: datetime) -> None:
        """Make the aggregate due at `due_at`, record what it is waiting for, and release the lease."""
        with self._database.writing(lasting=False) as connection:
            defer = _statements(lease.kind, clock_of(connection)).defer
            this = {"of": lease.id, "token": lease.token, "waiting": reason}
            deferred = connection.execute(defer, next_due(lease, due_at, now) | times(connection, now) | this).rowcount
        if deferred:
            self._ended.add(lease.token)


def _earliest(connection: sa.Connection) -> datetime | None:
    """Return the earliest due time of all. Every scheduler asks this at every look, so it is one short statement."""
    return min((time for time in connection.scalars(FIRST_DUE) if time is not None), default=None)


def woken(table: sa.Table, now: datetime | sa.BindParameter[datetime]) -> dict[str, Any]:
    """Return the values that make a row due at once because of an event, also while somebody works it."""
    return {"due_at": now, "woken_until": None, "wakes": table.c.wakes + 1}


def when_due(table: sa.Table) -> sa.ColumnElement[datetime | None]:
    """Say in SQL when a worked row is due again: at once if an event has come since it was leased. See `next_due`."""
    due = sa.bindparam("due", type_=Moment())
    return sa.case((table.c.wakes != sa.bindparam("wakes_then"), AT), else_=due)


def next_due(lease: Lease, due_at: datetime | None, now: datetime) -> dict[str, Any]:
    """Return the parameters of `when_due`."""
    return {"due": due_at, "wakes_then": lease.wakes, "at": now}


def leased(table: sa.FromClause, dialect: str | None) -> sa.ColumnElement[bool]:
    """Say in SQL whether somebody has the lease of a row `:at` a time."""
    return held(table.c.lease_until, table.c.lease_holder, time_of(dialect))


def holds(connection: sa.Connection, lease: Lease, now: datetime) -> sa.Row[Any] | None:
    """Return the leased row if the lease is still ours, and keep it so until this transaction ends.

    It is lost too once the process is taken for dead.
    """
    ours = _statements(lease.kind, clock_of(connection)).ours
    return connection.execute(ours, {"of": lease.id, "token": lease.token} | times(connection, now)).first()


class _Statements(NamedTuple):
    """What is asked and changed of a kind's leases. To build one of these takes longer than to run it."""

    ours: sa.Select[Any]
    take: sa.UpdateBase
    take_due: sa.UpdateBase
    wait: sa.Update
    release: sa.Update
    defer: sa.Update
    due: sa.Select[Any]
    due_locked: sa.Select[Any]
    mark: sa.Update


@cache
def _statements(kind: Kind, dialect: str | None) -> _Statements:
    table, holder = WORKABLE[kind], sa.bindparam("holder", type_=sa.String())
    this, ours = table.c.id == sa.bindparam("of"), table.c.lease_token == sa.bindparam("token")
    free, is_due = sa.not_(leased(table, dialect)), table.c.due_at <= AT
    lives = sa.exists().where(processes.c.id == holder, processes.c.until > time_of(dialect))
    mine = {"lease_token": sa.bindparam("token"), "lease_until": sa.bindparam("until"), "lease_holder": holder}
    take = table.update().where(this, free, sa.or_(holder.is_(None), lives)).values(mine)
    soon = {"woken_until": sa.bindparam("soon", type_=Moment()), "woken_by": None}
    unwoken = sa.not_(held(table.c.woken_until, table.c.woken_by, time_of(dialect)))
    due = sa.select(table.c.due_at, table.c.id).where(is_due, free, unwoken).order_by(table.c.due_at)
    due = due.limit(sa.bindparam("most", type_=sa.Integer()))
    return _Statements(
        ours=sa.select(*(table.c[name] for name in ("id", "state", "round") if name in table.c))
        .where(this, ours, leased(table, dialect))
        .with_for_update(key_share=True),
        take=take.returning(table.c.wakes),
        take_due=take.where(is_due).returning(table.c.wakes),
        wait=table.update().where(this, free).values(soon),
        release=table.update().where(this, ours).values(NO_LEASE),
        defer=table.update()
        .where(this, ours, leased(table, dialect))
        .values(NO_LEASE | {"due_at": when_due(table), "waiting": sa.bindparam("waiting")}),
        due=due,
        due_locked=due.with_for_update(skip_locked=True, key_share=True),
        mark=table.update().where(table.c.id.in_(sa.bindparam("these", expanding=True))),
    )


@cache
def _at_its_desk(dialect: str | None) -> sa.Select[Any]:
    """Build the query of a case's desk, and of how many of that desk's cases are leased."""
    others = cases.alias()
    count = sa.select(sa.func.count()).where(others.c.desk == cases.c.desk, leased(others, dialect)).scalar_subquery()
    return sa.select(cases.c.desk, count.label("leased")).where(cases.c.id == sa.bindparam("of"))


def _any_dead(connection: sa.Connection) -> bool:
    dead = sa.select(processes.c.id).where(processes.c.until <= store_time(connection))
    return connection.scalar(dead.limit(1)) is not None


def _any_due(connection: sa.Connection, now: datetime) -> bool:
    """Say whether anything is due and neither leased nor woken."""
    of, dialect = {"most": 1} | times(connection, now), clock_of(connection)
    return any(connection.execute(_statements(kind, dialect).due, of).first() for kind in WORKABLE)


def _due(connection: sa.Connection, now: datetime, limit: int) -> list[tuple[Kind, str]]:
    """Read what is due; lock its rows where the database can, and skip those that others have locked."""
    rows: list[tuple[datetime, Kind, str]] = []
    for kind in WORKABLE:
        query = _statements(kind, clock_of(connection)).due_locked
        found = connection.execute(query, {"most": limit} | times(connection, now))
        rows += [(row.due_at, kind, row.id) for row in found]
    rows.sort(key=lambda row: (row[0], row[1], row[2]))
    return [(kind, id) for _, kind, id in rows[:limit]]
