"""Habits of single products: the ticket still ends right, and nothing is on it twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.okta_users import CORP
from tests.e2e.ticket_texts import by_worker, files, headings, without_repetition
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed
from tests.e2e.world import World
from workflows.model import CaseState


def ended(world: World, ticket: Filed, state: CaseState) -> dict[str, Any]:
    """Work to the end, which must be this one, and return the ticket."""
    world.settle()
    shown = world.shown(ticket)
    assert state == world.case(ticket).state
    assert without_repetition(by_worker(shown))
    assert without_repetition(files(shown))
    return shown


STRANGE = (
    ("cancelled", "GET", "label_entry"),
    ("cancelled_error_first", "GET", "incident"),
    ("cancelled_text", "GET", "sys_journal_field"),
    ("hibernating", "GET", "incident"),
    ("hibernating", "PATCH", "incident"),
    ("login", "GET", "incident"),
    ("login", "PATCH", "incident"),
    ("person_writes", "GET", "incident"),
)


@pytest.mark.long
def test_an_instance_that_answers_strangely_for_a_while_is_waited_for(world: World) -> None:
    ticket, _ = world.stale_ticket(INCIDENT)
    quirks = world.sandbox.servicenow.state.quirks
    for kind, method, table in STRANGE:
        quirks.plan(kind, method=method, table=table, times=2)
    shown = ended(world, ticket, CaseState.RESOLVED)
    assert {0} == {quirk.times for quirk in quirks.planned}
    assert ("Resolved", [CORP]) == (shown["status"], world.force_syncs())


def test_a_rule_that_aborts_a_change_twice_hands_the_ticket_over(world: World) -> None:
    ticket, _ = world.stale_ticket(INCIDENT)
    world.sandbox.servicenow.state.quirks.plan("aborted", method="PATCH", table="incident", times=2)
    shown = ended(world, ticket, CaseState.ESCALATED)
    assert (["The ticket system refused a change"], []) == (headings(shown), world.force_syncs())


def test_a_person_who_steps_in_while_we_read_keeps_the_ticket(world: World) -> None:
    ticket, _ = world.stale_ticket(INCIDENT)
    world.sandbox.servicenow.state.quirks.plan("person_takes", method="GET", table="incident")
    world.settle()
    shown = world.shown(ticket)
    assert "tag.owner@example.com" == shown["assignee"]
    assert ([], []) == (by_worker(shown), world.force_syncs())


@pytest.mark.long
@pytest.mark.parametrize("reopens", [False, True])
def test_a_site_with_habits_of_its_own_is_worked_to_the_end(reopens: bool, world: World) -> None:
    habits = world.sandbox.jira.state.habits
    habits.agent_reply_waits, habits.agent_reply_reopens = True, reopens
    habits.hides_screens, habits.conflicts, habits.zone = True, 2, "Pacific/Auckland"
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    shown = ended(world, ticket, CaseState.RESOLVED)
    assert 0 == habits.conflicts
    assert ("Resolved", "Done", [CORP]) == (shown["status"], shown["resolution"], world.force_syncs())


def test_an_issue_that_loses_its_resolution_is_resolved_all_the_same(world: World) -> None:
    world.sandbox.jira.state.habits.loses_resolution = True
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    shown = ended(world, ticket, CaseState.RESOLVED)
    assert ("Resolved", None) == (shown["status"], shown["resolution"])
    (alert,) = [item for item in world.reported if item.event == "alert"]
    assert "has no resolution" in str(alert.facts["text"])


def test_a_search_hit_that_cannot_be_read_hides_no_younger_issue_and_is_worked_later(world: World) -> None:
    odd, _ = world.stale_ticket(SERVICE_DESK)
    world.sandbox.jira.state.habits.odd_hits = {odd.id}
    younger, _ = world.stale_ticket(SERVICE_DESK)
    ended(world, younger, CaseState.RESOLVED)
    assert not world.has_case(odd)
    world.sandbox.jira.state.habits.odd_hits = set()
    world.run_for(minutes=5)
    ended(world, odd, CaseState.RESOLVED)
