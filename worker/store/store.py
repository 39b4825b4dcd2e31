"""The whole store behind the core's `CaseStore` port, and its schema's migrations."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from worker.problems import OperatorError
from worker.store.case_rows import CaseRows
from worker.store.database import Database
from worker.store.desk_rows import DeskRows
from worker.store.event_rows import EventRows
from worker.store.leases import Leases
from worker.store.run_rows import RunRows
from worker.store.write_rows import WriteRows

MIGRATIONS = Path(__file__).parent / "migrations"


class Store(Leases, DeskRows, CaseRows, EventRows, WriteRows, RunRows):
    """Implements `CaseStore`; any number of threads may share one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the store at an SQLAlchemy URL, leaving its schema alone. Raises `OperatorError` for a wrong URL."""
        return cls(Database(url))

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def migrate(self) -> list[str]:
        """Bring the schema up to date; returns the revisions that were applied. Two processes at once do no harm."""
        config = _config()
        script = ScriptDirectory.from_config(config)
        with self._database.writing() as connection:
            before = MigrationContext.configure(connection).get_current_revision()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        applied = [revision.revision for revision in script.iterate_revisions("head", before or "base")]
        return list(reversed(applied))

    def check_schema(self) -> None:
        """Raise `OperatorError` unless the schema is the one that this program knows."""
        head = ScriptDirectory.from_config(_config()).get_current_head()
        try:
            with self._database.reading() as connection:
                found = MigrationContext.configure(connection).get_current_revision()
        except sa.exc.SQLAlchemyError as error:
            raise OperatorError(f"the store cannot be read: {error}") from error
        if found != head:
            raise OperatorError(
                f"the store has schema {found or 'none'}, this program needs {head}; run `forcesync migrate`"
            )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
