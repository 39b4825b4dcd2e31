"""What Okta does not take is seen before a Force Sync where it can be, and read from the System Log after it."""

from __future__ import annotations

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, NEW_VALUE, PLANT
from tests.e2e.ticket_texts import by_worker, files, headings
from tests.e2e.tickets import DESKS, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState, RideState, VerdictKind

pytestmark = pytest.mark.long

NO_APPROVAL: dict[str, list[str]] = {"approve_attributes": []}
on_both_desks = pytest.mark.parametrize("place", DESKS, ids=[place[0] for place in DESKS])


def told(world: World, ticket: Filed) -> str:
    return by_worker(world.shown(ticket), "internal")[-1].replace("\\", "")


def verdict(world: World, ticket: Filed) -> VerdictKind:
    (subject,) = world.case(ticket).subjects
    assert subject.verdict is not None
    return subject.verdict.kind


def handed_over_as_rejected(world: World, ticket: Filed, *, foreseen: bool = True) -> None:
    assert CaseState.ESCALATED == world.case(ticket).state
    assert VerdictKind.REJECTED_BY_OKTA == verdict(world, ticket)
    title = "Okta would refuse this user's update" if foreseen else "Okta refuses this user's update"
    assert title in headings(world.shown(ticket))
    assert "no effect" not in told(world, ticket)
    assert "Directory team: correct the value" in told(world, ticket)
    assert not [name for name in files(world.shown(ticket)) if name.endswith(".zip")]


def give_login_of_another(world: World, member: Member) -> Member:
    """Rename the user in the directory to a login that another Okta user has."""
    other = world.newcomer("dupe", PLANT)
    world.change_directory(member, "userName", other.login.upper())
    return other


@on_both_desks
def test_a_login_that_is_another_users_is_seen_before_the_press(place: Place, a_world: Make) -> None:
    world = a_world(policy=NO_APPROVAL)
    member = world.stale_user()
    other = give_login_of_another(world, member)
    ticket = world.ticket(place, about=member)
    world.settle()
    assert [] == world.force_syncs()
    handed_over_as_rejected(world, ticket)
    assert "another Okta user already has this value" in told(world, ticket)
    assert other.user_id not in told(world, ticket)


@pytest.mark.parametrize("attribute", ["employeeNumber", "mobilePhone"])
def test_so_is_any_value_that_the_schema_wants_unique(attribute: str, world: World) -> None:
    with world.sandbox.frame.lock:
        for kind in world.sandbox.okta.user_types.values():
            kind.schema[attribute].unique = True
    member, other = world.stale_user(), world.member(PLANT)
    world.change_directory(member, attribute, str(world.profile(other)[attribute]))
    ticket = world.ticket(about=member)
    world.settle()
    assert [] == world.force_syncs()
    handed_over_as_rejected(world, ticket)
    assert "another Okta user already has this value" in told(world, ticket)
    assert other.user_id not in told(world, ticket)


def test_a_login_that_is_taken_while_the_run_gathers_is_not_pressed_for(a_world: Make) -> None:
    world = a_world(policy=NO_APPROVAL)
    ticket, member = world.stale_ticket()
    world.run_for(seconds=30)
    assert CaseState.JOINED == world.case(ticket).state
    give_login_of_another(world, member)
    world.settle()
    assert [] == world.force_syncs()
    (run,) = world.runs()
    assert [RideState.DROPPED] == [ride.state for ride in world.parts.store.rides(run.id)]
    handed_over_as_rejected(world, ticket)


def test_a_login_that_is_free_is_brought(a_world: Make) -> None:
    world = a_world(policy=NO_APPROVAL)
    ticket, member = world.stale_ticket()
    world.change_directory(member, "userName", "renamed@example.com")
    with world.sandbox.frame.lock:
        world.sandbox.okta.apps[member.app_id].approved.add("login")
    world.settle()
    assert [CORP] == world.force_syncs()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert "renamed@example.com" == world.profile(member)["login"]


@on_both_desks
def test_what_only_the_press_brings_to_light_is_read_from_the_log_after_it(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    with world.sandbox.frame.lock:
        world.sandbox.okta.reject(member.user_id, "costCenter: An object with this field already exists")
    world.settle()
    assert [CORP] == world.force_syncs()
    handed_over_as_rejected(world, ticket, foreseen=False)
    assert "(costCenter: An object with this field already exists)" in told(world, ticket)
    assert "forcesync ran Force Sync for corp.example.com" in told(world, ticket), "what was tried is told, too"


def test_a_value_that_somebody_overwrote_after_the_press_names_them_and_no_missing_effect(world: World) -> None:
    ticket, member = world.stale_ticket()
    with world.sandbox.frame.lock:
        world.sandbox.okta.actors.overwrite_next(member.user_id, {"department": "Set By HR"})
    world.settle()
    assert VerdictKind.OVERWRITTEN == verdict(world, ticket)
    assert "hr.system@example.com changed" in told(world, ticket)
    assert not [name for name in files(world.shown(ticket)) if name.endswith(".zip")]


def test_a_copy_that_lost_the_value_after_the_press_is_told_as_that(world: World) -> None:
    ticket, member = world.stale_ticket()
    world.make_stuck(member)
    world.run_for(minutes=3)
    assert CaseState.SYNCED == world.case(ticket).state
    world.change_directory(member, "department", "Taken Back")
    world.settle()
    assert VerdictKind.STALE_IN_DIRECTORY_COPY == verdict(world, ticket)
    assert NEW_VALUE != world.profile(member)["department"]


def test_an_answer_lost_is_not_sent_again_for_a_user_whose_update_okta_refused(world: World) -> None:
    world.fault("okta", "reset_after", path=r"/mappings/reapply$")
    ticket, member = world.stale_ticket()
    with world.sandbox.frame.lock:
        world.sandbox.okta.reject(member.user_id, "department: not taken")
    world.settle()
    assert [CORP] == world.force_syncs()
    handed_over_as_rejected(world, ticket, foreseen=False)
