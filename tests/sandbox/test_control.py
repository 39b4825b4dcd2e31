"""The control server's contract, line by line, over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import requests

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.scenarios.world import AGENTS
from connectors.sandbox.server import Sandbox

TAG = "profile-not-updating"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return one world for all tests of the module; every test files the tickets it changes."""
    with Sandbox(Scenario("tour", users=30), act=False) as running:
        yield running


def send(sandbox: Sandbox, method: str, path: str, body: Any = None) -> requests.Response:
    return requests.request(method, sandbox.control_url + path, json=body, timeout=10)


def state(sandbox: Sandbox) -> dict[str, Any]:
    shown: dict[str, Any] = send(sandbox, "GET", "/state").json()
    return shown


def ticket(sandbox: Sandbox, desk: str = "servicenow", **more: Any) -> dict[str, Any]:
    """File a ticket through the control server; valid by default."""
    member = sandbox.world.members[0]
    body = {"desk": desk, "tagged": True, "requester": member.login, "summary": "Wrong title", "description": "Help"}
    answer = send(sandbox, "POST", "/tickets", body | more)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


DESKS = pytest.mark.parametrize("desk", ["servicenow", "jira"])


# GET /state


def test_the_state_has_the_parts_of_the_contract(sandbox: Sandbox) -> None:
    shown = state(sandbox)

    assert set(shown) >= {"now", "tickets", "okta", "mail", "calls", "faults_hit", "violations"}
    assert set(shown["okta"]) >= {"users", "directories", "force_syncs"}
    assert set(shown["calls"]) == {"okta", "servicenow", "jira"}
    assert shown["now"].endswith("Z")
    datetime.fromisoformat(shown["now"])


@DESKS
def test_a_ticket_is_shown_with_everything_of_the_contract(sandbox: Sandbox, desk: str) -> None:
    shown = next(item for item in state(sandbox)["tickets"] if item["desk"] == desk)

    parts = "desk table id key kind tagged tags summary description requester status status_category resolution"
    assert set(shown) >= set(f"{parts} assignee group comments attachments links history".split())
    assert shown["status_category"] == "new"
    assert (shown["table"] in {"incident", "sc_req_item", "sc_task"}) is (desk == "servicenow")


def test_a_user_is_shown_with_the_three_copies(sandbox: Sandbox) -> None:
    member = sandbox.world.members[0]
    user = next(item for item in state(sandbox)["okta"]["users"] if item["id"] == member.user_id)
    (link,) = user["directories"]

    assert (user["login"], user["status"]) == (member.login, "ACTIVE")
    assert (link["app_id"], link["kind"]) == (member.app_id, "ad")
    assert link["source"]["department"] == link["app_user"]["department"]
    assert user["profile"]["login"] == member.login


def test_directories_and_their_users_are_counted(sandbox: Sandbox) -> None:
    shown = state(sandbox)["okta"]["directories"]

    assert [(item["label"], item["kind"]) for item in shown] == [
        ("corp.example.com", "ad"),
        ("plant.example.com", "ad"),
        ("ldap.example.com", "ldap"),
    ]
    assert sum(item["users"] for item in shown) == 30


def test_a_force_sync_is_shown_before_and_after_its_effect_with_its_request(sandbox: Sandbox) -> None:
    app = sandbox.okta.directory(sandbox.world.members[0].app_id)
    send(sandbox, "POST", "/settings", {"sync_seconds": 600})
    answer = requests.put(
        f"{sandbox.okta_url}/api/internal/v1/mappings/reapply",
        params={"source": app.type_id, "target": sandbox.okta.user_type_id},
        headers={"Authorization": f"SSWS {sandbox.frame.credentials.okta_sync_token}"},
        timeout=10,
    )
    sync = state(sandbox)["okta"]["force_syncs"][-1]
    send(sandbox, "POST", "/settings", {"sync_seconds": 5})

    assert set(sync) == {"app_id", "label", "requested_at", "applied_at", "request_id"}
    assert (sync["app_id"], sync["label"], sync["applied_at"]) == (app.id, app.label, None)
    assert sync["request_id"] == answer.headers["X-Okta-Request-Id"]


