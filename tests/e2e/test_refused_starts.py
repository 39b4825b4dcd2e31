"""A Force Sync that Okta refuses in its own words is tried again: one stray answer ends no run and no ticket."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest

from tests.e2e.okta_users import CORP, NEW_VALUE, PLANT, REAPPLY
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import DESKS
from tests.e2e.world import World
from tests.sampled import sampled
from workflows.model import CaseState, RunState, StopKind

FOR_GOOD = 10_000
OF_THE_CALL = (404, 403, 405, 410)
STRAY = (400, 409, *OF_THE_CALL)
# What the alert says, the setting that it names, and what the note on the ticket says that it is about.
OF_A_RIGHT = ("lacks the permission", "okta.main.force_sync.token", "the right to run Force Sync")
OF_THE_CALL_ITSELF = ("does not know the call", "okta.main.force_sync.driver", "the call that runs Force Sync")


def refuse(world: World, status: int, times: int, code: str = "E0000022") -> None:
    body = {"errorCode": code, "errorSummary": "The endpoint does not support the provided HTTP method"}
    world.fault("okta", "status", path=REAPPLY, status=status, body=body, times=times)


LASTING = [(404, "E0000007"), (400, "E0000001"), (409, "E0000022")]


def alerts(world: World) -> list[str]:
    return [str(item.facts["text"]) for item in world.reported if item.event == "alert"]


@pytest.mark.parametrize("status", sampled(STRAY, every=3))
def test_a_stray_refusal_ends_no_run(status: int, world: World) -> None:
    refuse(world, status, times=1)
    stale = [world.stale_ticket(place) for place in DESKS]
    world.settle()
    assert [CORP] == world.force_syncs()
    assert [RunState.ENDED] == [run.state for run in world.runs()]
    assert [(CaseState.RESOLVED, NEW_VALUE)] * 2 == [
        (world.case(ticket).state, world.profile(member)["department"]) for ticket, member in stale
    ]


@pytest.mark.parametrize(("status", "code"), sampled(LASTING, apart=True))
def test_a_lasting_refusal_is_believed_at_the_third_try_and_told_once(status: int, code: str, world: World) -> None:
    refuse(world, status, FOR_GOOD, code)  # E0000007: of a record, not of the call
    tickets = [world.stale_ticket(place, directory)[0] for place in DESKS for directory in (CORP, PLANT)]
    world.settle()
    assert [RunState.FAILED] * 2 == [run.state for run in world.runs()]
    assert [CaseState.ESCALATED] * 4 == [world.case(ticket).state for ticket in tickets]
    tries = [item for item in world.reported if item.event == "run" and item.facts["to"] == "starting"]
    assert 6 == len(tries)
    [text] = alerts(world)
    assert "was refused 3 times, so that people get its tickets: " in text
    assert [] == world.force_syncs()


@pytest.mark.parametrize("status", sampled(OF_THE_CALL))
def test_where_okta_does_not_take_the_call_at_all_the_tickets_wait_and_it_is_told_once(
    status: int, world: World
) -> None:
    refuse(world, status, FOR_GOOD)
    tickets = [world.stale_ticket(place, directory)[0] for place in DESKS for directory in (CORP, PLANT)]
    world.run_for(minutes=40)
    [text] = alerts(world)
    said, setting, about = OF_A_RIGHT if status == HTTPStatus.FORBIDDEN else OF_THE_CALL_ITSELF
    assert said in text
    assert [setting] == re.findall("`(.+?)`", text)
    assert world.parts.store.paused(StopKind.START, "main", world.time.now())
    assert [CaseState.JOINED] * 4 == [world.case(ticket).state for ticket in tickets]
    for ticket in tickets:
        notes = by_worker(world.shown(ticket), "internal")
        [note] = [body for body in notes if "forcesync can't run Force Sync" in body]
        assert f"has been told what is wrong with {about}, and" in note
    world.clear_faults()
    world.settle()
    assert [CORP, PLANT] == sorted(world.force_syncs())
    assert [CaseState.RESOLVED] * 4 == [world.case(ticket).state for ticket in tickets]
