"""Settings that do not match the site are reported by name before any ticket is touched."""

from __future__ import annotations

from typing import Any

from structlog.testing import capture_logs

from connectors.jira import FieldSettings, ProjectSettings
from tests.unit.connectors.jira.checks.sites import GRANTED, problem, values
from tests.unit.jira_site import Reply, Site, desk


def test_settings_that_match_the_site_pass_and_nothing_is_written(site: Site) -> None:
    desk(site, fields=FieldSettings(user="customfield_10051")).check()
    assert {asked.method for asked in site.asked} == {"GET"}


def test_a_wrong_deployment_is_reported(site: Site) -> None:
    site.on("GET /serverInfo", Reply({"deploymentType": "Server"}, headers={}))
    assert "the site says it is 'Server'; the setting `deployment` says cloud" in problem(site)


def test_a_refused_token_is_reported(site: Site) -> None:
    site.on("GET /myself", Reply({"message": "Client must be authenticated", "status-code": 401}, 401, headers={}))
    assert "Client must be authenticated" in problem(site)


def test_a_missing_permission_is_named_with_its_project(site: Site) -> None:
    site.on("GET /mypermissions", Reply({"permissions": GRANTED | {"ASSIGN_ISSUES": {"havePermission": False}}}))
    text = problem(site)
    assert "project SUP" in text
    assert "the account lacks ASSIGN_ISSUES" in text


def test_an_account_must_be_an_agent_of_service_projects_only(site: Site) -> None:
    both = {"SUP": ProjectSettings(service_desk_id="1"), "ENG": ProjectSettings(kind="software")}
    desk(site, projects=both).check()
    asked = {call.query["projectKey"]: call.query["permissions"] for call in site.asked if "mypermissions" in call.path}
    assert {"SUP": True, "ENG": False} == {key: "SERVICEDESK_AGENT" in names for key, names in asked.items()}
    site.on("GET /mypermissions", Reply({"permissions": GRANTED | {"SERVICEDESK_AGENT": {"havePermission": False}}}))
    assert "project SUP: the account lacks SERVICEDESK_AGENT" in problem(site, projects=both)


def test_an_unknown_project_is_named_with_near_ones(site: Site) -> None:
    site.on("GET /project/search", values({"key": "SUP"}, {"key": "ENG"}))
    text = problem(site, projects={"SPU": ProjectSettings(kind="software")})
    told = (
        "projects.SPU: the account sees no project 'SPU'; near ones: 'SUP'; it has: SUP, ENG; correct the key, or give"
    )
    assert told in text
    assert 1 == text.count("SPU: the account")


def test_a_project_of_the_other_kind_is_named_with_what_to_set(site: Site) -> None:
    site.on("GET /project/SUP", Reply({"key": "SUP", "projectTypeKey": "software"}))
    text = problem(site)
    assert "projects.SUP.kind: found 'service_desk'; Jira says that SUP is 'software': set kind = 'software'" in text


def test_an_assignee_whose_address_the_site_hides_is_named_by_key_and_id(site: Site) -> None:
    site.on("GET /user/search", Reply([{"accountId": "712020:queue", "active": True, "displayName": "Queue"}]))
    text = problem(site, routes={"directory_team": {"assignee": "queue@example.com"}})
    assert "routes.directory_team.assignee: found 'queue@example.com'; no active accounts have exactly this" in text
    assert "the site hides the addresses of those that it found; give the accountId, if right: 712020:queue" in text


def test_every_wrong_assignee_is_named(site: Site) -> None:
    site.on("GET /user/search", people())
    text = problem(site, escalation_assignee="a@example.com", routes={"okta_support": {"assignee": "b@example.com"}})
    assert "escalation_assignee: found 'a@example.com'" in text
    assert "routes.okta_support.assignee: found 'b@example.com'" in text


def test_a_priority_needs_the_right_to_edit(site: Site) -> None:
    assert "the account lacks EDIT_ISSUES" in problem(site, routes={"directory_team": {"priority": "High"}})


def people(*found: tuple[str, str]) -> Reply:
    return Reply([{"accountId": account, "emailAddress": address, "active": True} for account, address in found])


def test_the_escalation_assignee_is_the_one_with_exactly_this_address(site: Site) -> None:
    site.on("GET /user/search", people(("1", "queue@example.com.evil.example"), ("2", "Queue@example.com")))
    desk(site, escalation_assignee="queue@example.com").check()
    site.on("GET /user/search", people(("1", "queue2@example.com")))
    assert "no active accounts have exactly this" in problem(site, escalation_assignee="queue@example.com")
    site.on("GET /user/search", people(("1", "queue@example.com"), ("2", "queue@example.com")))
    assert "2 active accounts have exactly this" in problem(site, escalation_assignee="queue@example.com")


def test_an_account_id_is_looked_up_as_such(site: Site) -> None:
    site.on("GET /user", Reply({"accountId": "712020:queue", "active": True}))
    desk(site, escalation_assignee="712020:queue").check()
    site.on("GET /user", Reply({"errorMessages": ["no such user"]}, 404))
    assert "'712020:queue'" in problem(site, escalation_assignee="712020:queue")


def warnings(site: Site, **changes: Any) -> dict[str, str]:
    with capture_logs() as logs:
        desk(site, **changes).check()
    return {line["event"]: line["text"] for line in logs if line["log_level"] == "warning"}


def test_a_label_that_no_issue_carries_is_told_with_near_ones(site: Site) -> None:
    first = {"startAt": 0, "isLast": False, "values": ["billing"]}
    site.on("GET /label", Reply(first), Reply({"startAt": 1, "isLast": True, "values": ["profile-not-updating"]}))
    told = warnings(site, label="profile-not-updatng")["the label is not in use"]
    assert "label: no issue carries 'profile-not-updatng' yet; near ones: 'profile-not-updating'" in told
    site.on("GET /label", Reply({"startAt": 0, "isLast": True, "values": ["profile-not-updating"]}))
    assert "the label is not in use" not in warnings(site)


def test_a_site_that_lists_no_labels_is_used_all_the_same(site: Site) -> None:
    assert "the label is not in use" not in warnings(site)


def test_a_project_whose_hand_overs_nobody_gets_is_told(site: Site) -> None:
    assert "hand-overs of project SUP are assigned to nobody" in warnings(site)["nobody gets hand-overs"]
