"""What became of each round, without people, which stays when the record goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table; rounds that were archived or followed by another before it came are not counted by the report."""
    op.create_table(
        "outcomes",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("lasted", sa.Boolean()),
        sa.Column("doc", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "round", name="pk_outcomes"),
    )
    op.create_index("ix_outcomes_opened_at", "outcomes", ["opened_at"])
