"""A site that hides, loops or fails when it is read leads to the right error, and never shows the token."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.jira.answers import error_words, right_for
from tests.unit.builders import NOW
from tests.unit.connectors.jira.issues import hit, keys
from tests.unit.jira_site import KNOWN, REF, TOKEN, Reply, Site, attachment, datacenter, desk, serving
from workflows.errors import FarSideError, Misconfigured, Refused, Transient
from workflows.model import TicketRef


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


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
