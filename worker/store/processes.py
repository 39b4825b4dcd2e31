"""Which processes live: a row for each, renewed by the database's clock, on which its leases and woken marks depend.

On SQLite, whose processes share a machine, each also holds a lock on a file beside the store. Whoever finds that file
free knows that every process of the table is dead, and need not wait for their rows to run out.
"""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from worker.store.database import Database, store_time, transaction
from worker.store.tables import WORKABLE, Moment, processes

if sys.platform != "win32":
    import fcntl

NEW_FILE = os.O_RDWR | os.O_CREAT
Held = sa.ColumnElement[bool]
Time = sa.ColumnElement[datetime]
AT = sa.bindparam("at", type_=Moment())


@dataclass(frozen=True)
class Process:
    """A process, which counts as dead `dead_after` seconds after its last beat; `host` and `pid` are for people."""

    id: str
    dead_after: float
    host: str
    pid: int


class ProcessRows:
    """The part of the store that knows the living processes, this one among them once it has entered."""

    _database: Database
    _process: Process | None
    _beside: Beside | None

    @property
    def _holder(self) -> str | None:
        """Return who holds what this store leases; `None` for a command, whose leases just run out."""
        return self._process.id if self._process else None

    def enter(self, host: str, pid: int, dead_after: float) -> None:
        """Register this process: from now on its leases hold only while it beats, every `dead_after` seconds at least.

        Whoever is alone on an SQLite store removes all other processes; elsewhere only those that stopped beating go.
        """
        path = self._database.file
        self._beside = Beside(path.with_name(f"{path.name}.lock")) if path else None
        self._remove_dead(all_of_them=self._beside is not None and self._beside.is_free())
        if self._beside is not None:
            self._beside.share()
        self._process = Process(secrets.token_hex(8), dead_after, host, pid)
        self.beat()

    @transaction
    def beat(self) -> None:
        """Show that this process lives. One that was taken for dead holds again what nobody has taken since."""
        this = self._process
        if this is None:
            return
        with self._database.writing(lasting=False) as connection:
            now, until = store_time(connection), store_time(connection, this.dead_after)
            row = processes.update().where(processes.c.id == this.id)
            if not connection.execute(row.values(beat_at=now, until=until)).rowcount:
                times = {"started_at": now, "beat_at": now, "until": until}
                connection.execute(
                    processes.insert().values(times | {"id": this.id, "host": this.host, "pid": this.pid})
                )

    def _lives(self, connection: sa.Connection) -> bool:
        """Say whether others take this process for alive; one that is not known to them takes no work."""
        this = sa.and_(processes.c.id == self._holder, processes.c.until > store_time(connection))
        return self._process is None or connection.scalar(sa.select(processes.c.id).where(this)) is not None

    def leave(self) -> None:
        """Free at once whatever this process still holds."""
        self._forget()
        if self._beside is not None:
            self._beside.close()
            self._beside = None

    @transaction
    def now(self) -> datetime:
        """Return the time of the database's clock, which all processes share."""
        with self._database.reading() as connection:
            moment: datetime = connection.execute(sa.select(store_time(connection))).scalar_one()
        return moment

    @transaction
    def _remove_dead(self, *, all_of_them: bool) -> None:
        with self._database.writing(lasting=False) as connection:
            dead = sa.true() if all_of_them else processes.c.until <= store_time(connection)
            bury(connection, dead)

    @transaction
    def _forget(self) -> None:
        with self._database.writing(lasting=False) as connection:
            connection.execute(processes.delete().where(processes.c.id == self._holder))


class Beside:
    """A lock on a file beside the store: shared by all who work, held alone by one who starts and finds nobody.

    The system drops it with its process. Where it has no such locks (Windows, some network file systems), the file
    never counts as free, and the dead are known by their rows alone.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, NEW_FILE, 0o600)

    def is_free(self) -> bool:
        """Say whether no other process works on this store; if so, none can begin before `share` or `close`."""
        if sys.platform == "win32":
            return False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def share(self) -> None:
        """Hold the file as one of those who work, once nobody holds it alone."""
        if sys.platform != "win32":
            with suppress(OSError):  # no locks here: see above
                fcntl.flock(self._file, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let go of the file, which stays: to delete it would give a later process a file of its own."""
        os.close(self._file)


def held(until: sa.ColumnElement[datetime], holder: sa.ColumnElement[str], store_now: Time) -> Held:
    """Say in SQL whether a lease or a woken mark holds `:at` a time: its own runs, and its process, if any, lives."""
    living = sa.select(processes.c.id).where(processes.c.until > store_now)
    return sa.and_(until.is_not(None), until > AT, sa.or_(holder.is_(None), holder.in_(living)))


def bury(connection: sa.Connection, dead: Held) -> None:
    """Remove dead processes, and with them the marks on messages of a shared queue.

    Which of those the dead had fetched is unknown, so all are sent again: one that comes twice does no harm.
    """
    if not connection.execute(processes.delete().where(dead)).rowcount:
        return
    for table in WORKABLE.values():
        shared = table.c.due_at.is_not(None) & table.c.woken_until.is_not(None) & table.c.woken_by.is_(None)
        connection.execute(table.update().where(shared).values(woken_until=None))
