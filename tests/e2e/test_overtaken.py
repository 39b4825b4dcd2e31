"""A Force Sync that would overtake an open ticket whose words speak against it needs a person's approval."""

from __future__ import annotations

from datetime import timedelta

from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState, RunState

NOT_NOW = "Please do not sync, Okta is right."


def objecting(world: World, place: Place) -> Filed:
    text = f"Attribute: department\nExpected: {NEW_VALUE}\n{NOT_NOW}"
    return world.said(place, by=world.stale_user(), text=text)


def due_later(world: World, place: Place) -> Filed:
    day = world.time.now() + timedelta(days=3)
    text = f"Attribute: department\nExpected: {NEW_VALUE}\nEffective date: {day:%Y-%m-%d}"
    return world.said(place, by=world.stale_user(), text=text)


def asked(world: World, ticket: Filed) -> str:
    """Return the request for approval on a ticket, once nothing was pressed."""
    (run,) = world.runs()
    assert (RunState.PROPOSED, []) == (run.state, world.force_syncs())
    (note,) = (text for text in by_worker(world.shown(ticket), "internal") if "Approval needed" in text)
    return note


@on_both_desks
def test_it_does_not_overtake_a_ticket_that_objects(place: Place, world: World) -> None:
    against = objecting(world, place)
    world.settle()
    assert CaseState.ESCALATED == world.case(against).state
    ticket, _ = world.stale_ticket(place)
    world.run_for(minutes=5)
    note = asked(world, ticket)
    assert f"{world.case(against).ref.key} may object to a sync" in note
    assert NOT_NOW not in note


@on_both_desks
def test_it_does_not_overtake_a_change_that_is_not_due(place: Place, world: World) -> None:
    later = due_later(world, place)
    world.run_for(minutes=2)
    assert CaseState.CLAIMED == world.case(later).state
    ticket, _ = world.stale_ticket(place)
    world.run_for(minutes=5)
    assert f"the change of {world.case(later).ref.key} is not due yet" in asked(world, ticket)


@on_both_desks
def test_a_ticket_that_was_closed_objects_no_more(place: Place, world: World) -> None:
    against = objecting(world, place)
    world.settle()
    world.set_status(against, "Resolved")
    ticket, _ = world.stale_ticket(place)
    world.settle()
    assert (CaseState.RESOLVED, [CORP]) == (world.case(ticket).state, world.force_syncs())


@on_both_desks
def test_whom_the_sync_does_not_change_is_not_overtaken(place: Place, world: World) -> None:
    text = f"Attribute: department\nExpected: Astrology\n{NOT_NOW}"
    world.said(place, by=world.member(), text=text)
    world.settle()
    ticket, _ = world.stale_ticket(place)
    world.settle()
    assert (CaseState.RESOLVED, [CORP]) == (world.case(ticket).state, world.force_syncs())
