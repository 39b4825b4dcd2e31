"""The token is sent as configured, rotates without a restart, and a refused one is detected."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.http.file_secret import FileSecret
from tests.unit.jira_site import KNOWN, REF, TOKEN, Reply, Site, desk, serving
from workflows.errors import Misconfigured, Refused

EMPTY = {"issues": [], "isLast": True}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.on("GET /search/jql", Reply(EMPTY))
        site.on("GET /search", Reply({"issues": [], "total": 0}))
        yield site


def basic(user: str, token: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{token}".encode()).decode()


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({}, basic("forcesync@example.com", TOKEN)),
        ({"auth": "bearer", "email": ""}, f"Bearer {TOKEN}"),
        ({"deployment": "datacenter", "email": ""}, f"Bearer {TOKEN}"),
        ({"deployment": "datacenter", "auth": "basic", "email": "svc"}, basic("svc", TOKEN)),
    ],
)
def test_the_token_is_sent_as_the_settings_say(site: Site, changes: dict[str, Any], sent: str) -> None:
    list(desk(site, **changes).tagged())
    assert site.asked[-1].headers["Authorization"] == sent


def test_a_scoped_token_uses_the_gateway_and_people_get_the_sites_address(site: Site) -> None:
    site.on("GET /ex/jira/11f4/rest/api/2/search/jql", Reply({"issues": [labelled()], "isLast": True}))
    gateway = {"url": f"{site.url}/ex/jira/11f4", "browse_url": "https://example.atlassian.net/"}
    (found,) = desk(site, **gateway).tagged()
    assert found.ref.url == "https://example.atlassian.net/browse/SUP-1"


def labelled() -> dict[str, Any]:
    status = {"id": "1", "name": "Open", "statusCategory": {"key": "new"}}
    fields = {"labels": ["profile-not-updating"], "project": {"key": "SUP"}, "status": status}
    return {"id": "10017", "key": "SUP-1", "fields": fields | {"updated": "2026-03-02T11:30:00.000+0100"}}


def test_a_new_token_in_the_file_is_used_without_a_restart(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first")
    one = desk(site, token=FileSecret(file))
    list(one.tagged())
    file.write_text("the-second")
    list(one.tagged())
    assert [asked.headers["Authorization"] for asked in site.asked] == [
        basic("forcesync@example.com", token) for token in ("first", "the-second")
    ]


def test_if_no_answer_names_the_account_myself_is_the_proof(site: Site) -> None:
    site.on("GET /search/jql", Reply(EMPTY, headers={}))
    site.on("GET /myself", Reply({"accountId": "712020:us"}, headers={}))
    one = desk(site)
    assert list(one.tagged()) == list(one.tagged()) == []
    assert site.calls().count("GET /myself") == 1
    site.on("GET /myself", Reply({"message": "Client must be authenticated", "status-code": 401}, 401, headers={}))
    with pytest.raises(Misconfigured, match="Client must be authenticated"):
        list(desk(site).tagged())


def test_an_answer_that_stops_naming_the_account_is_for_an_anonymous_caller(site: Site) -> None:
    one = desk(site)
    assert list(one.tagged()) == []
    site.on("GET /search/jql", Reply(EMPTY, headers={}))
    with pytest.raises(Misconfigured, match="names no account"):
        list(one.tagged())


def test_a_403_about_one_issue_stops_nothing_else(site: Site) -> None:
    site.on("GET /issue/10017", Reply({"errorMessages": ["no permission"]}, 403, headers=KNOWN))
    with pytest.raises(Refused, match="no permission"):
        desk(site).read(REF)
