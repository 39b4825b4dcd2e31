"""Several tickets about the same user and attribute: each has its own end, and what one suffices for is done once."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any, cast

import pytest

from connectors.sandbox.world import Member
from tests.e2e.conftest import Make
from tests.e2e.world import (
    AGENT,
    CORP,
    DESKS,
    INCIDENT,
    NEW_VALUE,
    PLANT,
    SERVICE_DESK,
    Filed,
    Place,
    World,
    by_worker,
    files,
    headings,
)
from workflows.model import CaseState, Ticket, TicketRef
from workflows.ports import TicketDesk

pytestmark = pytest.mark.long

PAIRS = list(product(DESKS, DESKS))
on_every_pair = pytest.mark.parametrize(("first", "second"), PAIRS, ids=[f"{one[0]}-{two[0]}" for one, two in PAIRS])
PACKAGE = "okta-support-case.zip"


def key(world: World, ticket: Filed) -> str:
    return str(world.shown(ticket)["key"])


def told_of(world: World, ticket: Filed) -> list[str]:
    """Return the headings by which a ticket is told of another one."""
    begin = "Another ticket is about the same: "
    return [line.removeprefix(begin) for line in headings(world.shown(ticket)) if line.startswith(begin)]


def packages(world: World, *tickets: Filed) -> list[Filed]:
    """Return the tickets that hold a prepared Support Case."""
    return [ticket for ticket in tickets if any(name.endswith(PACKAGE) for name in files(world.shown(ticket)))]


def two(world: World, first: Place = INCIDENT, second: Place = SERVICE_DESK) -> tuple[Filed, Filed, Member]:
    """File two tickets of one user whom a Force Sync helps, the second when the first is being worked."""
    older, member = world.stale_ticket(first)
    world.work()
    world.skip(seconds=20)
    return older, world.ticket(second, about=member), member


@on_every_pair
def test_one_sync_serves_both_and_the_younger_is_linked_and_told_once(
    first: Place, second: Place, world: World
) -> None:
    older, younger, _ = two(world, first, second)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert {CaseState.RESOLVED} == {world.case(older).state, world.case(younger).state}
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
    assert {CaseState.RESOLVED} == {world.case(older).state, world.case(younger).state}


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


@on_every_pair
def test_without_effect_one_ticket_gets_the_support_case_and_the_other_names_it(
    first: Place, second: Place, world: World
) -> None:
    older, younger, member = two(world, first, second)
    world.make_stuck(member)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert {CaseState.ESCALATED} == {world.case(older).state, world.case(younger).state}
    assert [older] == packages(world, older, younger)
    note = by_worker(world.shown(younger), "internal")[-1]
    assert f"{key(world, older)} is about the same and holds the prepared Support Case" in note
    assert 1 == len(files(world.shown(younger))), "its own diagnostics"


def test_without_effect_and_with_the_older_taken_the_younger_gets_the_support_case(world: World) -> None:
    older, younger, member = two(world)
    world.make_stuck(member)
    world.run_for(seconds=120)
    world.take(older)
    world.settle()
    assert [younger] == packages(world, older, younger)


def test_an_older_ticket_whose_desk_is_down_keeps_nobody_waiting_and_names_the_younger(world: World) -> None:
    older, younger, member = two(world)
    world.make_stuck(member)
    world.run_for(seconds=200)
    world.fault("servicenow", "status", status=503, path="/table/incident/", times=1000)
    world.run_for(minutes=10)
    assert CaseState.SYNCED == world.case(older).state
    assert CaseState.ESCALATED == world.case(younger).state
    world.clear_faults()
    world.settle()
    assert CaseState.ESCALATED == world.case(older).state
    assert [younger] == packages(world, older, younger)
    assert f"{key(world, younger)} is about the same" in by_worker(world.shown(older), "internal")[-1]


def test_a_ticket_that_cannot_be_understood_keeps_no_other_about_the_same_from_its_end(world: World) -> None:
    older, younger, member = two(world)
    world.make_stuck(member)
    ports = world.parts.ports

    class Odd:
        """A desk on which reading the older ticket is a defect of ours, once it has been handed over."""

        def __init__(self, desk: TicketDesk) -> None:
            self._desk, self.name = desk, desk.name

        def __getattr__(self, name: str) -> Any:
            return getattr(self._desk, name)

        def read(self, ref: TicketRef) -> Ticket:
            if ref.key == key(world, older) and CaseState.ESCALATED == world.case(older).state:
                raise KeyError("odd")
            return self._desk.read(ref)

    desks = {name: cast(TicketDesk, Odd(desk)) for name, desk in ports.desks.items()}
    world.use_ports(replace(ports, desks=desks))
    world.run_for(hours=1)
    assert {CaseState.ESCALATED} == {world.case(older).state, world.case(younger).state}


def test_what_had_no_effect_is_not_pressed_again_for_another_ticket(world: World) -> None:
    older, member = world.stale_ticket()
    world.make_stuck(member)
    world.settle()
    younger = world.ticket(SERVICE_DESK, about=member)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert [key(world, older)] == told_of(world, younger)
    assert "it is not pressed once more" in by_worker(world.shown(younger), "internal")[-1]
    assert [older] == packages(world, older, younger)


def test_what_had_no_effect_in_one_directory_is_pressed_in_another_for_a_user_who_never_rode(world: World) -> None:
    stuck, other = world.stale_user(), world.stale_user(PLANT)
    world.make_stuck(stuck)
    older = world.ticket(about=f"{stuck.login}, {other.login}", requester=AGENT)
    world.settle()
    younger = world.ticket(SERVICE_DESK, about=other)
    world.settle()
    assert CaseState.ESCALATED == world.case(older).state
    assert [CORP, PLANT] == world.force_syncs()
    assert CaseState.RESOLVED == world.case(younger).state


def test_once_people_have_closed_the_leading_ticket_the_next_one_is_worked_as_any(world: World) -> None:
    older, member = world.stale_ticket()
    world.make_stuck(member)
    world.settle()
    world.set_status(older, "Resolved")
    younger = world.ticket(SERVICE_DESK, about=member)
    world.settle()
    assert [CORP, CORP] == world.force_syncs()
    assert [] == told_of(world, younger)
    assert [older, younger] == packages(world, older, younger)


def test_a_support_case_that_was_closed_is_prepared_anew_and_not_sought_where_it_was_only_named(world: World) -> None:
    first, member = world.stale_ticket()
    world.make_stuck(member)
    world.settle()
    second = world.ticket(SERVICE_DESK, about=member)
    world.settle()
    world.set_status(first, "Resolved")
    third = world.ticket(about=member)
    world.settle()
    assert [key(world, second)] == told_of(world, third)
    assert [first, third] == packages(world, first, second, third)
    assert "holds the prepared Support Case" not in by_worker(world.shown(third), "internal")[-1]
    assert [CORP, CORP] == world.force_syncs()


@on_every_pair
def test_what_goes_to_the_directory_team_names_the_ticket_that_they_have(
    first: Place, second: Place, world: World
) -> None:
    member = world.member()
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    older = world.ticket(first, about=member)
    world.settle()
    younger = world.ticket(second, about=member)
    world.settle()
    assert {CaseState.ESCALATED} == {world.case(older).state, world.case(younger).state}
    assert [key(world, older)] == told_of(world, younger)
    assert f"{key(world, older)} is about the same: work both" in by_worker(world.shown(younger), "internal")[-1]


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
    assert {CaseState.ADVISED} == {world.case(older).state, world.case(younger).state}
    assert [] == [told for ticket in (older, younger) for told in told_of(world, ticket)]
    assert [] == world.shown(younger)["links"]


def test_a_site_that_refuses_the_link_gets_the_note_and_the_operator_is_told(world: World) -> None:
    older, younger, _ = two(world, SERVICE_DESK, SERVICE_DESK)
    world.fault("jira", "status", method="POST", path="/issueLink$", status=404, body={"errorMessages": ["disabled"]})
    world.settle()
    assert CaseState.RESOLVED == world.case(younger).state
    assert [key(world, older)] == told_of(world, younger)
    assert any(told.event == "alert" and "not linked" in str(told.facts["text"]) for told in world.told)


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


def test_a_ticket_that_left_the_run_before_its_start_says_nothing_of_its_effect(a_world: Make) -> None:
    world = a_world(policy={"gather_for": 600.0, "gather_at_most": 900.0})
    older, younger, member = two(world)
    world.run_sla(older, minutes=6)
    world.run_for(minutes=8)
    assert CaseState.ESCALATED == world.case(older).state
    world.settle()
    assert CaseState.RESOLVED == world.case(younger).state
    world.change_okta(member, "department", "Something Else")
    third = world.ticket(about=member)
    world.settle()
    assert [key(world, older)] == told_of(world, third)
    assert CaseState.RESOLVED == world.case(third).state
    assert [CORP, CORP] == world.force_syncs()


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_link_whose_answer_was_lost_stands_once(kind: Any, world: World) -> None:
    older, younger, _ = two(world, SERVICE_DESK, SERVICE_DESK)
    world.fault("jira", kind, method="POST", path="/issueLink$")
    world.settle()
    assert CaseState.RESOLVED == world.case(younger).state
    assert [key(world, older)] == world.shown(younger)["links"]
    assert [key(world, older)] == told_of(world, younger)
