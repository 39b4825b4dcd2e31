"""ServiceNow's assignment rules change who has a ticket while forcesync claims it or hands it over."""

from __future__ import annotations

from typing import Any

from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import AGENT, INCIDENT
from tests.e2e.world import World
from workflows.model import CaseState


def switch(world: World, **switches: Any) -> None:
    with world.sandbox.frame.lock:
        world.sandbox.servicenow.state.switches.change(**switches)


def test_a_hand_over_that_a_rule_gives_to_a_member_of_the_group_is_made(world: World) -> None:
    switch(world, assignment_rule_gives_to=AGENT)
    ticket = world.ticket(INCIDENT, about=world.member(), expected="Not In The Copy")
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert (AGENT, "Identity Operations") == (shown["assignee"], shown["group"])
    assert 1 == len(by_worker(shown, "internal"))


def test_a_ticket_that_a_rule_takes_from_the_worker_is_worked(world: World) -> None:
    switch(world, assignment_rule_clears=True)
    ticket, _ = world.stale_ticket(INCIDENT)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.RESOLVED == world.case(ticket).state
    assert shown["assignee"] is None


def test_a_ticket_without_what_must_be_filled_in_goes_to_a_person(world: World) -> None:
    switch(world, mandatory_at_the_end=["subcategory"])
    ticket, _ = world.stale_ticket(INCIDENT)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert "Subcategory" in by_worker(world.shown(ticket), "internal")[-1]
