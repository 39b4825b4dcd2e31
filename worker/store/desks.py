"""Desks and pauses: when each desk was last searched, and which systems cannot be used now."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from worker.store.database import Database, Raced, transaction
from worker.store.leases import guarded_update
from worker.store.tables import desks, pauses
from workflows.ports import DeskPoll, Lease

PATIENCE = " asked to wait"  # suffix of a system's name: a row of its own, which no success elsewhere removes


class DeskRows:
    """The part of the store that keeps desks and pauses."""

    _database: Database

    @transaction
    def ensure_desk(self, name: str, now: datetime) -> None:
        """Create a desk's row, due at once, if there is none."""
        with self._database.writing() as connection:
            if connection.scalar(sa.select(desks.c.id).where(desks.c.id == name)) is None:
                try:
                    connection.execute(desks.insert().values(id=name, due_at=now))
                except sa.exc.IntegrityError as error:
                    raise Raced from error

    @transaction
    def poll_started(self, lease: Lease, now: datetime) -> None:
        """Record that a search of the desk begins."""
        with self._database.writing() as connection:
            connection.execute(guarded_update(lease, now).values(last_started_at=now))

    @transaction
    def poll_done(self, lease: Lease, started_at: datetime | None, now: datetime, due_at: datetime) -> None:
        """Record when the next search is due; with `started_at`, also that the one begun then is complete."""
        values = {"due_at": due_at} | ({"last_completed_at": now} if started_at is not None else {})
        with self._database.writing() as connection:
            connection.execute(guarded_update(lease, now).values(values))

    @transaction
    def polls(self) -> tuple[DeskPoll, ...]:
        """Return the state of every desk's polling."""
        with self._database.reading() as connection:
            return tuple(
                DeskPoll(name=row.id, last_started_at=row.last_started_at, last_completed_at=row.last_completed_at)
                for row in connection.execute(sa.select(desks).order_by(desks.c.id))
            )

    @transaction
    def pause(self, system: str, until: datetime, reason: str) -> bool:
        """Pause a system until then; True if it was not paused before, so that it is reported once."""
        with self._database.writing() as connection:
            row = pauses.update().where(pauses.c.system == system).values(until=until, reason=reason)
            if connection.execute(row).rowcount:
                return False
            try:
                connection.execute(pauses.insert().values(system=system, until=until, reason=reason))
            except sa.exc.IntegrityError as error:
                raise Raced from error
            return True

    @transaction
    def paused(self, system: str, now: datetime) -> tuple[datetime, str] | None:
        """Return until when and why a system is paused."""
        query = sa.select(pauses).where(pauses.c.system == system, pauses.c.until > now)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return (row.until, row.reason) if row else None

    @transaction
    def switched_off(self, switch: str, now: datetime) -> list[tuple[str, str]]:
        """Return every pause of a switch, the general one first, each with its reason."""
        named = (pauses.c.system == switch) | pauses.c.system.startswith(f"{switch} of ", autoescape=True)
        query = sa.select(pauses).where(named, pauses.c.until > now).order_by(pauses.c.system)
        with self._database.reading() as connection:
            return [(row.system, row.reason) for row in connection.execute(query)]

    @transaction
    def hold(self, system: str, until: datetime, reason: str) -> None:
        """Record that a system asked us to wait until then, unless it already asked for longer."""
        name = system + PATIENCE
        with self._database.writing() as connection:
            noted = connection.execute(sa.select(pauses.c.until).where(pauses.c.system == name)).first()
            if noted is None:
                try:
                    connection.execute(pauses.insert().values(system=name, until=until, reason=reason))
                except sa.exc.IntegrityError as error:
                    raise Raced from error
            else:
                longer = pauses.update().where(pauses.c.system == name, pauses.c.until < until)
                connection.execute(longer.values(until=until, reason=reason))

    @transaction
    def held(self, system: str, now: datetime, *, though_paused: bool = False) -> tuple[datetime, str] | None:
        """Return until when, and why, a system must not be called: it asked us to wait, or is paused.

        `though_paused` ignores the pause.
        """
        names = [system + PATIENCE, *([] if though_paused else [system])]
        query = sa.select(pauses).where(pauses.c.system.in_(names), pauses.c.until > now)
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(pauses.c.until.desc())).first()
        return (row.until, row.reason) if row else None

    @transaction
    def resume(self, system: str) -> None:
        """Remove the pause."""
        with self._database.writing() as connection:
            connection.execute(pauses.delete().where(pauses.c.system == system))
