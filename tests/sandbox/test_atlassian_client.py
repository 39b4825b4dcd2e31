"""`atlassian-python-api`, the other client of Jira, works issues on the simulated site as our connector does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox

atlassian = pytest.importorskip("atlassian.jira", reason="atlassian-python-api is not installed; the dev group has it")
pytestmark = pytest.mark.long
CALLER, AGENT = "adela.ashdown@example.com", "robin.agent@example.com"
TAGGED = 'project in ("SUP") AND labels = "profile-not-updating" AND statusCategory != Done ORDER BY created ASC'
INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}
MARKER = {"key": "forcesync.write", "value": "c1.note"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Scenario("empty", users=3), act=False) as running:
        yield running
        assert running.frame.violations == []


def signed(sandbox: Sandbox, kind: Any, **how: Any) -> Any:
    held = sandbox.frame.credentials
    return kind(sandbox.jira_url, username=held.jira_email, password=held.jira_token, **how)


@pytest.fixture
def jira(sandbox: Sandbox) -> Any:
    return signed(sandbox, atlassian.JiraCloud, api_version=2)


@pytest.fixture
def desk(sandbox: Sandbox) -> Any:
    return signed(sandbox, pytest.importorskip("atlassian").ServiceDesk, cloud=True)


def filed(sandbox: Sandbox) -> str:
    with sandbox.frame.lock:
        id = sandbox.jira.create(tagged=True, requester=CALLER, summary="My title is old", description="Clerk.")
        return str(sandbox.jira.ticket(id)["key"])


def test_the_site_the_account_and_its_permissions_are_known(jira: Any) -> None:
    assert jira.get_server_info()["deploymentType"] == "Cloud"
    assert jira.get_current_user()["emailAddress"] == "forcesync@example.com"
    asked = jira.get_my_permissions(project_key="SUP", permissions="ADD_COMMENTS,TRANSITION_ISSUES")
    assert [item["havePermission"] for item in asked["permissions"].values()] == [True, True]


def test_projects_fields_and_choices_are_listed(jira: Any) -> None:
    assert [item["key"] for item in jira.search_projects(query="sup")["values"]] == ["SUP"]
    assert jira.get_project("SUP")["projectTypeKey"] == "service_desk"
    assert "Affected user" in {item["name"] for item in jira.get_fields()}
    assert "Done" in {item["name"] for item in jira.get_resolutions()}
    assert "Relates" in {item["name"] for item in jira.get_issue_link_types()["issueLinkTypes"]}
    assert [item["emailAddress"] for item in jira.find_users(query="robin")] == [AGENT]


def test_tagged_open_issues_are_found_page_by_page(sandbox: Sandbox, jira: Any) -> None:
    keys = [filed(sandbox) for _ in range(3)]
    first = jira.enhanced_jql(TAGGED, fields=["summary"], limit=2)
    second = jira.enhanced_jql(TAGGED, fields=["summary"], limit=2, nextPageToken=first["nextPageToken"])
    assert [item["key"] for item in (*first["issues"], *second["issues"])] == keys
    assert (first["isLast"], second["isLast"]) == (False, True)


def test_an_issue_is_claimed_commented_on_internally_and_resolved(sandbox: Sandbox, jira: Any) -> None:
    key = filed(sandbox)
    jira.assign_issue(key, data={"accountId": jira.get_current_user()["accountId"]})
    jira.do_transition(key, data={"transition": {"id": _transition(jira, key, "Start work")}})
    made = jira.add_comment(key, data={"body": "Looking into it.", "properties": [INTERNAL, MARKER]})
    assert made["jsdPublic"] is False
    assert jira.get_comment_property(made["id"], "forcesync.write")["value"] == "c1.note"
    done = {
        "transition": {"id": _transition(jira, key, "Resolve this issue")},
        "fields": {"resolution": {"id": "10000"}},
    }
    jira.do_transition(key, data=done)

    shown = next(item for item in sandbox.jira.tickets() if item["key"] == key)
    assert (shown["status"], shown["resolution"]) == ("Resolved", "Done")
    assert [(item["visibility"], item["body"]) for item in shown["comments"]] == [("internal", "Looking into it.")]
    changed = jira.get_change_logs(key)["values"]
    assert [item["items"][0]["field"] for item in changed] == ["assignee", "status", "status", "resolution"]


def _transition(jira: Any, key: str, name: str) -> str:
    offered = jira.get_transitions(key, expand="transitions.fields")["transitions"]
    return next(str(item["id"]) for item in offered if item["name"] == name)


def test_properties_labels_and_links_are_written(sandbox: Sandbox, jira: Any) -> None:
    key, other = filed(sandbox), filed(sandbox)
    jira.set_issue_property(key, "forcesync.run", data={"run": "r1"})
    assert jira.get_issue_property(key, "forcesync.run")["value"] == {"run": "r1"}
    jira.edit_issue(key, data={"update": {"labels": [{"add": "seen"}]}})
    jira.link_issues(data={"type": {"name": "Relates"}, "inwardIssue": {"key": key}, "outwardIssue": {"key": other}})
    fields = jira.get_issue(key, fields="labels,issuelinks")["fields"]
    assert fields["labels"] == ["profile-not-updating", "seen"]
    assert fields["issuelinks"][0]["outwardIssue"]["key"] == other


def test_a_request_is_read_and_answered_on_the_right_side(sandbox: Sandbox, desk: Any) -> None:
    key = filed(sandbox)
    assert [item["projectKey"] for item in desk.get_service_desks()] == ["SUP", "IDM"]
    assert desk.get_customer_request(key)["issueKey"] == key
    desk.create_request_comment(key, "For us only.", public=False)
    desk.create_request_comment(key, "We look into it.", public=True)
    shown = next(item for item in sandbox.jira.tickets() if item["key"] == key)["comments"]
    assert [(item["visibility"], item["body"]) for item in shown] == [
        ("internal", "For us only."),
        ("public", "We look into it."),
    ]
    assert [item["name"] for item in desk.get_sla(key)] == []


def test_what_does_not_exist_is_told_in_the_words_of_each_api(jira: Any, desk: Any) -> None:
    errors = pytest.importorskip("requests").HTTPError
    with pytest.raises(errors, match="Issue does not exist or you do not have permission to see it"):
        jira.get_issue("SUP-99")
    with pytest.raises(errors, match="Issue does not exist or you do not have permission to see it"):
        desk.get_customer_request("SUP-99")
