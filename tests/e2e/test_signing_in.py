"""If the settings say so, the user is asked to sign in again before any Force Sync."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE, PLANT
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import AGENT, DESKS, Place
from tests.e2e.world import World
from workflows.model import CaseState
from workflows.notes.reasons import sentence

SIGN_IN_FIRST: dict[str, Any] = {"refresh": {CORP: "signin"}, "sign_in_for": 900.0}


@pytest.fixture
def world(a_world: Make) -> World:
    return a_world(policy=SIGN_IN_FIRST)


def sign_in(world: World, member: Any) -> None:
    with world.sandbox.frame.lock:
        world.sandbox.okta.actors.sign_in(member.user_id, member.app_id)


@on_both_desks
def test_a_sign_in_that_helps_spares_the_force_sync(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.run_for(minutes=3)
    (asked,) = by_worker(world.shown(ticket), "public")
    assert "sign out of Okta and back in" in asked
    assert NEW_VALUE not in asked
    assert CaseState.ASKED == world.case(ticket).state
    sign_in(world, member)
    world.run_for(minutes=3)
    assert CaseState.RESOLVED == world.case(ticket).state
    assert "after forcesync asked for a sign-in" in " ".join(sentence(entry.what) for entry in world.case(ticket).story)
    assert [] == world.force_syncs()
    assert [] == world.violations()


@on_both_desks
def test_without_a_sign_in_the_ticket_rides_as_any_other(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.run_for(minutes=14)
    assert [] == world.force_syncs()
    world.run_for(minutes=10)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()
    assert 2 == len(by_worker(world.shown(ticket), "public"))


def test_a_reply_ends_the_wait(world: World) -> None:
    ticket, member = world.stale_ticket()
    world.run_for(minutes=3)
    before = world.time.now()
    world.reply(ticket, member.login, "I did, and nothing has changed.")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert 1 == len(world.force_syncs())
    run = world.parts.store.run(world.case(ticket).run_id or "")
    assert run is not None
    assert run.opened_at < before + timedelta(minutes=2)


def test_nobody_is_asked_of_another_directory_or_of_several_people(world: World) -> None:
    alone, _ = world.stale_ticket(directory=PLANT)
    users = f"{world.stale_user().login}, {world.stale_user().login}"
    several = world.ticket(DESKS[0], about=users, requester=AGENT)
    world.settle()
    for ticket in (alone, several):
        assert CaseState.RESOLVED == world.case(ticket).state
        assert not any("Signing in again is often enough" in text for text in by_worker(world.shown(ticket), "public"))
    assert 2 == len(world.force_syncs())
