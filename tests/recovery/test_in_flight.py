"""What was on its way when its answer was lost: looked for at once, and sent again only when its call is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.tickets import DESKS, INCIDENT, Place
from tests.e2e.world import World
from tests.recovery.crashing import Killed
from tests.recovery.test_store_processes import kill
from worker import wiring
from workflows.engine.engine import Engine
from workflows.errors import Uncertain
from workflows.model import CaseState, RunState
from workflows.model.writes import CALL_LASTS

SOON = timedelta(seconds=2)


class Losing:
    """A port that loses its first call of this name, as `lose` says, and notes when each was made."""

    def __init__(self, port: Any, name: str, now: Callable[[], datetime], lose: Callable[[], object]) -> None:
        self._port, self._name, self._now, self._lose = port, name, now, lose
        self.made_at: list[datetime] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name != self._name:
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self.made_at.append(self._now())
            return self._lose() if len(self.made_at) == 1 else found(*args, **kwargs)

        return call


def answer_lost() -> object:
    raise Uncertain("desk", "write", "the connection broke before the answer came")


def killed() -> object:
    raise Killed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, policy={"retry_after": 1.0}) as world:
        yield world


def losing_desk(world: World, place: Place, lose: Callable[[], object]) -> Losing:
    ports = world.parts.ports
    port = Losing(ports.desks[place[0]], "deliver", world.time.now, lose)
    desks: Any = {**ports.desks, place[0]: port}
    world.use_ports(replace(ports, desks=desks))
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


@pytest.mark.parametrize("place", DESKS, ids=[place[0] for place in DESKS])
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
