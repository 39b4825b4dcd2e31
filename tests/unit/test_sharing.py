"""What one worker learns of a far side's patience is kept by every other one that shares the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.http.patience import before_call
from tests.unit.builders import NOW
from worker.sharing import patient
from worker.store import Store
from workflows.errors import Transient

LATER = NOW + timedelta(seconds=30)


class Time:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class Desk:
    """A desk that asks before each request, as the HTTP session does, and counts those that went out."""

    name = "desk"

    def __init__(self, fault: Transient | None = None) -> None:
        self.fault, self.requests = fault, 0

    def request(self) -> str:
        if ask := before_call.get():
            ask()
        self.requests += 1
        if self.fault is not None:
            raise self.fault
        return "answer"

    read = check = plan = request

    def tagged(self) -> Iterator[str]:
        yield self.request()
        yield self.request()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(f"sqlite:///{tmp_path}/store.sqlite3")
    made.migrate()
    yield made
    made.close()


def busy(*, system_wide: bool) -> Transient:
    return Transient("desk", "read", "429: come back later", until=LATER, system_wide=system_wide)


def behind(store: Store, desk: Desk, time: Time) -> Any:
    port: Any = desk
    return patient(port, store, time)


def test_what_one_worker_is_told_holds_for_the_others_until_its_time(store: Store) -> None:
    time, other = Time(), Desk()
    with pytest.raises(Transient):
        behind(store, Desk(busy(system_wide=True)), time).read()
    with pytest.raises(Transient, match="come back later") as raised:
        behind(store, other, time).read()
    assert (LATER, 0) == (raised.value.until, other.requests)
    time.at = LATER
    assert ("answer", 1) == (behind(store, other, time).read(), other.requests)


def test_a_fault_of_one_record_holds_nobody_up(store: Store) -> None:
    with pytest.raises(Transient):
        behind(store, Desk(busy(system_wide=False)), Time()).read()
    assert "answer" == behind(store, Desk(), Time()).read()


def test_a_list_is_held_between_its_pages(store: Store) -> None:
    desk = Desk()
    pages = behind(store, desk, Time()).tagged()
    assert "answer" == next(pages)
    store.hold("desk", LATER, "429")
    with pytest.raises(Transient):
        next(pages)
    assert 1 == desk.requests


def test_a_check_is_made_while_the_system_is_paused_and_other_systems_go_on(store: Store) -> None:
    store.pause("desk", LATER, "401")
    paused, free = behind(store, Desk(), Time()), Desk()
    free.name = "other"
    assert ("answer", "answer") == (paused.check(), behind(store, free, Time()).read())
    with pytest.raises(Transient):
        paused.read()


def test_a_check_waits_like_any_other_call_where_patience_was_asked_for(store: Store) -> None:
    desk = Desk()
    store.hold("desk", LATER, "429")
    with pytest.raises(Transient):
        behind(store, desk, Time()).check()
    assert 0 == desk.requests


def test_nothing_of_it_is_left_after_a_call(store: Store) -> None:
    list(behind(store, Desk(), Time()).tagged())
    assert None is before_call.get()
