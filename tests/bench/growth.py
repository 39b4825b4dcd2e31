"""What one step costs the store while it holds 100 cases and while it holds 100,000: `make bench`.

Prints milliseconds for each thing that every step or every look of the scheduler does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from tests.recovery.servers import Postgres
from tests.unit.builders import NOW, case
from worker.store import Store
from worker.store.cases import _columns
from worker.store.documents import dump
from worker.store.tables import cases, writes
from workflows.model import CaseState, Sighting, TicketRef
from workflows.ports import CaseCommit

REPEATED = 40


def fill(store: Store, number: int) -> None:
    """Add ended cases with two delivered writes each, in the way that a year of work leaves them."""
    database = store._database
    for start in range(0, number, 5000):
        rows, written = [], []
        for n in range(start, min(start + 5000, number)):
            id, ref = f"old{n}", TicketRef(desk="desk", id=f"old{n}", key=f"OLD-{n}")
            ended = case(id=id, ref=ref, state=CaseState.RESOLVED, ended_at=NOW)
            row = {"id": id, "desk": "desk", "ticket_id": ref.id, "ticket_key": ref.key, "stamp": "1"}
            rows.append(_columns(ended) | row)
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
        timed("known", lambda ref=ref: store.known("desk", [ref.id, *(f"old{i}" for i in range(99))]))  # type: ignore[misc]
        opened = store.open_case(Sighting(ref=ref, stamp="1"), NOW)
        assert opened is not None
        timed("due", lambda: store.due(NOW, 200))
        lease = store.lease("case", opened.id, NOW, 60)
        assert lease is not None
        after = opened.model_copy(update={"state": CaseState.CLAIMED})
        commit = CaseCommit(before=opened, after=after, due_at=NOW + timedelta(days=1), because="b")
        timed("commit", lambda lease=lease, commit=commit: store.commit_case(lease, commit, NOW))  # type: ignore[misc]
        timed("writes", lambda opened=opened: store.writes(opened.id, open_only=True))  # type: ignore[misc]
        timed("unjudged", lambda: store.unjudged(NOW))
        timed("lease and release", lambda lease=lease: (store.release(lease), store.lease("case", "x", NOW, 1)))  # type: ignore[misc]
    return {name: median(values) for name, values in times.items()}


def main() -> int:
    """Run from the command line; the exit code says whether the cost stayed the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=100)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    asked = parser.parse_args()
    found = []
    for number in (asked.small, asked.large):
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = f"sqlite:///{Path(folder) / 'store.sqlite3'}"
            if asked.store == "postgres":
                server = Postgres()
                stack.enter_context(server)
                url = server.url()
            store = Store.open(url)
            store.migrate()
            fill(store, number)
            found.append(measure(store))
            store.close()
    print(f"{asked.store}: milliseconds (median of {REPEATED}) with {asked.small:,} and with {asked.large:,} cases")
    for name, small in found[0].items():
        print(f"  {name:20} {small:8.2f} {found[1][name]:8.2f}")
    ratio = sum(found[1].values()) / sum(found[0].values())
    print(f"  all together: {ratio:.2f} times")
    return 0 if ratio < 2 else 1  # a thousand times the cases; a scan would show as hundreds


if __name__ == "__main__":
    sys.exit(main())
