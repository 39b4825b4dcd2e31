"""After a fault before the Force Sync, only what is missing or must be fresh is read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.tickets import DESKS, Filed, Place
from tests.e2e.world import World
from workflows.errors import FarSideError, Refused, Transient
from workflows.model import CaseState, Directory, MemberPage, RideState, RunState, SyncRun
from workflows.notes.reasons import sentence
from workflows.ports import OktaOrg

pytestmark = pytest.mark.long

on_both_desks = pytest.mark.parametrize("place", DESKS, ids=[place[0] for place in DESKS])
WITHOUT_END = 10**6


def riders(world: World, place: Place, number: int = 4) -> list[Filed]:
    """File tickets whose cases ride the same run; returned in the order in which the run reads them."""
    tickets = [world.stale_ticket(place)[0] for _ in range(number)]
    world.work()
    assert {CaseState.JOINED} == {world.case(ticket).state for ticket in tickets}
    return sorted(tickets, key=lambda ticket: world.case(ticket).id)


def break_reading(world: World, ticket: Filed) -> None:
    world.fault(ticket.desk, "status", method="GET", path=f"{ticket.id}$", status=503, times=WITHOUT_END)  # type: ignore[arg-type]


def run_of(world: World) -> SyncRun:
    (run,) = world.runs()
    return run


@on_both_desks
def test_a_ticket_that_cannot_be_read_keeps_nobody_elses_run_from_its_start(place: Place, world: World) -> None:
    first, *others = riders(world, place)
    break_reading(world, first)
    world.run_for(minutes=3)
    assert [CORP] == world.force_syncs()
    assert {CaseState.RESOLVED} == {world.case(ticket).state for ticket in others}
    world.clear_faults()
    world.settle()
    assert CaseState.RESOLVED == world.case(first).state
    assert [CORP] == world.force_syncs()


@on_both_desks
def test_no_force_sync_while_no_ticket_can_be_read_that_justifies_it(place: Place, world: World) -> None:
    tickets = riders(world, place)
    for ticket in tickets:
        break_reading(world, ticket)
    world.run_for(minutes=3)
    run = run_of(world)
    assert (RunState.GATHERING, []) == (run.state, world.force_syncs())
    assert run.radius is not None, "every user was looked at, and is not once more"
    world.clear_faults()
    world.settle()
    assert [CORP] == world.force_syncs()
    assert {CaseState.RESOLVED} == {world.case(ticket).state for ticket in tickets}


@on_both_desks
def test_a_ticket_that_was_taken_before_the_start_justifies_nothing(place: Place, world: World) -> None:
    tickets = riders(world, place, number=2)
    for ticket in tickets:
        world.take(ticket)
    world.settle()
    assert [] == world.force_syncs()
    assert RunState.CANCELLED == run_of(world).state
    assert {CaseState.WITHDRAWN} == {world.case(ticket).state for ticket in tickets}


def test_a_value_taken_back_while_a_desk_was_down_is_not_pressed_for(world: World) -> None:
    ticket, member = world.stale_ticket()
    other, _ = world.stale_ticket()
    world.work()
    for filed in (ticket, other):
        break_reading(world, filed)
    world.run_for(seconds=65)
    world.change_okta(member, "department", NEW_VALUE)
    world.clear_faults()
    world.run_for(seconds=45)
    rides = {ride.case_id: ride.state for ride in world.parts.store.rides(run_of(world).id)}
    assert RideState.DROPPED == rides[world.case(ticket).id]
    world.settle()
    assert {CaseState.RESOLVED} == {world.case(ticket).state, world.case(other).state}


class InPages:
    """An org that pages a directory's users by two, and fails before the third page so many times."""

    def __init__(self, org: OktaOrg, error: FarSideError, times: int = WITHOUT_END) -> None:
        self._org, self._error, self.times, self.shown = org, error, times, list[int]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._org, name)

    def directory_users(self, directory: Directory, after: str | None) -> MemberPage:
        place, members = int(after or 0), self._org.directory_users(directory, None).members
        if self.times and place >= 4:
            self.times -= 1
            raise self._error
        self.shown.append(place)
        following = str(place + 2) if place + 2 < len(members) else None
        return MemberPage(members=members[place : place + 2], next=following)


def test_the_users_that_were_looked_at_before_okta_failed_are_not_looked_at_once_more(a_world: Make) -> None:
    world = a_world(scenario=Scenario("empty", users=30))
    ticket, _ = world.stale_ticket()
    ports = world.parts.ports
    org = InPages(ports.org, Transient("main", "list the users", "503"))
    world.use_ports(replace(ports, orgs={"main": cast(OktaOrg, org)}))
    world.run_for(seconds=100)
    scan = run_of(world).scan
    assert scan is not None
    assert (4, "4") == (scan.users, scan.after)
    org.times = 0
    world.settle()
    assert sorted(set(org.shown)) == org.shown
    assert [CORP] == world.force_syncs()
    assert CaseState.RESOLVED == world.case(ticket).state


@pytest.mark.parametrize(("times", "end"), [(2, CaseState.RESOLVED), (WITHOUT_END, CaseState.JOINED)])
def test_a_page_that_is_refused_is_asked_for_again_before_that_is_believed(
    times: int, end: CaseState, a_world: Make
) -> None:
    world = a_world(scenario=Scenario("empty", users=30))
    ticket, _ = world.stale_ticket()
    ports = world.parts.ports
    org = InPages(ports.org, Refused("main", "list the users", "HTTP 400: Invalid page", status=400), times)
    world.use_ports(replace(ports, orgs={"main": cast(OktaOrg, org)}))
    world.run_for(minutes=20)
    assert end is world.case(ticket).state
    because = run_of(world).because
    assert (times == WITHOUT_END) == (because is not None and "HTTP 400: Invalid page" in sentence(because))
