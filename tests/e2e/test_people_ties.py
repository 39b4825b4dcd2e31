"""Tickets that people have linked to others are judged, and left to those people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.desks import on_both_desks
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import Filed, Place
from tests.e2e.ties import TIES, child
from tests.e2e.world import World
from workflows.model import CaseState

tied_tickets = pytest.mark.parametrize(("tie", "place"), TIES, ids=[f"{tie.__name__}-{at[0]}" for tie, at in TIES])


@tied_tickets
def test_a_tied_ticket_gets_the_verdict_and_nothing_else(
    tie: Callable[[World, Filed], None], place: Place, world: World
) -> None:
    ticket, member = world.stale_ticket(place)
    tie(world, ticket)
    before, profile = world.shown(ticket), world.profile(member)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ADVISED == world.case(ticket).state
    assert ["Advice: this ticket is left to people"] == headings(shown)
    assert "The Okta profile was behind the directory's copy" in by_worker(shown, "internal")[0]
    assert [] == by_worker(shown, "public")
    untouched = ("status", "assignee", "group", "resolution", "tags", "links")
    assert {part: before[part] for part in untouched} == {part: shown[part] for part in untouched}
    assert [] == world.force_syncs()
    assert profile == world.profile(member)


@on_both_desks
def test_a_ticket_that_is_tied_while_it_is_worked_is_given_back_with_what_was_seen(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.run_for(seconds=90)
    child(world, ticket)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ADVISED == world.case(ticket).state
    assert (None, None) == (shown["assignee"], shown["resolution"])
    assert "Advice: this ticket is left to people" == headings(shown)[-1]
    assert "held the expected value after the Force Sync" in by_worker(shown, "internal")[-1]
    assert [] == by_worker(shown, "public")
    assert world.case(ticket).subjects[0].right
    assert member.login == world.case(ticket).subjects[0].request.user
