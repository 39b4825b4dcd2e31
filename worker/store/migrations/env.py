"""Run the migrations on the connection that the store passes in; Alembic loads this file by path."""

from __future__ import annotations

from alembic import context

from worker.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
