"""Several tickets about the same user and attribute: each has its own end, and one leads."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.same_fault import key, on_every_pair, states, told_of, two
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Place
from tests.e2e.world import World
from workflows.model import CaseState

pytestmark = pytest.mark.long


@on_every_pair
def test_one_sync_serves_both_and_the_younger_is_linked_and_told_once(
    first: Place, second: Place, world: World
) -> None:
    older, younger, _ = two(world, first, second)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert {CaseState.RESOLVED} == states(world, older, younger)
    assert [] == told_of(world, older)
    assert [key(world, older)] == told_of(world, younger)
    assert 1 == len(by_worker(world.shown(younger), "public"))
    if second is SERVICE_DESK:
        assert [key(world, older)] == world.shown(younger)["links"]


def test_a_ticket_filed_while_the_sync_runs_is_told_at_once_and_resolved_by_it(world: World) -> None:
    older, member = world.stale_ticket()
    world.run_for(seconds=75)
    assert CaseState.SYNCED == world.case(older).state
    younger = world.ticket(SERVICE_DESK, about=member)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert {CaseState.RESOLVED} == states(world, older, younger)


@on_every_pair
def test_a_leading_ticket_that_a_person_takes_leaves_the_other_to_go_on(
    first: Place, second: Place, world: World
) -> None:
    older, younger, member = two(world, first, second)
    world.run_for(seconds=45)
    world.take(older)
    world.settle()
    assert CaseState.WITHDRAWN == world.case(older).state
    assert CaseState.RESOLVED == world.case(younger).state
    assert NEW_VALUE == world.profile(member)["department"]


@pytest.mark.parametrize(("one", "other"), [(INCIDENT, SERVICE_DESK), (SERVICE_DESK, INCIDENT)])
def test_of_two_tickets_filed_in_the_same_second_the_one_with_the_lower_key_leads(
    one: Place, other: Place, world: World
) -> None:
    first, member = world.stale_ticket(one)
    second = world.ticket(other, about=member)
    world.settle()
    lower, higher = sorted((first, second), key=lambda ticket: key(world, ticket))
    assert [CORP] == world.force_syncs()
    assert ([], [key(world, lower)]) == (told_of(world, lower), told_of(world, higher))


@pytest.mark.parametrize(("first", "second"), [(INCIDENT, SERVICE_DESK), (SERVICE_DESK, INCIDENT)])
def test_the_ticket_that_was_tagged_first_leads_although_its_desk_was_down_and_the_other_was_found_first(
    first: Any, second: Place, world: World
) -> None:
    older, member = world.stale_ticket(first)
    world.skip(seconds=20)
    younger = world.ticket(second, about=member)
    world.fault(first[0], "status", status=503, times=2)
    world.settle()
    assert world.case(younger).opened_at < world.case(older).opened_at
    assert ([], [key(world, older)]) == (told_of(world, older), told_of(world, younger))
    assert [CORP] == world.force_syncs()


def test_of_two_tickets_that_wait_for_the_directorys_open_run_the_younger_is_told_at_once(world: World) -> None:
    _, member = world.stale_ticket()
    world.make_stuck(member)
    world.run_for(seconds=75)
    older, waiting = world.stale_ticket()
    world.make_stuck(waiting)
    world.run_for(seconds=70)
    younger = world.ticket(SERVICE_DESK, about=waiting)
    world.run_for(seconds=100)
    assert [CaseState.CLAIMED, CaseState.CLAIMED] == [world.case(older).state, world.case(younger).state]
    assert [key(world, older)] == told_of(world, younger)
    world.settle()
    assert [key(world, older)] == told_of(world, younger)


def test_another_attribute_or_another_user_is_another_ticket(world: World) -> None:
    member = world.stale_user()
    world.change_directory(member, "title", "Conductor")
    department = world.ticket(about=member)
    title = world.ticket(SERVICE_DESK, about=member, attribute="title", expected="Conductor")
    stranger, _ = world.stale_ticket()
    world.settle()
    assert [] == [told for ticket in (department, title, stranger) for told in told_of(world, ticket)]
    assert {CaseState.RESOLVED} == {world.case(ticket).state for ticket in (department, title, stranger)}


def test_an_observed_ticket_gets_its_advice_and_nothing_else(a_world: Make) -> None:
    world = a_world(policy={"default_autonomy": "observe"})
    older, member = world.stale_ticket()
    younger = world.ticket(SERVICE_DESK, about=member)
    world.settle()
    assert {CaseState.ADVISED} == states(world, older, younger)
    assert [] == [told for ticket in (older, younger) for told in told_of(world, ticket)]
    assert [] == world.shown(younger)["links"]


def test_a_site_that_refuses_the_link_gets_the_note_and_the_operator_is_told(world: World) -> None:
    older, younger, _ = two(world, SERVICE_DESK, SERVICE_DESK)
    world.fault("jira", "status", method="POST", path="/issueLink$", status=404, body={"errorMessages": ["disabled"]})
    world.settle()
    assert CaseState.RESOLVED == world.case(younger).state
    assert [key(world, older)] == told_of(world, younger)
    assert any(told.event == "alert" and "not linked" in str(told.facts["text"]) for told in world.reported)


def test_a_reopened_leading_ticket_takes_nothing_from_the_other(world: World) -> None:
    older, younger, member = two(world)
    world.run_for(seconds=45)
    given_at = world.case(older).given_at
    world.untag(older)
    world.run_for(seconds=60)
    world.tag_again(older)
    world.settle()
    assert CaseState.RESOLVED == world.case(younger).state
    assert NEW_VALUE == world.profile(member)["department"]
    assert (2, given_at) == (world.case(older).round, world.case(older).given_at), "its place in line is kept"


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_link_whose_answer_was_lost_stands_once(kind: Any, world: World) -> None:
    older, younger, _ = two(world, SERVICE_DESK, SERVICE_DESK)
    world.fault("jira", kind, method="POST", path="/issueLink$")
    world.settle()
    assert CaseState.RESOLVED == world.case(younger).state
    assert [key(world, older)] == world.shown(younger)["links"]
    assert [key(world, older)] == told_of(world, younger)
