"""What a handed-over ticket hears later: that the values came right, and that its Support Case was noted."""

from __future__ import annotations

import pytest

from tests.e2e.world import AGENT, DESKS, NEW_VALUE, PLANT, Place, World, by_worker, headings
from workflows.model import CaseState, FollowupState

on_both_desks = pytest.mark.parametrize("place", DESKS, ids=[desk for desk, _ in DESKS])


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
