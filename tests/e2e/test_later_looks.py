"""What a handed-over ticket hears later: that the values came right, and that its Support Case was noted."""

from __future__ import annotations

from typing import Any

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.world import AGENT, DESKS, INCIDENT, NEW_VALUE, PLANT, Place, World, by_worker, headings
from workflows.model import CaseState, FollowupState


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
    assert 1 == headings(shown).count("A later look: the value is right now")
    assert by_worker(handed_over, "public") == by_worker(shown, "public")
    assert handed_over["status"] == shown["status"]


def test_every_team_gets_what_it_can_mend(a_world: Make) -> None:
    support = {"group": "Identity Operations", "hold_reason": "4", "impact": "2", "urgency": "2"}
    routes = {
        "servicenow": {"okta_support": support, "directory_team": {"group": "Directory Services"}},
        "jira": {"directory_team": {"assignee": AGENT, "priority": "High"}},
    }
    world = a_world(routes=routes)
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
