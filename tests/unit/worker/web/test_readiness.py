"""A process is ready while store, broker and leader are there and each desk was searched of late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.builders import NOW
from worker.process.broker import BrokerUnavailable
from worker.store import Store
from worker.web.readiness import Queueing, Readiness


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(f"sqlite:///{tmp_path}/store.sqlite3")
    made.migrate()
    made.ensure_desk("jira", NOW)
    yield made
    made.close()


def broker_gone() -> None:
    raise BrokerUnavailable(OSError("connection refused"))


def failing(
    store: Store, clock: Clock, *, shared: bool = False, poll_every: float = 60.0, gone: bool = False
) -> set[str]:
    queueing = Queueing(broker_gone if gone else lambda: 0, BrokerUnavailable, shared)
    return {check.id for check in Readiness(store, clock, queueing, ["jira"], poll_every).checks() if not check.ok}


def searched(store: Store, at: datetime) -> None:
    lease = store.lease("desk", "jira", at, 60.0)
    assert lease is not None
    store.poll_done(lease, at, at, at + timedelta(minutes=1))
    store.release(lease)


def test_a_desk_is_searched_before_the_process_is_ready(store: Store) -> None:
    clock = Clock()
    assert failing(store, clock) == {"search.jira"}
    searched(store, NOW)
    assert failing(store, clock) == set()


@pytest.mark.parametrize(("poll_every", "minutes"), [(60.0, 15), (3600.0, 180)])
def test_a_search_may_be_as_old_as_three_are_apart(store: Store, poll_every: float, minutes: int) -> None:
    clock = Clock()
    searched(store, NOW)
    clock.time = NOW + timedelta(minutes=minutes)
    assert failing(store, clock, poll_every=poll_every) == set()
    clock.time += timedelta(seconds=1)
    assert failing(store, clock, poll_every=poll_every) == {"search.jira"}


def test_processes_that_share_a_broker_need_a_leader(store: Store) -> None:
    clock = Clock()
    searched(store, NOW)
    assert failing(store, clock, shared=True) == {"leader"}
    store.lead("one", NOW, 10.0)
    assert failing(store, clock, shared=True) == set()
    clock.time += timedelta(seconds=10)
    assert failing(store, clock, shared=True) == {"leader"}


def test_a_broker_and_a_store_that_do_not_answer_are_named(store: Store, tmp_path: Path) -> None:
    searched(store, NOW)
    assert failing(store, Clock(), gone=True) == {"broker"}
    without_schema = Store.open(f"sqlite:///{tmp_path}/other.sqlite3")
    assert failing(without_schema, Clock(), gone=True) == {"store", "broker"}
    without_schema.close()
