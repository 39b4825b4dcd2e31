"""What ties a ticket to others, on both desks, as the control server makes it: tasks, approvals, requests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.asgi import Answer, call
from tests.sandbox.ticket_world import Tickets, basic

AGENT = "robin.agent@example.com"
DESKS = pytest.mark.parametrize("desk", ["servicenow", "jira"])


def world(desk: str) -> Tickets:
    return Tickets(desk, table="sc_req_item" if desk == "servicenow" else "SUP")


def post(world: Tickets, what: str, **body: Any) -> Answer:
    return call(world.sandbox._control, "POST", f"/tickets/{world.desk}/{world.id}/{what}", json=body)


def found(world: Tickets, table: str, query: str) -> list[dict[str, Any]]:
    path = f"/api/now/table/{table}?sysparm_query={query}&sysparm_exclude_reference_link=true"
    rows: list[dict[str, Any]] = world.snow("GET", path).json()["result"]
    return rows


@DESKS
def test_a_ticket_gets_an_open_task(desk: str) -> None:
    held = world(desk)
    task = post(held, "tasks", summary="Hand out a badge").json()

    assert (task["summary"], task["status_category"], task["tagged"]) == ("Hand out a badge", "new", False)
    assert held.ticket()["tasks"] == [task["key"]]
    held.people.change(task["id"], by=AGENT, status="Closed Complete" if desk == "servicenow" else "Resolved")
    assert held.ticket()["tasks"] == []


def test_a_catalogue_task_names_its_item_its_request_and_its_parent() -> None:
    held = world("servicenow")
    task = post(held, "tasks", summary="Hand out a badge").json()

    (row,) = found(held, "sc_task", f"request_item={held.id}^active=true")
    (item,) = found(held, "sc_req_item", f"sys_id={held.id}")
    assert (row["sys_id"], row["parent"], row["request"]) == (task["id"], held.id, item["request"])


def test_every_requested_item_has_a_request_of_its_own_and_a_catalogue_item() -> None:
    held = world("servicenow")
    other = held.file()
    first, second = (found(held, "sc_req_item", f"sys_id={id}")[0] for id in (held.id, other))

    assert first["request"] != second["request"]
    assert first["cat_item"] == second["cat_item"]
    (request,) = found(held, "sc_request", f"sys_id={first['request']}")
    assert (request["number"], request["requested_for"]) == ("REQ0010001", first["requested_for"])


@DESKS
def test_a_ticket_waits_for_an_approval_and_is_closed_after_it_only(desk: str) -> None:
    for decision in ("pending", "declined"):
        held = world(desk)
        assert post(held, "approvals", approver=AGENT, decision=decision).status == 201
        held.resolve()
        assert held.broken() == ["ticket closed before its approval"]

    held = world(desk)
    for decision in ("pending", "approved"):
        post(held, "approvals", approver=AGENT, decision=decision)
    held.resolve()
    assert (held.broken(), held.ticket()["approval"]) == ([], "approved")


def test_servicenow_shows_an_approval_on_the_ticket_and_in_its_own_table() -> None:
    held = world("servicenow")
    post(held, "approvals", approver=AGENT)

    (row,) = found(held, "sysapproval_approver", f"sysapproval={held.id}")
    (item,) = found(held, "sc_req_item", f"sys_id={held.id}")
    assert (row["state"], item["approval"], row["source_table"]) == ("requested", "requested", "sc_req_item")


def test_jira_lists_the_approvals_of_a_request() -> None:
    held = world("jira")
    post(held, "approvals", approver=AGENT)

    path = f"/rest/servicedeskapi/request/{held.id}/approval"
    account = held.sandbox.frame.credentials
    signed = {"Authorization": basic(account.jira_email, account.jira_token)}
    (shown,) = call(held.sandbox.apps["jira"], "GET", path, headers=signed).json()["values"]
    assert (shown["finalDecision"], shown["canAnswerApproval"]) == ("pending", False)
    assert shown["approvers"][0]["approver"]["displayName"] == "Robin Agent"


@pytest.mark.parametrize(
    ("what", "body", "words"),
    [
        ("tasks", {}, "summary: expected, and not empty"),
        ("approvals", {}, "approver: expected a login"),
        ("approvals", {"approver": AGENT, "decision": "maybe"}, "decision: found 'maybe'; allowed: pending"),
    ],
)
def test_a_wrong_tie_is_refused_with_what_is_expected(what: str, body: dict[str, str], words: str) -> None:
    answer = post(world("jira"), what, **body)
    assert (answer.status, words in answer.text) == (400, True)
