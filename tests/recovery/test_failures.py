"""What fails around the worker: the database's server, its connections, the disk, the clock. Nothing is lost by it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.e2e.ticket_texts import by_worker, files, without_repetition
from tests.e2e.tickets import INCIDENT, SERVICE_DESK
from tests.e2e.world import World
from tests.recovery.conftest import new_database
from tests.recovery.crashing import CrashingWorld, How
from tests.recovery.servers import Postgres
from tests.recovery.test_store import claim, leased, opened
from tests.unit.builders import NOW
from worker.store import Store
from workflows.engine.engine import LEASE_SECONDS
from workflows.errors import StoreUnavailable
from workflows.model import CaseState

pytestmark = pytest.mark.long


class Unavailable:
    """A store whose database is away for a while after each Nth call of one method."""

    def __init__(self, store: Any, every: int) -> None:
        self._store, self._every, self._calls, self.failed = store, every, 0, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._calls += 1
            if self._calls % self._every == 0:
                self.failed += 1
                raise StoreUnavailable("the connection was cut")
            return found(*args, **kwargs)

        return call


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, policy={"poll_every": 600.0, "verify_every": 100.0, "verify_for": 900.0}) as world:
        yield world


def test_a_store_that_is_cut_off_again_and_again_is_no_defect_of_a_case(world: World) -> None:
    tickets = [world.stale_ticket(place)[0] for place in (INCIDENT, SERVICE_DESK)]
    cut: Any = Unavailable(world.parts.store, every=41)
    world.use_ports(replace(world.parts.ports, store=cut))
    for _ in range(60):
        try:
            world.settle()
            break
        except StoreUnavailable:
            world.skip(seconds=LEASE_SECONDS + 1)
    assert cut.failed > 3
    for ticket in tickets:
        assert (CaseState.RESOLVED, 0) == (world.case(ticket).state, world.case(ticket).faults)
        assert without_repetition(by_worker(world.shown(ticket)))
    assert not [item for item in world.reported if item.event == "defect"]
    assert [] == world.violations()


def test_a_full_disk_stops_the_work_and_what_was_done_stands(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/store.sqlite3")
    store.migrate()
    case = opened(store)
    lease = leased(store, case, seconds=3600)
    with store._database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def fill(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    sa.event.listen(store._database.engine, "checkout", fill)
    with pytest.raises(StoreUnavailable, match="full"):
        for number in range(2, 2000):
            opened(store, number)
    stands = store.case(case.id)
    assert stands == case
    sa.event.remove(store._database.engine, "checkout", fill)
    store.close()
    again = Store.open(f"sqlite:///{tmp_path}/store.sqlite3")
    assert claim(again, lease, case), "there is room again, and the work goes on"
    again.close()


def test_a_postgres_that_is_restarted_is_used_again_without_a_new_start(postgres: Postgres) -> None:
    store = Store.open(new_database(postgres))
    store.migrate()
    case = opened(store)
    lease = leased(store, case)
    postgres.stop(signal.SIGQUIT)  # at once, as in a crash
    with pytest.raises(StoreUnavailable):
        store.case(case.id)
    postgres.start()
    assert case == store.case(case.id)
    assert claim(store, lease, case)
    store.close()


def test_connections_that_are_cut_by_the_server_are_replaced(postgres: Postgres) -> None:
    store, other = Store.open(url := new_database(postgres)), Store.open(url)
    store.migrate()
    case = opened(store)
    name = sa.make_url(url).database
    with other._database.writing() as connection:
        cut = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :d AND pid <> pg_backend_pid()"
        )
        assert connection.execute(cut, {"d": name}).all()
    assert case == store.case(case.id)
    store.close()
    other.close()


def test_a_deadlock_is_undone_and_made_again(postgres: Postgres) -> None:
    """The database kills one of two transactions that wait for each other; the store makes it again by itself."""
    store = Store.open(new_database(postgres))
    store.migrate()
    case = opened(store)
    tries = 0

    def deadlocked(_conn: Any, _cursor: Any, sql: str, _parameters: Any, _context: Any, _many: bool) -> None:
        nonlocal tries
        if sql.startswith("UPDATE cases"):
            tries += 1
            if tries == 1:
                from psycopg.errors import DeadlockDetected  # noqa: PLC0415  # an extra

                raise sa.exc.OperationalError(sql, {}, DeadlockDetected())

    sa.event.listen(store._database.engine, "before_cursor_execute", deadlocked)
    assert store.lease("case", case.id, NOW, 60)
    assert 2 == tries
    store.close()


@pytest.mark.parametrize("seconds", [120, -7200], ids=["ahead", "behind"])
def test_a_clock_that_is_off_loses_and_doubles_nothing(tmp_path: Path, seconds: int) -> None:
    """The clock of the next worker is off that of the one that died with its leases."""
    world = CrashingWorld(tmp_path)
    world.skew = seconds
    with world:
        striker = world.strike("deliver 1.claimed.update", How.KILLED_AFTER)
        ticket, _ = world.stale_ticket(INCIDENT)
        world.settle()
        assert striker.struck
        shown = world.shown(ticket)
        assert CaseState.RESOLVED is world.case(ticket).state
        assert without_repetition(by_worker(shown))
        assert without_repetition(files(shown))
