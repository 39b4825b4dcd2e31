"""The sandbox's judge understands what the worker writes: otherwise a false word would pass it unseen."""

from __future__ import annotations

import pytest

from connectors.sandbox.judging.claims import claims_in
from tests.e2e.tickets import Filed
from tests.e2e.world import World


def claimed(world: World, ticket: Filed) -> set[str]:
    """Return what the worker's notes on a ticket claim, in the judge's words."""
    notes = [item["body"] for item in world.shown(ticket)["comments"] if item["by_worker"]]
    return {claim.kind for text in notes for claim in claims_in(text)}


def test_a_value_that_came_right_is_claimed_with_its_force_sync(world: World) -> None:
    ticket, _ = world.stale_ticket()
    world.settle()
    assert claimed(world, ticket) == {"started", "right"}


def test_a_value_that_was_right_is_claimed_without_one(world: World) -> None:
    member = world.member()
    ticket = world.ticket(about=member, expected=world.profile(member)["department"])
    world.settle()
    assert claimed(world, ticket) == {"right"}


@pytest.mark.long
def test_a_force_sync_without_effect_is_claimed_as_such(world: World) -> None:
    ticket, member = world.stale_ticket()
    world.make_stuck(member)
    world.settle()
    assert claimed(world, ticket) >= {"started", "no effect", "wrong"}
    assert "right" not in claimed(world, ticket)
