"""What the simulated ServiceNow does by itself when a ticket is written: data policies, rules, lookups and stamps.

https://www.servicenow.com/docs/, "Incident management state model", "Resolve and close an incident", "Create an
incident", "Reopening incidents"; refusal texts as in public reports.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.servicenow_instance import AGENT, CALLER, Instance, refusal

RESOLVE = {"state": "6", "close_code": "Solution provided", "close_notes": "Done."}
MANDATORY = "Data Policy Exception: The following fields are mandatory: "


def test_every_update_is_stamped_and_counted() -> None:
    instance = Instance()
    id = instance.ticket()
    instance.clock.advance(61.5)

    record = instance.patch(id, short_description="other").json()["result"]

    stamps = [record[name] for name in ("sys_mod_count", "sys_updated_by", "sys_updated_on", "sys_created_by")]
    assert stamps == ["1", "svc.forcesync", "2026-11-24 16:01:01", CALLER]


def test_what_the_platform_keeps_cannot_be_written_and_unknown_fields_are_ignored() -> None:
    instance = Instance()
    id = instance.ticket()

    record = instance.patch(id, sys_id="x", sys_created_by="me", priority="1", no_such_field="x").json()["result"]

    assert [record[name] for name in ("sys_id", "sys_created_by", "priority")] == [id, CALLER, "5"]
    assert "no_such_field" not in record


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [("1", "1", "1"), ("1", "3", "3"), ("2", "2", "3"), ("3", "1", "3"), ("3", "3", "5")],
)
def test_the_priority_is_looked_up_from_impact_and_urgency(impact: str, urgency: str, priority: str) -> None:
    instance = Instance()

    record = instance.patch(instance.ticket(), impact=impact, urgency=urgency).json()["result"]

    assert record["priority"] == priority


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"state": "6"}, "Resolution code, Resolution notes"),
        ({"state": "6", "close_code": "Solution provided"}, "Resolution notes"),
        ({"state": "3"}, "On hold reason"),
        ({"state": "3", "hold_reason": "1"}, "Additional comments"),
        ({"state": "3", "hold_reason": "1", "work_notes": "asked"}, "Additional comments"),
    ],
)
def test_a_data_policy_names_what_is_missing_and_nothing_is_written(fields: dict[str, str], missing: str) -> None:
    instance = Instance()
    id = instance.ticket()
    before = instance.record(id)

    assert refusal(instance.patch(id, **fields)) == (403, "Operation Failed", MANDATORY + missing)
    assert (instance.record(id), instance.state.journal(id)) == (before, [])


def test_a_resolve_tells_who_and_when_and_the_ticket_stays_active() -> None:
    instance = Instance()

    record = instance.patch(instance.ticket(), **RESOLVE).json()["result"]

    shown = [record[name] for name in ("state", "incident_state", "active", "resolved_at", "close_code")]
    assert shown == ["6", "6", "true", "2026-11-24 16:00:00", "Solution provided"]
    assert record["resolved_by"]["value"] == instance.state.worker


@pytest.mark.parametrize(
    ("offered", "code", "status"),
    [
        ("new", "Solution provided", 200),
        ("new", "Solved (Permanently)", 403),
        ("old", "Solved (Permanently)", 200),
        ("old", "Solution provided", 403),
        ("both", "Solved (Permanently)", 200),
    ],
)
def test_an_instance_takes_the_close_codes_that_it_offers(offered: Any, code: str, status: int) -> None:
    # servicenow.itsm lists the old codes, docs.newrelic.com the new ones; upgraded instances hold both
    instance = Instance()
    instance.state.offer_close_codes(offered)

    assert instance.patch(instance.ticket(), **RESOLVE | {"close_code": code}).status == status
    offers = instance.found("sys_choice", "name=incident^element=close_code^inactive=false")
    assert (code in {row["value"] for row in offers}) == (status == 200)


def test_a_site_that_does_not_check_codes_stores_any_and_the_judge_sees_it() -> None:
    instance = Instance()
    instance.state.switches.close_codes_checked = False

    record = instance.patch(instance.ticket(), **RESOLVE | {"close_code": "Fixed"}).json()["result"]

    assert (record["close_code"], instance.violations()) == ("Fixed", ["unknown close code"])


def test_the_callers_answer_takes_a_waiting_incident_up_again() -> None:
    instance = Instance()
    id = instance.ticket()
    instance.patch(id, state="3", hold_reason="1", comments="Which value is right?")

    instance.people.comment(id, author=AGENT, visibility="public", body="Please answer")
    assert [instance.record(id)[name] for name in ("state", "hold_reason")] == ["3", "1"]
    instance.people.comment(id, author=CALLER, visibility="public", body="Treasury")
    assert [instance.record(id)[name] for name in ("state", "hold_reason")] == ["2", ""]


def test_the_callers_comment_does_not_move_what_waits_for_somebody_else() -> None:
    instance = Instance()
    id = instance.ticket()
    instance.patch(id, state="3", hold_reason="4")

    instance.people.comment(id, author=CALLER, visibility="public", body="Any news?")

    assert instance.record(id)["state"] == "3"


def test_a_hold_reason_goes_with_the_hold() -> None:
    instance = Instance()
    id = instance.ticket()
    instance.patch(id, state="3", hold_reason="4")

    assert instance.patch(id, state="2").json()["result"]["hold_reason"] == ""


def test_a_resolved_incident_can_be_reopened_and_a_closed_one_cannot() -> None:
    instance = Instance()
    id = instance.ticket()
    instance.patch(id, **RESOLVE)

    instance.people.change(id, by=CALLER, status="In Progress")
    assert [instance.record(id)[name] for name in ("state", "reopen_count")] == ["2", "1"]
    instance.people.change(id, by=AGENT, status="Closed")
    assert instance.patch(id, state="2").status == 403


def test_closing_is_refused_to_an_agent_account_and_reported() -> None:
    instance = Instance()
    id = instance.ticket()

    assert refusal(instance.patch(id, **RESOLVE | {"state": "7"})) == (
        403,
        "Operation Failed",
        "Closing needs itil_admin",
    )
    assert (instance.record(id)["state"], instance.violations()) == ("1", ["incident closed"])


@pytest.mark.parametrize("clears", [True, False])
def test_another_group_takes_the_assignee_away_where_the_site_has_it_so(clears: bool) -> None:
    instance = Instance()
    instance.state.switches.group_clears_assignee = clears
    person = instance.state.user_id(AGENT)
    id = instance.ticket(assigned_to=person)
    group = instance.state.one("sys_user_group", "name", "Identity Operations")["sys_id"]

    record = instance.patch(id, assignment_group=group).json()["result"]

    assert (record["assigned_to"] == "") is clears
    assert record["reassignment_count"] == "1"


def test_a_group_that_the_account_cannot_see_takes_no_ticket() -> None:
    # groups that hold an admin role are hidden from the itil role
    instance = Instance()
    group = instance.state.one("sys_user_group", "name", "Directory Services")["sys_id"]
    instance.state.switches.hidden_records.add(group)

    assert instance.patch(instance.ticket(), assignment_group=group).status == 403


def test_resolving_a_parent_resolves_its_children_and_is_reported() -> None:
    instance = Instance()
    parent = instance.ticket()
    children = [instance.ticket(parent_incident=parent) for _ in range(2)]
    instance.people.change(children[0], by=AGENT, status="Canceled")

    assert instance.record(parent)["child_incidents"] == "2"
    instance.patch(parent, **RESOLVE)

    assert [instance.record(child)["state"] for child in children] == ["8", "6"]
    assert instance.record(children[1])["close_notes"] == "Done."
    assert instance.violations() == ["parent resolved with open children"]


def test_a_parents_resolve_by_a_person_is_nobodys_fault() -> None:
    instance = Instance()
    parent = instance.ticket()
    child = instance.ticket(parent_incident=parent)

    instance.people.change(parent, by=AGENT, status="Resolved")

    assert (instance.record(child)["state"], instance.violations()) == ("6", [])


def test_the_resolve_of_an_accepted_major_incident_is_reported() -> None:
    instance = Instance()
    id = instance.ticket(major_incident_state="accepted")

    instance.patch(id, **RESOLVE)

    assert instance.violations() == ["major incident resolved"]


def test_an_update_of_what_only_an_ignored_query_found_is_reported() -> None:
    # "Encoded query strings": invalid parts are ignored, so a mistyped field finds every ticket
    instance = Instance()
    id = instance.ticket()
    instance.found("incident", "sys_tagz=x")
    instance.patch(id, work_notes="one")
    assert instance.violations() == ["write after an ignored query"]

    instance.record(id)
    instance.patch(id, work_notes="two")
    assert instance.violations() == ["write after an ignored query"]


def test_a_foreign_correlation_that_is_overwritten_is_reported_and_ones_own_is_not() -> None:
    instance = Instance()
    free, foreign = instance.ticket(), instance.ticket(correlation_id="JIRA-1")

    instance.patch(free, correlation_id="fs-1")
    instance.patch(free, correlation_id="fs-2")
    assert instance.violations() == []
    instance.patch(foreign, correlation_id="fs-1")
    assert instance.violations() == ["foreign correlation overwritten"]


@pytest.mark.parametrize(
    "fields", [{"comments": "It is Treasury now"}, RESOLVE | {"close_notes": "It is Treasury now"}]
)
def test_a_masked_value_in_a_comment_or_in_close_notes_is_reported(fields: dict[str, str]) -> None:
    instance = Instance()
    instance.frame.sensitive = lambda: {"Treasury"}

    instance.patch(instance.ticket(), **fields)

    assert instance.violations() == ["masked value in public"]


def test_catalogue_tasks_have_their_own_states() -> None:
    instance = Instance()
    id = instance.ticket(table="sc_task")

    record = instance.patch(id, "sc_task", state="3").json()["result"]

    assert (record["number"], record["state"], record["active"]) == ("SCTASK0010001", "3", "false")
    assert instance.patch(id, "sc_task", state="6").status == 403


def test_the_variables_of_a_requested_item_are_read_through_three_tables() -> None:
    # "Using GlideRecord to query tables": sc_req_item variables cannot be queried directly
    instance = Instance()
    id = instance.requested_item(affected_user=CALLER, attribute="title")
    instance.requested_item(attribute="department")

    name, value = "sc_item_option.item_option_new.name", "sc_item_option.value"
    rows = instance.found("sc_item_option_mtom", f"request_item={id}", sysparm_fields=f"{name},{value}")

    assert {row[name]: row[value] for row in rows} == {"affected_user": CALLER, "attribute": "title"}
