"""Issues of the simulated Jira: read, created, edited, moved through their workflow, assigned, linked."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.jira import workflow
from tests.sandbox.jira_server import AGENT, CUSTOMER, Server


@pytest.fixture
def site() -> Server:
    return Server()


def offered(site: Server, id: str, name: str) -> dict[str, Any]:
    shown = site.get(f"/issue/{id}/transitions?expand=transitions.fields").json()["transitions"]
    found: dict[str, Any] = next(item for item in shown if item["to"]["name"] == name)
    return found


# reading


def test_fields_are_those_asked_for_and_minus_takes_one_away(site: Server) -> None:
    id = site.file()
    assert set(site.get(f"/issue/{id}?fields=summary,labels").json()["fields"]) == {"summary", "labels"}
    assert "comment" not in site.get(f"/issue/{id}?fields=*all,-comment").json()["fields"]


def test_properties_and_expansions_come_when_asked_for(site: Server) -> None:
    id = site.file()
    site.call("PUT", f"/issue/{id}/properties/run", {"step": 1})
    shown = site.get(f"/issue/{id}?properties=run,none&expand=renderedFields,names,changelog,transitions").json()
    assert shown["properties"] == {"run": {"step": 1}}
    assert shown["renderedFields"]["description"] == "<p>It says Clerk.</p>"
    assert {"names", "changelog", "transitions"} <= shown.keys()


def test_an_issue_keeps_its_number_and_its_former_key_when_it_is_moved(site: Server) -> None:
    id = site.file()
    site.state.move(site.state.issue(id), workflow.ENGINEERING, site.state.account(AGENT))
    shown = site.get("/issue/SUP-1").json()
    assert (shown["id"], shown["key"]) == (id, "ENG-1")
    assert site.found("key = SUP-1") == [id]


def test_there_is_no_issue_for_who_may_not_see_it(site: Server) -> None:
    expected = "Issue does not exist or you do not have permission to see it."
    assert site.get("/issue/SUP-99").json()["errorMessages"] == [expected]
    assert Server("datacenter").get("/issue/SUP-99").json()["errorMessages"] == ["Issue Does Not Exist"]


def test_the_changelog_tells_every_change_in_pages(site: Server) -> None:
    id = site.file()
    site.transition(id, "Start work")
    site.call("PUT", f"/issue/{id}/assignee", {"accountId": site.state.worker.id})
    first = site.get(f"/issue/{id}/changelog?maxResults=1").json()
    assert (first["total"], first["isLast"]) == (2, False)
    assert first["values"][0]["items"][0]["toString"] == "In Progress"
    assert site.get(first["nextPage"].partition(":8082")[2]).json()["isLast"] is True


# writing


def test_an_edit_answers_204_with_nothing_in_it(site: Server) -> None:
    id = site.file()
    answer = site.call("PUT", f"/issue/{id}", {"update": {"labels": [{"add": "seen"}]}, "fields": {"summary": "New"}})
    assert (answer.status, answer.body) == (204, b"")
    assert (site.ticket(id)["summary"], site.ticket(id)["tags"]) == ("New", ["profile-not-updating", "seen"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": {"resolution": {"name": "Done"}}},
        {"fields": {"labels": ["two words"]}},
        {"fields": {"labels": ["a"]}, "update": {"labels": [{"add": "b"}]}},
        {"fields": {"summary": ""}},
        {"fields": ["summary"]},
    ],
)
def test_a_wrong_edit_changes_nothing(site: Server, wrong: dict[str, Any]) -> None:
    id = site.file()
    before = site.ticket(id)
    assert site.call("PUT", f"/issue/{id}", wrong).status == 400
    assert site.ticket(id) == before


def test_two_edits_at_once_are_a_conflict(site: Server) -> None:
    id = site.file()
    site.state.habits.conflicts = 2
    assert site.call("PUT", f"/issue/{id}", {"fields": {"summary": "New"}}).status == 409
    assert site.transition(id, "Start work").status == 409
    assert site.ticket(id)["status"] == "Open"
    assert site.transition(id, "Start work").status == 204


def test_an_issue_is_created_with_what_it_needs(site: Server) -> None:
    needed = {"project": {"key": "ENG"}, "issuetype": {"name": "Task"}, "summary": "Mapping is broken"}
    answer = site.call("POST", "/issue", {"fields": needed})
    assert answer.status == 201
    assert site.get(f"/issue/{answer.json()['key']}").json()["id"] == answer.json()["id"]
    for name in needed:
        refused = site.call("POST", "/issue", {"fields": {key: needed[key] for key in needed if key != name}})
        assert (refused.status, list(refused.json()["errors"])) == (400, [name])


# transitions


def test_a_transition_with_a_screen_needs_a_resolution(site: Server) -> None:
    id = site.file()
    assert offered(site, id, "Resolved")["fields"]["resolution"]["required"] is True
    refused = site.transition(id, "Resolve this issue")
    assert (refused.status, refused.json()["errors"]) == (400, {"resolution": "Field Resolution is required."})
    answer = site.transition(id, "Resolve this issue", resolution={"name": "Done"})
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["content-type"].startswith("text/html")
    assert (site.ticket(id)["status"], site.ticket(id)["resolution"]) == ("Resolved", "Done")


def test_a_resolution_that_is_not_on_the_screen_cannot_be_set(site: Server) -> None:
    id = site.file("ENG")
    refused = site.transition(id, "Done", resolution={"name": "Done"})
    words = "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown."
    assert (refused.status, refused.json()["errors"]["resolution"]) == (400, words)
    assert site.transition(id, "Done").status == 204
    assert site.ticket(id)["resolution"] == "Done"


def test_a_screen_may_be_missing_from_the_list_and_needed_all_the_same(site: Server) -> None:
    id = site.file()
    site.state.habits.hides_screens = True
    assert offered(site, id, "Resolved")["fields"] == {}
    assert site.transition(id, "Resolve this issue").status == 400
    assert site.transition(id, "Resolve this issue", resolution={"name": "Done"}).status == 204


def test_a_transition_may_lose_its_resolution_or_keep_an_old_one(site: Server) -> None:
    id = site.file()
    site.state.habits.loses_resolution = True
    site.transition(id, "Resolve this issue", resolution={"name": "Done"})
    assert (site.ticket(id)["status"], site.ticket(id)["resolution"]) == ("Resolved", None)
    site.state.habits.loses_resolution, site.state.habits.keeps_resolution = False, True
    site.transition(id, "Close", resolution={"name": "Done"})
    site.transition(id, "Back to open")
    assert (site.ticket(id)["status"], site.ticket(id)["resolution"]) == ("Open", "Done")


def test_who_may_not_move_an_issue_is_offered_nothing(site: Server) -> None:
    id = site.file()
    site.state.habits.denied = {"TRANSITION_ISSUES"}
    assert site.get(f"/issue/{id}/transitions").json()["transitions"] == []


def test_a_transition_that_is_not_offered_is_refused(site: Server) -> None:
    id = site.file()
    assert site.transition(id, "Back to open").status == 400
    assert site.call("POST", f"/issue/{id}/transitions", {}).status == 400


def test_names_come_in_the_language_of_the_profile_and_keys_do_not(site: Server) -> None:
    id = site.file()
    site.state.habits.language = "de"
    found = offered(site, id, "Erledigt")
    assert (found["name"], found["to"]["statusCategory"]["key"]) == ("Vorgang lösen", "done")
    assert site.get(f"/issue/{id}").json()["fields"]["status"]["name"] == "Offen"
    assert site.transition(id, "Resolve this issue", resolution={"name": "Fertig"}).status == 204
    assert site.ticket(id)["resolution"] == "Done"


def test_a_comment_of_a_transition_is_public(site: Server) -> None:
    id = site.file()
    asked = {"transition": {"id": "21"}, "update": {"comment": [{"add": {"body": "On it."}}]}}
    assert site.call("POST", f"/issue/{id}/transitions", asked).status == 204
    assert [item["visibility"] for item in site.ticket(id)["comments"]] == ["public"]
    assert site.rules_broken() == ["comment without a stated side"]


# assignee and links


def test_an_assignee_is_set_by_id_and_taken_off_by_null(site: Server) -> None:
    id = site.file()
    assert site.call("PUT", f"/issue/{id}/assignee", {"accountId": site.state.worker.id}).status == 204
    assert site.ticket(id)["assignee"] == "forcesync@example.com"
    assert site.call("PUT", f"/issue/{id}/assignee", {"accountId": None}).status == 204
    assert site.ticket(id)["assignee"] is None
    customer = site.state.account(CUSTOMER).id
    for wrong in ({"accountId": "nobody"}, {"accountId": customer}, {"name": "forcesync"}):
        assert site.call("PUT", f"/issue/{id}/assignee", wrong).status == 400


def test_data_center_assigns_by_name() -> None:
    site = Server("datacenter")
    id = site.file()
    assert site.call("PUT", f"/issue/{id}/assignee", {"name": "forcesync"}).status == 204
    assert site.ticket(id)["assignee"] == "forcesync@example.com"


def test_a_link_is_a_201_with_nothing_in_it_and_stands_on_both_issues(site: Server) -> None:
    one, other = site.file(), site.file("ENG")
    asked = {"type": {"name": "Relates"}, "inwardIssue": {"key": "ENG-1"}, "outwardIssue": {"key": "SUP-1"}}
    answer = site.call("POST", "/issueLink", asked)
    assert (answer.status, answer.body) == (201, b"")
    assert (site.ticket(one)["links"], site.ticket(other)["links"]) == (["ENG-1"], ["SUP-1"])
    assert site.call("POST", "/issueLink", asked | {"type": {"name": "None"}}).status == 404
    assert site.call("POST", "/issueLink", asked | {"inwardIssue": {"key": "SUP-1"}}).status == 400
    site.state.habits.most_links = 1
    assert site.call("POST", "/issueLink", asked).status == 413


def test_a_remote_link_of_the_same_global_id_is_changed_not_doubled(site: Server) -> None:
    id = site.file()
    told = {"globalId": "case=1", "object": {"url": "https://example.com/1", "title": "Case 1"}}
    first = site.call("POST", f"/issue/{id}/remotelink", told)
    again = site.call("POST", f"/issue/{id}/remotelink", told)
    assert (first.status, again.status, first.json()["id"] == again.json()["id"]) == (201, 200, True)
    assert len(site.get(f"/issue/{id}/remotelink").json()) == 1
    assert site.get(f"/issue/{id}/remotelink?globalId=case=1").json()["object"]["title"] == "Case 1"
    assert site.call("POST", f"/issue/{id}/remotelink", {"object": {}}).status == 400


# priority


def test_a_priority_is_set_by_name_or_id_and_kept_in_the_changelog(site: Server) -> None:
    id = site.file()
    assert site.call("PUT", f"/issue/{id}", {"fields": {"priority": {"name": "High"}}}).status == 204
    assert site.get(f"/issue/{id}").json()["fields"]["priority"]["id"] == "2"
    refused = site.call("PUT", f"/issue/{id}", {"fields": {"priority": {"name": "P1"}}})
    assert (refused.status, refused.json()["errors"]) == (400, {"priority": "The priority selected is invalid."})
    changes = site.get(f"/issue/{id}/changelog").json()["values"]
    assert [(item["fromString"], item["toString"]) for row in changes for item in row["items"]] == [("Medium", "High")]


def test_priorities_are_paged_on_cloud_and_one_list_on_data_center(site: Server) -> None:
    first = site.get("/priority/search?maxResults=2").json()
    assert ([item["name"] for item in first["values"]], first["isLast"]) == (["Highest", "High"], False)
    there = Server("datacenter")
    assert [item["name"] for item in there.get("/priority").json()][-1] == "Lowest"
    assert there.get("/priority/search").status == 404


def test_projects_are_searched_in_pages_on_cloud(site: Server) -> None:
    found = site.get("/project/search?query=eng").json()
    assert ([item["key"] for item in found["values"]], found["total"], found["isLast"]) == (["ENG"], 1, True)
    first = site.get("/project/search?maxResults=2").json()
    assert (len(first["values"]), first["total"], first["isLast"]) == (2, 3, False)
    assert site.get("/project/search", signed="").json()["values"] == []


def test_data_center_lists_its_projects_and_takes_search_for_a_key() -> None:
    site = Server("datacenter")
    assert [item["key"] for item in site.get("/project").json()] == ["SUP", "ENG", "IDM"]
    answer = site.get("/project/search")
    assert (answer.status, answer.json()["errorMessages"]) == (404, ["No project could be found with key 'search'."])
