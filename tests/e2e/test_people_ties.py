"""Tickets that people have linked to others are judged, and left to those people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandbox.jira.accounts import AGENT
from tests.e2e.desks import on_both_desks
from tests.e2e.stories import NAMES_NO_VALUE
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import INCIDENT, REQUESTED_ITEM, SERVICE_DESK, Filed, Place
from tests.e2e.ties import TIES, child, record, set_columns, waiting_for_approval
from tests.e2e.world import World
from tests.sampled import sampled
from workflows.model import CaseState

tied_tickets = pytest.mark.parametrize(
    ("tie", "place"), sampled(TIES, every=3, apart=True), ids=[f"{tie.__name__}-{at[0]}" for tie, at in TIES]
)


@tied_tickets
def test_a_tied_ticket_gets_the_verdict_and_nothing_else(
    tie: Callable[[World, Filed], None], place: Place, world: World
) -> None:
    ticket, member = world.stale_ticket(place)
    tie(world, ticket)
    before, profile = world.shown(ticket), world.profile(member)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ADVISED == world.case(ticket).state
    assert ["Advice only: the Okta profile is behind the directory's copy"] == headings(shown)
    assert [] == by_worker(shown, "public")
    untouched = ("status", "assignee", "group", "resolution", "tags", "links")
    assert {part: before[part] for part in untouched} == {part: shown[part] for part in untouched}
    assert [] == world.force_syncs()
    assert profile == world.profile(member)


@on_both_desks
def test_a_ticket_that_is_tied_while_it_is_worked_is_given_back_with_what_was_seen(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.run_for(seconds=90)
    child(world, ticket)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ADVISED == world.case(ticket).state
    assert (None, None) == (shown["assignee"], shown["resolution"])
    assert "Advice only: Okta holds the expected value; a person closes this ticket" == headings(shown)[-1]
    assert "held the expected value after the Force Sync" in by_worker(shown, "internal")[-1]
    assert [] == by_worker(shown, "public")
    assert world.case(ticket).subjects[0].right
    assert member.login == world.case(ticket).subjects[0].request.user


def test_an_item_and_a_task_below_what_they_always_hang_on_are_worked(world: World) -> None:
    task, member = world.stale_ticket(("servicenow", "sc_task"))
    item = world.ticket(REQUESTED_ITEM, about=member)
    request = record(world, "sc_request", short_description="A new colleague")
    set_columns(world, "sc_req_item", item, request=request, parent=request)
    done = record(world, "sc_req_item", short_description="Another item")
    set_columns(world, "sc_task", task, request_item=done, parent=done)
    world.settle()
    assert [CaseState.RESOLVED] * 2 == [world.case(ticket).state for ticket in (task, item)]


LATE_TASKS = [(INCIDENT, table, "parent") for table in ("change_request", "sc_task", "incident")]
LATE_TASKS += [(REQUESTED_ITEM, "sc_task", "request_item"), (REQUESTED_ITEM, "change_request", "parent")]


@pytest.mark.parametrize("state", sampled([CaseState.JOINED, CaseState.SYNCED, CaseState.ASKED]))
@pytest.mark.parametrize(("place", "table", "column"), sampled(LATE_TASKS, every=3, apart=True))
def test_a_task_of_any_kind_that_is_opened_below_a_worked_ticket_keeps_it_open(
    place: Place, table: str, column: str, state: CaseState, world: World
) -> None:
    member = world.stale_user()
    unnamed = state is CaseState.ASKED
    ticket = world.said(place, by=member, text=NAMES_NO_VALUE) if unnamed else world.ticket(place, about=member)
    while not world.has_case(ticket) or world.case(ticket).state is not state:
        world.run_for(seconds=5)
    record(world, table, short_description="Hand out a badge", **{column: ticket.id})
    world.skip(minutes=1)
    if unnamed:
        world.reply(ticket, member.login, "yes")
    world.settle()
    assert CaseState.ADVISED == world.case(ticket).state
    assert "done" != world.shown(ticket)["status_category"]
    assert [] == world.violations()


def test_a_request_that_has_been_approved_is_worked(world: World) -> None:
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    waiting_for_approval(world, ticket)
    with world.sandbox.frame.lock:
        desk: Any = world.sandbox.world.desks["jira"]
        desk.state.issues[ticket.id].approvals[0].decision = "approved"
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


@pytest.mark.parametrize("times", sampled([1, 2, 4]))
@pytest.mark.parametrize("status", sampled([400, 403, 404]))
def test_a_refused_look_at_the_approvals_is_no_approval(world: World, status: int, times: int) -> None:
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    waiting_for_approval(world, ticket)
    world.fault("jira", "status", path=r"/approval$", status=status, body={"errorMessage": "No."}, times=times)
    world.settle()
    assert [] == world.force_syncs()
    assert "done" != world.shown(ticket)["status_category"]


@pytest.mark.long
def test_an_account_that_may_not_see_approvals_works_nothing_until_it_may(world: World) -> None:
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    world.sandbox.jira.state.habits.denied.add(AGENT)
    world.run_for(minutes=30)
    assert CaseState.RECEIVED == world.case(ticket).state
    (alert,) = [item for item in world.reported if item.event == "alert"]
    assert f"lacks the permission {AGENT} in project SUP" in str(alert.facts["text"])
    world.sandbox.jira.state.habits.denied.clear()
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