def test_calls_are_counted_by_product_and_endpoint(sandbox: Sandbox) -> None:
    token = {"Authorization": f"SSWS {sandbox.frame.credentials.okta_token}"}
    requests.get(f"{sandbox.okta_url}/api/v1/users/{sandbox.world.members[0].login}", headers=token, timeout=10)

    assert state(sandbox)["calls"]["okta"]["GET /api/v1/users/{id}"] >= 1


def test_a_violation_is_shown_with_time_product_rule_and_detail(sandbox: Sandbox) -> None:
    with sandbox.frame.lock:
        sandbox.frame.violate("okta", "a rule", "how it was broken")
    shown = state(sandbox)["violations"][-1]

    assert shown == {"at": shown["at"], "product": "okta", "rule": "a rule", "detail": "how it was broken"}
    assert shown["at"].endswith("Z")


# Tickets


@DESKS
def test_a_filed_ticket_is_answered_as_the_state_shows_it(sandbox: Sandbox, desk: str) -> None:
    made = ticket(sandbox, desk, fields={"user": "ada@example.com", "attribute": "title", "expected": "Curator"})

    assert made in state(sandbox)["tickets"]
    assert (made["desk"], made["tagged"], made["summary"], made["description"]) == (desk, True, "Wrong title", "Help")
    assert made["requester"] == sandbox.world.members[0].login


@pytest.mark.parametrize(("desk", "column"), [("servicenow", "opened_by"), ("jira", "creator")])
def test_an_agent_may_file_a_ticket_for_a_requester(sandbox: Sandbox, desk: str, column: str) -> None:
    made = ticket(sandbox, desk, fields={column: AGENTS[0].login})

    assert made["requester"] == sandbox.world.members[0].login
    assert column not in made["fields"]


@pytest.mark.parametrize(("desk", "table"), [("servicenow", "sc_req_item"), ("servicenow", "sc_task"), ("jira", "ENG")])
def test_a_table_or_project_can_be_named_and_the_tag_left_out(sandbox: Sandbox, desk: str, table: str) -> None:
    made = ticket(sandbox, desk, table=table, tagged=False)

    assert made["tagged"] is False
    assert made["table"] == table if desk == "servicenow" else made["key"].startswith("ENG-")


@DESKS
@pytest.mark.parametrize("visibility", ["internal", "public"])
def test_a_person_comments(sandbox: Sandbox, desk: str, visibility: str) -> None:
    made = ticket(sandbox, desk)
    author = "robin.agent@example.com"

    answer = send(
        sandbox,
        "POST",
        f"/tickets/{desk}/{made['id']}/comments",
        {"author": author, "visibility": visibility, "body": "I look into it."},
    )

    assert answer.status_code == 201
    (comment,) = answer.json()["comments"]
    assert (comment["author"], comment["by_worker"], comment["visibility"]) == (author, False, visibility)
    assert comment["body"] == "I look into it."
    assert comment["created"].endswith("Z")
    assert comment["edited"] is None


@DESKS
def test_a_person_tags_and_untags(sandbox: Sandbox, desk: str) -> None:
    made = ticket(sandbox, desk)
    path = f"/tickets/{desk}/{made['id']}/tags"

    without = send(sandbox, "POST", path, {"remove": [TAG, ""]}).json()
    again = send(sandbox, "POST", path, {"add": ["", "vip"]}).json()

    assert without["tagged"] is False
    assert again["tagged"] is True
    assert any("vip" in tag for tag in again["tags"])


@DESKS
def test_a_person_takes_a_ticket_and_the_history_says_so(sandbox: Sandbox, desk: str) -> None:
    made = ticket(sandbox, desk)
    agent = "robin.agent@example.com"

    taken = send(sandbox, "POST", f"/tickets/{desk}/{made['id']}", {"by": agent, "assignee": agent}).json()
    left = send(sandbox, "POST", f"/tickets/{desk}/{made['id']}", {"by": agent, "assignee": ""}).json()

    assert (taken["assignee"], left["assignee"]) == (agent, None)
    assert [entry["by"] for entry in taken["history"]][-1] == agent
    assert set(taken["history"][-1]) == {"at", "by", "field", "from", "to"}


