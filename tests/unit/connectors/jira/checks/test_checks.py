"""Settings that do not match the site are reported by name before any ticket is touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from structlog.testing import capture_logs

from connectors.jira import FieldSettings, JiraSettings, ProjectSettings
from tests.unit.jira_site import Reply, Site, desk, serving
from workflows.errors import Misconfigured

GRANTED = {
    name: {"havePermission": True}
    for name in (
        *("BROWSE_PROJECTS", "ADD_COMMENTS", "ASSIGN_ISSUES", "TRANSITION_ISSUES", "CREATE_ATTACHMENTS"),
        "SERVICEDESK_AGENT",
    )
}


def values(*items: dict[str, Any], last: bool = True) -> Reply:
    return Reply({"isLastPage": last, "values": list(items)})


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.on("GET /serverInfo", Reply({"deploymentType": "Cloud"}, headers={}))
        site.on("GET /mypermissions", Reply({"permissions": GRANTED}))
        site.on("GET /project/ENG", Reply({"key": "ENG", "projectTypeKey": "software"}))
        site.on("GET /project/SUP", Reply({"key": "SUP", "projectTypeKey": "service_desk"}))
        site.on("GET /field", Reply([{"id": "customfield_10051"}]))
        site.on("GET /resolution", Reply([{"name": "Done"}, {"name": "Won't Do"}]))
        site.on("GET /rest/servicedeskapi/servicedesk", values({"id": "1", "projectKey": "SUP"}))
        yield site


def problem(site: Site, **changes: Any) -> str:
    with pytest.raises(Misconfigured) as caught:
        desk(site, **changes).check()
    return str(caught.value)


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


def test_an_unknown_field_is_named(site: Site) -> None:
    text = problem(site, fields=FieldSettings(user="customfield_1"))
    assert "fields.user: the site has no field customfield_1" in text


def test_an_unknown_resolution_is_named_with_the_existing_ones(site: Site) -> None:
    text = problem(site, projects={"SUP": ProjectSettings(service_desk_id="1", resolution="Fixed")})
    assert "projects.SUP.resolution: the site has no resolution 'Fixed'; it has: Done, Won't Do" in text


def ranks(*names: str) -> Reply:
    return Reply({"total": len(names), "values": [{"name": name} for name in names]})


def test_an_unknown_priority_of_a_route_is_named_with_the_existing_ones(site: Site) -> None:
    site.on("GET /mypermissions", Reply({"permissions": GRANTED | {"EDIT_ISSUES": {"havePermission": True}}}))
    site.on("GET /priority/search", ranks("High", "Low"))
    desk(site, routes={"directory_team": {"priority": "high"}}).check()
    text = problem(site, routes={"directory_team": {"priority": "P1"}})
    assert "routes of SUP, directory_team.priority: the site has no priority 'P1'; it has: High, Low" in text


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


@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({"email": ""}, "email: found ''; Jira Cloud needs"),
        ({"projects": {"sup": {"kind": "software"}}}, "projects: found 'sup'; allowed: a project's key"),
        ({"projects": {"SUP": {"kind": "service_desk"}}}, "projects.SUP.service_desk_id"),
        ({"projects": {}}, "projects"),
        ({"label": 'a" OR 1=1'}, "label"),
        ({"deployment": "server"}, "'cloud' or 'datacenter'"),
        ({"lable": "x"}, "lable"),
        ({"fields": {"user": "Affected user"}}, "fields.user"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(changes: dict[str, Any], reported: str) -> None:
    values: dict[str, Any] = {
        "url": "https://example.atlassian.net",
        "email": "forcesync@example.com",
        "token": SecretStr("s3cret"),
        "projects": {"ENG": {"kind": "software"}},
    }
    assert JiraSettings(**values).projects["ENG"].kind == "software"
    with pytest.raises(ValidationError) as caught:
        JiraSettings(**values | changes)
    assert reported in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_an_unknown_link_is_reported(site: Site) -> None:
    kinds = [{"id": "1", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}]
    site.on("GET /issueLinkType", Reply({"issueLinkTypes": kinds}))
    desk(site, links={"Is blocked by": "child"}).check()
    text = problem(site, links={"is bloked by": "child"})
    assert (
        "links: the site has no link 'is bloked by'; near ones: 'is blocked by'; it has: blocks, is blocked by" in text
    )


def test_a_link_type_that_we_set_ourselves_must_not_relate_tickets(site: Site) -> None:
    kinds = [{"id": "1", "name": "Relates", "inward": "relates to", "outward": "relates to"}]
    site.on("GET /issueLinkType", Reply({"issueLinkTypes": kinds}))
    assert "'relates to' is a link of the type 'Relates'" in problem(site, links={"relates to": "problem"})
    desk(site, links={"relates to": "problem"}, link_type="").check()


WORKFLOWS = Reply(
    [
        {"name": "Task", "statuses": [{"name": "To Do"}, {"name": "In Progress"}, {"name": "Done"}]},
        {"name": "Bug", "statuses": [{"name": "In Progress"}, {"name": "Closed"}]},
    ]
)


def software(**changes: Any) -> dict[str, ProjectSettings]:
    return {"ENG": ProjectSettings(kind="software", **changes)}


def test_an_unknown_status_is_reported_with_near_names(site: Site) -> None:
    site.on("GET /project/ENG/statuses", WORKFLOWS)
    desk(site, projects=software(statuses={"claimed": "in progress", "resolved": "Closed"})).check()
    text = problem(site, projects=software(statuses={"claimed": "In Progres"}))
    reported = (
        "projects.ENG.statuses.claimed: the project has no status 'In Progres'; near ones: 'In Progress'; it has: "
    )
    assert reported + "Closed, Done, In Progress, To Do" in text


def test_each_issue_type_is_checked_against_its_own_workflow(site: Site) -> None:
    site.on("GET /project/ENG", Reply({"issueTypes": [{"name": "Task"}, {"name": "Bug"}]}))
    site.on("GET /project/ENG/statuses", WORKFLOWS)
    kinds: dict[str, Any] = {"Task": {}, "Bug": {"statuses": {"resolved": "Closed"}}}
    desk(site, projects=software(issue_types=kinds, statuses={"resolved": "Done"})).check()
    text = problem(site, projects=software(issue_types=kinds | {"Bug": {}}, statuses={"resolved": "Done"}))
    assert "projects.ENG.statuses.resolved: issues of the type 'Bug' have no status 'Done'; it has: " in text
    kinds["Bug"] = {"statuses": {"resolved": "Shut"}}
    text = problem(site, projects=software(issue_types=kinds))
    assert "projects.ENG.issue_types.Bug.statuses.resolved: issues of the type 'Bug' have no status 'Shut'" in text


def test_the_status_of_a_route_is_checked_against_the_project(site: Site) -> None:
    site.on("GET /project/ENG/statuses", WORKFLOWS)
    text = problem(site, projects=software(), routes={"okta_support": {"status": "Pending"}})
    assert "routes of ENG, okta_support.status: the project has no status 'Pending'" in text


def test_the_service_desk_of_another_project_is_reported(site: Site) -> None:
    text = problem(site, projects={"SUP": ProjectSettings(service_desk_id="2")})
    assert "projects.SUP.service_desk_id: found '2'; that of project SUP is '1'" in text
    site.on("GET /rest/servicedeskapi/servicedesk", values({"id": "4", "projectKey": "HR"}))
    assert "the account sees no service desk of project SUP; it sees those of: HR" in problem(site)


def test_an_unknown_request_type_is_reported_after_reading_all_pages(site: Site) -> None:
    site.on("GET /field", Reply([{"id": "customfield_10010"}]))
    names: list[dict[str, Any]] = [{"name": "Get IT help"}, {"name": "Update my profile"}]
    pages = values(names[0], last=False), values(names[1])
    site.on("GET /rest/servicedeskapi/servicedesk/1/requesttype", *pages, values(*names))
    desk(site, projects={"SUP": ProjectSettings(service_desk_id="1", request_types=("Update my profile",))}).check()
    text = problem(site, projects={"SUP": ProjectSettings(service_desk_id="1", request_types=("Update profile",))})
    reported = "projects.SUP.request_types: the service desk has no request type 'Update profile'; near ones: "
    assert reported + "'Update my profile'; it has: Get IT help, Update my profile" in text


@pytest.mark.parametrize("path", ["servicedesk", "servicedesk/1/requesttype"])
def test_request_types_that_the_account_may_not_list_are_logged_and_stop_nothing(site: Site, path: str) -> None:
    site.on("GET /field", Reply([{"id": "customfield_10010"}]))
    site.on(f"GET /rest/servicedeskapi/{path}", Reply({"errorMessage": "not a licensed agent"}, 403))
    named = ("Update my profile",)
    with capture_logs() as lines:
        desk(site, attach_diagnostics=False, projects={"SUP": ProjectSettings(request_types=named)}).check()
    assert "request types are not held against the settings" in [line["event"] for line in lines]
    project = ProjectSettings(service_desk_id="1", request_types=named)
    assert "not a licensed agent" in problem(site, projects={"SUP": project})


def test_an_invisible_service_desk_is_reported_with_the_setting_that_needs_it(site: Site) -> None:
    site.on("GET /field", Reply([{"id": "customfield_10010"}]))
    site.on("GET /rest/servicedeskapi/servicedesk", values({"id": "4", "projectKey": "HR"}))
    project = ProjectSettings(request_types=("Update my profile",))
    text = problem(site, attach_diagnostics=False, projects={"SUP": project})
    assert "projects.SUP.request_types: the account sees no service desk of project SUP" in text
    assert "service_desk_id" not in text


def test_a_configured_sla_must_exist_and_the_default_one_need_not(site: Site) -> None:
    sla = {"custom": "com.atlassian.servicedesk:sd-sla-field"}
    fields = [{"id": "customfield_1", "name": "Time to resolve", "schema": sla}, {"id": "summary", "name": "Summary"}]
    site.on("GET /field", Reply(fields))
    desk(site).check()
    desk(site, sla="Time to resolve").check()
    text = problem(site, sla="Time to resolution")
    reported = "sla: the site has no SLA 'Time to resolution'; near ones: 'Time to resolve'; it has: Time to resolve"
    assert reported in text
    desk(site, sla="Summary", sla_percent=0).check()


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
