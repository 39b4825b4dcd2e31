"""Products that misbehave: every ticket still ends right, nothing is written twice, and every requester hears back."""

from __future__ import annotations

from typing import get_args

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.wire.frame import Product
from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker, files, headings, without_repetition
from tests.e2e.tickets import FORBIDDEN, Place
from tests.e2e.world import World
from workflows.model import CaseState
from workflows.notes.reasons import sentence

ENDS = {
    "resolved": CaseState.RESOLVED,
    "escalated": CaseState.ESCALATED,
    "waiting": CaseState.ASKED,
    "withdrawn": CaseState.WITHDRAWN,
}
NOT_THE_SYNC = r"^(?!.*/mappings/reapply$)"  # lost answers of a Force Sync are in test_force_sync.py
WITHOUT_END = 10**9


@pytest.mark.long
def test_a_mixed_world_with_faults_on_every_tenth_call_ends_right(a_world: Make) -> None:
    world = a_world(scenario=Scenario("mixed", seed=2, tickets=20, users=20))
    products: tuple[Product, ...] = get_args(Product)
    for product in products:
        for how in (
            {"kind": "status", "status": 503},
            {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}},
            {"kind": "reset_before"},
            {"kind": "reset_after"},
        ):
            world.fault(product, path=NOT_THE_SYNC, times=WITHOUT_END, probability=0.025, **how)
    world.settle()
    script = world.sandbox.script
    assert world.sandbox.frame.faults_hit > 20
    with world.sandbox.frame.lock:
        tickets = [ticket for desk in world.sandbox.world.desks.values() for ticket in desk.tickets()]
    ends = {(ticket["desk"], ticket["id"]): world.parts.store.find_case(ticket["id"]) for ticket in tickets}
    assert {place: ENDS.get(end) for place, end in script.expected.items()} == {
        place: case.state if case else None for place, case in ends.items()
    }
    for ticket in tickets:
        assert without_repetition(by_worker(ticket)), ticket["key"]
        assert without_repetition(files(ticket)), ticket["key"]


@on_both_desks
def test_a_comment_whose_answer_was_lost_is_not_written_again(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    writing = {"servicenow": "PATCH", "jira": "POST"}[place[0]]
    world.fault(place[0], "reset_after", method=writing, path=ticket.id, times=2)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.RESOLVED == world.case(ticket).state
    assert 1 == headings(shown).count("Out of date in Okta: department; Force Sync comes next")


@on_both_desks
def test_a_desk_that_is_gone_for_a_while_costs_no_ticket_its_end(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.work()
    world.fault(place[0], "status", status=503, times=WITHOUT_END)
    world.run_for(minutes=6)
    world.clear_faults()
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()


@on_both_desks
def test_a_reply_that_could_not_be_read_at_first_is_read_later(place: Place, world: World) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    assert CaseState.ASKED == world.case(ticket).state
    world.change_directory(member, "department", NEW_VALUE)
    world.reply(ticket, member.login, f"Expected: {NEW_VALUE}")
    world.fault(place[0], "status", method="GET", path=f"{ticket.id}$", status=503, times=3)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()


def test_okta_that_is_gone_for_a_while_is_waited_for(world: World) -> None:
    ticket, _ = world.stale_ticket()
    world.fault("okta", "status", status=503, times=WITHOUT_END)
    world.run_for(minutes=6)
    world.clear_faults()
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_a_ticket_that_takes_no_word_from_us_is_told_to_the_operator(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    writing = {"servicenow": "PATCH", "jira": "POST"}[place[0]]
    world.fault(place[0], "status", method=writing, path=ticket.id, status=403, times=WITHOUT_END, body=FORBIDDEN)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert sentence(world.case(ticket).because).startswith("undelivered")
    assert [] == by_worker(world.shown(ticket), "public")
    assert any(told.event == "alert" and world.shown(ticket)["key"] in str(told.facts) for told in world.reported)


def test_a_refused_credential_is_told_once_and_mended_by_itself(a_world: Make) -> None:
    world = a_world(checked=True)
    world.fault("okta", "status", status=401, times=WITHOUT_END, body={"errorCode": "E0000011"})
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=5)
    assert CaseState.CLAIMED == world.case(ticket).state
    assert [] == by_worker(world.shown(ticket))
    assert 1 == len([told for told in world.reported if told.event == "alert" and told.facts["system"] == "main"])
    world.clear_faults()
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
