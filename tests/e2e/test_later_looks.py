"""Later notes on a handed-over ticket: that the values are right now, and that its Support Case was noted."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import NEW_VALUE, PLANT
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import AGENT, DESKS, INCIDENT, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState, FollowupState

pytestmark = pytest.mark.long


@on_both_desks
def test_a_handed_over_ticket_is_told_once_that_the_value_came_right(place: Place, world: World) -> None:
    member = world.member(PLANT)
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    ticket = world.ticket(place, about=member)
    world.settle()
    handed_over = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    world.change_okta(member, "department", NEW_VALUE)
    for _ in range(3):
        world.skip(minutes=61)
        world.run_for(seconds=5)
    shown = world.shown(ticket)
    assert 1 == headings(shown).count("Checked again: the value has arrived")
    assert by_worker(handed_over, "public") == by_worker(shown, "public")
    assert handed_over["status"] == shown["status"]


def test_every_team_gets_what_it_can_fix(a_world: Make) -> None:
    support = {"group": "Identity Operations", "hold_reason": "4", "impact": "2", "urgency": "2"}
    desks = {
        "servicenow": {"routes": {"okta_support": support, "directory_team": {"group": "Directory Services"}}},
        "jira": {"routes": {"directory_team": {"assignee": AGENT, "priority": "High"}}},
    }
    world = a_world(desks=desks)
    stuck, member = world.stale_ticket(INCIDENT)
    world.make_stuck(member)
    late = world.member(PLANT)
    world.change_directory(late, "department", NEW_VALUE, imported=False)
    old_copies = [world.ticket(place, about=late) for place in DESKS]
    world.settle()
    desk: Any = world.sandbox.world.desks["servicenow"]
    incident = desk.state.records["incident"][stuck.id]
    assert ("3", "4", "3") == (incident["state"], incident["hold_reason"], incident["priority"])
    assert "Identity Operations" == world.shown(stuck)["group"]
    incident_with, issue = (world.shown(ticket) for ticket in old_copies)
    assert ["Directory Services", AGENT, "High"] == [incident_with["group"], issue["assignee"], issue["priority"]]


@on_both_desks
def test_a_support_cases_number_is_noted(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.make_stuck(member)
    world.settle()
    world.reply(ticket, AGENT, "Okta case: 01234567")
    world.skip(minutes=61)
    world.run_for(minutes=5)
    case = world.case(ticket)
    followup = world.parts.store.followup(f"{case.id}.{case.round}.support_case")
    assert followup is not None
    assert (FollowupState.NOTED, "01234567") == (followup.state, followup.number)
    assert "Okta Support Case 01234567 noted" in headings(world.shown(ticket))


CHANGED, RIGHT = "Checked again: the request has changed", "Checked again: the value has arrived"


def handed_over(world: World, place: Place) -> tuple[Filed, Member]:
    member = world.member(PLANT)
    ticket = world.ticket(place, about=member)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    world.skip(minutes=5)
    return ticket, member


def after_three_looks(world: World, ticket: Filed) -> list[str]:
    for _ in range(3):
        world.skip(minutes=61)
        world.run_for(seconds=5)
    return [line for line in headings(world.shown(ticket)) if line in {CHANGED, RIGHT}]


@on_both_desks
@pytest.mark.parametrize("words", ["Expected: Lunar Logistics", "Sorry, my department should be Lunar Logistics."])
def test_a_corrected_ticket_is_told_once_that_it_changed_and_never_that_the_old_wish_came_right(
    words: str, place: Place, world: World
) -> None:
    ticket, member = handed_over(world, place)
    before = world.shown(ticket)
    world.reply(ticket, member.login, words)
    world.change_okta(member, "department", NEW_VALUE)
    assert [CHANGED] == after_three_looks(world, ticket)
    shown = world.shown(ticket)
    assert by_worker(before, "public") == by_worker(shown, "public")
    assert before["status"] == shown["status"]
    assert not any("Lunar" in note for note in by_worker(shown))


@on_both_desks
def test_the_change_is_told_before_any_value_came_right(place: Place, world: World) -> None:
    ticket, member = handed_over(world, place)
    world.reply(ticket, member.login, "Attribute: title\nExpected: Conductor")
    assert [CHANGED] == after_three_looks(world, ticket)


@on_both_desks
@pytest.mark.parametrize("words", ["Any news?", f"Expected: {NEW_VALUE}", "Thank you!"])
def test_a_word_that_asks_for_nothing_else_leaves_the_look_as_it_is(words: str, place: Place, world: World) -> None:
    ticket, member = handed_over(world, place)
    world.reply(ticket, member.login, words)
    world.change_okta(member, "department", NEW_VALUE)
    assert [RIGHT] == after_three_looks(world, ticket)


@on_both_desks
def test_what_an_agent_writes_is_no_new_request(place: Place, world: World) -> None:
    ticket, member = handed_over(world, place)
    world.reply(ticket, AGENT, "Department: Sales\nExpected: Sales")
    world.change_okta(member, "department", NEW_VALUE)
    assert [RIGHT] == after_three_looks(world, ticket)


def test_a_changed_ticket_that_people_have_closed_is_told_nothing(world: World) -> None:
    ticket, member = handed_over(world, INCIDENT)
    world.reply(ticket, member.login, "Expected: Lunar Logistics")
    world.set_status(ticket, "Closed")
    assert [] == after_three_looks(world, ticket)


@on_both_desks
def test_nothing_is_noted_on_a_ticket_whose_tag_somebody_removed(place: Place, world: World) -> None:
    member = world.member(PLANT)
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    ticket = world.ticket(place, about=member)
    world.settle()
    handed_over = by_worker(world.shown(ticket))
    world.untag(ticket)
    world.change_okta(member, "department", NEW_VALUE)
    world.run_for(hours=3)
    assert handed_over == by_worker(world.shown(ticket))
    assert [] == world.violations()
