"""A budget for each requester: who files more in a day than the policy allows gets a person, whatever was asked."""

from __future__ import annotations

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import DESKS, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState

pytestmark = pytest.mark.long

OVER = "This is the requester's ticket number 3 within 24 hours, and forcesync works 2 (policy.per_requester)"


def ended(world: World, place: Place, requester: Member, value: str) -> tuple[Filed, CaseState]:
    """File a ticket of a user about their own profile, let it be worked, and return how it ended."""
    world.change_directory(requester, "department", value)
    ticket = world.ticket(place, about=requester, expected=value)
    world.settle()
    return ticket, world.case(ticket).state


@pytest.mark.parametrize("place", DESKS)
def test_the_ticket_above_it_goes_to_a_person_and_the_next_days_is_worked(a_world: Make, place: Place) -> None:
    world = a_world(policy={"per_requester": 2, "on_behalf": ["Front Office"]}, groups=["Front Office"])
    requester, other = world.member(), world.member()
    found = [ended(world, place, requester, value) for value in ("Sales", "Legal", "Audit")]
    assert CaseState.RESOLVED is ended(world, place, other, "Sales")[1]
    world.skip(hours=25)
    found.append(ended(world, place, requester, "Research"))
    done, given = CaseState.RESOLVED, CaseState.ESCALATED
    assert [done, done, given, done] == [state for _, state in found]
    shown = world.shown(found[2][0])
    assert any(OVER in text for text in by_worker(shown, "internal"))
    assert not any("24 hours" in text for text in by_worker(shown, "public"))


def test_who_may_file_for_everybody_has_no_limit(a_world: Make) -> None:
    world = a_world(policy={"per_requester": 1, "on_behalf": ["Front Office"]}, groups=["Front Office"])
    member = world.member()
    world.put_in_group(member, "Front Office")
    found = [ended(world, DESKS[0], member, value)[1] for value in ("Sales", "Legal")]
    assert [CaseState.RESOLVED] * 2 == found
