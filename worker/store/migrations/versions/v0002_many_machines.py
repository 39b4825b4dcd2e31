"""The schedulers' leader, the archive of ended cases, and the indexes that keep a step's cost constant."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables, columns and indexes; `ended_at` is filled from the cases' documents."""
    op.create_table(
        "leaders",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leaders"),
    )
    op.create_table(
        "archive",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "round", name="pk_archive"),
    )
    op.create_index("ix_archive_archived_at", "archive", ["archived_at"])
    op.add_column("cases", sa.Column("ended_at", sa.DateTime()))
    op.add_column("cases", sa.Column("archived_at", sa.DateTime()))
    _fill_ended_at()
    where = sa.text("archived_at IS NULL")
    op.create_index("ix_cases_to_archive", "cases", ["ended_at"], sqlite_where=where, postgresql_where=where)
    where = sa.text("lease_until IS NOT NULL")
    op.create_index("ix_cases_leased", "cases", ["desk", "lease_until"], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_runs_org_app_id_started_at", "runs", ["org", "app_id", "started_at"])
    op.create_index("ix_rides_case_id", "rides", ["case_id"])
    op.create_index("ix_followups_case_id", "followups", ["case_id"])


def _fill_ended_at() -> None:
    cases = sa.table("cases", sa.column("id"), sa.column("doc", sa.JSON()), sa.column("ended_at", sa.DateTime()))
    connection = op.get_bind()
    for row in connection.execute(sa.select(cases.c.id, cases.c.doc)).all():
        if ended := row.doc.get("ended_at"):
            moment = datetime.fromisoformat(ended).astimezone(UTC).replace(tzinfo=None)
            connection.execute(cases.update().where(cases.c.id == row.id).values(ended_at=moment))
