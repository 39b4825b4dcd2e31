"""How the simulated Jira identifies callers, and the forms of its refusals."""

from __future__ import annotations

import pytest

from tests.sandbox.jira_server import GATEWAY, Server, basic


@pytest.fixture
def site() -> Server:
    return Server()


WRONG = basic("forcesync@example.com", "expired")


def test_everybody_may_ask_what_site_this_is_but_not_who_they_are(site: Server) -> None:
    assert site.get("/serverInfo", signed="").json()["deploymentType"] == "Cloud"
    assert site.get("/myself", signed="").status == 401
    assert site.get("/myself").json()["emailAddress"] == "forcesync@example.com"


def test_an_answer_names_the_caller_with_the_account_id_encoded(site: Server) -> None:
    headers = site.get("/myself").headers
    assert headers["x-aaccountid"].startswith("712020%3A")
    assert headers["x-arequestid"] != headers["atl-traceid"]
    assert headers["set-cookie"].startswith("atlassian.xsrf.token=")
    assert headers["content-type"] == "application/json;charset=UTF-8"


def test_a_refused_token_finds_nothing_instead_of_being_refused(site: Server) -> None:
    id = site.file()
    search = site.call("POST", "/search/jql", {"jql": "project = SUP"}, signed=WRONG)
    assert (search.status, search.json()) == (200, {"issues": [], "isLast": True})
    assert site.get(f"/issue/{id}", signed=WRONG).status == 404
    assert site.get(f"/issue/{id}", signed=WRONG).headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"
    assert "x-aaccountid" not in search.headers
    assert site.get("/serverInfo", signed=WRONG).status == 200


def test_a_site_may_refuse_a_token_openly(site: Server) -> None:
    site.state.habits.refusal = "unauthorized"
    assert [site.get(path, signed=WRONG).status for path in ("/serverInfo", "/issue/1", "/myself")] == [401] * 3


def test_a_captcha_is_a_403_with_its_reason() -> None:
    site = Server("datacenter")
    site.state.habits.refusal = "captcha"
    answer = site.get("/myself", signed="Bearer expired")
    assert answer.status == 403
    assert answer.headers["x-authentication-denied-reason"].startswith("CAPTCHA_CHALLENGE")


def test_data_center_takes_a_personal_access_token_and_names_people() -> None:
    site = Server("datacenter")
    answer = site.get("/myself")
    assert answer.json()["name"] == "forcesync"
    assert "accountId" not in answer.json()
    assert answer.headers["x-ausername"] == "forcesync"
    refused = site.get("/issue/1", signed="Bearer expired")
    expected = {"message": "Client must be authenticated to access this resource.", "status-code": 401}
    assert (refused.status, refused.json()) == (401, expected)


def test_a_scoped_token_works_at_the_gateway_only_as_basic_and_as_bearer(site: Server) -> None:
    held = site.frame.credentials
    both = (site.scoped, basic(held.jira_email, held.jira_scoped_token))
    assert [site.get(f"{GATEWAY}/rest/api/2/myself", signed=header).status for header in both] == [200, 200]
    assert [site.get("/myself", signed=header).status for header in both] == [401, 401]
    assert site.get(f"{GATEWAY}/rest/api/2/myself").json() == {"code": 401, "message": "Unauthorized"}


def test_the_gateway_is_found_by_the_sites_cloud_id(site: Server) -> None:
    cloud_id = site.get("/_edge/tenant_info", signed="").json()["cloudId"]
    assert f"/ex/jira/{cloud_id}" == GATEWAY
    assert site.get("/ex/jira/other/rest/api/2/myself", signed=site.scoped).status == 404
    assert Server("datacenter").get("/_edge/tenant_info").status == 404


def test_a_scoped_token_does_what_its_scopes_allow(site: Server) -> None:
    id = site.file()
    site.state.habits.scopes = {"read:jira-work"}
    issue = f"{GATEWAY}/rest/api/2/issue/{id}"
    assert site.get(issue, signed=site.scoped).status == 200
    search = {"jql": "project = SUP"}
    assert site.call("POST", f"{GATEWAY}/rest/api/2/search/jql", search, signed=site.scoped).status == 200
    refused = site.call("PUT", issue, {"fields": {}}, signed=site.scoped)
    assert (refused.status, refused.json()["message"]) == (401, "Unauthorized; scope does not match")
    assert site.get(f"{GATEWAY}/rest/api/2/myself", signed=site.scoped).status == 401
    assert site.get(f"{GATEWAY}/rest/servicedeskapi/request/{id}", signed=site.scoped).status == 401


def test_links_in_answers_of_the_gateway_lead_to_the_site(site: Server) -> None:
    shown = site.get(f"{GATEWAY}/rest/api/2/issue/{site.file()}", signed=site.scoped).json()
    assert "/ex/jira/" not in shown["self"]


def test_permissions_are_told_and_an_unknown_one_is_a_400(site: Server) -> None:
    site.state.habits.denied = {"ADD_COMMENTS"}
    held = site.get("/mypermissions?permissions=ADD_COMMENTS,EDIT_ISSUES").json()["permissions"]
    assert {key: item["havePermission"] for key, item in held.items()} == {"ADD_COMMENTS": False, "EDIT_ISSUES": True}
    assert site.get("/mypermissions").status == 400
    assert site.get("/mypermissions?permissions=FLY").status == 400
    assert site.get("/mypermissions?permissions=EDIT_ISSUES&projectKey=NONE").status == 404


@pytest.mark.parametrize(
    ("permission", "method", "path", "body", "status"),
    [
        ("BROWSE_PROJECTS", "GET", "", None, 404),
        ("ADD_COMMENTS", "POST", "/comment", {"body": "x", "properties": []}, 400),
        ("EDIT_ISSUES", "PUT", "", {"fields": {"summary": "x"}}, 403),
        ("EDIT_ISSUES", "PUT", "/properties/run", {"x": 1}, 403),
        ("ASSIGN_ISSUES", "PUT", "/assignee", {"accountId": None}, 403),
        ("TRANSITION_ISSUES", "POST", "/transitions", {"transition": {"id": "21"}}, 400),
        ("LINK_ISSUES", "POST", "/remotelink", {"object": {"url": "https://example.com", "title": "x"}}, 403),
    ],
)
def test_what_the_worker_may_not_do_is_refused_and_changes_nothing(
    site: Server, permission: str, method: str, path: str, body: object, status: int
) -> None:
    id = site.file()
    before = site.ticket(id)
    site.state.habits.denied = {permission}
    assert site.call(method, f"/issue/{id}{path}", body).status == status
    assert site.ticket(id) == before


def test_people_may_hide_their_address(site: Server) -> None:
    site.state.habits.hides_emails = True
    reporter = site.get(f"/issue/{site.file()}").json()["fields"]["reporter"]
    assert "emailAddress" not in reporter
    assert reporter["accountId"].startswith("712020:")