def test_an_attachment_comes_back_with_its_bytes_and_type(sandbox: Sandbox) -> None:
    made = ticket(sandbox)
    held = sandbox.frame.credentials
    sent = requests.post(
        f"{sandbox.servicenow_url}/api/now/attachment/file",
        params={"table_name": "incident", "table_sys_id": made["id"], "file_name": "facts.txt"},
        data=b"what was seen",
        headers={"Content-Type": "text/plain"},
        auth=(held.servicenow_user, held.servicenow_password),
        timeout=10,
    )
    assert sent.status_code == 201

    got = send(sandbox, "GET", f"/tickets/servicenow/{made['id']}/attachments/facts.txt")
    shown = next(item for item in state(sandbox)["tickets"] if item["id"] == made["id"])["attachments"]

    assert (got.status_code, got.content) == (200, b"what was seen")
    assert shown == [
        {
            "name": "facts.txt",
            "size": 13,
            "sha256": hashlib.sha256(b"what was seen").hexdigest(),
            "content_type": "text/plain",
            "by_worker": True,
        }
    ]


# Users


def test_each_of_the_three_copies_can_be_set_alone(sandbox: Sandbox) -> None:
    member = sandbox.world.members[3]
    entry = {"app_id": member.app_id, "source": {"title": "In AD"}, "app_user": {"title": "In the copy"}}

    user = send(
        sandbox, "POST", f"/users/{member.user_id}", {"profile": {"title": "In Okta"}, "directories": [entry]}
    ).json()

    (link,) = user["directories"]
    assert (user["profile"]["title"], link["source"]["title"], link["app_user"]["title"]) == (
        "In Okta",
        "In AD",
        "In the copy",
    )


# Faults and settings


def test_a_planned_fault_has_an_id_hits_and_is_counted(sandbox: Sandbox) -> None:
    before = state(sandbox)["faults_hit"]
    planned = send(
        sandbox, "POST", "/faults", {"product": "jira", "kind": "status", "status": 502, "path": "serverInfo"}
    )
    first, second = (
        requests.get(f"{sandbox.jira_url}/rest/api/2/serverInfo", timeout=10).status_code for _ in range(2)
    )

    assert planned.status_code == 201
    assert planned.json()["id"]
    assert first == 502 != second
    assert state(sandbox)["faults_hit"] == before + 1


def test_all_faults_are_cleared_at_once(sandbox: Sandbox) -> None:
    send(sandbox, "POST", "/faults", {"product": "jira", "method": "get", "times": 9, "kind": "html"})

    cleared = send(sandbox, "DELETE", "/faults")

    assert (cleared.status_code, cleared.content) == (204, b"")
    answer = requests.get(f"{sandbox.jira_url}/rest/api/2/serverInfo", timeout=10)
    assert "html" not in answer.headers["Content-Type"]


def test_settings_change_and_are_shown_together(sandbox: Sandbox) -> None:
    wanted = {"sync_seconds": 1.5, "latency_ms": 0, "limits": False, "index_lag_seconds": 2}
    held = send(sandbox, "POST", "/settings", wanted).json()
    send(sandbox, "POST", "/settings", {"sync_seconds": 5, "limits": True, "index_lag_seconds": 0})

    assert {name: held[name] for name in wanted} == wanted


