"""A desk or an org that the settings do not name any more: what is open there waits, or goes on under the new name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, decide
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.settings import ASSISTED
from tests.e2e.stories import NAMES_NO_VALUE
from tests.e2e.tickets import DESKS, INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from tests.sampled import sampled
from workflows.model import CaseState, FollowupState, RunState, Stop, StopKind
from workflows.steps import FOREVER

RARELY = {"poll_every": 600.0}  # many hours pass here
STATES = (CaseState.JOINED, CaseState.SYNCED, CaseState.ASKED)


def restart_with(world: World, desks: Mapping[str, Any]) -> None:
    world.settings = world.settings.model_copy(update={"desks": desks})
    world.restart_worker()


def without(world: World, desk: str) -> dict[str, Any]:
    return {name: table for name, table in world.settings.desks.items() if name != desk}


def told(world: World, event: str) -> list[str]:
    return [str(item.facts.get("text", item.facts)) for item in world.reported if item.event == event]


def reach(world: World, ticket: Filed, state: CaseState) -> None:
    while not world.has_case(ticket) or world.case(ticket).state is not state:
        world.run_for(seconds=5)


@pytest.mark.parametrize("state", sampled(STATES))
@pytest.mark.parametrize("place", DESKS)
def test_the_cases_of_a_desk_that_is_not_named_wait_and_are_told_once(
    place: Place, state: CaseState, a_world: Make
) -> None:
    world = a_world(policy=RARELY)
    members = [world.stale_user() for _ in range(2)]
    tickets = [world.said(place, by=item, text=NAMES_NO_VALUE) for item in members]
    for ticket in tickets:
        reach(world, ticket, state)
    before, desks, calls = [world.shown(item) for item in tickets], world.settings.desks, len(world.reported)
    restart_with(world, without(world, place[0]))
    world.run_for(hours=5)
    assert before == [world.shown(item) for item in tickets]
    assert [] == told(world, "defect")
    [text] = told(world, "alert")
    assert text.startswith(f"2 open cases of desk {place[0]}, which the settings do not name: ")
    assert f"Name desks.{place[0]} in the settings again and restart" in text
    assert 50 > sum(item.event == "waiting" for item in world.reported[calls:])
    restart_with(world, desks)
    world.run_for(hours=1)
    world.settle()
    for ticket, member in zip(tickets, members, strict=True):
        if world.case(ticket).state is CaseState.ASKED:
            world.reply(ticket, member.login, "yes")
    world.settle()
    assert [CaseState.RESOLVED] * 2 == [world.case(item).state for item in tickets]
    assert [NEW_VALUE] * 2 == [world.profile(item)["department"] for item in members]


def test_a_ticket_of_a_desk_that_is_not_named_neither_causes_nor_delays_a_force_sync(world: World) -> None:
    gone, _ = world.stale_ticket(INCIDENT)
    reach(world, gone, CaseState.JOINED)
    restart_with(world, without(world, "servicenow"))
    world.run_for(minutes=10)
    assert ([], [RunState.CANCELLED]) == (world.force_syncs(), [run.state for run in world.runs()])
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    world.run_for(minutes=8)
    assert CaseState.RESOLVED == world.case(ticket).state


@pytest.mark.parametrize("how", ["not named", "left alone"])
def test_an_unjudged_ticket_of_a_desk_that_is_not_worked_delays_no_force_sync(how: str, world: World) -> None:
    world.fault("okta", "status", status=503, times=10**9)
    gone, _ = world.stale_ticket(INCIDENT)
    reach(world, gone, CaseState.RECEIVED)
    if how == "not named":
        restart_with(world, without(world, "servicenow"))
    else:
        world.parts.store.pause(Stop(kind=StopKind.INTAKE, name="servicenow", until=FOREVER, why="of another store"))
    world.clear_faults()
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    reach(world, ticket, CaseState.RESOLVED)
    assert CaseState.RECEIVED is world.case(gone).state
    [run] = world.runs()
    assert run.started_at is not None
    policy = world.settings.policy
    assert 2 * policy.gather_for > (run.started_at - run.opened_at).total_seconds()


@pytest.mark.parametrize("place", DESKS)
def test_the_later_looks_of_a_desk_that_is_not_named_wait(place: Place, a_world: Make) -> None:
    world = a_world(policy=RARELY | {"recheck_after": 1800.0})
    ticket, _ = world.stale_ticket(place)
    world.settle()
    desks = world.settings.desks
    restart_with(world, without(world, place[0]))
    world.run_for(hours=2)
    assert FollowupState.OPEN is world.recheck(ticket).state
    assert ([], []) == (told(world, "defect"), told(world, "alert"))
    restart_with(world, desks)
    world.run_for(hours=1)
    assert FollowupState.HOLDS is world.recheck(ticket).state


@pytest.mark.parametrize(
    ("how", "act"),
    sampled(
        [
            ({"policy": APPROVE}, lambda world, _member: decide(world, approved=True)),
            ({"okta": ASSISTED}, lambda world, member: world.press(member)),
            ({}, lambda _world, _member: None),
        ],
        apart=True,
    ),
    ids=["approve", "assisted", "auto"],
)
def test_what_waits_for_an_org_that_is_not_named_is_judged_by_the_one_that_is(
    a_world: Make, how: Any, act: Callable[[World, Member], None]
) -> None:
    world = a_world(**how | {"policy": RARELY | how.get("policy", {})})
    ticket, member = world.stale_ticket()
    reach(world, ticket, CaseState.JOINED)
    world.run_for(minutes=3 if how else 0)
    (org,) = world.settings.okta.values()
    policy = world.settings.policy.model_copy(update={"default_org": "renamed"})
    world.settings = world.settings.model_copy(update={"okta": {"renamed": org}, "policy": policy})
    world.restart_worker()
    world.run_for(hours=1)
    act(world, member)
    world.settle()
    assert [] == told(world, "defect")
    before, after = world.runs()
    assert before.state in {RunState.CANCELLED, RunState.FAILED}
    assert ("renamed", RunState.ENDED) == (after.directory.ref.org, after.state)
    assert ([CORP], CaseState.RESOLVED) == (world.force_syncs(), world.case(ticket).state)
    assert NEW_VALUE == world.profile(member)["department"]


def test_the_effect_of_a_force_sync_is_seen_under_the_new_name_of_an_org(world: World) -> None:
    ticket, member = world.stale_ticket()
    reach(world, ticket, CaseState.SYNCED)
    (org,) = world.settings.okta.values()
    policy = world.settings.policy.model_copy(update={"default_org": "renamed"})
    world.settings = world.settings.model_copy(update={"okta": {"renamed": org}, "policy": policy})
    world.restart_worker()
    world.settle()
    assert ([], CaseState.RESOLVED) == (told(world, "defect"), world.case(ticket).state)
    assert NEW_VALUE == world.profile(member)["department"]
