"""What it costs to make a ticket's steps durable, with us and with DBOS, both on an SQLite file and eight threads.

    python -m tests.bench.durable dbos|ours

prints CPU seconds a ticket. No product is called: DBOS runs a workflow of six steps that do nothing, our store is taken
through the eight transitions of a ticket that one Force Sync fixes, with leases, five writes and their receipts.
What the steps decide, and what they say, is not in it.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.bench.rows import Row
from tests.unit.builders import NOW, directory
from worker.store import Store
from workflows.model import CaseState, JoinRequest, PlannedWrite, Receipt, RunState, Sighting, TicketRef
from workflows.ports import CaseCommit, RunCommit

TICKETS = 200
THREADS = 8
STEPS = 6
MOST = 2.0
STATES = ("claimed", "joined", "synced", "closing", "resolved")
RUN_STATES = ("starting", "started", "ended")
WRITES = {"joined": 1, "closing": 3}  # as on ServiceNow and Jira: the claim, and the end in parts


def rows() -> Iterator[Row]:
    """Yield our CPU time a ticket against that of DBOS, where it is installed."""
    ours = _measured("ours")
    what = f"CPU a ticket of our store's steps against {STEPS} steps of DBOS"
    if importlib.util.find_spec("dbos") is None:
        skipped = f"DBOS is not installed (pip install --group bench-dbos); ours: {1000 * ours:.1f} ms"
        yield Row("durable", what, None, "x", MOST, skipped=skipped)
        return
    theirs = _measured("dbos")
    yield Row("durable", what, ours / theirs, "x", MOST, detail=f"{1000 * ours:.1f} and {1000 * theirs:.1f} ms")


def _measured(which: str) -> float:
    """Measure in a process of its own: neither pays for the other's threads."""
    command = [sys.executable, "-m", "tests.bench.durable", which]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout.split()[-1])


def _for_each(work: Callable[[int], object]) -> float:
    """Return the CPU seconds of the whole process for one of many tickets; the first few are not counted."""
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
        before = time.process_time()
        list(pool.map(work, range(THREADS, THREADS + TICKETS)))
        return (time.process_time() - before) / TICKETS


def ours(folder: Path) -> float:
    """Take tickets through our store."""
    store = Store.open(f"sqlite:///{folder}/store.sqlite3")
    store.migrate()
    store.enter("host", 1, 600.0)

    def work(number: int) -> None:
        ref = TicketRef(desk="desk", id=str(number), key=f"T-{number}")
        case = store.open_case(Sighting(ref=ref, stamp="1"), NOW)
        assert case is not None
        lease = store.lease("case", case.id, NOW, 180)
        assert lease is not None
        for state in STATES:
            planned = tuple(
                PlannedWrite(key=f"{case.id}.1.{state}.{part}", operation="comment", payload={"body": "x" * 400})
                for part in range(WRITES.get(state, 0))
            )
            where = directory(ref=directory().ref.but(app_id=str(number)))
            join = JoinRequest(directory=where, target_type_id="oty1", gather_until=NOW) if state == "joined" else None
            after = case.but(state=CaseState(state), closing=CaseState.RESOLVED if state == "closing" else None)
            due = None if state == "resolved" else NOW + timedelta(days=1)
            commit = CaseCommit(before=case, after=after, due_at=due, because="b", writes=planned, join=join)
            assert store.commit_case(lease, commit, NOW) is not None
            for write in store.writes(case.id, open_only=True):
                assert store.write_sent(lease, write.planned.key, NOW)
                assert store.write_delivered(lease, write.planned.key, Receipt(at=NOW), NOW)
            loaded = store.case(case.id)
            assert loaded is not None
            case = loaded
            if state == "joined":
                assert case.run_id is not None
                press(case.run_id)
        store.release(lease)

    def press(run_id: str) -> None:
        lease = store.lease("run", run_id, NOW, 180)
        assert lease is not None
        for state in RUN_STATES:
            run = store.run(run_id)
            assert run is not None
            after = run.but(state=RunState(state))
            assert store.commit_run(lease, RunCommit(before=run, after=after, due_at=None, because="b"), NOW)
        store.release(lease)

    return _for_each(work)


def dbos(folder: Path) -> float:
    """Take tickets through a workflow of DBOS."""
    module: Any = __import__("dbos")
    kit: Any = module.DBOS
    kit(config={"name": "bench", "system_database_url": f"sqlite:///{folder}/dbos.sqlite", "log_level": "ERROR"})

    @kit.step()  # type: ignore[untyped-decorator]
    def step(text: str) -> str:
        return text

    @kit.workflow()  # type: ignore[untyped-decorator]
    def ticket(number: int) -> int:
        for place in range(STEPS):
            step(f"{number} {place} {'x' * 400}")
        return number

    kit.launch()
    try:
        return _for_each(ticket)
    finally:
        kit.destroy()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="forcesync-bench-") as made:
        print({"ours": ours, "dbos": dbos}[sys.argv[1]](Path(made)))
