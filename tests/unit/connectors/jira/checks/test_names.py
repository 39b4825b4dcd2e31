"""Names that the site does not have are reported with near ones before any ticket is touched."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from connectors.jira import FieldSettings, ProjectSettings
from tests.unit.connectors.jira.checks.sites import GRANTED, problem, values
from tests.unit.jira_site import Reply, Site, desk


def test_an_unknown_field_is_named(site: Site) -> None:
    text = problem(site, fields=FieldSettings(user="customfield_1"))
    assert "fields.user: the site has no field customfield_1" in text


def test_an_unknown_resolution_is_named_with_the_existing_ones(site: Site) -> None:
    text = problem(site, projects={"SUP": ProjectSettings(service_desk_id="1", resolution="Fixed")})
    assert "projects.SUP.resolution: the site has no resolution 'Fixed'; it has: Done, Won't Do" in text


def test_every_wrong_resolution_is_named_with_its_whole_key(site: Site) -> None:
    projects = {"SUP": ProjectSettings(service_desk_id="1", resolution="Fixed")}
    projects |= {"ENG": ProjectSettings(kind="software", unconfirmed_resolution="Dun")}
    text = problem(site, projects=projects)
    assert "desks.jira.projects.SUP.resolution: the site has no resolution 'Fixed'" in text
    assert "desks.jira.projects.ENG.unconfirmed_resolution: the site has no resolution 'Dun'" in text


def ranks(*names: str) -> Reply:
    return Reply({"total": len(names), "values": [{"name": name} for name in names]})


def test_an_unknown_priority_of_a_route_is_named_with_the_existing_ones(site: Site) -> None:
    site.on("GET /mypermissions", Reply({"permissions": GRANTED | {"EDIT_ISSUES": {"havePermission": True}}}))
    site.on("GET /priority/search", ranks("High", "Low"))
    desk(site, routes={"directory_team": {"priority": "high"}}).check()
    text = problem(site, routes={"directory_team": {"priority": "P1"}})
    assert "desks.jira.routes.directory_team.priority: the site has no priority 'P1'; it has: High, Low" in text


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
    assert "desks.jira.routes.okta_support.status: the project has no status 'Pending'" in text


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
