"""A value that is told where no explicit channel states it never ends a ticket that another value came right for."""

from __future__ import annotations

import pytest

from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.tickets import Place
from tests.e2e.world import World
from tests.sampled import sampled
from workflows.model import CaseState

TOLD = (
    "It should be Legal.",
    "I moved to Legal last month.",
    "Expected:\n\nLegal",
    "Expected: see attachment",
    "Expected: to be announced",
)


@on_both_desks
@pytest.mark.parametrize("words", sampled(TOLD))
def test_a_form_that_names_the_attribute_beside_another_value_is_not_resolved_at_once(
    words: str, place: Place, world: World
) -> None:
    ticket = world.said(place, by=world.stale_user(), text=f"Attribute: department\n{words}")
    world.settle()
    assert CaseState.ASKED == world.case(ticket).state
    assert "on_hold" == world.shown(ticket)["status_category"]


@on_both_desks
def test_a_form_that_names_the_attribute_alone_is_resolved_at_once(place: Place, world: World) -> None:
    member = world.stale_user()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert NEW_VALUE == world.profile(member)["department"]


@on_both_desks
@pytest.mark.parametrize("words", ["Expected: HR", "Current: Hr\nExpected: HR"])
def test_a_value_that_okta_holds_but_for_its_case_is_not_said_to_be_right(
    words: str, place: Place, world: World
) -> None:
    member = world.member()
    world.change_okta(member, "department", "Hr")
    world.change_directory(member, "department", "Hr")
    ticket = world.said(place, by=member, text=f"Attribute: department\n{words}")
    world.settle()
    assert CaseState.ASKED == world.case(ticket).state
    assert [] == world.force_syncs()
