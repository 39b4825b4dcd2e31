"""What a ticket costs beside 100 and 100,000 stored cases, and beside 10 and 1,000 that wait."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.bench.rows import Row
from tests.e2e.tickets import PLACES
from tests.e2e.world import World
from tests.recovery.servers import Postgres
from tests.unit.builders import NOW, case
from worker.store import Store
from worker.store.documents import dump
from worker.store.steps import columns_of
from worker.store.tables import cases, writes
from workflows.model import CaseState, Sighting, TicketRef
from workflows.ports import CaseCommit

REPEATED = 40
EVEN = 1.3
NO_SCAN = 2.0  # a thousand times the cases; a scan would show as hundreds
STORED, WAITING = (100, 100_000), (10, 1_000)
TICKETS = 12
AS_SHIPPED = {"verify_every": 30.0, "gather_for": 30.0}


def rows(kind: str = "sqlite") -> Iterator[Row]:
    """Yield the growth of a step's queries on this kind of store, and of a ticket's CPU time on SQLite."""
    small, large = (_queries(number, kind) for number in STORED)
    worst = max(small, key=lambda name: large[name] / small[name])
    detail = f"{sum(small.values()):.1f} and {sum(large.values()):.1f} ms; most: {worst}"
    what = f"a step's queries, {STORED[1]:,} against {STORED[0]} stored ({kind})"
    yield Row("growth", what, sum(large.values()) / sum(small.values()), "x", NO_SCAN, detail=detail)
    for what, few, many in (
        ("stored", _a_ticket(stored=STORED[0]), _a_ticket(stored=STORED[1])),
        ("waiting", _a_ticket(waiting=WAITING[0]), _a_ticket(waiting=WAITING[1])),
    ):
        counts = {"stored": STORED, "waiting": WAITING}[what]
        detail = f"{1000 * few:.0f} and {1000 * many:.0f} ms"
        yield Row(
            "growth", f"CPU a ticket, {counts[1]:,} against {counts[0]} {what}", many / few, "x", EVEN, detail=detail
        )


def _queries(number: int, kind: str) -> dict[str, float]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{Path(folder) / 'store.sqlite3'}"
        if kind == "postgres":
            server = Postgres()
            stack.enter_context(server)
            url = server.url()
        store = Store.open(url)
        stack.callback(store.close)
        store.migrate()
        fill(store, number)
        return measure(store)


def _a_ticket(*, stored: int = 0, waiting: int = 0) -> float:
    """Return the CPU seconds of this thread, which is the worker's alone, for a ticket that one Force Sync fixes."""
    scenario = Scenario("empty", users=120)
    with tempfile.TemporaryDirectory() as folder, World(Path(folder), scenario, policy=AS_SHIPPED) as world:
        fill(world.parts.store, stored)
        wait(world, waiting)
        world.work()
        tickets = [world.stale_ticket(PLACES[number % len(PLACES)])[0] for number in range(TICKETS)]
        spent = 0.0
        while not all(world.has_case(ticket) and world.case(ticket).ended for ticket in tickets):
            began = time.thread_time()
            world.run_for(seconds=30)
            spent += time.thread_time() - began
        return spent / TICKETS


def wait(world: World, number: int) -> None:
    """File tickets whose requesters have been asked, and do not answer."""
    place, members = PLACES[0], world.sandbox.world.members
    for count in range(number):
        world.ticket(place, about=members[count % len(members)])
    store, rows = world.parts.store, []
    for sighting in world.parts.ports.desks[place[0]].tagged():
        asked = case(
            id=sighting.ref.id[-12:],
            ref=sighting.ref,
            state=CaseState.ASKED,
            stamp=sighting.stamp,
            opened_at=world.time.now(),
            deadline=world.time.now() + timedelta(days=3),
        )
        key = {"id": asked.id, "desk": sighting.ref.desk, "ticket_id": sighting.ref.id, "ticket_key": sighting.ref.key}
        rows.append(columns_of(asked) | key | {"stamp": sighting.stamp, "due_at": world.time.now() + timedelta(days=1)})
    if rows:
        with store._database.writing() as connection:
            connection.execute(cases.insert(), rows)


def fill(store: Store, number: int) -> None:
    """Add ended cases with two delivered writes each, in the way that a year of work leaves them."""
    database = store._database
    for start in range(0, number, 5000):
        rows, written = [], []
        for n in range(start, min(start + 5000, number)):
            id, ref = f"old{n}", TicketRef(desk="desk", id=f"old{n}", key=f"OLD-{n}")
            ended = case(id=id, ref=ref, state=CaseState.RESOLVED, ended_at=NOW)
            row = {"id": id, "desk": "desk", "ticket_id": ref.id, "ticket_key": ref.key, "stamp": "1"}
            rows.append(columns_of(ended) | row)
            for seq in range(2):
                payload = {"body": "x" * 200}
                write = {"key": f"{id}.1.{seq}", "case_id": id, "seq": seq, "operation": "comment", "payload": payload}
                written.append(write | {"state": "delivered", "updated_at": NOW, "receipt": dump(ended.ref)})
        with database.writing() as connection:
            connection.execute(cases.insert(), rows)
            connection.execute(writes.insert(), written)
    with database.writing() as connection:
        connection.execute(sa.text("ANALYZE"))


def measure(store: Store) -> dict[str, float]:
    """Return the median milliseconds of what a case's life asks of the store."""
    times: dict[str, list[float]] = {}

    def timed(name: str, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        act()
        times.setdefault(name, []).append(1000 * (time.perf_counter() - began))

    for n in range(REPEATED):
        ref = TicketRef(desk="desk", id=f"new{n}", key=f"NEW-{n}")
        timed("seen before", lambda ref=ref: store.seen_before("desk", [ref.id, *(f"old{i}" for i in range(99))]))  # type: ignore[misc]
        opened = store.open_case(Sighting(ref=ref, stamp="1"), NOW)
        assert opened is not None
        timed("due", lambda: store.due(NOW, 200))
        lease = store.lease("case", opened.id, NOW, 60)
        assert lease is not None
        after = opened.model_copy(update={"state": CaseState.CLAIMED})
        commit = CaseCommit(before=opened, after=after, due_at=NOW + timedelta(days=1), because="b")
        timed("commit", lambda lease=lease, commit=commit: store.commit_case(lease, commit, NOW))  # type: ignore[misc]
        timed("writes", lambda opened=opened: store.writes(opened.id, open_only=True))  # type: ignore[misc]
        timed("unjudged", lambda: store.unjudged({"desk"}, NOW))
        timed("lease and release", lambda lease=lease: (store.release(lease), store.lease("case", "x", NOW, 1)))  # type: ignore[misc]
    return {name: median(values) for name, values in times.items()}
