"""The whole store, which implements the core's `CaseStore` port, and the migration of its schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from worker.errors import OperatorError
from worker.store.archive import ArchiveRows
from worker.store.cases import CaseRows
from worker.store.database import Database, words_of
from worker.store.desks import DeskRows
from worker.store.leases import Leases
from worker.store.runs import RunRows
from worker.store.users import UserRows
from worker.store.writes import WriteRows

MIGRATING = 0x666F726365  # our key among PostgreSQL's advisory locks
MIGRATIONS = Path(__file__).parent / "migrations"


class Store(Leases, DeskRows, CaseRows, UserRows, WriteRows, RunRows, ArchiveRows):
    """Implements `CaseStore`; any number of threads may share an instance, and any number of processes the database.

    `at_once` limits, for each desk, how many of its cases all processes together work at the same time.
    """

    def __init__(self, database: Database, at_once: Mapping[str, int] | None = None) -> None:
        self._database = database
        self._at_once = dict(at_once or {})

    @classmethod
    def open(cls, url: str, at_once: Mapping[str, int] | None = None) -> Store:
        """Open the store at an SQLAlchemy URL without changing its schema. Raises `OperatorError` for a wrong URL."""
        return cls(Database(url), at_once)

    @property
    def name(self) -> str:
        """Return where the store is, without its password."""
        return self._database.name

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def migrate(self) -> list[str]:
        """Update the schema; returns the revisions that were applied.

        If several processes try, one migrates and the others wait: SQLite has one writer, and on PostgreSQL the
        transaction holds a lock. Raises `OperatorError` for a store newer than this program.
        """
        config = _config()
        script = ScriptDirectory.from_config(config)
        self._database.make()
        try:
            with self._database.writing() as connection:
                if not self._database.is_sqlite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATING)))
                before = MigrationContext.configure(connection).get_current_revision()
                self._refuse_newer(before, script)
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except sa.exc.DBAPIError as error:
            raise OperatorError(
                f"the store {self._database.name} cannot be migrated: {words_of(error)}; fix this and start again"
            ) from error
        applied = [revision.revision for revision in script.iterate_revisions("head", before or "base")]
        return list(reversed(applied))

    def check_schema(self) -> None:
        """Raise `OperatorError` unless the store has this program's schema."""
        if self._database.is_missing:
            raise OperatorError(
                f"there is no store at {self._database.name} yet; `forcesync run`, `once` and `migrate` make it"
            )
        script = ScriptDirectory.from_config(_config())
        head = script.get_current_head()
        try:
            with self._database.reading() as connection:
                found = MigrationContext.configure(connection).get_current_revision()
        except sa.exc.DBAPIError as error:
            raise OperatorError(f"the store {self._database.name} cannot be read: {words_of(error)}") from error
        self._refuse_newer(found, script)
        if found != head:
            raise OperatorError(
                f"the store has schema {found or 'none'}, this program needs {head}; run `forcesync migrate`"
            )

    def _refuse_newer(self, found: str | None, script: ScriptDirectory) -> None:
        if found is not None and found not in {revision.revision for revision in script.walk_revisions()}:
            raise OperatorError(
                f"the store {self._database.name} is newer than this program: it has schema {found}, and this program "
                f"knows those up to {script.get_current_head()}; run the version of forcesync that migrated it, or a "
                "newer one"
            )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
