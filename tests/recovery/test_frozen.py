"""Two workers on one case, one of which was frozen: what it does when it wakes harms nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import stories
from tests.e2e.ticket_texts import by_worker, files, without_repetition
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Place
from tests.e2e.world import World
from worker import wiring
from worker.process.actors import drain
from workflows.engine.engine import LEASE_SECONDS, Engine
from workflows.model import CaseState

pytestmark = pytest.mark.long

DESKS = pytest.mark.parametrize("place", [INCIDENT, SERVICE_DESK], ids=["servicenow", "jira"])


@pytest.fixture
def world(tmp_path: Path, store_url: str) -> Iterator[World]:
    with World(tmp_path, store_url=store_url) as world:
        yield world


class Freezing:
    """A port that freezes once, in the call of this name, until `thaw` has run."""

    def __init__(self, port: Any, at: str, thaw: Callable[[], None], chosen: Callable[..., bool]) -> None:
        self._port, self._at, self._thaw, self._chosen, self._frozen = port, at, thaw, chosen, False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name != self._at:
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            if not self._frozen and self._chosen(*args):
                self._frozen = True
                self._thaw()
            return found(*args, **kwargs)

        return call


def another_worker_goes_on(world: World) -> Callable[[], None]:
    """Return what happens while a worker is frozen: its lease runs out, and another process works everything."""

    def thaw() -> None:
        world.skip(seconds=LEASE_SECONDS + 1)
        parts = wiring.build(world.settings, world._report, world.time)
        drain(Engine(parts.ports), parts.ports)
        parts.store.close()

    return thaw


def freeze_in_the_desk(world: World, place: Place, at: str, chosen: Callable[..., bool]) -> None:
    ports = world.parts.ports
    port: Any = Freezing(ports.desks[place[0]], at, another_worker_goes_on(world), chosen)
    world.use_ports(replace(ports, desks={**ports.desks, place[0]: port}))


def freeze_in_the_store(world: World, at: str, chosen: Callable[..., bool]) -> None:
    ports = world.parts.ports
    store: Any = Freezing(ports.store, at, another_worker_goes_on(world), chosen)
    world.use_ports(replace(ports, store=store))


def right_ticket(world: World, place: Place) -> Any:
    member = world.member()
    return world.ticket(place, about=member, expected=world.profile(member)["department"])


def doubled(world: World) -> list[tuple[int, int]]:
    return [(item.facts["found"], item.facts["removed"]) for item in world.reported if item.event == "doubled write"]


@DESKS
def test_a_worker_that_froze_before_it_checked_its_lease_writes_nothing(world: World, place: Place) -> None:
    freeze_in_the_store(world, "write_sent", lambda _lease, key, _now: ".resolved" in key)
    ticket = right_ticket(world, place)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.RESOLVED is world.case(ticket).state
    assert without_repetition(by_worker(shown))
    assert [] == doubled(world)
    assert [] == world.violations()


@DESKS
def test_a_worker_that_froze_in_the_middle_of_a_step_changes_nothing(world: World, place: Place) -> None:
    freeze_in_the_store(world, "commit_case", lambda _lease, commit, _now: commit.after.state is CaseState.CLOSING)
    ticket = right_ticket(world, place)
    world.settle()
    edges_taken = world.case_edges(ticket)
    assert len(set(edges_taken)) == len(edges_taken)
    assert "resolved" == edges_taken[-1][1]
    assert without_repetition(by_worker(world.shown(ticket)))
    assert [] == world.violations()


def test_a_note_written_twice_on_jira_is_found_by_its_marker_and_removed(world: World) -> None:
    place: Place = SERVICE_DESK
    freeze_in_the_desk(world, place, "deliver", lambda _ref, write: ".resolved" in write.key)
    ticket = right_ticket(world, place)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.RESOLVED is world.case(ticket).state
    assert [(1, 1)] == doubled(world)
    assert without_repetition(by_worker(shown))


def test_a_note_written_twice_on_servicenow_is_found_by_its_marker_and_counted(world: World) -> None:
    freeze_in_the_desk(world, INCIDENT, "deliver", lambda _ref, write: ".claimed" in write.key)
    ticket, _ = world.stale_ticket(INCIDENT)
    world.settle()
    assert CaseState.RESOLVED is world.case(ticket).state
    assert [(1, 0)] == doubled(world)[:1], "a journal entry cannot be deleted there"
    bodies = by_worker(world.shown(ticket))
    assert 1 == len(bodies) - len(set(bodies)), "one, and no more"


@DESKS
def test_a_file_attached_twice_is_removed(world: World, place: Place) -> None:
    freeze_in_the_desk(world, place, "deliver", lambda _ref, write: write.content is not None)
    ticket = stories.copy_is_old(world, place)
    assert CaseState.ESCALATED is world.case(ticket).state
    assert [{"servicenow": (1, 1), "jira": (2, 2)}[place[0]]] == doubled(world), "on Jira with its note"
    assert 1 == len(files(world.shown(ticket)))


def test_a_run_whose_worker_froze_before_the_press_is_pressed_by_that_worker_alone(world: World) -> None:
    ports = world.parts.ports
    driver: Any = Freezing(ports.drivers["main"], "start", another_worker_goes_on(world), lambda *_: True)
    world.use_ports(replace(ports, drivers={**ports.drivers, "main": driver}))
    ticket, _ = world.stale_ticket(INCIDENT)
    world.settle()
    assert CaseState.RESOLVED is world.case(ticket).state
    assert 1 == len(world.force_syncs()), "the other worker took the start for made, and did not repeat it"
    assert [] == world.violations()


def test_two_workers_on_the_same_messages_do_everything_once(world: World) -> None:
    """Every message reaches two workers, in turns and in different orders."""
    tickets = [world.stale_ticket(place)[0] for place in (INCIDENT, SERVICE_DESK)]
    other = wiring.build(world.settings, world._report, world.time)
    engines = [world.engine, Engine(other.ports)]
    for _ in range(200):
        due = world.parts.store.due(world.time.now(), 100)
        for engine, messages in zip(engines, (due + due, due[::-1]), strict=True):
            for kind, id in messages:
                engine.run_once(kind, id, only_due=True)
        if all(world.has_case(ticket) and world.case(ticket).ended for ticket in tickets):
            break
        if not due:
            world.skip(seconds=20)
    other.store.close()
    for ticket in tickets:
        assert CaseState.RESOLVED is world.case(ticket).state
        assert without_repetition(by_worker(world.shown(ticket)))
        assert len(set(world.case_edges(ticket))) == len(world.case_edges(ticket))
    assert 1 == len(world.force_syncs())
    assert [] == world.violations()
