"""Stories of what waits for a person: an approval, the console's button, or a visit to the user's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from connectors.sandbox.scenarios.world import Member
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.tickets import AGENT, INCIDENT, Filed, Place
from tests.e2e.world import World
from workflows.model import Decision, Stop, StopKind, SyncRun
from workflows.sync.policy import EVERY_DIRECTORY

APPROVER = "leocadia.ashdown@example.com"  # the last user of a world of twelve
PAGE_FIRST: dict[str, Any] = {"refresh": {CORP: "profile_page"}, "profile_page_for": 900.0}
APPROVE = {"default_autonomy": "approve", "approvers": [APPROVER]}


def approval_is_asked_for(world: World, place: Place) -> Filed:
    """Story: a directory whose runs a person approves."""
    ticket, _ = world.stale_ticket(place)
    world.run_for(minutes=8)
    return ticket


def approved(world: World, place: Place) -> Filed:
    """Story: a run that someone other than the requester approves."""
    ticket = approval_is_asked_for(world, place)
    decide(world, approved=True)
    world.settle()
    return ticket


def rejected(world: World, place: Place) -> Filed:
    """Story: a run that a person rejects."""
    ticket = approval_is_asked_for(world, place)
    decide(world, approved=False)
    world.settle()
    return ticket


def pressed_by_hand(world: World, place: Place) -> Filed:
    """Story: a person runs Force Sync in the Admin Console, as the ticket asks."""
    ticket, member = world.stale_ticket(place)
    world.run_for(minutes=8)
    world.press(member)
    world.settle()
    return ticket


def never_pressed(world: World, place: Place) -> Filed:
    """Story: a ticket for which nobody runs Force Sync."""
    ticket, _ = world.stale_ticket(place)
    world.settle()
    return ticket


def stuck(world: World, place: Place = INCIDENT) -> tuple[Filed, Member]:
    """File a ticket of a user whom no Force Sync reaches, and wait until the console's own button is asked for."""
    ticket, member = world.stale_ticket(place)
    world.make_stuck(member)
    world.run_for(minutes=14)
    return ticket, member


def pressed_without_effect(world: World, place: Place) -> Filed:
    """Story: a call without effect, and a press of the console's own button that has none either."""
    ticket, member = stuck(world, place)
    world.press(member)
    world.reply(ticket, AGENT, "Pressed.\n\nRobin", visibility="internal")
    world.settle()
    return ticket


def old_copy(world: World, place: Place = INCIDENT, **changes: str) -> tuple[Filed, Member]:
    """File a ticket about a change, besides other `changes`, that was not imported; wait until a visit is asked for."""
    member = world.member()
    for attribute, value in ({"department": NEW_VALUE} | changes).items():
        world.change_directory(member, attribute, value, imported=False)
    ticket = world.ticket(place, about=member)
    world.run_for(minutes=3)
    return ticket, member


def refreshed_by_a_visit(world: World, place: Place) -> Filed:
    """Story: a visit to the user's page that brings the value."""
    ticket, member = old_copy(world, place)
    world.open_page(member)
    world.run_for(minutes=3)
    return ticket


def not_imported_by_a_visit(world: World, place: Place) -> Filed:
    """Story: a visit to the user's page whose import fails over another value."""
    ticket, member = old_copy(world, place, firstName=51 * "x")
    world.open_page(member)
    world.run_for(minutes=4)
    return ticket


def visited_in_vain(world: World, place: Place) -> Filed:
    """Story: a visit to the user's page that changes nothing, and the Force Sync that follows."""
    ticket, member = world.stale_ticket(place)
    world.run_for(minutes=3)
    world.open_page(member)
    world.run_for(minutes=3)
    world.settle()
    return ticket


def decide(world: World, *, approved: bool, by: Member | None = None) -> None:
    """Decide on the one run that waits for a decision, by default as the approver."""
    run = waiting(world)
    digest = run.radius.digest if run.radius else ""
    now = world.time.now()
    who = by or approver_of(world)
    decision = Decision(
        approved=approved,
        by=who.login,
        user_id=who.user_id,
        why="seen and discussed",
        at=now,
        digest=digest,
        objecting=run.objecting,
        waiting=run.waiting,
    )
    assert world.parts.store.decide(run.id, decision, now)


def approver_of(world: World) -> Member:
    """Return the Okta user who may approve."""
    return next(member for member in world.sandbox.world.members if member.login == APPROVER)


def waiting(world: World) -> SyncRun:
    """Return the one run that waits for a person."""
    (run,) = world.parts.store.runs(open_only=True)
    return run


def switch_off(world: World, name: str = EVERY_DIRECTORY) -> datetime:
    """Turn a switch off as a person would; returns when (UTC)."""
    now = world.time.now()
    until, why = now.replace(year=9999), "migration weekend"
    world.parts.store.pause(Stop(kind=StopKind.SWITCH, name=name, until=until, why=why, by="robin", since=now))
    return now
