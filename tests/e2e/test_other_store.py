"""A second store on the same desk account touches no ticket: the first one's notes are on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, PLANT
from tests.e2e.tickets import AGENT, DESKS, INCIDENT, PLACES, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from workflows.model import Act, CaseState, OperatorAct, Stop, StopKind
from workflows.steps import FOREVER

pytestmark = pytest.mark.long


def move_to_new_store(world: World, folder: Path) -> None:
    """Start the worker again on an empty store, as from another folder."""
    world.parts.store.close()
    store = world.settings.store.model_copy(update={"url": f"sqlite:///{folder}/another.sqlite3"})
    world.settings = world.settings.model_copy(update={"store": store})
    world.reported.clear()
    world.start_worker()


def alerts(world: World) -> list[str]:
    return [str(item.facts["text"]) for item in world.reported if item.event == "alert"]


def left(world: World, ticket: Filed) -> tuple[Any, ...]:
    shown = world.shown(ticket)
    return shown["status"], shown["assignee"], shown["comments"], shown["attachments"]


@pytest.mark.parametrize("place", PLACES)
def test_a_store_that_does_not_know_a_worked_ticket_stops_the_desk(a_world: Make, tmp_path: Path, place: Place) -> None:
    world = a_world(checked=True, policy={"default_autonomy": "observe"})
    worked, _ = world.stale_ticket(place)
    world.settle()
    assert CaseState.ADVISED is world.case(worked).state
    before = left(world, worked)
    move_to_new_store(world, tmp_path)
    world.work()
    new, _ = world.stale_ticket(place)
    filed = left(world, new)
    world.run_for(hours=2)
    assert (before, filed) == (left(world, worked), left(world, new))
    [text] = alerts(world)
    key = world.shown(worked)["key"]
    assert text.startswith(f"{key} carries a note of our account about case ")
    assert "Use one store for each desk account" in text


@pytest.mark.parametrize("place", DESKS)
def test_a_new_store_opens_no_case_for_the_other_tickets_of_a_desk_that_it_leaves_alone(
    a_world: Make, tmp_path: Path, place: Place
) -> None:
    world = a_world(checked=True, policy={"default_autonomy": "observe"})
    worked = [world.stale_ticket(place)[0] for _ in range(3)]
    world.settle()
    move_to_new_store(world, tmp_path)
    world.run_for(hours=1)
    [case] = world.parts.store.cases()
    [text] = alerts(world)
    assert case.ref.key in {world.shown(ticket)["key"] for ticket in worked}
    assert text.startswith(f"{case.ref.key} carries a note of our account about case ")


def test_the_other_desk_goes_on(a_world: Make, tmp_path: Path) -> None:
    world = a_world(checked=True, policy={"default_autonomy": "observe"})
    world.stale_ticket(INCIDENT)
    world.settle()
    other, _ = world.stale_ticket(SERVICE_DESK)
    move_to_new_store(world, tmp_path)
    world.run_for(hours=1)
    assert CaseState.ADVISED is world.case(other).state


@pytest.mark.parametrize("place", DESKS)
def test_an_older_copy_stops_before_it_claims_what_it_does_not_know(
    a_world: Make, tmp_path: Path, place: Place
) -> None:
    world = a_world(checked=True, policy={"default_autonomy": "observe"})
    world.stale_ticket(place)
    world.settle()
    world.parts.store.close()
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(world.store_file.read_bytes())
    world.start_worker()
    later, _ = world.stale_ticket(place)
    world.settle()
    before = left(world, later)
    world.parts.store.close()
    world.store_file.write_bytes(copy.read_bytes())
    world.reported.clear()
    world.start_worker()
    world.run_for(hours=2)
    assert before == left(world, later)
    assert 1 == len(alerts(world))


def stopped_by_another_store(world: World, folder: Path) -> tuple[Filed, Filed]:
    """Return the ticket that the first store worked, and one that was filed since."""
    worked, _ = world.stale_ticket()
    world.settle()
    move_to_new_store(world, folder)
    new, _ = world.stale_ticket()
    world.run_for(minutes=10)
    return worked, new


@pytest.mark.parametrize("restarted", [False, True])
def test_the_desk_goes_on_once_people_have_the_ticket(a_world: Make, tmp_path: Path, restarted: bool) -> None:
    world = a_world(checked=True, policy={"default_autonomy": "observe"})
    worked, new = stopped_by_another_store(world, tmp_path)
    world.take(worked, by=AGENT)
    if restarted:
        world.restart_worker()
    world.run_for(hours=1)
    assert CaseState.ADVISED is world.case(new).state
    assert 1 == sum(item.event == "goes on" for item in world.reported)


def test_a_new_start_touches_nothing_while_the_cause_is_there_and_says_so(a_world: Make, tmp_path: Path) -> None:
    world = a_world(checked=True, policy={"default_autonomy": "observe"})
    worked, new = stopped_by_another_store(world, tmp_path)
    before = left(world, worked), left(world, new)
    world.reported.clear()
    world.restart_worker()
    world.run_for(hours=1)
    assert before == (left(world, worked), left(world, new))
    [text] = [str(item.facts["text"]) for item in world.reported if item.event == "still stopped"]
    assert text.startswith(f"the tickets of servicenow are left alone: {world.shown(worked)['key']} carries a note")
    assert [] == alerts(world)


def test_a_person_who_resumes_the_desk_accepts_the_notes_that_are_there(a_world: Make, tmp_path: Path) -> None:
    world = a_world(checked=True, policy={"default_autonomy": "observe"})
    _, new = stopped_by_another_store(world, tmp_path)
    act = OperatorAct(
        at=world.time.now(), act=Act.RESUME, target="servicenow", by="robin", operator="robin@here", why="moved house"
    )
    world.parts.store.resume(StopKind.INTAKE, "servicenow", act)
    world.run_for(hours=1)
    assert CaseState.ADVISED is world.case(new).state


def test_no_ticket_of_a_desk_that_is_left_alone_causes_a_force_sync(a_world: Make) -> None:
    world = a_world()
    tickets = [world.stale_ticket(*filed)[0] for filed in ((INCIDENT, CORP), (SERVICE_DESK, PLANT))]
    world.run_for(seconds=20)
    assert [CaseState.JOINED] * 2 == [world.case(ticket).state for ticket in tickets]
    stop = Stop(kind=StopKind.INTAKE, name="servicenow", until=FOREVER, why="INC0010009 has a note of another store")
    world.parts.store.pause(stop)
    world.run_for(minutes=20)
    assert [PLANT] == world.force_syncs()
    world.parts.store.resume(StopKind.INTAKE, "servicenow")
    world.settle()
    assert [CaseState.RESOLVED] * 2 == [world.case(ticket).state for ticket in tickets]
