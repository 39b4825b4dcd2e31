"""The store's state in numbers, for metrics, readiness and `forcesync status`: read in one transaction, never written.

Nothing here tells who a ticket is about: the keys are names of the settings and closed sets of states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from worker.store.database import Database, clock_of, store_time, times, transaction
from worker.store.documents import load_run
from worker.store.leases import SCHEDULER, leased
from worker.store.retention.outcomes import durable
from worker.store.tables import WORKABLE, cases, desks, followups, leaders, processes, runs, stops
from workflows.model import ENDS, RunState, StopKind, SyncRun
from workflows.ports import Kind

NAMED_STOPS = (StopKind.SYSTEM, StopKind.START, StopKind.PATIENCE, StopKind.INTAKE)  # their names are settings' names
DURABLE_FOR = timedelta(days=30)  # the period that the durable rate tells of, as `forcesync report` does by default


@dataclass(frozen=True)
class Health:
    """The numbers of one moment; all times are UTC.

    `cases` and `oldest` (when the oldest open case was opened) are by desk and state, `followups` by kind and state,
    `runs` by org and state. `overdue` is the earliest due time of what is due and nobody works, by kind. `proposed` are
    the runs that wait for a person's decision. `stops` are by kind and name, a switch's name left out. `searched` is
    when each desk's last complete search ended. `durable` says of the rounds opened in the last 30 days how many
    resolved values lasted, and how many did not. `led_until` is `None` if no scheduler ever led on a shared queue.
    """

    cases: Mapping[tuple[str, str], int]
    oldest: Mapping[tuple[str, str], datetime]
    overdue: Mapping[Kind, datetime]
    followups: Mapping[tuple[str, str], int]
    runs: Mapping[tuple[str, str], int]
    proposed: tuple[SyncRun, ...]
    stops: Mapping[tuple[StopKind, str], int]
    searched: Mapping[str, datetime | None]
    durable: tuple[int, int]
    led_until: datetime | None
    processes: int

    @property
    def durable_rate(self) -> float | None:
        """Return the share of the resolved values that lasted; None before the first look."""
        kept, lost = self.durable
        return kept / (kept + lost) if kept + lost else None


class HealthRows:
    """The part of the store that counts."""

    _database: Database

    @transaction
    def health(self, now: datetime) -> Health:
        """Return the store's state in numbers."""
        still_open = cases.c.state.not_in(sorted(ENDS))
        by_state = sa.select(cases.c.desk, cases.c.state, sa.func.count(), sa.func.min(cases.c.opened_at))
        kind = followups.c.doc["kind"].as_string()
        of_followups = sa.select(kind, followups.c.state, sa.func.count()).group_by(kind, followups.c.state)
        of_runs = sa.select(runs.c.org, runs.c.state, sa.func.count()).group_by(runs.c.org, runs.c.state)
        proposed = sa.select(runs).where(runs.c.state == RunState.PROPOSED).order_by(runs.c.opened_at)
        held = sa.select(stops.c.kind, stops.c.name).where(stops.c.until > now, stops.c.kind != StopKind.ALERT)
        with self._database.reading() as connection:
            counted = connection.execute(by_state.group_by(cases.c.desk, cases.c.state)).all()
            oldest = connection.execute(by_state.where(still_open).group_by(cases.c.desk, cases.c.state)).all()
            waiting = [load_run(row) for row in connection.execute(proposed)]
            found = dict[tuple[StopKind, str], int]()
            for row in connection.execute(held):
                key = StopKind(row.kind), row.name if row.kind in NAMED_STOPS else ""
                found[key] = found.get(key, 0) + 1
            living = sa.select(sa.func.count()).select_from(processes).where(processes.c.until > store_time(connection))
            return Health(
                cases={(desk, state): number for desk, state, number, _ in counted},
                oldest={(desk, state): first for desk, state, _, first in oldest},
                overdue=dict(_overdue(connection, now)),
                followups={(of, state): number for of, state, number in connection.execute(of_followups)},
                runs={(org, state): number for org, state, number in connection.execute(of_runs)},
                proposed=tuple(run for run in waiting if run.decision is None),
                stops=found,
                searched={row.id: row.last_completed_at for row in connection.execute(sa.select(desks))},
                durable=durable(connection, now - DURABLE_FOR),
                led_until=connection.scalar(sa.select(leaders.c.until).where(leaders.c.name == SCHEDULER)),
                processes=connection.scalar(living) or 0,
            )

    @transaction
    def due_since(self, kind: Kind, id: str) -> datetime | None:
        """Return when something is or was due; `None` if it waits for nothing."""
        table = WORKABLE[kind]
        with self._database.reading() as connection:
            moment: datetime | None = connection.scalar(sa.select(table.c.due_at).where(table.c.id == id))
        return moment


def _overdue(connection: sa.Connection, now: datetime) -> list[tuple[Kind, datetime]]:
    found: list[tuple[Kind, datetime]] = []
    for kind, table in WORKABLE.items():
        free = sa.not_(leased(table, clock_of(connection)))
        due = sa.select(sa.func.min(table.c.due_at)).where(table.c.due_at <= now, free)
        if first := connection.scalar(due, times(connection, now)):
            found.append((kind, first))
    return found
