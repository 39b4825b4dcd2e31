"""What was on its way when its answer was lost: looked for at once, and sent again only when its call is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.ticket_texts import by_worker, files, without_repetition
from tests.e2e.tickets import DESKS, INCIDENT, Place
from tests.e2e.world import World
from tests.recovery.crashing import Killed
from tests.recovery.test_store_processes import kill
from tests.sampled import sampled
from worker import wiring
from workflows.engine.engine import Engine
from workflows.errors import Uncertain, Unexpected
from workflows.model import CaseState, PlannedWrite, Receipt, RunState, TicketRef
from workflows.model.writes import CALL_LASTS
from workflows.ports import TicketDesk

SOON = timedelta(seconds=2)


class Losing:
    """A port that loses its first calls of this name, as `lose` says, and notes when each was made."""

    def __init__(
        self, port: Any, name: str, now: Callable[[], datetime], lose: Callable[[], object], times: int = 1
    ) -> None:
        self._port, self._name, self._now, self._lose, self._times = port, name, now, lose, times
        self.made_at: list[datetime] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name != self._name:
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self.made_at.append(self._now())
            return self._lose() if len(self.made_at) <= self._times else found(*args, **kwargs)

        return call


class Unseeing:
    """A desk that does its first write without an answer, and then meets a fault whenever it looks for it."""

    def __init__(self, desk: TicketDesk, fault: Exception) -> None:
        self._desk, self._answers = desk, 0
        self.fault: Exception | None = fault

    def __getattr__(self, name: str) -> object:
        return getattr(self._desk, name)

    def deliver(self, ref: TicketRef, write: PlannedWrite) -> Receipt:
        """Deliver a write; the first answer is lost."""
        receipt = self._desk.deliver(ref, write)
        self._answers += 1
        if self._answers == 1:
            raise Uncertain(ref.desk, "write", "the connection broke before the answer came")
        return receipt

    def find(self, ref: TicketRef, write: PlannedWrite) -> Receipt | None:
        """Look for a write, unless there is a fault."""
        if self.fault:
            raise self.fault
        return self._desk.find(ref, write)


def answer_lost() -> object:
    raise Uncertain("desk", "write", "the connection broke before the answer came")


def killed() -> object:
    raise Killed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, policy={"retry_after": 1.0}) as world:
        yield world


def use_desk(world: World, place: Place, desk: Any) -> None:
    ports = world.parts.ports
    world.use_ports(replace(ports, desks={**ports.desks, place[0]: desk}))


def losing_desk(world: World, place: Place, lose: Callable[[], object], times: int = 1) -> Losing:
    port = Losing(world.parts.ports.desks[place[0]], "deliver", world.time.now, lose, times)
    use_desk(world, place, port)
    return port


def start_process(world: World) -> None:
    """Let the worker's process be known; its beats are not the matter here."""
    world.parts.store.enter("host", 1, dead_after=86_400.0)


def another_process_goes_on(world: World) -> None:
    """Kill the process, and start another one, alone on the store."""
    kill(world.parts.store)
    world.parts = wiring.build(world.settings, world._report, world.time)
    world.engine = Engine(world.parts.ports)
    start_process(world)


on_each_desk = pytest.mark.parametrize("place", DESKS, ids=[place[0] for place in DESKS])


@on_each_desk
def test_a_write_that_never_arrived_is_sent_again_when_its_call_is_over(world: World, place: Place) -> None:
    desk = losing_desk(world, place, answer_lost)
    ticket = world.ticket(place, about=world.member(), expected=None)
    world.settle()
    first, second = desk.made_at[:2]
    assert CALL_LASTS <= second - first < CALL_LASTS + SOON
    waits = [item.facts["because"] for item in world.reported if item.event == "waiting"]
    assert any("may still come until 09:00:2" in text for text in waits)
    assert CaseState.ASKED is world.case(ticket).state
    assert [] == world.violations()


@pytest.mark.long
@on_each_desk
@pytest.mark.parametrize(
    "fault",
    sampled([Unexpected("desk", "look for a change", "an odd answer"), ValueError("a defect")]),
    ids=["odd", "defect"],
)
def test_a_write_that_cannot_be_looked_for_is_not_sent_again(tmp_path: Path, place: Place, fault: Exception) -> None:
    with World(tmp_path) as world:
        desk = Unseeing(world.parts.ports.desks[place[0]], fault)
        use_desk(world, place, desk)
        ticket, _ = world.stale_ticket(place)
        world.run_for(hours=1)
        assert 1 == len(by_worker(world.shown(ticket)))
        alerts = [item.facts["text"] for item in world.reported if item.event == "alert"]
        assert any("could not be handed over yet" in str(text) for text in alerts)
        desk.fault = None
        world.settle()
        shown = world.shown(ticket)
        assert CaseState.ESCALATED is world.case(ticket).state
        assert without_repetition(by_worker(shown))
        assert without_repetition(files(shown))
        assert [] == world.violations()


@on_each_desk
def test_a_write_that_was_lost_after_another_fault_waits_no_longer_than_its_call(world: World, place: Place) -> None:
    faults = iter([Unexpected("desk", "write", "an odd answer"), Uncertain("desk", "write", "the answer was lost")])

    def lose() -> object:
        raise next(faults)

    desk = losing_desk(world, place, lose, times=2)
    ticket = world.ticket(place, about=world.member(), expected=None)
    world.settle()
    _, lost, again = desk.made_at[:3]
    assert CALL_LASTS <= again - lost < CALL_LASTS + SOON
    assert CaseState.ASKED is world.case(ticket).state
    assert [] == world.violations()


def test_a_write_whose_process_was_killed_goes_on_within_25_seconds(world: World) -> None:
    start_process(world)
    desk = losing_desk(world, INCIDENT, killed)
    ticket = world.ticket(INCIDENT, about=world.member(), expected=None)
    with pytest.raises(Killed):
        world.settle()
    another_process_goes_on(world)
    (sent,) = world.parts.store.writes(world.case(ticket).id, open_only=True)
    assert (1, desk.made_at[0]) == (sent.attempts, sent.sent_at)
    world.run_for(seconds=25)
    assert CaseState.ASKED is world.case(ticket).state
    assert 2 == world.parts.store.writes(world.case(ticket).id)[0].attempts
    assert [] == world.violations()


def test_a_run_whose_process_was_killed_as_it_started_counts_as_started_when_its_call_is_over(world: World) -> None:
    start_process(world)
    ports = world.parts.ports
    driver: Any = Losing(ports.drivers["main"], "start", world.time.now, killed)
    world.use_ports(replace(ports, drivers={**ports.drivers, "main": driver}))
    world.stale_ticket(INCIDENT)
    with pytest.raises(Killed):
        world.settle()
    another_process_goes_on(world)
    world.run_for(seconds=19)
    (run,) = world.runs()
    assert (RunState.STARTING, driver.made_at[0]) == (run.state, run.sent_at)
    world.run_for(seconds=1)
    (run,) = world.runs()
    assert (RunState.STARTED, True) == (run.state, run.uncertain)
