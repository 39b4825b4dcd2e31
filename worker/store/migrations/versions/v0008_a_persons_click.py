"""Cases that wait for a user's page, and runs that a person starts because the call before had no effect."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

OPEN = sa.text("(state NOT IN ('cancelled', 'ended', 'failed'))")
WANTING = sa.text("wants IS NOT NULL")


def upgrade() -> None:
    """Add the columns; beside an open run of a directory and user type, one may wait for a person's click."""
    op.add_column("cases", sa.Column("wants", sa.String(length=230)))
    op.create_index("ix_cases_wants", "cases", ["wants"], sqlite_where=WANTING, postgresql_where=WANTING)
    op.add_column("runs", sa.Column("assisted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index("uq_runs_one_open_of_a_directory_and_type", table_name="runs")
    key = ["org", "app_id", "type_id", "assisted"]
    name = "uq_runs_one_open_of_a_directory_and_type"
    op.create_index(name, "runs", key, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
