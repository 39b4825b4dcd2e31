"""The whole store, which implements the core's `CaseStore` port, and the migration of its schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from worker.errors import OperatorError
from worker.store.cases import CaseRows
from worker.store.database import Database, unusable
from worker.store.desks import DeskRows
from worker.store.health import HealthRows
from worker.store.leases import Leases
from worker.store.processes import Beside, Process
from worker.store.retention.archive import ArchiveRows
from worker.store.retention.outcomes import OutcomeRows
from worker.store.retention.persons import PersonRows
from worker.store.runs import RunRows
from worker.store.users import UserRows
from worker.store.writes import WriteRows
from workflows.ports import Clock

MIGRATING = 0x666F726365  # our key among PostgreSQL's advisory locks
MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))  # where Alembic notes the store's revision


class Store(Leases, DeskRows, CaseRows, UserRows, WriteRows, RunRows, ArchiveRows, OutcomeRows, PersonRows, HealthRows):
    """Implements `CaseStore`; any number of threads may share an instance, and any number of processes the database.

    `at_once` limits, for each desk, how many of its cases all processes together work at the same time.
    """

    def __init__(self, database: Database, at_once: Mapping[str, int] | None = None) -> None:
        self._database = database
        self._at_once = dict(at_once or {})
        self._process: Process | None = None
        self._beside: Beside | None = None
        self._ended: set[str] = set()

    @classmethod
    def open(cls, url: str, at_once: Mapping[str, int] | None = None, clock: Clock | None = None) -> Store:
        """Open the store at an SQLAlchemy URL without changing its schema. Raises `OperatorError` for a wrong URL.

        `clock` takes the place of the database's own.
        """
        return cls(Database(url, clock), at_once)

    @property
    def name(self) -> str:
        """Return where the store is, without its password."""
        return self._database.name

    @property
    def file(self) -> Path | None:
        """Return the SQLite file; `None` for a server's database."""
        return self._database.file

    @property
    def is_missing(self) -> bool:
        """Say whether this is an SQLite file that does not exist yet; reading would make an empty one."""
        return self._database.is_missing

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def migrate(self) -> list[str]:
        """Update the schema; returns the revisions that were applied.

        If several processes try, one migrates and the others wait: SQLite has one writer, and on PostgreSQL the
        transaction holds a lock. Raises `OperatorError` for a store newer than this program, or one
        that cannot be used, and `StoreUnavailable` for one that does not answer.
        """
        self._database.make()
        try:
            with self._database.reading() as connection:
                if _revision(connection) == _revisions()[-1]:
                    return []
            with self._database.writing() as connection:
                if not self._database.is_sqlite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATING)))
                before = _revision(connection)
                self._refuse_newer(before)
                _upgrade(connection)
        except sa.exc.DBAPIError as error:
            raise unusable(error, self._database.name) from error
        return [revision for revision in _revisions() if before is None or revision > before]

    def check_schema(self) -> None:
        """Raise `OperatorError` unless the store has our schema, `StoreUnavailable` if it does not answer."""
        if self._database.is_missing:
            raise OperatorError(
                f"there is no store at {self._database.name} yet; `forcesync migrate` makes it, as `run` and `once` do"
            )
        head = _revisions()[-1]
        try:
            with self._database.reading() as connection:
                found = _revision(connection)
        except sa.exc.DBAPIError as error:
            raise unusable(error, self._database.name) from error
        self._refuse_newer(found)
        if found != head:
            raise OperatorError(
                f"the store has schema {found or 'none'}, this program needs {head}; run `forcesync migrate`"
            )

    def _refuse_newer(self, found: str | None) -> None:
        known = _revisions()
        if found is not None and found not in known:
            raise OperatorError(
                f"the store {self._database.name} is newer than this program: it has schema {found}, and this program "
                f"knows those up to {known[-1]}; run the version of forcesync that migrated it, or a "
                "newer one"
            )


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415  # takes half a second, for what is rarely needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revisions() -> list[str]:
    """Return this program's revisions, oldest first; the files are named after them."""
    return sorted(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v[0-9]*_*.py"))


def _revision(connection: sa.Connection) -> str | None:
    """Return the store's revision; `None` for one without a schema."""
    if not sa.inspect(connection).has_table(VERSION.name):
        return None
    return connection.scalar(sa.select(VERSION.c.version_num))
