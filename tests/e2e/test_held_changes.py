"""A change that holds from a later day waits for it, under the same rules as any other ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState, VerdictKind
from workflows.notes.titles import TOLD


def filed(world: World, place: Place, *, days: int, about: Member | None = None, guard: str = "") -> Filed:
    """File a ticket whose form says that its change holds from a later day; `about` somebody else, if given."""
    member, day = world.stale_user(), world.time.now() + timedelta(days=days)
    whom = f"User: {about.login}\n" if about else ""
    text = f"{whom}Attribute: department\nExpected: {NEW_VALUE}\nEffective date: {day:%Y-%m-%d}\n{guard}"
    return world.said(place, by=member, text=text)


@on_both_desks
def test_it_is_claimed_and_waits_where_its_directory_is_worked_whatever_the_default(
    place: Place, a_world: Make
) -> None:
    world = a_world(policy={"default_autonomy": "observe", "autonomy": {CORP: "auto"}})
    ticket = filed(world, place, days=1)
    world.run_for(minutes=10)
    assert CaseState.CLAIMED == world.case(ticket).state
    assert 1 == len(by_worker(world.shown(ticket), "internal"))
    world.skip(days=1)
    world.settle()
    assert (CaseState.RESOLVED, [CORP]) == (world.case(ticket).state, world.force_syncs())


@on_both_desks
def test_a_day_that_cannot_be_told_is_a_persons_to_judge(place: Place, world: World) -> None:
    text = f"Attribute: department\nExpected: {NEW_VALUE}\nEffective date: when HR has approved"
    ticket = world.said(place, by=world.stale_user(), text=text)
    world.settle()
    assert (CaseState.ESCALATED, []) == (world.case(ticket).state, world.force_syncs())
    assert "takes effect “when HR has approved”" in by_worker(world.shown(ticket), "internal")[-1]


@on_both_desks
def test_it_is_left_alone_where_its_directory_is_only_observed(place: Place, a_world: Make) -> None:
    world = a_world(policy={"default_autonomy": "auto", "autonomy": {CORP: "observe"}})
    ticket = filed(world, place, days=1)
    world.run_for(hours=1)
    shown = world.shown(ticket)
    assert (None, []) == (shown["assignee"], by_worker(shown))
    world.skip(days=1)
    world.settle()
    assert CaseState.ADVISED == world.case(ticket).state
    assert [] == world.force_syncs()


@pytest.mark.long
@on_both_desks
def test_it_goes_to_a_person_when_its_sla_runs_out_first(place: Place, world: World) -> None:
    ticket = filed(world, place, days=3)
    world.run_for(minutes=2)
    world.run_sla(ticket, hours=2)
    world.run_for(hours=1)
    assert CaseState.CLAIMED == world.case(ticket).state
    world.run_for(hours=1)
    assert CaseState.ESCALATED == world.case(ticket).state
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert "% of the SLA “Time to resolution” is used up" in note
    assert TOLD[VerdictKind.NOT_YET].next_step in note


@on_both_desks
def test_it_is_not_held_for_protected_people_strangers_and_objections(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": [], "protected_groups": ["Board"]}, groups=["Board"])
    protected = world.stale_user()
    world.put_in_group(protected, "Board")
    day = world.time.now() + timedelta(days=3)
    form = f"Attribute: department\nExpected: {NEW_VALUE}\nEffective date: {day:%Y-%m-%d}"
    tickets = [
        world.said(place, by=protected, text=form),
        filed(world, place, days=3, about=world.stale_user()),
        filed(world, place, days=3, guard="Please do not sync."),
    ]
    world.settle()
    assert [CaseState.ESCALATED] * 3 == [world.case(ticket).state for ticket in tickets]
