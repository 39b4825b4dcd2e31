"""Desks, stops and people's acts: when each desk was searched, what must not be called or started, who ordered what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from worker.store.database import Database, Raced, transaction
from worker.store.leases import holds, woken
from worker.store.tables import cases, desks, events, stops
from workflows.model import ENDS, OperatorAct, Stop, StopKind
from workflows.ports import DeskPoll, Lease

OPERATOR = "operator"  # the kind of an event that is a person's act

_lasts = sa.select(stops).where(stops.c.name == sa.bindparam("named"), stops.c.until > sa.bindparam("at"))
PAUSED = _lasts.where(stops.c.kind == sa.bindparam("of"))
HELD = _lasts.where(stops.c.kind.in_(sa.bindparam("any_of", expanding=True))).order_by(stops.c.until.desc())


class DeskRows:
    """The part of the store that keeps desks and stops."""

    _database: Database

    @transaction
    def ensure_desk(self, name: str, now: datetime) -> None:
        """Create a desk's row, due at once, if there is none."""
        with self._database.writing(lasting=False) as connection:
            if connection.scalar(sa.select(desks.c.id).where(desks.c.id == name)) is None:
                try:
                    connection.execute(desks.insert().values(id=name, due_at=now))
                except sa.exc.IntegrityError as error:
                    raise Raced from error

    @transaction
    def poll_started(self, lease: Lease, now: datetime) -> None:
        """Record that a search of the desk begins."""
        with self._database.writing(lasting=False) as connection:
            if holds(connection, lease, now):
                connection.execute(desks.update().where(desks.c.id == lease.id).values(last_started_at=now))

    @transaction
    def poll_done(self, lease: Lease, started_at: datetime | None, now: datetime, due_at: datetime) -> None:
        """Record when the next search is due; with `started_at`, also that the one begun then is complete."""
        values = {"due_at": due_at} | ({"last_completed_at": now} if started_at is not None else {})
        with self._database.writing(lasting=False) as connection:
            if holds(connection, lease, now):
                connection.execute(desks.update().where(desks.c.id == lease.id).values(values))

    @transaction
    def polls(self) -> tuple[DeskPoll, ...]:
        """Return the state of every desk's polling."""
        with self._database.reading() as connection:
            return tuple(
                DeskPoll(name=row.id, last_started_at=row.last_started_at, last_completed_at=row.last_completed_at)
                for row in connection.execute(sa.select(desks).order_by(desks.c.id))
            )

    @transaction
    def pause(self, stop: Stop, act: OperatorAct | None = None) -> bool:
        """Store a stop, in place of one of the same kind and name, and a person's act.

        True if there was none, or if it was over long ago.
        """
        values = dict(stop)
        same = (stops.c.kind == stop.kind) & (stops.c.name == stop.name)
        with self._database.writing() as connection:
            write_act(connection, act)
            until = connection.scalar(sa.select(stops.c.until).where(same).with_for_update())
            if until is not None:
                connection.execute(stops.update().where(same).values(values))
                return stop.since is not None and until <= stop.since
            try:
                connection.execute(stops.insert().values(values))
            except sa.exc.IntegrityError as error:
                raise Raced from error
            return True

    @transaction
    def paused(self, kind: StopKind, name: str, now: datetime) -> Stop | None:
        """Return a stop that holds now."""
        with self._database.reading() as connection:
            row = connection.execute(PAUSED, {"of": kind, "named": name, "at": now}).first()
        return _stop(row) if row else None

    @transaction
    def switches(self, now: datetime) -> list[Stop]:
        """Return every switch that is off, the general one first."""
        query = sa.select(stops).where(stops.c.kind == StopKind.SWITCH, stops.c.until > now).order_by(stops.c.name)
        with self._database.reading() as connection:
            return [_stop(row) for row in connection.execute(query)]

    @transaction
    def hold(self, system: str, until: datetime, reason: str) -> None:
        """Record that a system asked us to wait until then, unless it already asked for longer."""
        same = (stops.c.kind == StopKind.PATIENCE) & (stops.c.name == system)
        with self._database.writing(lasting=False) as connection:
            if connection.execute(sa.select(stops.c.until).where(same)).first() is None:
                stop = Stop(kind=StopKind.PATIENCE, name=system, until=until, why=reason)
                try:
                    connection.execute(stops.insert().values(dict(stop)))
                except sa.exc.IntegrityError as error:
                    raise Raced from error
            else:
                longer = stops.update().where(same, stops.c.until < until)
                connection.execute(longer.values(until=until, why=reason))

    @transaction
    def held(self, system: str, now: datetime, *, though_paused: bool = False) -> Stop | None:
        """Return what keeps a system from being called now: it asked us to wait, or is paused.

        `though_paused` ignores the pause.
        """
        kinds = [StopKind.PATIENCE, *([] if though_paused else [StopKind.SYSTEM])]
        with self._database.reading() as connection:
            row = connection.execute(HELD, {"any_of": kinds, "named": system, "at": now}).first()
        return _stop(row) if row else None

    @transaction
    def resume(self, kind: StopKind, name: str, act: OperatorAct | None = None) -> None:
        """Remove a stop, and record a person's act."""
        with self._database.writing() as connection:
            write_act(connection, act)
            connection.execute(stops.delete().where(stops.c.kind == kind, stops.c.name == name))

    @transaction
    def note_order(self, act: OperatorAct) -> None:
        """Record a person's order about a case for the audit."""
        with self._database.writing() as connection:
            write_act(connection, act)

    @transaction
    def retry(self, act: OperatorAct, now: datetime) -> bool:
        """Make an open case due at once, its ticket to be read again, and record who ordered it; False if it ended."""
        still_open = cases.update().where(cases.c.id == act.target, cases.c.state.not_in(sorted(ENDS)))
        with self._database.writing() as connection:
            if not connection.execute(still_open.values(woken(cases, now) | {"known": ""})).rowcount:
                return False
            write_act(connection, act)
        return True

    @transaction
    def acts(self) -> tuple[OperatorAct, ...]:
        """Return every act of a person, newest first."""
        query = sa.select(events.c.because).where(events.c.kind == OPERATOR).order_by(events.c.id.desc())
        with self._database.reading() as connection:
            return tuple(OperatorAct.model_validate_json(row) for row in connection.scalars(query))


def write_act(connection: sa.Connection, act: OperatorAct | None) -> None:
    """Add the event row of a person's act, which holds the whole act as JSON."""
    if act is not None:
        row = {"kind": OPERATOR, "aggregate_id": act.target, "at": act.at, "from_state": "", "to_state": act.act}
        connection.execute(events.insert().values(row | {"because": act.model_dump_json()}))


def _stop(row: Any) -> Stop:
    return Stop(kind=StopKind(row.kind), name=row.name, until=row.until, why=row.why, by=row.by, since=row.since)