# Refusals


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/tickets", {"desk": "zendesk"}, "desk: found 'zendesk'; allowed: servicenow, jira"),
        ("/tickets", {"desk": "jira", "tagged": True}, "missing: requester, summary, description"),
        ("/tickets", {"desk": "jira", "tagged": "yes"}, "tagged: expected bool, found str"),
        ("/tickets", {"desk": "jira", "owner": "me"}, "owner: not known here; allowed: desk, table"),
        ("/tickets", ["desk"], "the body: expected a JSON object"),
        ("/tickets/jira/{jira}/comments", {"author": "a@b", "visibility": "secret", "body": "x"}, "allowed: internal"),
        ("/tickets/jira/{jira}/comments", {"visibility": "public"}, "author and body"),
        ("/tickets/jira/{jira}/tags", {"add": [1]}, "add: expected a list of strings"),
        ("/tickets/jira/{jira}", {"status": "Done"}, "by: expected a login"),
        ("/users/{user}", {"profile": "x"}, "profile: expected dict, found str"),
        ("/users/{user}", {"directories": ["x"]}, "expected a JSON object"),
        ("/users/{user}", {"directories": [{"source": {}}]}, "needs an app_id"),
        ("/users/{user}", {"directories": [{"app_id": "0oaNo"}]}, "'0oaNo' is no directory"),
        ("/users/{user}", {"profile": {"login": None}}, "cannot be removed"),
        ("/faults", {"product": "slack", "kind": "html"}, "product: found 'slack'; allowed: okta, servicenow, jira"),
        ("/faults", {"product": "okta", "kind": "fire"}, "kind: found 'fire'; allowed: status"),
        ("/faults", {"product": "okta", "kind": "html", "path": "("}, "path: not a regular expression"),
        ("/faults", {"product": "okta", "kind": "html", "probability": 2}, "probability: found 2; expected 0 to 1"),
        ("/faults", {"product": "okta", "kind": "html", "times": 0}, "times: found 0; expected 1 or more"),
        ("/faults", {"product": "okta", "kind": "status", "status": 99}, "status: found 99; expected 200 to 599"),
        ("/faults", {"product": "okta", "kind": "delay", "seconds": -1}, "seconds: found -1"),
        ("/settings", {"latency_ms": -1}, "latency_ms: found -1; expected 0 or more"),
        ("/settings", {"colour": "red"}, "colour: not known here; allowed: sync_seconds"),
        ("/settings", {"okta_limits": {"apps": 0}}, "okta_limits: apps: found 0"),
        ("/settings", {"okta_limits": {"shoes": 1}}, "okta_limits: found 'shoes'; allowed: users"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_was_found_and_what_is_allowed(
    sandbox: Sandbox, path: str, body: Any, words: str
) -> None:
    jira = next(item["id"] for item in state(sandbox)["tickets"] if item["desk"] == "jira")

    answer = send(sandbox, "POST", path.format(jira=jira, user=sandbox.world.members[0].user_id), body)

    assert answer.status_code == 400
    assert words in answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("POST", "/users/00uNobody", "no Okta user '00uNobody'"),
        ("POST", "/directories/0oaNothing", "'0oaNothing' is no directory"),
        ("POST", "/tickets/zendesk/1/tags", "no desk 'zendesk'; there are servicenow, jira"),
        ("POST", "/tickets/jira/0/tags", "not found"),
        ("POST", "/tickets/servicenow/0/tags", "not found"),
        ("GET", "/tickets/servicenow/0/attachments/none.txt", "not found"),
        ("GET", "/worlds", "found GET /worlds; there are: GET /state"),
    ],
)
def test_what_is_not_there_is_a_404_that_names_it(sandbox: Sandbox, method: str, path: str, words: str) -> None:
    answer = send(sandbox, method, path, {} if method == "POST" else None)

    assert answer.status_code == 404
    assert words in answer.json()["error"]


def test_a_body_that_is_no_json_is_told_so(sandbox: Sandbox) -> None:
    answer = requests.post(f"{sandbox.control_url}/settings", data="limits=true", timeout=10)

    assert (answer.status_code, answer.json()["error"].partition(": not JSON")[0]) == (400, "the body")


def test_a_wrong_method_is_a_405_that_names_the_commands(sandbox: Sandbox) -> None:
    answer = send(sandbox, "DELETE", "/state")

    assert answer.status_code == 405
    assert "GET /state" in answer.json()["error"]
