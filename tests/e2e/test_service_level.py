"""A ticket whose resolution SLA is running out goes to a person while there is still time to act."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import FORBIDDEN, Place
from tests.e2e.world import World
from workflows.model import CaseState

SIGNED_IN = {"X-AACCOUNTID": "somebody"}  # without it, Jira's answer would look like a refused credential
LONG_APPROVE = APPROVE | {"approve_within": 12 * 3600.0, "nudge_after": 6 * 3600.0}


@on_both_desks
def test_a_run_that_nobody_approves_is_handed_over_at_seventy_per_cent(place: Place, a_world: Make) -> None:
    world = a_world(policy=LONG_APPROVE)
    ticket, _ = world.stale_ticket(place)
    world.run_sla(ticket, hours=1)
    world.run_for(minutes=40)
    assert CaseState.JOINED == world.case(ticket).state
    world.run_for(minutes=10)
    assert CaseState.ESCALATED == world.case(ticket).state
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert "% of the SLA “Time to resolution” is used up; from 70% on, a person takes over" in note
    assert "The Okta profile is behind the directory's copy" in note
    assert [] == world.force_syncs()
    assert not any(name.endswith(".zip") for name in map(str, world.shown(ticket)["attachments"]))


@on_both_desks
def test_time_in_which_the_caller_is_waited_for_does_not_count(place: Place, a_world: Make) -> None:
    world = a_world(policy={"ask_for": 40 * 3600.0, "remind_after": 30 * 3600.0, "ask_every": 1800.0})
    ticket = world.ticket(place, about=world.member(), expected=None)
    world.run_sla(ticket, minutes=30)
    world.run_for(hours=1)
    assert CaseState.ASKED == world.case(ticket).state


@on_both_desks
def test_what_can_be_resolved_is_resolved_however_late(place: Place, world: World) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=world.profile(member)["department"])
    world.run_sla(ticket, minutes=1)
    world.skip(minutes=5)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_a_ticket_that_comes_too_late_for_a_sync_goes_to_a_person_with_the_verdict(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.run_sla(ticket, hours=1)
    world.skip(minutes=50)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()
    assert "The Okta profile is behind the directory's copy" in by_worker(world.shown(ticket), "internal")[-1]


@on_both_desks
def test_the_response_is_another_sla(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.run_sla(ticket, target="response", minutes=1)
    world.skip(minutes=5)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
@pytest.mark.long
@pytest.mark.parametrize("status", [403, 404, 500])
def test_an_sla_that_cannot_be_read_stops_nothing_and_is_said_once(place: Place, status: int, a_world: Make) -> None:
    world = a_world()
    ticket, member = world.stale_ticket(place)
    world.run_sla(ticket, minutes=1)
    world.fault(
        place[0], "status", path="/(task_sla|sla)$", status=status, times=100, headers=SIGNED_IN, body=FORBIDDEN
    )
    world.skip(minutes=5)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert NEW_VALUE == world.profile(member)["department"]
    said = "SLAs cannot be looked at now" if status == 500 else "SLAs are not looked at"
    assert 1 == world.log.getvalue().count(said)


@on_both_desks
def test_where_the_settings_say_never_the_sla_is_not_read(place: Place, a_world: Make) -> None:
    world = a_world()
    desks = {name: {**table, "sla_percent": 0} for name, table in world.settings.desks.items()}
    world.settings = world.settings.model_copy(update={"desks": desks})
    world.restart_worker()
    ticket, _ = world.stale_ticket(place)
    world.run_sla(ticket, minutes=1)
    world.skip(minutes=5)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()
    assert "The right value is in Okta" in headings(world.shown(ticket))


def test_a_table_that_may_not_be_read_is_said_at_the_start(a_world: Make) -> None:
    world = a_world(checked=True)
    desk: Any = world.sandbox.world.desks["servicenow"]
    desk.state.switches.refused_tables.add("task_sla")
    world.restart_worker()
    assert 1 == world.log.getvalue().count("SLAs are not looked at")
