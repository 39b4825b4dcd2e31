"""What ends a run, or a ticket's ride on it, before anything is pressed: settings, groups, typed values, defects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, approval_is_asked_for, decide
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.settings import ASSISTED
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from workflows.model import Autonomy, CaseState, RunState
from workflows.model import ReasonKind as R


class Faulty:
    """A port of which one method fails by a defect of our own."""

    def __init__(self, port: Any, method: str, times: int) -> None:
        self._port, self._method, self.left = port, method, times

    def __getattr__(self, name: str) -> Any:
        """Return the port's own, or the failing one."""
        if name != self._method or not self.left:
            return getattr(self._port, name)

        def failing(*_args: Any, **_named: Any) -> None:
            self.left -= 1
            raise ValueError("a defect")

        return failing


def observing(world: World) -> None:
    """Go on as a worker whose settings only observe."""
    policy = world.parts.ports.policy.but(default_autonomy=Autonomy.OBSERVE)
    world.use_ports(replace(world.parts.ports, policy=policy))


def states(world: World) -> list[RunState]:
    return [run.state for run in world.runs()]


@on_both_desks
def test_a_directory_that_is_only_observed_by_now_is_not_pressed(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.run_for(seconds=10)
    assert [RunState.GATHERING] == states(world)
    observing(world)
    world.settle()
    assert ([], [RunState.CANCELLED]) == (world.force_syncs(), states(world))
    assert CaseState.ADVISED == world.case(ticket).state
    assert world.shown(ticket)["assignee"] in {None, ""}


@pytest.mark.long
def test_nor_is_one_whose_run_waits_for_an_approval(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket = approval_is_asked_for(world, INCIDENT)
    observing(world)
    world.settle()
    assert ([], [RunState.CANCELLED]) == (world.force_syncs(), states(world))
    assert CaseState.ADVISED == world.case(ticket).state


def test_who_came_into_a_protected_group_while_an_approval_was_waited_for_is_left_to_people(a_world: Make) -> None:
    world = a_world(policy={**APPROVE, "protected_groups": ["Executives"]}, groups=["Executives"])
    ticket, member = world.stale_ticket()
    world.run_for(minutes=15)
    assert [RunState.PROPOSED] == states(world)
    world.put_in_group(member, "Executives")
    decide(world, approved=True)
    world.settle()
    case = world.case(ticket)
    assert [] == world.force_syncs()
    assert (CaseState.ESCALATED, R.PROTECTED) == (case.state, case.because and case.because.kind)


def two_asked_for(world: World, place: Place) -> tuple[list[Filed], list[Member]]:
    """File tickets about two users, and wait until somebody is asked to press."""
    members = [world.stale_user(), world.stale_user()]
    tickets = [world.ticket(place, about=member) for member in members]
    world.run_for(minutes=5)
    assert [RunState.REQUESTED] == states(world)
    return tickets, members


@on_both_desks
def test_one_value_that_somebody_typed_is_no_press(place: Place, a_world: Make) -> None:
    world = a_world(okta=ASSISTED)
    (typed, other), members = two_asked_for(world, place)
    world.change_okta(members[0], "department", NEW_VALUE)
    world.run_for(minutes=10)
    assert CaseState.RESOLVED == world.case(typed).state
    assert (CaseState.JOINED, [RunState.REQUESTED]) == (world.case(other).state, states(world))
    world.press(members[1])
    world.settle()
    assert CaseState.RESOLVED == world.case(other).state
    assert not any("no effect" in heading for heading in headings(world.shown(other)))


def test_two_values_are_a_press(a_world: Make) -> None:
    world = a_world(okta=ASSISTED)
    tickets, members = two_asked_for(world, INCIDENT)
    world.press(members[0])
    world.settle()
    assert {CaseState.RESOLVED} == {world.case(ticket).state for ticket in tickets}
    assert [True] == [run.by_hand for run in world.runs()]


def test_the_only_users_value_without_a_logged_job_ends_the_ticket_and_starts_nothing(a_world: Make) -> None:
    world = a_world(okta=ASSISTED)
    ticket, member = world.stale_ticket()
    world.run_for(minutes=5)
    world.change_okta(member, "department", NEW_VALUE)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [(RunState.FAILED, None)] == [(run.state, run.started_at) for run in world.runs()]
    assert not any("started by hand" in note for note in by_worker(world.shown(ticket)))


@pytest.mark.parametrize("times", [2, 99])
def test_a_defect_is_tried_again_and_then_the_tickets_go_to_people(times: int, world: World) -> None:
    ticket, _ = world.stale_ticket()
    world.run_for(seconds=10)
    ports = world.parts.ports
    org: Any = Faulty(ports.org, "directory_users", times)
    world.use_ports(replace(ports, orgs={**ports.orgs, ports.policy.default_org: org}))
    world.settle()
    ended = CaseState.RESOLVED if times == 2 else CaseState.ESCALATED
    assert (ended, [CORP] if times == 2 else []) == (world.case(ticket).state, world.force_syncs())
    assert min(times, 3) == sum(item.event == "defect" for item in world.reported)


def test_a_defect_in_a_later_look_drops_it_and_tells_the_operator(world: World) -> None:
    ticket, _ = world.stale_ticket()
    world.settle()
    ports = world.parts.ports
    org: Any = Faulty(ports.org, "user", 99)
    world.use_ports(replace(ports, orgs={**ports.orgs, ports.policy.default_org: org}))
    for _ in range(5):
        world.skip(hours=12)
        world.run_for(seconds=5)
    assert "dropped" == world.recheck(ticket).state
    assert any(item.event == "alert" and "defect" in str(item.facts["text"]) for item in world.reported)


NO_MORE_THAN_TWO: Mapping[str, Any] = {**APPROVE, "default_autonomy": "auto", "approve_above": 2}


def test_expressions_that_may_change_more_than_the_limit_are_asked_about_once(a_world: Make) -> None:
    world = a_world(policy={**NO_MORE_THAN_TWO, "approve_attributes": []})
    first, _ = world.stale_ticket()
    world.run_for(minutes=5)
    (run,) = world.runs()
    assert run.because is not None
    assert run.because.tells(R.MAY_CHANGE)
    decide(world, approved=True)
    world.settle()
    second, _ = world.stale_ticket(SERVICE_DESK)
    world.settle()
    assert {CaseState.RESOLVED} == {world.case(ticket).state for ticket in (first, second)}
    assert [CORP, CORP] == world.force_syncs()
