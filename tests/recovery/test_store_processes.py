"""What a process holds is free as soon as the store takes it for dead, and such a process changes nothing any more."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.recovery.conftest import new_database
from tests.recovery.test_store import at_once, claim, leased, opened, write
from tests.unit.builders import NOW
from worker.store import Store
from worker.store.database import store_time
from workflows.model import Receipt, WriteState

DEAD_AFTER = 10.0
SECOND = timedelta(seconds=1)
Enter = Callable[[], Store]


class Time:
    """The store's clock, in a test's hands; the processes' own stand still at `NOW`."""

    at = NOW

    def now(self) -> object:
        """Return the time."""
        return self.at


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(params=["sqlite", "postgres"])
def enter(request: pytest.FixtureRequest, tmp_path: Path, time: Time) -> Iterator[Enter]:
    """Return what starts another process on one store."""
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    if request.param == "postgres":
        url = new_database(request.getfixturevalue("postgres"))
    made: list[Store] = []

    def start() -> Store:
        store = Store.open(url, clock=time)  # type: ignore[arg-type]
        store.migrate()
        store.enter("host", 1, DEAD_AFTER)
        made.append(store)
        return store

    yield start
    for store in made:
        kill(store)


def kill(store: Store) -> None:
    """End a process without a word: the system closes its connections and its files."""
    store.close()
    if store._beside is not None:
        store._beside.close()
        store._beside = None


def test_what_a_process_holds_is_its_own_while_it_beats_and_free_when_it_is_silent(enter: Enter, time: Time) -> None:
    first, second = enter(), enter()
    case, woken = opened(first, 1), opened(first, 2)
    leased(first, case)
    assert [("case", woken.id)] == first.due(NOW, 10)
    for _ in range(3):
        time.at += 9 * SECOND
        first.beat()
        assert None is second.lease("case", case.id, NOW, 60)
        assert [] == second.due(NOW, 10)
    time.at += 10 * SECOND
    second.beat()
    assert {("case", case.id), ("case", woken.id)} == set(second.due(NOW, 10))
    assert second.lease("case", case.id, NOW, 60, only_due=True)


def test_a_process_that_leaves_frees_what_it_holds_at_once(enter: Enter) -> None:
    first, second = enter(), enter()
    case = opened(first)
    leased(first, case)
    first.leave()
    assert [("case", case.id)] == second.due(NOW, 10)


def test_a_process_that_woke_from_a_freeze_changes_nothing_until_it_beats(enter: Enter, time: Time) -> None:
    frozen = enter()
    case = opened(frozen)
    lease = leased(frozen, case)
    assert claim(frozen, lease, case)
    time.at += 11 * SECOND
    key = write(case).key
    assert not frozen.write_sent(lease, key, NOW)
    assert not frozen.write_delivered(lease, key, Receipt(at=NOW), NOW)
    assert None is frozen.extend(lease, NOW, 60)
    assert [(WriteState.PENDING, 0)] == [(item.state, item.attempts) for item in frozen.writes(case.id)]
    frozen.beat()
    assert frozen.write_sent(lease, key, NOW), "nobody has taken the case in the meantime"


def test_a_process_that_woke_after_another_took_over_changes_nothing(enter: Enter, time: Time) -> None:
    frozen, other = enter(), enter()
    case = opened(frozen)
    lease = leased(frozen, case)
    assert claim(frozen, lease, case)
    time.at += 11 * SECOND
    other.beat()
    taken = leased(other, case)
    enter()  # removes the row of the dead
    frozen.beat()
    assert not frozen.write_sent(lease, write(case).key, NOW)
    assert other.write_sent(taken, write(case).key, NOW)


def test_a_write_knows_when_and_how_often_it_may_have_reached_the_product(enter: Enter, time: Time) -> None:
    store = enter()
    case = opened(store)
    lease, key = leased(store, case), write(case).key
    assert claim(store, lease, case)
    for attempts in (1, 2):
        time.at += SECOND
        store.write_sent(lease, key, NOW)
        assert [(time.at, attempts)] == [(item.sent_at, item.attempts) for item in store.writes(case.id)]
    store.write_unsent(lease, key, NOW)
    assert [1] == [item.attempts for item in store.writes(case.id)]


def test_messages_of_a_shared_queue_are_sent_again_when_a_process_died(enter: Enter, time: Time) -> None:
    scheduler = enter()
    enter()  # a worker that fetches the message and is killed
    case = opened(scheduler)
    fence = scheduler.lead("scheduler", NOW, 60)
    assert [("case", case.id)] == scheduler.due(NOW, 10, fence)
    time.at += 9 * SECOND
    scheduler.beat()
    assert [] == scheduler.due(NOW, 10, fence)
    time.at += SECOND
    assert [("case", case.id)] == scheduler.due(NOW, 10, fence)
    assert [] == scheduler.due(NOW, 10, fence), "once"


def test_the_limit_of_a_desk_counts_no_leases_of_the_dead(tmp_path: Path, time: Time) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    stores = [Store.open(url, {"desk": 1}, time) for _ in range(2)]  # type: ignore[arg-type]
    stores[0].migrate()
    for store in stores:
        store.enter("host", 1, DEAD_AFTER)
    first, second = (opened(stores[0], number) for number in (1, 2))
    leased(stores[0], first)
    assert None is stores[1].lease("case", second.id, NOW, 60)
    time.at += 10 * SECOND
    stores[1].beat()
    assert stores[1].lease("case", second.id, NOW, 60)
    for store in stores:
        kill(store)


def test_one_that_starts_alone_on_a_file_need_not_wait_for_the_dead(tmp_path: Path, time: Time) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    first, second, third = (Store.open(url, clock=time) for _ in range(3))  # type: ignore[arg-type]
    first.migrate()
    first.enter("host", 1, DEAD_AFTER)
    case = opened(first)
    leased(first, case)
    second.enter("host", 2, DEAD_AFTER)
    kill(first)
    assert [] == second.due(NOW, 10), "two shared the store, so the dead one's time has to run out"
    kill(second)
    third.enter("host", 3, DEAD_AFTER)
    assert [("case", case.id)] == third.due(NOW, 10)
    kill(third)


def test_of_many_that_start_at_once_none_takes_another_for_dead(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    stores = [Store.open(url) for _ in range(8)]
    stores[0].migrate()
    at_once(*(lambda s=store: s.enter("host", 1, DEAD_AFTER) for store in stores))
    cases = [opened(store, number) for number, store in enumerate(stores)]
    for store, case in zip(stores, cases, strict=True):
        assert claim(store, leased(store, case), case)
    for store in stores:
        store.leave()
        store.close()


def test_the_database_tells_the_time_in_utc(store: Store) -> None:
    """Both databases compare it as they compare a stored time."""
    before = store.now()
    assert before.tzinfo is not None
    id = secrets.token_hex(4)
    store.ensure_desk(id, before)
    with store._database.reading() as connection:
        ahead = connection.execute(sa.select(store_time(connection, 60.0))).scalar_one()
    assert 59 < (ahead - before).total_seconds() < 120
