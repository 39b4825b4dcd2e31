"""Runs of a directory and a user type; before, a run served riders of every type, and its call reached only one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

Document = dict[str, Any]
OPEN = "(state NOT IN ('cancelled', 'ended', 'failed'))"
AGAIN = "the store was updated: runs are of one user type now, so the ticket is judged again"
ASKED_ANEW = "the store was updated: runs are of one user type now, so approval is asked for again"

_runs = sa.table(
    "runs",
    *(sa.column(name) for name in ("id", "state", "type_id")),
    sa.column("due_at", sa.DateTime()),
    sa.column("doc", sa.JSON()),
)
_rides = sa.table("rides", *(sa.column(name) for name in ("run_id", "case_id", "state")))
_cases = sa.table(
    "cases",
    *(sa.column(name) for name in ("id", "state", "waiting")),
    *(sa.column(name, sa.DateTime()) for name in ("due_at", "woken_until")),
    sa.column("doc", sa.JSON()),
)
_events = sa.table(
    "events",
    *(sa.column(name) for name in ("kind", "aggregate_id", "from_state", "to_state", "because")),
    sa.column("at", sa.DateTime()),
)


def upgrade() -> None:
    """Add the type to the key of an open run, and part runs from the riders whom they do not reach."""
    op.add_column("runs", sa.Column("type_id", sa.String(length=64), nullable=False, server_default=""))
    op.drop_index("uq_runs_one_open_of_a_directory", table_name="runs")
    connection, now = op.get_bind(), datetime.now(UTC).replace(tzinfo=None)
    for run_id in connection.execute(sa.select(_runs.c.id)).scalars().all():
        _part(connection, run_id, now)
    _index("uq_runs_one_open_of_a_directory_and_type", ["org", "app_id", "type_id"], OPEN)
    _index("uq_runs_one_starting_of_a_directory", ["org", "app_id"], "(state = 'starting')")


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "runs", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _part(connection: sa.Connection, run_id: str, now: datetime) -> None:
    """Send the riders whom a run does not reach back to be judged, and all of them where approval was asked for.

    What was asked about was the reach among users of every type. A run that has not started looks anew.
    """
    row = connection.execute(sa.select(_runs.c.doc, _runs.c.state).where(_runs.c.id == run_id)).one()
    doc, asked = dict(row.doc), row.state == "proposed" and not row.doc.get("decision")
    this = _runs.update().where(_runs.c.id == run_id)
    if row.state in {"gathering", "proposed", "requested"}:
        doc |= {"radius": None, "scan": None}
    connection.execute(this.values(type_id=doc["target_type_id"], doc=doc))
    waiting = sa.select(_rides.c.case_id).where(_rides.c.run_id == run_id, _rides.c.state == "open")
    for case_id in connection.execute(waiting).scalars().all():
        _judge_again(connection, case_id, None if asked else doc, run_id, now)
    if asked:
        written = {"kind": "as_written", "words": [["words", ASKED_ANEW]]}
        because = ASKED_ANEW if doc.get("version") == 1 else written  # version 1 held sentences
        ended = doc | {"state": "cancelled", "deadline": None, "because": because}
        connection.execute(this.values(state="cancelled", due_at=None, doc=ended))
        _tell(connection, "run", run_id, now, "proposed", "cancelled", ASKED_ANEW)


def _judge_again(
    connection: sa.Connection, case_id: str, run: Mapping[str, Any] | None, run_id: str, now: datetime
) -> None:
    """Send a case back to `claimed`, unless the run (None: no run) reaches one of its subjects."""
    row = connection.execute(sa.select(_cases.c.doc, _cases.c.state).where(_cases.c.id == case_id)).one()
    if row.state not in {"joined", "synced"} or (run is not None and _reached(row.doc, run)):
        return
    ride = _rides.update().where(_rides.c.run_id == run_id, _rides.c.case_id == case_id)
    connection.execute(ride.values(state="dropped"))
    doc = row.doc | {"state": "claimed", "run_id": None, "deadline": None}
    changed = {"state": "claimed", "doc": doc, "due_at": now, "woken_until": None, "waiting": AGAIN}
    connection.execute(_cases.update().where(_cases.c.id == case_id).values(changed))
    _tell(connection, "case", case_id, now, row.state, "claimed", AGAIN)


def _reached(case: Mapping[str, Any], run: Mapping[str, Any]) -> bool:
    """Say whether a subject of the case waits for this run's directory and type."""
    verdicts = [item["verdict"] for item in case.get("subjects", ()) if item.get("verdict") and not item.get("right")]
    return any(
        verdict.get("kind") == "stale_in_okta"
        and verdict.get("target_type_id") == run["target_type_id"]
        and (verdict.get("directory") or {}).get("ref") == run["directory"]["ref"]
        for verdict in verdicts
    )


def _tell(connection: sa.Connection, kind: str, id: str, now: datetime, source: str, target: str, because: str) -> None:
    event = {"kind": kind, "aggregate_id": id, "at": now, "from_state": source, "to_state": target}
    connection.execute(_events.insert().values(event | {"because": because}))
