"""Tickets that state different values for the same user and attribute: not the same fault; each points to the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import cast

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.same_fault import key, on_every_pair, told_of
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from workflows.errors import Refused
from workflows.model import CaseState, FollowupKind, FollowupState, Ticket, TicketRef
from workflows.ports import TicketDesk

OTHER_VALUE = "Lunar Logistics"
TOLD = "Another ticket asks for another value: "

pytestmark = pytest.mark.long


class Unreadable:
    """A desk on which no ticket can be read from some moment on."""

    def __init__(self, desk: TicketDesk, since: Callable[[], bool]) -> None:
        self._desk, self._since = desk, since

    def __getattr__(self, name: str) -> object:
        return getattr(self._desk, name)

    def read(self, ref: TicketRef) -> Ticket:
        """Refuse the read, as for a deleted ticket or revoked rights."""
        if not self._since():
            return self._desk.read(ref)
        raise Refused(ref.desk, f"read {ref.id}", "HTTP 403")


def names(world: World, ticket: Filed, other: Filed) -> int:
    """Count the internal notes of a ticket that say that the other one states another value."""
    words = f"{key(world, other)} ({other.desk}) asks for a different department for the same user"
    return sum(words in " ".join(note.split()) for note in by_worker(world.shown(ticket), "internal"))


def asks_otherwise(world: World, place: Place, member: Member) -> Filed:
    return world.ticket(place, about=member, expected=OTHER_VALUE)


@on_every_pair
def test_each_is_judged_by_itself_and_names_the_other(first: Place, second: Place, world: World) -> None:
    right, member = world.stale_ticket(first)
    world.work()
    world.skip(seconds=20)
    wrong = asks_otherwise(world, second, member)
    world.settle()
    assert (CaseState.RESOLVED, CaseState.ESCALATED) == (world.case(right).state, world.case(wrong).state)
    assert NEW_VALUE == world.profile(member)["department"]
    assert [CORP] == world.force_syncs()
    assert (1, 1) == (names(world, right, wrong), names(world, wrong, right))
    solved = by_worker(world.shown(right), "internal")[-1]
    assert "The right value is in Okta, but another ticket asks for a different department" in solved
    assert "Nothing to do" not in solved
    for ticket in (right, wrong):
        assert [] == told_of(world, ticket)
        assert [] == world.shown(ticket)["links"]
        assert not any(OTHER_VALUE in text for text in by_worker(world.shown(ticket), "public"))
        assert not any(key(world, right) in text for text in by_worker(world.shown(wrong), "public"))


@on_every_pair
def test_one_that_people_have_hears_once_of_a_later_one(first: Place, second: Place, world: World) -> None:
    member = world.member()
    older = world.ticket(first, about=member)
    world.settle()
    assert CaseState.ESCALATED == world.case(older).state
    before = world.shown(older)
    world.skip(minutes=20)
    younger = asks_otherwise(world, second, member)
    world.settle()
    world.run_for(hours=3)
    assert CaseState.ESCALATED == world.case(younger).state
    assert (1, 1) == (names(world, older, younger), names(world, younger, older))
    shown = world.shown(older)
    assert [f"{TOLD}{key(world, younger)}"] == [line for line in headings(shown) if line.startswith(TOLD)]
    assert [before["status"], before["assignee"], before["group"]] == [
        shown["status"],
        shown["assignee"],
        shown["group"],
    ]
    assert by_worker(before, "public") == by_worker(shown, "public")


def test_one_that_people_have_hears_that_the_other_one_was_resolved(world: World) -> None:
    member = world.stale_user()
    wrong = asks_otherwise(world, INCIDENT, member)
    world.settle()
    right = world.ticket(SERVICE_DESK, about=member)
    world.settle()
    assert CaseState.RESOLVED == world.case(right).state
    (note,) = [text for text in by_worker(world.shown(wrong), "internal") if TOLD in text]
    assert "That ticket was resolved: Okta holds its value" in note


def test_of_two_that_are_handed_over_at_the_same_moment_each_names_the_other_once(world: World) -> None:
    member = world.member()
    tickets = world.ticket(INCIDENT, about=member), asks_otherwise(world, SERVICE_DESK, member)
    world.settle()
    world.run_for(minutes=5)
    assert {CaseState.ESCALATED} == {world.case(ticket).state for ticket in tickets}
    assert (1, 1) == (names(world, *tickets), names(world, *reversed(tickets)))


def test_one_that_a_person_has_closed_is_not_named(world: World) -> None:
    member = world.member()
    older = world.ticket(INCIDENT, about=member)
    world.settle()
    world.set_status(older, "Closed")
    younger = asks_otherwise(world, SERVICE_DESK, member)
    world.settle()
    world.run_for(minutes=5)
    assert (0, 0) == (names(world, older, younger), names(world, younger, older))


def test_one_that_cannot_be_read_any_more_is_not_asked_for_ever(world: World) -> None:
    member = world.member()
    older = world.ticket(INCIDENT, about=member)
    world.settle()
    younger = asks_otherwise(world, SERVICE_DESK, member)
    ports = world.parts.ports

    def handed_over() -> bool:
        return world.has_case(younger) and world.case(younger).state is CaseState.ESCALATED

    unreadable = cast("TicketDesk", Unreadable(ports.desks[older.desk], handed_over))
    world.use_ports(dataclasses.replace(ports, desks={**ports.desks, older.desk: unreadable}))
    world.settle()
    world.run_for(minutes=5)
    assert 0 == names(world, older, younger)
    case, other = world.case(older), world.case(younger)
    followup = world.parts.store.followup(f"{case.id}.1.{FollowupKind.AT_ODDS}.{other.id}.1")
    assert followup is not None
    assert FollowupState.DROPPED is followup.state


def test_a_ticket_that_is_opened_again_does_not_tell_the_other_a_second_time(world: World) -> None:
    member = world.member()
    older = world.ticket(INCIDENT, about=member)
    world.settle()
    younger = asks_otherwise(world, SERVICE_DESK, member)
    world.settle()
    world.tag_again(younger)
    world.settle()
    world.run_for(minutes=5)
    assert 2 == world.case(younger).round
    assert 1 == names(world, older, younger)


@pytest.mark.parametrize("spelling", [NEW_VALUE.lower(), NEW_VALUE.replace(" ", "  ")])
def test_the_same_value_in_another_spelling_is_the_same_fault(spelling: str, world: World) -> None:
    member = world.member()
    older = world.ticket(INCIDENT, about=member)
    world.settle()
    younger = world.ticket(SERVICE_DESK, about=member, expected=spelling)
    world.settle()
    assert [key(world, older)] == told_of(world, younger)
    assert (0, 0) == (names(world, older, younger), names(world, younger, older))


def test_a_ticket_that_states_no_value_is_no_other_wish(world: World) -> None:
    older, member = world.stale_ticket()
    world.work()
    younger = world.ticket(SERVICE_DESK, about=member, expected=None)
    world.settle()
    assert [key(world, older)] == told_of(world, younger)
    assert {CaseState.RESOLVED} == {world.case(older).state, world.case(younger).state}
