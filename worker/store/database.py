"""Opens a database: SQLite for one machine, PostgreSQL for several, with the same two kinds of transactions.

SQLite's driver would begin transactions late, so that is switched off and every transaction is begun explicitly
(https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl); not by an
event, as is advised there, because an engine that has one looks for more of them at every statement.
PostgreSQL runs at READ COMMITTED, whatever the server's default: an update that waited for a row checks it again.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event

from worker.errors import OperatorError
from worker.store.tables import Moment
from workflows.errors import StoreUnavailable
from workflows.ports import Clock

BUSY_SECONDS = 30  # how long SQLite waits for another process's write before it gives up
LOG_SECONDS = 2  # how long others that read are waited for before the log is left as it is
BETWEEN_TRIES = 0.05  # seconds between tries, where SQLite itself does not wait
CONNECTIONS = 20  # kept open; further threads wait for one
MOST_TRIES = 5  # of one transaction that the database rolled back because of another
# For every PostgreSQL session: nothing waits forever, and the server ends a frozen process's open transaction.
SESSION = ("lock_timeout = '10s'", "statement_timeout = '60s'", "idle_in_transaction_session_timeout = '60s'")
PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR")  # beginnings of SQLite's names for faults
DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
DOWN = ("08", "53", "57P")  # of PostgreSQL's codes; a connection that fails has none
UNDONE = frozenset({"40001", "40P01"})  # serialization failure, deadlock: certainly rolled back, so tried again

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


class Raced(Exception):  # noqa: N818  # it names the fact
    """Another transaction came first; this one is rolled back and tried again."""


class Database:
    """An engine with two kinds of transactions: reading and writing.

    `clock` takes the place of the database's own, for a world whose time is not the machine's.
    """

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        parsed, self._given = _checked(url), sa.make_url(url)  # as the settings have it, without the driver
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
        if not self.is_sqlite:
            # keepalives: to notice that the server is gone; no prepared statements: connection poolers lose them
            options = {"connect_args": {"connect_timeout": 10, "keepalives_idle": 30, "prepare_threshold": None}}
            options["isolation_level"] = "READ COMMITTED"
        options |= {"pool_pre_ping": not self.is_sqlite, "execution_options": {"clock": clock}}
        self.engine = sa.create_engine(parsed, pool_size=CONNECTIONS, **options)
        event.listen(self.engine, "connect", _prepare_sqlite if self.is_sqlite else _prepare_postgres)
        self._one_writer: AbstractContextManager[object] = (
            threading.RLock() if self.is_sqlite else contextlib.nullcontext()
        )

    @property
    def name(self) -> str:
        """Return the database's URL without its password."""
        return self._given.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """Return the SQLite file; `None` for a server's database."""
        return Path(str(self.engine.url.database)) if self.is_sqlite else None

    @property
    def is_missing(self) -> bool:
        """Say whether this is an SQLite file that does not exist; connecting would create an empty one."""
        return self.file is not None and not self.file.exists()

    def make(self) -> None:
        """Create a missing SQLite file for its owner only; if that fails, SQLite says why when it is opened."""
        if self.file is not None and self.is_missing:
            with contextlib.suppress(OSError):
                self.file.touch(mode=0o600)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read one consistent state."""
        with self.engine.connect() as connection, connection.begin():
            if self.is_sqlite:
                _execute(connection, "BEGIN")  # takes no lock
            yield connection

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[sa.Connection]:
        """Read and write, all or nothing; what need not outlast a power cut is not waited for on SQLite's disk.

        Nothing is torn by that: the newest such transactions may be missing then, unless a lasting one followed.
        """
        with self._one_writer, self.engine.connect() as connection, connection.begin():
            if self.is_sqlite:
                _begin_write(connection, "FULL" if lasting else "NORMAL")
            yield connection

    def overwrite(self, connection: sa.Connection) -> None:
        """Have SQLite overwrite what this transaction deletes; PostgreSQL frees it with its next vacuum."""
        if self.is_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")

    def empty_log(self) -> None:
        """Empty SQLite's write-ahead log, which still holds what was deleted; others that read keep it for a while."""
        if self.file is not None:
            with contextlib.closing(sqlite3.connect(self.file, timeout=LOG_SECONDS)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def transaction(method: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer]:
    """Make a method one transaction, tried again a few times if the database rolled it back because of another.

    A database that is gone, full or too busy raises `StoreUnavailable`; whether the transaction took effect is then
    unknown, so whoever tries again reads the state first.
    """

    @wraps(method)
    def wrapped(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Answer:
        for left in reversed(range(MOST_TRIES)):
            try:
                return method(*args, **kwargs)
            except Raced as error:
                if not left:
                    raise StoreUnavailable("other transactions kept changing the same rows") from error
            except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError, sa.exc.TimeoutError) as error:
                if not left or getattr(getattr(error, "orig", None), "sqlstate", None) not in UNDONE:
                    raise StoreUnavailable(words_of(error)) from error
        raise AssertionError("unreachable: the last try returns or raises")

    return wrapped


def store_time(connection: sa.Connection, ahead: float = 0.0) -> sa.ColumnElement[datetime]:
    """Return the database's time in SQL, `ahead` seconds from now: one clock for all processes, whatever theirs say."""
    clock = given_clock(connection)
    if clock is not None:
        return sa.literal(clock.now() + timedelta(seconds=ahead), Moment)
    return time_of(connection.dialect.name, ahead)


def given_clock(connection: sa.Connection) -> Clock | None:
    """Return the clock that stands in for the database's, as in a simulated world."""
    clock: Clock | None = connection.get_execution_options().get("clock")
    return clock


def clock_of(connection: sa.Connection) -> str | None:
    """Return the dialect whose own clock counts; `None` where a given one takes its place."""
    return None if given_clock(connection) else connection.dialect.name


def time_of(dialect: str | None, ahead: float = 0.0) -> sa.ColumnElement[datetime]:
    """Return the database's time in its SQL; without a dialect, it is among the statement's `times`."""
    if dialect is None:
        return sa.bindparam("store_now", type_=Moment())
    if dialect == "sqlite":  # as SQLAlchemy stores a time: to the microsecond
        return sa.func.strftime("%Y-%m-%d %H:%M:%f000", "now", f"{ahead:+.3f} seconds", type_=Moment)
    return sa.func.timezone("utc", sa.func.statement_timestamp() + timedelta(seconds=ahead), type_=Moment)


def times(connection: sa.Connection, now: datetime) -> dict[str, datetime]:
    """Return the times that a statement with `:at` and `time_of` needs."""
    clock = given_clock(connection)
    return {"at": now} | ({"store_now": clock.now()} if clock else {})


def _checked(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise OperatorError("store.url: not a URL; expected sqlite:///FILE or postgresql://HOST/NAME") from None
    if parsed.get_backend_name() == "postgresql":
        try:
            import psycopg  # noqa: F401, PLC0415  # optional: only PostgreSQL needs it
        except ImportError as error:
            raise OperatorError(
                f"store.url: PostgreSQL needs its driver ({error}); install it with: pip install 'forcesync[postgres]'"
            ) from None
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise OperatorError(
            f"store.url: found {parsed.render_as_string(hide_password=True)!r}; allowed: an SQLite file such as "
            "sqlite:///forcesync.sqlite3, or postgresql://USER@HOST/NAME"
        )
    folder = Path(parsed.database).resolve().parent
    if not folder.is_dir():
        raise OperatorError(f"store.url: the folder {folder} does not exist; make it first, or name the store's place")
    return parsed


def words_of(error: Exception) -> str:
    """Return the database's message in one line, without statement and parameters."""
    words = str(getattr(error, "orig", None) or error).strip()
    return words.splitlines()[0] if words else type(error).__name__


def unusable(error: sa.exc.DBAPIError, name: str) -> Exception:
    """Return why the store of this name cannot be opened.

    `StoreUnavailable` where the database does not answer, which passes, or `OperatorError` for all else.
    """
    words, sqlite = words_of(error), str(getattr(error.orig, "sqlite_errorname", ""))
    if sqlite.startswith(DAMAGED):
        return OperatorError(
            f"the store {name} is damaged, or no store: {words}; restore its backup, or correct store.url"
        )
    code = None if sqlite else getattr(error.orig, "sqlstate", None)
    if sqlite.startswith(PASSING) or (not sqlite and (code or DOWN[0]).startswith(DOWN)):
        return StoreUnavailable(f"{name}: {words}; see that it runs, or correct store.url and store.password")
    return OperatorError(f"the store {name} cannot be used: {words}; correct store.url, or this account's rights there")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    write_ahead(cursor)
    cursor.close()


def write_ahead(cursor: sqlite3.Cursor, wait: Callable[[float], object] = time.sleep) -> None:
    """Switch a file to write-ahead logging, a setting that the file keeps.

    While another process switches the same new file, SQLite reports a lock at once instead of after its busy timeout
    (https://www.sqlite.org/c3ref/busy_handler.html), so this waits and tries again.
    """
    for left in reversed(range(int(BUSY_SECONDS / BETWEEN_TRIES))):
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                return
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if not left:
                raise
            wait(BETWEEN_TRIES)


def _prepare_postgres(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        for setting in SESSION:
            cursor.execute(f"SET {setting}")
    connection.commit()


SYNCHRONOUS = "synchronous"  # https://www.sqlite.org/pragma.html#pragma_synchronous


def _begin_write(connection: sa.Connection, wanted: str) -> None:
    if connection.info.get(SYNCHRONOUS) != wanted:
        _execute(connection, f"PRAGMA synchronous = {wanted}")
        connection.info[SYNCHRONOUS] = wanted
    _execute(connection, "BEGIN IMMEDIATE")


def _execute(connection: sa.Connection, statement: str) -> None:
    """Have SQLite's driver execute a statement: by SQLAlchemy, what every transaction begins with takes longer."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(statement)
    except sqlite3.Error as error:
        raise sa.exc.OperationalError(statement, None, error) from error
