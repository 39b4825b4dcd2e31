"""What the simulated Jira's searches find, when, and which they refuse."""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.sandbox.jira_server import AGENT, Server


@pytest.fixture
def site() -> Server:
    return Server()


TAGGED = 'project in ("SUP") AND labels = "profile-not-updating" ORDER BY created ASC, key ASC'


def test_a_search_tells_numbers_only_unless_fields_are_asked_for(site: Server) -> None:
    id = site.file()
    assert site.find(TAGGED).json() == {"issues": [{"id": id}], "isLast": True}
    shown = site.find(TAGGED, fields=["summary"]).json()["issues"][0]
    assert (shown["key"], shown["fields"]) == ("SUP-1", {"summary": "Title is old"})


def test_pages_follow_a_token_until_the_last(site: Server) -> None:
    ids = [site.file() for _ in range(5)]
    found, answer = [], site.find(TAGGED, maxResults=2).json()
    while True:
        found += [hit["id"] for hit in answer["issues"]]
        if answer["isLast"]:
            break
        answer = site.find(TAGGED, maxResults=2, nextPageToken=answer["nextPageToken"]).json()
    assert found == ids
    assert "nextPageToken" not in answer


def test_a_token_shows_the_query_to_whoever_decodes_it(site: Server) -> None:
    for _ in range(2):
        site.file()
    token = site.find(TAGGED, maxResults=1).json()["nextPageToken"]
    assert TAGGED in base64.urlsafe_b64decode(token).decode()


def test_a_token_of_another_query_an_old_one_and_an_invented_one_are_refused(site: Server) -> None:
    for _ in range(2):
        site.file()
    token = site.find(TAGGED, maxResults=1).json()["nextPageToken"]
    assert site.find("project = SUP", nextPageToken=token).status == 400
    assert site.find(TAGGED, nextPageToken="bm9uc2Vuc2U=").status == 400
    site.clock.advance(timedelta(days=8).total_seconds())
    assert site.find(TAGGED, nextPageToken=token).status == 400


def test_a_page_has_at_most_5000_numbers_and_fewer_issues_with_fields(site: Server) -> None:
    for _ in range(102):
        site.file()
    assert len(site.found("project = SUP", maxResults=9999)) == 102
    assert len(site.found("project = SUP", maxResults=9999, fields=["summary"])) == 100


@pytest.mark.parametrize(
    "jql",
    [
        "ORDER BY created",
        "",
        "status != Open",
        "project = NONE",
        "status = Nowhere",
        "labels = do",
        "labels = a@b",
        "key = SUP-99",
        "colour = red",
        "project = SUP AND",
        "project = SUP ORDER BY " + ", ".join(["created"] * 8),
        "project = SUP ORDER BY luck",
        "updated > yesterday",
    ],
)
def test_a_query_that_jira_would_not_take_is_refused(site: Server, jql: str) -> None:
    assert site.find(jql).status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": "summary"},
        {"expand": ["names"]},
        {"reconcileIssues": ["SUP-1"]},
        {"reconcileIssues": list(range(1, 52))},
        {"properties": ["a", "b", "c", "d", "e", "f"]},
        {"maxResults": "many"},
    ],
)
def test_a_search_with_a_wrong_parameter_is_refused(site: Server, wrong: dict[str, object]) -> None:
    assert site.find("project = SUP", **wrong).status == 400


@pytest.mark.parametrize(
    ("jql", "hits"),
    [
        ('labels = "profile-not-updating"', ["SUP-1", "ENG-1"]),
        ("project = SUP AND labels is EMPTY", ["SUP-2"]),
        ("project = SUP AND labels != other", ["SUP-1"]),
        ("project = SUP AND (labels not in (other) OR labels is EMPTY)", ["SUP-1", "SUP-2"]),
        ("project = SUP AND NOT labels = profile-not-updating", ["SUP-2"]),
        ("statusCategory != Done AND project = ENG", ["ENG-1"]),
        ("resolution = Unresolved AND project = ENG", ["ENG-1"]),
        ('summary ~ "printer"', ["SUP-2"]),
        ("assignee = currentUser()", []),
        ("key in (SUP-2, ENG-1) ORDER BY key DESC", ["SUP-2", "ENG-1"]),
        ('project = "SUP" AND labels = "order by x"', []),
    ],
)
def test_clauses_find_what_they_say(site: Server, jql: str, hits: list[str]) -> None:
    site.file()
    site.file(tagged=False, summary="The printer hums")
    site.file("ENG")
    assert [hit["key"] for hit in site.find(jql, fields=["key"]).json()["issues"]] == hits


