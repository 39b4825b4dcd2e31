"""A site that hides, loops or fails when it is read leads to the right error, and never shows the token."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from connectors.jira import JiraDesk
from connectors.jira.answers import error_words, right_for
from tests.unit.builders import NOW
from tests.unit.jira_site import KNOWN, REF, TOKEN, Reply, Site, attachment, datacenter, desk, serving
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Unexpected
from workflows.model import TicketRef

LABELLED = {
    "labels": ["profile-not-updating"],
    "project": {"key": "SUP"},
    "status": {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
    "updated": "2026-03-02T11:30:00.000+0100",
}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def hit(number: int) -> dict[str, Any]:
    return {"id": str(number), "key": f"SUP-{number}", "fields": LABELLED}


def keys(desk: JiraDesk) -> list[str]:
    return [sighting.ref.key for sighting in desk.tagged()]


# searching


def test_a_search_is_followed_by_its_tokens_to_the_end(site: Site) -> None:
    site.on(
        "GET /search/jql",
        Reply({"issues": [hit(1)], "nextPageToken": "t1"}),
        Reply({"issues": [hit(2)], "nextPageToken": "t2", "isLast": False}),
        Reply({"issues": [hit(3)], "isLast": True}),
    )
    assert keys(desk(site)) == ["SUP-1", "SUP-2", "SUP-3"]
    assert [asked.query.get("nextPageToken") for asked in site.asked] == [None, "t1", "t2"]


def test_a_page_that_is_not_the_last_one_needs_a_token(site: Site) -> None:
    site.on("GET /search/jql", Reply({"issues": [hit(1)], "isLast": False}))
    with pytest.raises(Unexpected, match="not the last one, but no token"):
        keys(desk(site))


def test_a_token_that_comes_twice_is_an_error_and_not_a_loop(site: Site) -> None:
    site.on("GET /search/jql", Reply({"issues": [hit(1)], "nextPageToken": "t1"}))
    with pytest.raises(Unexpected, match="same page token twice"):
        keys(desk(site))


@pytest.mark.parametrize(
    "lost",
    [
        {"id": None}, {"key": "sup"}, {"fields": None}, {"fields": LABELLED | {"status": {"name": "Open"}}},
        {"fields": LABELLED | {"project": None}}, {"fields": LABELLED | {"updated": "soon"}},
        {"fields": LABELLED | {"updated": "0001-01-01T00:00:00.000+0500"}}, {"fields": LABELLED | {"labels": "x"}},
    ],
)  # fmt: skip
def test_one_odd_hit_is_told_once_and_hides_no_other(site: Site, lost: dict[str, Any]) -> None:
    site.on("GET /search/jql", Reply({"issues": [hit(1) | lost, hit(2), hit(3) | lost], "isLast": True}))
    on = desk(site)
    with capture_logs() as logs:
        assert [["SUP-2"], ["SUP-2"]] == [keys(on), keys(on)]
    (told,) = [line for line in logs if line["event"] == "a search hit cannot be read"]
    assert "; 2 in this search" in told["text"]


def test_one_odd_hit_hides_no_past_issue(site: Site) -> None:
    past = {"fields": LABELLED | {"created": "2026-03-02T11:30:00.000+0100"}}
    site.on("GET /search/jql", Reply({"issues": [hit(1) | {"fields": None}, hit(2) | past], "isLast": True}))
    assert ["SUP-2"] == [ref.key for ref in desk(site).past(NOW.replace(year=2020), 10)]


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_odd_hits_is_no_answer(site: Site, count: int) -> None:
    odd = [hit(number) | {"fields": None} for number in range(1, 4)]
    site.on("GET /search/jql", Reply({"issues": [*odd[:count], *([hit(9)] if count == 3 else [])], "isLast": True}))
    with pytest.raises(Unexpected, match="an answer without fields"):
        keys(desk(site, page_size=3))


def test_data_center_is_searched_by_offsets_and_a_shifted_hit_is_yielded_once(site: Site) -> None:
    site.on(
        "GET /search",
        Reply({"issues": [hit(1), hit(2)], "total": 3}),
        Reply({"issues": [hit(2)], "total": 3}),
    )
    assert keys(datacenter(site)) == ["SUP-1", "SUP-2"]
    assert [asked.query["startAt"] for asked in site.asked] == ["0", "2"]


def test_a_page_that_fails_is_not_the_end(site: Site) -> None:
    site.on("GET /search/jql", Reply({"issues": [hit(1)], "nextPageToken": "t1"}), Reply(status=500))
    with pytest.raises(Transient):
        keys(desk(site))


def test_an_empty_answer_of_data_center_passes(site: Site) -> None:
    site.on("GET /search", Reply("", 200), Reply({"issues": [hit(1)], "total": 1}))
    made = datacenter(site)
    with pytest.raises(Transient, match="the answer is empty"):
        keys(made)
    assert keys(made) == ["SUP-1"]


def test_a_rate_limit_names_its_end(site: Site) -> None:
    site.on("GET /search/jql", Reply(status=429, headers=KNOWN | {"Retry-After": "120"}))
    with pytest.raises(Transient) as caught:
        keys(desk(site))
    assert caught.value.until
    assert (caught.value.until - NOW).total_seconds() >= 120
    assert len(site.asked) == 1


# disguises


@pytest.mark.parametrize(
    "headers",
    [KNOWN | {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, {"X-AREQUESTID": "r"}, {"X-AUSERNAME": "anonymous"}],
)
def test_an_empty_search_for_an_anonymous_caller_is_a_refused_credential(site: Site, headers: dict[str, str]) -> None:
    site.on("GET /search/jql", Reply({"issues": [], "isLast": True}, headers=headers))
    with pytest.raises(Misconfigured, match="credential"):
        keys(desk(site))


def test_an_issue_hidden_from_an_anonymous_caller_is_a_refused_credential(site: Site) -> None:
    site.on("GET /issue/10017", Reply({"errorMessages": ["Issue does not exist"]}, 404, headers={}))
    with pytest.raises(Misconfigured, match="credential"):
        desk(site).read(REF)


def test_an_issue_that_is_gone_is_refused_in_jiras_words(site: Site) -> None:
    site.on("GET /issue/10017", Reply({"errorMessages": ["Issue does not exist"]}, 404))
    with pytest.raises(Refused, match="Issue does not exist"):
        desk(site).read(REF)


def test_a_web_page_instead_of_data_is_transient(site: Site) -> None:
    site.on("GET /search/jql", Reply("<html>maintenance</html>", headers={}, content_type="text/html"))
    with pytest.raises(Transient):
        keys(desk(site))


def test_a_captcha_stops_the_desk(site: Site) -> None:
    denied = {"x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=https://example.com/login.jsp"}
    site.on("GET /search", Reply({"message": "denied"}, 403, headers=denied))
    with pytest.raises(Misconfigured, match="CAPTCHA"):
        keys(datacenter(site))


@pytest.mark.parametrize("number", ["../../../secure/admin?x=", "SUP-1", ""])
def test_only_an_issues_number_is_put_into_a_path(site: Site, number: str) -> None:
    with pytest.raises(Refused, match="not an issue's number"):
        desk(site).read(TicketRef(desk="jira", id=number, key="SUP-1"))
    assert site.asked == []


# secrets


def test_the_token_is_in_no_error_and_no_log(
    site: Site, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"errorMessages": [f"token: {TOKEN}"]}
    site.on("GET /issue/10017", Reply(echo, 400))
    site.on("POST /issue/10017/attachments", Reply(echo, 400))
    said = []
    for act in (lambda: desk(site).read(REF), lambda: desk(site).deliver(REF, attachment(service_desk_id=None))):
        with pytest.raises(FarSideError) as caught:
            act()
        said.append(str(caught.value))
    texts = json.dumps(said) + caplog.text + "".join(capsys.readouterr())
    assert TOKEN not in texts
    assert site.asked[0].headers["Authorization"].startswith("Basic ")


def test_data_center_gets_the_token_as_a_bearer(site: Site) -> None:
    site.on("GET /search", Reply({"issues": [], "total": 0}, headers={"Retry-After": "0"}))
    assert keys(datacenter(site)) == []
    assert {name.lower(): value for name, value in site.asked[0].headers.items()}["authorization"] == f"Bearer {TOKEN}"


# words and rights


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"errorMessages": ["a", "b"], "errors": {"status": "c"}}, "a; b; status: c"),
        ({"errorMessages": "No right"}, "No right"),
        ({"errorMessages": 5, "errors": 5, "message": 5}, ""),
        (
            {"errorMessages": [None, 5, "a"], "errors": {"status": None, "priority": ["b", "c"]}},
            "a; priority: b; priority: c",
        ),
        ({"errors": ["a"]}, "a"),
        ({"errors": {}, "error": "Not Found"}, "Not Found"),
        ({"errorMessage": "a", "i18nErrorMessage": {"i18nKey": "b"}}, "a"),
        ([], ""),
        (None, ""),
    ],
)
def test_the_words_of_an_error_are_found_in_any_form(body: Any, words: str) -> None:
    assert error_words(body) == words


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("GET", "issue/10017/comment", "Browse projects"),
        ("POST", "issue/10017/comment", "Add comments"),
        ("DELETE", "issue/10017/comment/1", "Delete own comments"),
        ("GET", "comment/1/properties/forcesync", "Browse projects"),
        ("PUT", "issue/10017/assignee", "Assign issues"),
        ("GET", "issue/10017/transitions", "Browse projects"),
        ("POST", "issue/10017/transitions", "Transition issues"),
        ("POST", "issue/10017/attachments", "Create attachments"),
        ("PUT", "issue/10017", "Edit issues"),
        ("POST", "issueLink", "Link issues"),
        ("POST", "issue/10017/remotelink", "Link issues"),
        ("GET", "search/jql", "Browse projects"),
        ("GET", "user/search", "Browse users and groups"),
        ("GET", "mypermissions", "the right to use Jira by its API"),
    ],
)
def test_a_refused_call_names_the_right_that_it_needs(method: str, path: str, right: str) -> None:
    assert right_for(method, f"/rest/api/2/{path}").endswith(right)
