"""A case counts as stuck when it waits longer than its state should, and not when it waits on purpose."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.tickets import INCIDENT, SERVICE_DESK
from tests.e2e.world import World
from worker.cases.choosing import Wanted, chosen
from workflows.model import CaseState, RunState


def stuck(world: World) -> list[str]:
    return [item.late for item in chosen(world.parts.store, Wanted(stuck=True), world.time.now())]


@pytest.mark.long
def test_a_case_that_an_account_without_rights_keeps_from_its_next_step_is_stuck(world: World) -> None:
    world.fault("okta", "status", status=401, times=10**9, body={"errorCode": "E0000011"})
    world.stale_ticket()
    world.run_for(minutes=10)
    assert [] == stuck(world)
    world.run_for(minutes=20)
    assert ["meets the same fault since 2026-03-02 09:00:00 UTC"] == [text[:50] for text in stuck(world)]
    world.clear_faults()
    world.settle()
    assert [] == stuck(world)


def test_neither_a_rider_whose_run_waits_for_an_approval_is_stuck_nor_a_case_that_waits_for_the_run(
    a_world: Make,
) -> None:
    world = a_world(
        policy={"approve_above": 0, "ride_for": 600.0, "approve_within": 7200.0},
    )
    rider, _ = world.stale_ticket(INCIDENT)
    world.run_for(minutes=5)
    assert [RunState.PROPOSED] == [run.state for run in world.runs()]
    blocked, _ = world.stale_ticket(SERVICE_DESK)
    world.run_for(minutes=60)
    assert (CaseState.JOINED, CaseState.CLAIMED) == (world.case(rider).state, world.case(blocked).state)
    assert [] == stuck(world)
