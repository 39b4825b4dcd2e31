"""Stories of runs that wait for a person to approve them, or to run Force Sync."""

from __future__ import annotations

from datetime import datetime

from connectors.sandbox.scenarios.world import Member
from tests.e2e.tickets import Filed, Place
from tests.e2e.world import World
from workflows.model import Decision, Stop, StopKind, SyncRun
from workflows.sync.policy import EVERY_DIRECTORY

APPROVER = "leocadia.ashdown@example.com"  # the last user of a world of twelve
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
    with world.sandbox.frame.lock:
        world.sandbox.okta.syncing.reapply(member.app_id, "by hand")
    world.settle()
    return ticket


def never_pressed(world: World, place: Place) -> Filed:
    """Story: a ticket for which nobody runs Force Sync."""
    ticket, _ = world.stale_ticket(place)
    world.settle()
    return ticket


def decide(world: World, *, approved: bool, by: Member | None = None) -> None:
    """Decide on the one run that waits for a decision, by default as the approver."""
    run = waiting(world)
    digest = run.radius.digest if run.radius else ""
    now = world.time.now()
    who = by or approver_of(world)
    decision = Decision(
        approved=approved, by=who.login, user_id=who.user_id, why="seen and discussed", at=now, digest=digest
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
