"""Open a database: one writer at a time inside the process, and SQLite told to survive a power cut.

SQLite's driver begins transactions late by itself, so that is switched off and every transaction begun in words, as
SQLAlchemy advises (https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from worker.problems import OperatorError

BUSY_SECONDS = 30  # how long SQLite waits for another process's write before it gives up


class Database:
    """An engine with two kinds of transactions: for reading, and for writing."""

    def __init__(self, url: str) -> None:
        try:
            parsed = sa.make_url(url)
        except sa.exc.ArgumentError as error:
            raise OperatorError(f"store.url: {error}; expected sqlite:///FILE") from None
        if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
            raise OperatorError(
                f"store.url: found {parsed.render_as_string(hide_password=True)!r}; allowed: an SQLite file, "
                "such as sqlite:///forcesync.sqlite3"
            )
        folder = Path(parsed.database).resolve().parent
        if not folder.is_dir():
            raise OperatorError(f"store.url: the folder {folder} does not exist; make it first")
        self.engine = sa.create_engine(parsed, pool_size=20, connect_args={"timeout": BUSY_SECONDS})
        event.listen(self.engine, "connect", _on_connect)
        event.listen(self.engine, "begin", _on_begin)
        self._one_writer = threading.RLock()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read from one consistent state."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Read and write; everything happens or nothing."""
        with (
            self._one_writer,
            self.engine.connect().execution_options(immediate=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
