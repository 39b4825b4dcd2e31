"""Of several tickets about a fault that no Force Sync fixed, one gets the Support Case; no Force Sync is repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import pytest

from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, NEW_VALUE, PLANT
from tests.e2e.same_fault import key, on_every_pair, packages, states, told_of, two_stuck
from tests.e2e.ticket_texts import by_worker, files
from tests.e2e.tickets import AGENT, FORBIDDEN, INCIDENT, SERVICE_DESK, Place
from tests.e2e.world import World
from workflows.engine.engine import Engine
from workflows.model import CaseState, Ticket, TicketRef
from workflows.ports import CaseCommit, CaseStore, Joined, Lease, TicketDesk

pytestmark = pytest.mark.long


@pytest.fixture
def world(a_world: Make) -> World:
    """Make a world in which nobody presses the console's own button, and soon nobody is waited for."""
    return a_world(policy={"press_within": 30.0})


@on_every_pair
def test_without_effect_one_ticket_gets_the_support_case_and_the_other_names_it(
    first: Place, second: Place, world: World
) -> None:
    older, younger = two_stuck(world, first, second)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert {CaseState.ESCALATED} == states(world, older, younger)
    assert [older] == packages(world, older, younger)
    note = by_worker(world.shown(younger), "internal")[-1]
    assert f"{key(world, older)} is about the same, and its note has the prepared Support Case" in note
    assert 1 == len(files(world.shown(younger))), "its own diagnostics"


def test_without_effect_and_with_the_older_taken_the_younger_gets_the_support_case(world: World) -> None:
    older, younger = two_stuck(world)
    world.run_for(seconds=120)
    world.take(older)
    world.settle()
    assert [younger] == packages(world, older, younger)


def test_an_older_ticket_whose_desk_is_down_keeps_nobody_waiting_and_names_the_younger(world: World) -> None:
    older, younger = two_stuck(world)
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
    older, younger = two_stuck(world)
    ports = world.parts.ports

    class Odd:
        """A desk on which reading the older ticket crashes once it has been handed over."""

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
    assert {CaseState.ESCALATED} == states(world, older, younger)


class Interleaved:
    """A store that calls back just before committing a step that prepares a Support Case."""

    def __init__(self, store: CaseStore, happens: Callable[[], object]) -> None:
        self._store, self._happens = store, [happens]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit_case(self, lease: Lease, commit: CaseCommit, now: datetime) -> Joined | None:
        while commit.sole is not None and self._happens:
            self._happens.pop()()
        return self._store.commit_case(lease, commit, now)


@on_every_pair
def test_a_support_case_that_is_prepared_while_another_one_is_being_made_is_named_instead(
    first: Place, second: Place, world: World
) -> None:
    older, younger = two_stuck(world, first, second)
    ports, other_worker = world.parts.ports, Engine(world.parts.ports)

    def meanwhile() -> None:
        """Delay the older ticket's worker while another one works the younger ticket to its end."""
        world.skip(seconds=70)
        other_worker.run_once("case", world.case(younger).id)

    store = cast(CaseStore, Interleaved(ports.store, meanwhile))
    world.use_ports(replace(ports, store=store))
    world.settle()
    assert {CaseState.ESCALATED} == states(world, older, younger)
    assert [younger] == packages(world, older, younger)
    key = world.shown(younger)["key"]
    assert (
        f"{key} is about the same, and its note has the prepared Support Case"
        in by_worker(world.shown(older), "internal")[-1]
    )


def test_a_ticket_that_ends_on_a_fault_names_the_support_case_that_another_one_holds(world: World) -> None:
    older, younger = two_stuck(world)
    world.run_for(seconds=200)
    world.fault("jira", "status", status=503, path="/issue/", times=1000)
    world.run_for(minutes=10)
    assert [CaseState.ESCALATED, CaseState.SYNCED] == [world.case(older).state, world.case(younger).state]
    world.clear_faults()
    world.fault("okta", "status", status=400, path="/users", times=1000, body=FORBIDDEN)
    world.settle()
    assert CaseState.ESCALATED == world.case(younger).state
    assert [older] == packages(world, older, younger)


def test_what_had_no_effect_is_not_pressed_again_for_another_ticket(world: World) -> None:
    older, member = world.stale_ticket()
    world.make_stuck(member)
    world.settle()
    younger = world.ticket(SERVICE_DESK, about=member)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert [key(world, older)] == told_of(world, younger)
    assert "so it isn't run again" in by_worker(world.shown(younger), "internal")[-1]
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


def test_a_ticket_that_left_the_run_before_its_start_says_nothing_of_its_effect(a_world: Make) -> None:
    world = a_world(policy={"gather_for": 600.0, "gather_at_most": 900.0})
    older, member = world.stale_ticket()
    world.run_sla(older, minutes=6)
    world.work()
    world.skip(seconds=20)
    younger = world.ticket(SERVICE_DESK, about=member)
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
    assert "has the prepared Support Case" not in by_worker(world.shown(third), "internal")[-1]
    assert [CORP, CORP] == world.force_syncs()


@pytest.mark.parametrize(("first", "second"), [(INCIDENT, SERVICE_DESK), (SERVICE_DESK, INCIDENT)])
def test_a_desk_that_takes_no_file_leaves_the_support_case_to_the_other_ticket(
    first: Any, second: Place, world: World
) -> None:
    older, younger = two_stuck(world, first, second)
    world.fault(first[0], "status", method="POST", path="(?i)attach", status=413, times=1000)
    world.settle()
    assert {CaseState.ESCALATED} == states(world, older, younger)
    assert [younger] == packages(world, older, younger)
    assert not any("has the prepared Support Case" in note for note in by_worker(world.shown(younger), "internal"))


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
    assert {CaseState.ESCALATED} == states(world, older, younger)
    assert [key(world, older)] == told_of(world, younger)
    assert f"{key(world, older)} is about the same: work both" in by_worker(world.shown(younger), "internal")[-1]
