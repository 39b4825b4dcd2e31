"""SQLite's disk is waited for before a product is changed, and where a case ends; all before that lasts with it."""

from __future__ import annotations

from pathlib import Path

from tests.recovery.test_store import joining, leased, opened, write
from tests.unit.builders import NOW
from worker.store import Store
from workflows.model import CaseState, Receipt, RunState
from workflows.ports import CaseCommit, RunCommit

FULL = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous


def waited(store: Store) -> bool:
    """Say whether the last transaction waited for the disk: one thread has one connection, which keeps the mode."""
    with store._database.reading() as connection:
        return connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL


def test_what_a_product_is_to_do_is_on_the_disk_before_it_is_asked(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/store.sqlite3")
    store.migrate()
    case = opened(store)
    lease = leased(store, case)
    step = joining(case).but(writes=(write(case),))
    joined = store.commit_case(lease, step, NOW)
    assert joined is not None
    assert not waited(store)
    assert store.write_sent(lease, write(case).key, NOW)
    assert waited(store)
    assert store.write_delivered(lease, write(case).key, Receipt(at=NOW), NOW)
    assert not waited(store)

    run, pressing = store.run(str(joined.run_id)), store.lease("run", str(joined.run_id), NOW, 60)
    assert run is not None
    assert pressing is not None
    starting = RunCommit(before=run, after=run.but(state=RunState.STARTING), due_at=NOW, because="now")
    assert store.commit_run(pressing, starting, NOW)
    assert waited(store)

    store.release(pressing)
    before = step.after.but(run_id=joined.run_id)
    closing = before.but(state=CaseState.CLOSING, closing=CaseState.RESOLVED)
    assert store.commit_case(lease, CaseCommit(before=before, after=closing, due_at=NOW, because="seen"), NOW)
    assert waited(store)
    store.release(lease)
    lease = leased(store, case)
    ended = closing.but(state=CaseState.RESOLVED, ended_at=NOW)
    assert store.commit_case(lease, CaseCommit(before=closing, after=ended, due_at=None, because="done"), NOW)
    assert waited(store)
    store.close()