def test_quoted_dates_are_read_in_the_callers_zone_and_epochs_are_not(site: Server) -> None:
    site.file()  # at 09:00 UTC, 10:00 in Berlin
    assert site.found('project = SUP AND created >= "2026-11-24 10:00"') != []
    assert site.found('project = SUP AND created >= "2026-11-24 10:01"') == []
    epoch = int(site.clock().timestamp() * 1000)
    assert site.found(f"project = SUP AND created >= {epoch}") != []
    site.state.habits.zone = "America/New_York"
    assert site.found('project = SUP AND created >= "2026-11-24 10:00"') == []
    assert site.found(f"project = SUP AND created >= {epoch}") != []
    assert site.get("/issue/10001").json()["fields"]["created"] == "2026-11-24T04:00:00.000-0500"


def test_the_index_sees_new_issues_and_changes_late(site: Server) -> None:
    site.frame.settings.index_lag_seconds = 30
    id = site.file()
    assert site.found(TAGGED) == []
    assert site.get(f"/issue/{id}").status == 200
    site.clock.advance(31)
    assert site.found(TAGGED) == [id]
    site.people.tag(id, add=[], remove=[""])
    site.people.change(id, by=AGENT, status="In Progress")
    stale = site.find(TAGGED, fields=["status"]).json()["issues"][0]
    assert (stale["id"], stale["fields"]["status"]["name"]) == (id, "Open")
    site.clock.advance(31)
    assert site.found(TAGGED) == []


def test_reconciled_issues_are_seen_as_they_are(site: Server) -> None:
    site.frame.settings.index_lag_seconds = 30
    id = site.file()
    assert site.found(TAGGED, reconcileIssues=[int(id)]) == [id]
    answer = site.get(f"/search/jql?jql={quote(TAGGED)}&reconcileIssues={id}")
    assert [hit["id"] for hit in answer.json()["issues"]] == [id]


def test_an_issue_that_was_found_may_be_missing_from_the_next_search(site: Server) -> None:
    id = site.file()
    site.state.habits.index_forgets = 0.5
    seen = [bool(site.found(TAGGED)) for _ in range(20)]
    assert set(seen) == {True, False}
    assert site.found(TAGGED, reconcileIssues=[int(id)]) == [id]


def test_a_hit_may_lack_what_it_was_asked_for(site: Server) -> None:
    odd, whole = site.file(), site.file()
    site.state.habits.odd_hits = {odd}
    shown = site.find(TAGGED, fields=["status", "summary"]).json()["issues"]
    assert [(odd, ["summary"]), (whole, ["status", "summary"])] == [(hit["id"], sorted(hit["fields"])) for hit in shown]


def test_the_old_search_is_gone_from_cloud(site: Server) -> None:
    answer = site.get("/search?jql=project=SUP")
    assert answer.status == 410
    assert answer.json()["errorMessages"][0].startswith("The requested API has been removed")
    assert site.rules_broken() == ["removed search called"]


def test_data_center_searches_by_offset_with_all_fields() -> None:
    site = Server("datacenter")
    ids = [site.file() for _ in range(3)]
    shown = site.get("/search?jql=project=SUP&startAt=1&maxResults=1").json()
    assert {name: shown[name] for name in ("startAt", "maxResults", "total")} == {
        "startAt": 1,
        "maxResults": 1,
        "total": 3,
    }
    assert [hit["id"] for hit in shown["issues"]] == [ids[1]]
    assert shown["issues"][0]["fields"]["summary"] == "Title is old"
    assert site.get("/search").json()["total"] == 3
    assert site.call("POST", "/search/jql", {"jql": "project = SUP"}).status == 404
    assert site.rules_broken() == []
