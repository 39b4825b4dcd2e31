"""Comments and files of the simulated Jira: public or internal, their properties, and the automations they trigger."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.jira_server import AGENT, CUSTOMER, INTERNAL, PUBLIC, Server

MARKER = {"key": "forcesync.marker", "value": {"step": "c1.note"}}


@pytest.fixture
def site() -> Server:
    return Server()


def test_a_comment_is_a_201_with_its_place_and_its_side(site: Server) -> None:
    id = site.file()
    answer = site.comment(id, "Looked into it.", INTERNAL)
    assert (answer.status, answer.json()["jsdPublic"]) == (201, False)
    assert answer.headers["location"] == answer.json()["self"]
    assert site.comment(id, "We are on it.", PUBLIC).json()["jsdPublic"] is True
    assert [item["visibility"] for item in site.ticket(id)["comments"]] == ["internal", "public"]


def test_a_comment_that_says_nothing_of_its_side_is_public(site: Server) -> None:
    id = site.file()
    for more in ({}, {"visibility": {"type": "role", "value": "Service Desk Team"}}):
        answer = site.call("POST", f"/issue/{id}/comment", {"body": f"Note {len(more)}.", **more})
        assert (answer.json()["jsdPublic"], answer.json().get("visibility", {}).get("type")) == (
            True,
            more.get("visibility", {}).get("type"),
        )
    assert site.rules_broken() == ["comment without a stated side"] * 2


def test_a_marker_is_kept_and_shown_when_asked_for(site: Server) -> None:
    id = site.file()
    site.comment(id, "First.", MARKER)
    site.clock.advance(60)
    site.comment(id, "Second.")
    shown = site.get(f"/issue/{id}/comment?orderBy=-created&expand=properties,renderedBody").json()["comments"]
    assert [item["body"] for item in shown] == ["Second.", "First."]
    assert MARKER in shown[1]["properties"]
    assert shown[1]["renderedBody"] == "<p>First.</p>"
    assert "properties" not in site.get(f"/issue/{id}/comment").json()["comments"][0]
    assert site.get(f"/issue/{id}/comment?orderBy=author").status == 400


def test_comments_come_in_pages(site: Server) -> None:
    id = site.file()
    for number in range(3):
        site.comment(id, f"Note {number}.")
    shown = site.get(f"/issue/{id}/comment?startAt=2&maxResults=2").json()
    assert (shown["total"], [item["body"] for item in shown["comments"]]) == (3, ["Note 2."])


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": ""},
        {"body": {"type": "doc"}},
        {"body": "x" * 32768},
        {"body": "x", "properties": {"key": "a"}},
        {"body": "x", "properties": [{"value": 1}]},
        {"body": "x", "visibility": {"type": "role", "value": "Nobody"}},
        {"body": "x", "visibility": {"type": "person", "value": "Nobody"}},
    ],
)
def test_a_wrong_comment_is_refused(site: Server, wrong: dict[str, Any]) -> None:
    id = site.file()
    assert site.call("POST", f"/issue/{id}/comment", wrong).status == 400
    assert site.ticket(id)["comments"] == []


def test_version_3_takes_documents_only(site: Server) -> None:
    id = site.file()
    place = f"/rest/api/3/issue/{id}/comment"
    assert site.call("POST", place, {"body": "text", "properties": [INTERNAL]}).status == 400
    body = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "T"}]}]}
    assert site.call("POST", place, {"body": body, "properties": [INTERNAL]}).json()["body"]["type"] == "doc"


def test_an_issue_takes_a_limited_number_of_comments(site: Server) -> None:
    id = site.file()
    site.state.habits.most_comments = 1
    assert [site.comment(id, text).status for text in ("One.", "Two.")] == [201, 413]


def test_our_comments_can_be_changed_and_deleted_and_those_of_others_cannot(site: Server) -> None:
    id = site.file()
    ours = site.comment(id).json()["id"]
    site.people.comment(id, author=AGENT, visibility="internal", body="Mine.")
    theirs = site.ticket(id)["comments"][1]["id"]
    assert site.call("PUT", f"/issue/{id}/comment/{ours}", {"body": "Changed."}).json()["body"] == "Changed."
    assert site.call("PUT", f"/issue/{id}/comment/{theirs}", {"body": "Changed."}).status == 400
    assert site.call("DELETE", f"/issue/{id}/comment/{theirs}").status == 400
    assert site.call("DELETE", f"/issue/{id}/comment/{ours}").status == 204
    assert [item["body"] for item in site.ticket(id)["comments"]] == ["Mine."]
    assert site.get(f"/issue/{id}/comment/{ours}").status == 404


def test_a_comments_side_is_one_of_its_properties(site: Server) -> None:
    id = site.file()
    comment = site.comment(id).json()["id"]
    place = f"/comment/{comment}/properties"
    assert site.call("PUT", f"{place}/sd.public.comment", {"internal": False}).status == 200
    assert site.ticket(id)["comments"][0]["visibility"] == "public"
    assert site.call("PUT", f"{place}/run", [1]).status == 201
    assert site.get(f"{place}/run").json() == {"key": "run", "value": [1]}
    assert [item["key"] for item in site.get(place).json()["keys"]] == ["sd.public.comment", "run"]
    assert site.get("/comment/1/properties/run").status == 404


# automations


def test_a_customers_reply_moves_an_issue_that_waits_for_it_and_reopens_a_closed_one(site: Server) -> None:
    id = site.file()
    for name, fields in (("Respond to customer", {}), ("Resolve this issue", {"resolution": {"name": "Done"}})):
        site.transition(id, name, **fields)
        site.people.comment(id, author=CUSTOMER, visibility="public", body="Still old.")
        assert (site.ticket(id)["status"], site.ticket(id)["resolution"]) == ("Waiting for support", None)


def test_a_public_reply_of_ours_may_move_or_reopen_an_issue_and_an_internal_one_does_not(site: Server) -> None:
    id = site.file()
    site.state.habits.agent_reply_waits = site.state.habits.agent_reply_reopens = True
    site.comment(id, "Note.", INTERNAL)
    assert site.ticket(id)["status"] == "Open"
    site.comment(id, "Question?", PUBLIC)
    assert site.ticket(id)["status"] == "Waiting for customer"
    site.transition(id, "Resolve this issue", resolution={"name": "Done"})
    site.comment(id, "Resolved.", PUBLIC)
    assert site.ticket(id)["status"] == "Waiting for support"


# files


def test_files_come_in_a_form_and_are_answered_as_a_list(site: Server) -> None:
    id = site.file("ENG")
    answer = site.upload(f"/issue/{id}/attachments", ("a.json", b"{}"), ("b.json", b"[]"))
    assert (answer.status, [item["filename"] for item in answer.json()]) == (200, ["a.json", "b.json"])
    assert [item["size"] for item in site.ticket(id)["attachments"]] == [2, 2]


def test_a_form_needs_its_proof_and_the_field_file(site: Server) -> None:
    id = site.file("ENG")
    place = f"/issue/{id}/attachments"
    assert site.upload(place, ("a.json", b"{}"), proof="").status == 403
    assert site.upload(place, ("a.json", b"{}"), field="attachment").status == 400
    assert site.ticket(id)["attachments"] == []


def test_large_files_and_too_many_are_refused(site: Server) -> None:
    id = site.file("ENG")
    site.state.habits.upload_limit, site.state.habits.most_files = 4, 1
    assert site.get("/attachment/meta").json() == {"enabled": True, "uploadLimit": 4}
    place = f"/issue/{id}/attachments"
    assert [site.upload(place, ("a", content)).status for content in (b"12345", b"1234", b"1")] == [413, 200, 413]
    assert site.upload(place, *[("a", b"1")] * 61).status == 413


def test_a_download_leads_to_another_place_that_needs_no_credentials(site: Server) -> None:
    id = site.file("ENG")
    shown = site.upload(f"/issue/{id}/attachments", ("a.json", b"{}")).json()[0]
    answer = site.get(f"/attachment/content/{shown['id']}")
    place = answer.headers["location"].partition(":8082")[2]
    assert (answer.status, site.get(place, signed="").body) == (303, b"{}")
    assert site.get(place.partition("?")[0], signed="").status == 404


def test_our_file_can_be_deleted(site: Server) -> None:
    id = site.file("ENG")
    number = site.upload(f"/issue/{id}/attachments", ("a.json", b"{}")).json()[0]["id"]
    assert site.call("DELETE", f"/attachment/{number}").status == 204
    assert site.call("DELETE", f"/attachment/{number}").status == 404
    assert site.ticket(id)["attachments"] == []


def test_a_comment_of_an_anonymous_user_names_nobody(site: Server) -> None:
    id = site.file()
    site.people.comment(id, author="anonymous", visibility="public", body="Same here.")

    (shown,) = site.get(f"/issue/{id}/comment").json()["comments"]
    assert {"author", "updateAuthor"}.isdisjoint(shown)
    (asked,) = site.get(f"/rest/servicedeskapi/request/{id}/comment").json()["values"]
    assert "author" not in asked
    assert site.ticket(id)["comments"][0]["author"] == "anonymous"
