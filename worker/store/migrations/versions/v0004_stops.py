"""Every stop with its kind; before, kinds were told apart by what stood behind a system's name."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SWITCHED = re.compile(r"by (?P<by>.+?) since (?P<since>\d{4}-\d\d-\d\d \d\d:\d\d) UTC: (?P<why>.*)", re.DOTALL)


def upgrade() -> None:
    """Make the new table, fill it from the old one, and drop that."""
    stops = op.create_table(
        "stops",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_stops"),
    )
    pauses = sa.table("pauses", sa.column("system"), sa.column("until", sa.DateTime()), sa.column("reason"))
    connection = op.get_bind()
    rows = [_stop(row.system, row.until, row.reason) for row in connection.execute(sa.select(pauses))]
    if rows:
        connection.execute(stops.insert(), rows)
    op.drop_table("pauses")


def _stop(system: str, until: datetime, reason: str) -> dict[str, Any]:
    row = {"kind": "system", "name": system, "until": until, "why": reason, "by": "", "since": None}
    if system.endswith(" asked to wait"):
        return row | {"kind": "patience", "name": system.removesuffix(" asked to wait")}
    if system == "force sync" or system.startswith("force sync of "):
        told = _SWITCHED.fullmatch(reason)
        row |= {"kind": "switch", "name": system.removeprefix("force sync").removeprefix(" of ")}
        if told is None:
            return row
        since = datetime.fromisoformat(told["since"])
        return row | {"by": told["by"], "why": told["why"], "since": since}
    if system.endswith(" force sync"):
        return row | {"kind": "start", "name": system.removesuffix(" force sync")}
    return row
