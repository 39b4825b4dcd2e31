"""The scenarios as worlds: what each provides before any worker sees it."""

from __future__ import annotations

import pytest

from connectors.sandbox.scenarios.cases import OTHER_SETTINGS
from connectors.sandbox.scenarios.catalogue import SCENARIOS, Scenario
from connectors.sandbox.server import Sandbox
from tests.sandbox.okta_org import HandClock
from workflows.model import VerdictKind


def world(scenario: str, *, users: int, seed: int = 1, tickets: int | None = None) -> Sandbox:
    return Sandbox(Scenario(scenario, seed=seed, tickets=tickets, users=users), act=False, clock=HandClock())


def tickets(sandbox: Sandbox) -> list[dict[str, object]]:
    return [*sandbox.servicenow.tickets(), *sandbox.jira.tickets()]


def test_cases_has_a_ticket_for_every_verdict_and_says_how_each_should_end() -> None:
    sandbox = world("cases", users=3)
    shown = tickets(sandbox)

    assert {str(kind) for kind in VerdictKind} - OTHER_SETTINGS == set(sandbox.script.causes.values())
    assert {(item["desk"], item["id"]) for item in shown} == set(sandbox.script.causes)
    assert {(item["desk"], item["id"]) for item in shown} == set(sandbox.script.expected)
    assert set(sandbox.script.expected.values()) == {"resolved", "escalated", "waiting"}
    assert {item["desk"] for item in shown} == {"servicenow", "jira"}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_scenario_and_seed_give_the_same_world(scenario: str) -> None:
    first, second, other = world(scenario, users=9), world(scenario, users=9), world(scenario, users=9, seed=2)

    assert tickets(first) == tickets(second)
    assert first.okta.users() == second.okta.users() != other.okta.users()
    assert first.script.expected == second.script.expected


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_zero_tickets_are_no_tickets_in_any_scenario(scenario: str) -> None:
    sandbox = world(scenario, tickets=0, users=9)

    assert tickets(sandbox) == []
    assert len(sandbox.okta.users()) == 9


@pytest.mark.parametrize(("scenario", "number"), [("burst", 7), ("mixed", 7)])
def test_the_number_of_tickets_counts_where_they_are_counted(scenario: str, number: int) -> None:
    shown = tickets(world(scenario, tickets=number, users=3))
    before = [item for item in shown if item["kind"] == "closed_before"]

    assert len(shown) - len(before) == number
    assert {(item["tagged"], item["status_category"]) for item in before} == {(True, "done")}
    assert {item["desk"] for item in before} == {"servicenow", "jira"}


def test_every_directory_maps_what_is_promised() -> None:
    sandbox = world("empty", users=3)
    promised = {"firstName", "lastName", "email", "login", "department", "title", "mobilePhone", "manager"}

    for app_id in sandbox.world.apps.values():
        rows = sandbox.okta.directory(app_id).mappings[sandbox.okta.user_type_id].to_okta
        assert promised <= set(rows)
        assert (rows["department"].expression, rows["title"].expression) == ("appuser.department", "appuser.title")


def test_the_system_log_is_not_empty_at_the_start_and_tells_of_no_change() -> None:
    sandbox = world("empty", users=3)
    found = [(event["eventType"], [item["id"] for item in event["target"]]) for event in sandbox.okta.log.events]
    kinds = {kind for kind, _ in found}

    assert kinds == {
        "system.agent.ad.connect",
        "user.session.start",
        "system.import.schedule",
        "system.import.start",
        "system.import.complete",
    }
    assert {id for _, ids in found for id in ids} == set(sandbox.world.apps.values())
    assert sandbox.okta.log.published == sorted(sandbox.okta.log.published)
