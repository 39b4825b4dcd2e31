"""The tables. Columns that queries need are kept beside the JSON document that holds the value."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from workflows.model import RUN_ENDS, RunState
from workflows.ports import Kind


class Moment(sa.types.TypeDecorator[datetime]):
    """A time with a zone, stored in UTC to the microsecond on every database."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> Any:
        """Convert to UTC and drop the zone; a time without a zone is a defect."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        """Restore the zone."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _workable() -> list[sa.Column[Any]]:
    """Return the columns of everything that can be due and leased."""
    return [
        sa.Column("due_at", Moment, index=True),
        sa.Column("wakes", sa.Integer, nullable=False, server_default="0"),
        sa.Column("woken_until", Moment),
        sa.Column("woken_by", sa.String(16)),
        sa.Column("lease_token", sa.String(32)),
        sa.Column("lease_until", Moment),
        sa.Column("lease_holder", sa.String(16)),
        sa.Column("waiting", sa.Text, nullable=False, server_default=""),
    ]


cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("desk", sa.String(100), nullable=False),
    sa.Column("ticket_id", sa.String(200), nullable=False),
    sa.Column("ticket_key", sa.String(100), nullable=False, index=True),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("stamp", sa.String(200), nullable=False),
    sa.Column("known", sa.String(200), nullable=False, server_default=""),
    sa.Column("waits_for", sa.String(32)),
    sa.Column("wants", sa.String(230)),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("doc", sa.JSON, nullable=False),
    *_workable(),
    sa.Column("ended_at", Moment),
    sa.Column("archived_at", Moment),
    sa.UniqueConstraint("desk", "ticket_id"),
    sa.Index("ix_cases_state_opened_at", "state", "opened_at"),
)

_shown = cases.c.stamp != ""
sa.Index("ix_cases_shown", cases.c.desk, sqlite_where=_shown, postgresql_where=_shown)
_to_archive = cases.c.archived_at.is_(None)
sa.Index("ix_cases_to_archive", cases.c.ended_at, sqlite_where=_to_archive, postgresql_where=_to_archive)
_leased = cases.c.lease_until.is_not(None)
sa.Index("ix_cases_leased", cases.c.desk, cases.c.lease_until, sqlite_where=_leased, postgresql_where=_leased)

_waits = cases.c.waits_for.is_not(None)
sa.Index("ix_cases_waits_for", cases.c.waits_for, sqlite_where=_waits, postgresql_where=_waits)

_wants = cases.c.wants.is_not(None)
sa.Index("ix_cases_wants", cases.c.wants, sqlite_where=_wants, postgresql_where=_wants)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("org", sa.String(100), nullable=False),
    sa.Column("app_id", sa.String(64), nullable=False),
    sa.Column("type_id", sa.String(64), nullable=False, server_default=""),
    sa.Column("assisted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("started_at", Moment),
    sa.Column("doc", sa.JSON, nullable=False),
    *_workable(),
    sa.Index("ix_runs_org_app_id_started_at", "org", "app_id", "started_at"),
)

# The states are literals in the statement: SQLite uses a partial index only for a condition that it can see.
_run_ends: sa.BindParameter[Any] = sa.bindparam("run_ends", sorted(RUN_ENDS), expanding=True, literal_execute=True)
open_run = runs.c.state.not_in(_run_ends)
_open_run = runs.c.state.not_in(sorted(RUN_ENDS))
sa.Index(
    "uq_runs_one_open_of_a_directory_and_type",
    runs.c.org,
    runs.c.app_id,
    runs.c.type_id,
    runs.c.assisted,
    unique=True,
    sqlite_where=_open_run,
    postgresql_where=_open_run,
)
_starting = runs.c.state == RunState.STARTING.value
sa.Index(
    "uq_runs_one_starting_of_a_directory",
    runs.c.org,
    runs.c.app_id,
    unique=True,
    sqlite_where=_starting,
    postgresql_where=_starting,
)

case_users = sa.Table(
    "case_users",
    metadata,
    sa.Column("org", sa.String(100), primary_key=True),
    sa.Column("user_id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), primary_key=True, index=True),
)

rides = sa.Table(
    "rides",
    metadata,
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), primary_key=True, index=True),
    sa.Column("state", sa.String(20), nullable=False),
)

writes = sa.Table(
    "writes",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("operation", sa.String(50), nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("content", sa.LargeBinary),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("receipt", sa.JSON),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("sent_at", Moment),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Index("ix_writes_case_id_seq", "case_id", "seq", unique=True),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("aggregate_id", sa.String(32), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("from_state", sa.String(20), nullable=False),
    sa.Column("to_state", sa.String(20), nullable=False),
    sa.Column("because", sa.Text, nullable=False),
    sa.Index("ix_events_kind_aggregate_id", "kind", "aggregate_id"),
)

followups = sa.Table(
    "followups",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("doc", sa.JSON, nullable=False),
    *_workable(),
)

desks = sa.Table(
    "desks",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("last_started_at", Moment),
    sa.Column("last_completed_at", Moment),
    *_workable(),
)

stops = sa.Table(
    "stops",
    metadata,
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("until", Moment, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("since", Moment),
)

WORKABLE: dict[Kind, sa.Table] = {"desk": desks, "case": cases, "run": runs, "followup": followups}

processes = sa.Table(
    "processes",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("beat_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False, index=True),  # when it counts as dead unless it beats again
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
)

# What one holder alone is until a time: the scheduler that leads, and the settings that passed every check last.
leaders = sa.Table(
    "leaders",
    metadata,
    sa.Column("name", sa.String(50), primary_key=True),
    sa.Column("holder", sa.String(100), nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("fence", sa.Integer, nullable=False),
)

archive = sa.Table(
    "archive",
    metadata,
    sa.Column("case_id", sa.String(32), primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("archived_at", Moment, nullable=False, index=True),
    sa.Column("record", sa.JSON, nullable=False),
)

outcomes = sa.Table(
    "outcomes",
    metadata,
    sa.Column("case_id", sa.String(32), primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("opened_at", Moment, nullable=False, index=True),
    sa.Column("lasted", sa.Boolean),
    sa.Column("doc", sa.JSON, nullable=False),
)
