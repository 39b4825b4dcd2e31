"""The index of the users that cases are about, so that tickets about the same fault find each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table and fill it with the users of existing cases."""
    op.create_table(
        "case_users",
        sa.Column("org", sa.String(length=100), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_users_case_id"),
        sa.PrimaryKeyConstraint("org", "user_id", "case_id", name="pk_case_users"),
    )
    op.create_index("ix_case_users_case_id", "case_users", ["case_id"])
    _fill()


def _fill() -> None:
    """Store in each case the org of its directory, as newer cases do, and index its users by it."""
    cases = sa.table("cases", sa.column("id"), sa.column("doc", sa.JSON()))
    users = sa.table("case_users", sa.column("org"), sa.column("user_id"), sa.column("case_id"))
    connection = op.get_bind()
    for case_id in (
        connection.execute(sa.select(cases.c.id)).scalars().all()
    ):  # one document at a time: there may be many
        doc = connection.execute(sa.select(cases.c.doc).where(cases.c.id == case_id)).scalar_one()
        verdicts = [item["verdict"] for item in doc.get("subjects", []) if item.get("verdict")]
        org = next((org for org in map(_org, verdicts) if org), None)
        found = {verdict["user_id"] for verdict in verdicts if verdict.get("user_id")}
        if org and found:
            connection.execute(cases.update().where(cases.c.id == case_id).values(doc={**doc, "org": org}))
            rows = [{"org": org, "user_id": user_id, "case_id": case_id} for user_id in sorted(found)]
            connection.execute(users.insert(), rows)


def _org(verdict: Mapping[str, Any]) -> str | None:
    directory = verdict.get("directory")
    return str(directory["ref"]["org"]) if directory else None
