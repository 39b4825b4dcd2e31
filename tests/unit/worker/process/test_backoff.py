"""A product's request to wait holds for every worker that shares the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.http.governance import Network, Timeouts, patience
from connectors.http.transport import Transport
from tests.unit.builders import NOW
from tests.unit.wire import Wire, answer, serving, silence
from worker.process.backoff import FREE_FOR, Notes, patient
from worker.process.stalls import MOST_MISSED, REST, Stalls
from worker.store import Store
from workflows.errors import Transient
from workflows.model import Stop, StopKind

LATER = NOW + timedelta(seconds=30)


class Time:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class Desk:
    """A desk that checks before each request and records a time to wait (`word`), as the HTTP session does."""

    name = "desk"

    def __init__(self, word: datetime | None = None) -> None:
        self.word, self.requests = word, 0

    def request(self) -> str:
        minding = patience.get()
        if minding:
            minding.ask()
        self.requests += 1
        if self.word is not None and minding:
            minding.note(self.word, "429: come back later")
            raise Transient("desk", "read", "429: come back later", until=self.word)
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


def behind(store: Store, desk: Desk, time: Time) -> Any:
    """Return the desk as another process sees it."""
    port: Any = desk
    return patient(port, Notes(store, time, Stalls(8, time, lambda *_: None, lambda *_: None)))


def test_a_wait_that_one_worker_meets_holds_for_the_others_until_its_time(store: Store) -> None:
    time, other = Time(), Desk()
    with pytest.raises(Transient):
        behind(store, Desk(LATER), time).read()
    with pytest.raises(Transient, match="come back later") as raised:
        behind(store, other, time).read()
    assert (LATER, 0) == (raised.value.until, other.requests)
    time.at = LATER
    assert ("answer", 1) == (behind(store, other, time).read(), other.requests)


@pytest.mark.parametrize("own", [True, False], ids=["this process", "another process"])
def test_a_later_request_for_a_shorter_wait_does_not_shorten_it(store: Store, own: bool) -> None:
    time, desk = Time(), Desk()
    notes = Notes(store, time, Stalls(8, time, lambda *_: None, lambda *_: None))
    for word in (LATER, LATER - timedelta(seconds=20)):
        notes.note("desk", word, "429")
    time.at = LATER - timedelta(seconds=1)
    port: Any = patient(desk, notes) if own else behind(store, desk, time)  # type: ignore[type-var]
    with pytest.raises(Transient) as raised:
        port.read()
    assert (LATER, 0) == (raised.value.until, desk.requests)


def test_the_other_threads_of_a_process_wait_before_the_store_has_the_note(store: Store) -> None:
    time, desk = Time(), Desk()
    notes = Notes(store, time, Stalls(8, time, lambda *_: None, lambda *_: None))
    seen: list[int] = []

    def hold(*_: Any) -> None:
        with pytest.raises(Transient):
            port.read()
        seen.append(desk.requests)

    port: Any = patient(desk, notes)  # type: ignore[type-var]
    store.hold = hold  # type: ignore[assignment,method-assign]
    notes.note("desk", LATER, "429")
    assert [0] == seen


def test_what_another_process_was_asked_to_wait_is_heeded_within_half_a_second(store: Store) -> None:
    desk, time = Desk(), Time()
    port = behind(store, desk, time)
    port.read()
    store.hold("desk", LATER, "429")
    time.at += timedelta(seconds=0.5)
    with pytest.raises(Transient):
        port.read()
    assert 1 == desk.requests


def test_a_list_is_held_between_its_pages(store: Store) -> None:
    desk, time = Desk(), Time()
    pages = behind(store, desk, time).tagged()
    assert "answer" == next(pages)
    store.hold("desk", LATER, "429")
    time.at += FREE_FOR
    with pytest.raises(Transient):
        next(pages)
    assert 1 == desk.requests


def test_a_check_is_made_while_the_system_is_paused_and_other_systems_go_on(store: Store) -> None:
    store.pause(Stop(kind=StopKind.SYSTEM, name="desk", until=LATER, why="401"))
    paused, free = behind(store, Desk(), Time()), Desk()
    free.name = "other"
    assert ("answer", "answer") == (paused.check(), behind(store, free, Time()).read())
    with pytest.raises(Transient):
        paused.read()


def test_a_check_waits_like_any_other_call_when_the_product_asked_to_wait(store: Store) -> None:
    desk = Desk()
    store.hold("desk", LATER, "429")
    with pytest.raises(Transient):
        behind(store, desk, Time()).check()
    assert 0 == desk.requests


def test_a_call_leaves_no_context_behind(store: Store) -> None:
    list(behind(store, Desk(), Time()).tagged())
    assert None is patience.get()


class Odd(Desk):
    """A desk that also answers from memory, and meets a defect of ours."""

    def kept(self) -> str:
        return "kept"

    def broken(self) -> str:
        self.request()
        raise ZeroDivisionError


def test_what_became_of_each_operation_is_told_once(store: Store) -> None:
    time, told = Time(), list[tuple[str, str, bool]]()

    def seen(_system: str, operation: str, outcome: str, seconds: float | None) -> None:
        told.append((operation, outcome, seconds is not None))

    port: Any = patient(Odd(), Notes(store, time, Stalls(8, time, lambda *_: None, lambda *_: None), seen))  # type: ignore[type-var]
    port.read()
    port.kept()
    list(port.tagged())
    next(port.tagged())
    with pytest.raises(ZeroDivisionError):
        port.broken()
    store.hold("desk", LATER, "429")
    time.at += FREE_FOR
    with pytest.raises(Transient):
        port.read()
    assert told == [
        ("read", "ok", True),
        ("tagged", "ok", True),
        ("tagged", "ok", True),  # read no further than its first answer
        ("broken", "defect", True),
        ("read", "waited", False),
    ]


class Stalled:
    """A desk whose product takes requests and never answers."""

    name = "desk"

    def __init__(self, wire: Wire, time: Time) -> None:
        network = Network(Timeouts(read=0.05))
        self._way = Transport(self.name, wire.url, clock=time, network=network)

    def read(self) -> object:
        with self._way.operation("read", write=False):
            return self._way.json(self._way.session.get(self._way.base_url))


def test_a_product_that_never_answers_is_left_alone_by_every_process_until_it_does(store: Store) -> None:
    time, told = Time(), list[str]()
    with serving() as wire:
        wire.script = [silence]

        def another() -> Any:
            port: Any = Stalled(wire, time)
            return patient(
                port,
                Notes(
                    store, time, Stalls(8, time, lambda *_: told.append("alert"), lambda event, _: told.append(event))
                ),
            )

        one, other = another(), another()
        for port in (one, one, one, one, other):
            with pytest.raises(Transient) as refused:
                port.read()
        assert (time.at + REST, MOST_MISSED) == (refused.value.until, len(wire.requests))
        assert told == ["alert"]
        time.at += REST
        wire.script = [answer(200, b"{}")]
        assert [port.read() for port in (one, other)] == [{}, {}]
        assert told == ["alert", "answers again"]
