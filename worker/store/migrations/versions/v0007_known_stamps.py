"""What a case knows of its ticket, and what it waits for; before, it read the ticket at every step and looked again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SHOWN = sa.text("stamp <> ''")
WAITING = sa.text("waits_for IS NOT NULL")


def upgrade() -> None:
    """Add the columns; an open case reads its ticket once, because it knows no stamp."""
    op.add_column("cases", sa.Column("known", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("waits_for", sa.String(length=32)))
    for table in ("cases", "runs", "followups", "desks"):
        op.add_column(table, sa.Column("wakes", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_cases_waits_for", "cases", ["waits_for"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_cases_shown", "cases", ["desk"], sqlite_where=SHOWN, postgresql_where=SHOWN)
