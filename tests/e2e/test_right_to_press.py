"""Where Okta does not let our account run Force Sync: one alert, one note on each waiting ticket, and patience."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, REAPPLY
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed
from tests.e2e.world import World
from workflows.model import CaseState, StopKind

pytestmark = pytest.mark.long

HEADING = "forcesync can't run Force Sync"
DENIED = {"errorCode": "E0000006", "errorSummary": "You do not have permission to perform the requested action"}


def denied_from_now_on(world: World) -> None:
    world.fault("okta", "status", path=REAPPLY, status=403, body=DENIED, times=10_000)


def told(world: World, ticket: Filed) -> int:
    return sum(HEADING in body for body in by_worker(world.shown(ticket), "internal"))


def test_it_is_one_alert_and_one_note_a_ticket_and_goes_on_when_the_right_is_there(a_world: Make) -> None:
    world = a_world(policy={"ride_for": 4 * 3600.0})
    denied_from_now_on(world)
    tickets = [world.stale_ticket(place)[0] for place in (INCIDENT, SERVICE_DESK)]
    world.run_for(hours=1)
    alerts = [item.facts["text"] for item in world.reported if item.event == "alert"]
    assert 1 == len(alerts)
    assert "lacks the permission" in str(alerts[0])
    assert "see `okta.main.force_sync.token` in the settings" in str(alerts[0])
    assert [1, 1] == [told(world, ticket) for ticket in tickets]
    assert not any(HEADING in body for ticket in tickets for body in by_worker(world.shown(ticket), "public"))
    tries = sum(item.event == "run" and item.facts["to"] == "starting" for item in world.reported)
    assert 1 <= tries <= 5
    world.clear_faults()
    world.settle()
    assert [CORP] == world.force_syncs()
    assert [CaseState.RESOLVED] * 2 == [world.case(ticket).state for ticket in tickets]


def told_as_stopped(world: World) -> list[str]:
    return [str(item.facts["text"]) for item in world.reported if item.event == "still stopped"]


def test_a_new_start_cannot_disprove_it_so_it_stands_and_is_told(a_world: Make) -> None:
    world = a_world(checked=True, policy={"ride_for": 4 * 3600.0})
    denied_from_now_on(world)
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=10)
    world.reported.clear()
    world.restart_worker()
    [text] = told_as_stopped(world)
    assert text.startswith("no Force Sync of main is started until ")
    assert "lacks the permission" in text
    world.run_for(minutes=1)
    assert [] == [item for item in world.reported if item.event == "run"]
    world.run_for(minutes=20)
    assert [] == [item for item in world.reported if item.event == "alert"]  # the cause was told before
    assert 1 == told(world, ticket)


def test_a_new_start_lifts_what_its_check_of_the_credential_disproves(a_world: Make) -> None:
    world = a_world(checked=True, policy={"ride_for": 4 * 3600.0})
    world.fault("okta", "status", path=REAPPLY, status=401, body=DENIED | {"errorCode": "E0000011"}, times=10_000)
    world.stale_ticket()
    world.run_for(minutes=10)
    world.clear_faults()
    world.restart_worker()
    assert [] == told_as_stopped(world)
    world.run_for(minutes=2)
    assert [CORP] == world.force_syncs()


def test_a_person_resumes_it_and_it_is_tried_at_once(a_world: Make) -> None:
    world = a_world(policy={"ride_for": 4 * 3600.0})
    denied_from_now_on(world)
    world.stale_ticket()
    world.run_for(minutes=10)
    world.clear_faults()
    world.parts.store.resume(StopKind.START, "main")
    world.run_for(minutes=2)
    assert [CORP] == world.force_syncs()
