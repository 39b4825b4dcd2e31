"""The processes that live, who holds each lease and woken mark, and when and how often each write was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

AT_LEAST_ONCE = 2  # how often a write of an older schema was sent is unknown, so a copy of it is looked for


def upgrade() -> None:
    """Add the table and the columns; a write that is on its way was sent when its row last changed."""
    op.create_table(
        "processes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("beat_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_processes"),
    )
    op.create_index("ix_processes_until", "processes", ["until"])
    for table in ("cases", "runs", "followups", "desks"):
        op.add_column(table, sa.Column("woken_by", sa.String(length=16)))
        op.add_column(table, sa.Column("lease_holder", sa.String(length=16)))
    op.add_column("writes", sa.Column("sent_at", sa.DateTime()))
    op.add_column("writes", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    writes = sa.table("writes", *(sa.column(name) for name in ("state", "updated_at", "sent_at", "attempts")))
    sent = writes.update().where(writes.c.state != "pending")
    op.get_bind().execute(sent.values(sent_at=writes.c.updated_at, attempts=AT_LEAST_ONCE))
