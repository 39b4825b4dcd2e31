"""A product that stalls holds a share of the threads, and is left alone until it answers again."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest

from tests.unit.wire import StoppedClock
from worker.process.stalls import HANGS, MOST_MISSED, REST, TRIAL, Stalls, share_of
from workflows.errors import Transient


class Told:
    """Records what the operator is told."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def alert(self, system: str, cause: str, _text: str) -> None:
        """Record an alert by its cause."""
        self.events.append(f"alert: {system}: {cause}")

    def __call__(self, event: str, facts: Mapping[str, object]) -> None:
        self.events.append(f"{event}: {facts['system']}")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def stalls(clock: StoppedClock, told: Told) -> Stalls:
    return Stalls(8, clock, told.alert, told)


@pytest.fixture
def full(stalls: Stalls) -> Iterator[ExitStack]:
    """Hold all of one system's threads."""
    with ExitStack() as held:
        for _ in range(share_of(8)):
            held.enter_context(stalls.thread("jira", "read"))
        yield held


@pytest.mark.parametrize(("threads", "share"), [(1, 1), (2, 1), (4, 3), (8, 6), (64, 48)])
def test_no_system_gets_the_last_thread_of_several(threads: int, share: int) -> None:
    assert share_of(threads) == share


def test_each_system_finds_a_thread_whatever_two_others_do(clock: StoppedClock, told: Told) -> None:
    stalls = Stalls(8, clock, told.alert, told, ("jira", "snow", "main"))
    with ExitStack() as held:
        for system in ("jira", "main") * 8:
            clock.at += HANGS
            with suppress(Transient):
                held.enter_context(stalls.thread(system, "read"))
        with stalls.thread("snow", "read"):
            pass


@pytest.mark.usefixtures("full")
def test_a_system_whose_calls_hang_gets_no_more_threads_and_others_do(stalls: Stalls, clock: StoppedClock) -> None:
    clock.at += HANGS
    with pytest.raises(Transient, match="6 threads") as refused, stalls.thread("jira", "read"):
        pass
    assert refused.value.until is not None
    assert refused.value.until > clock.at
    with stalls.thread("snow", "read"):
        pass


def test_a_thread_that_is_given_back_can_be_taken(stalls: Stalls, clock: StoppedClock, full: ExitStack) -> None:
    clock.at += HANGS
    full.close()
    with stalls.thread("jira", "read"):
        pass


def test_who_waits_for_a_thread_goes_before_those_that_come_again(stalls: Stalls) -> None:
    share, over = share_of(8), threading.Event()
    busy, served = threading.Barrier(share + 1), threading.Semaphore(0)

    def calls_again_and_again() -> None:
        first = True
        while not over.is_set():
            with stalls.thread("jira", "read"):
                if first:
                    busy.wait()
                    first = False
                over.wait(0.001)

    def calls_once() -> None:
        with stalls.thread("jira", "read"):
            served.release()

    crew = [threading.Thread(target=calls_again_and_again) for _ in range(share)]
    for thread in crew:
        thread.start()
    busy.wait()
    crew += [late := threading.Thread(target=calls_once)]
    late.start()
    try:
        assert served.acquire(timeout=0.9)  # less than what it waits at most
    finally:
        over.set()
        for thread in crew:
            thread.join()


def test_a_system_that_never_answers_is_left_alone_and_told_of_once(
    stalls: Stalls, clock: StoppedClock, told: Told
) -> None:
    assert [stalls.missed("jira") for _ in range(MOST_MISSED)] == [None, None, clock.at + REST]
    assert stalls.missed("jira") is None  # a call that was made before
    assert stalls.rests_until("jira") == clock.at + REST
    assert stalls.rests_until("snow") is None
    for _ in range(3):
        clock.at += REST
        assert stalls.rests_until("jira") is None  # one call tries
        assert stalls.rests_until("jira") == clock.at + TRIAL  # the others wait for it
        assert stalls.missed("jira") == clock.at + REST
    assert told.events == ["alert: jira: jira does not answer"] * 4  # one cause, which the store tells once


def test_a_system_that_answers_again_is_told_of_once(stalls: Stalls, clock: StoppedClock, told: Told) -> None:
    for _ in range(MOST_MISSED):
        stalls.missed("jira")
    stalls.answered("jira")  # to a call that was made before
    assert stalls.rests_until("jira") == clock.at + REST
    clock.at += REST + timedelta(seconds=1)
    for _ in range(2):
        stalls.answered("jira")
        assert stalls.rests_until("jira") is None
    assert told.events == ["alert: jira: jira does not answer", "answers again: jira"]


def test_timeouts_between_answers_mean_nothing(stalls: Stalls, told: Told) -> None:
    for _ in range(3 * MOST_MISSED):
        assert stalls.missed("jira") is None
        stalls.answered("jira")
    assert told.events == []
