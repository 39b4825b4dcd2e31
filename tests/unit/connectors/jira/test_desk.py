"""A desk works a site by its own names: issue types, histories and markers, from reading to writing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.jira.reading.fields import read_fields
from tests.unit.connectors.jira.issues import INCIDENT, SERVICE, TYPED, issue, read, relabelled, settings
from tests.unit.jira_site import REF, Reply, Site, datacenter, desk, serving
from workflows.errors import Misconfigured, Refused, Unexpected
from workflows.model import Intent, Move, Note, Text


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def test_an_issue_type_has_fields_and_a_resolution_of_its_own(site: Site) -> None:
    given = settings(projects={"SUP": TYPED})
    form: dict[str, Any] = {"customfield_10051": "ada@example.com", "customfield_20001": "bob@example.com"}
    assert {"customfield_10051", "customfield_20001"} <= set(read_fields(given))
    assert read(issue(issuetype=SERVICE, **form), given=given).fields == {"user": "ada@example.com"}
    incident = read(issue(issuetype=INCIDENT, **form), given=given)
    assert incident.fields == {"user": "bob@example.com"}
    planned = desk(site, projects={"SUP": TYPED}).plan(incident, Intent(key="k", move=Move.RESOLVED))
    assert [write.payload["resolution"] for write in planned if write.operation == "transition"] == ["Fixed"]


def test_the_changes_of_a_long_history_are_read_to_the_end(site: Site) -> None:
    cut = issue([relabelled("2026-03-05T12:00:00.000+0000", "", "other")])
    cut["changelog"] |= {"total": 3, "maxResults": 1}
    site.on("GET /issue/10017", Reply(cut))
    site.on("GET /issue/10017/comment", Reply({"comments": [], "total": 0}))
    site.on(
        "GET /issue/10017/changelog",
        Reply({"values": [relabelled("2026-03-03T12:00:00.000+0000", "", "a")], "total": 3}),
        Reply({"values": [relabelled("2026-03-04T12:00:00.000+0000", "", "profile-not-updating")], "total": 3}),
        Reply({"values": [relabelled("2026-03-05T12:00:00.000+0000", "", "other")], "total": 3}),
    )
    assert desk(site).read(REF).tagged_at == datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_data_center_returns_all_changes_at_once(site: Site) -> None:
    site.on("GET /issue/10017", Reply(issue(reporter={"name": "ada"}) | {"changelog": {"total": 3, "histories": []}}))
    site.on("GET /issue/10017/comment", Reply({"comments": [], "total": 0}))
    assert datacenter(site).read(REF).requester
    assert "GET /issue/10017/changelog" not in site.calls()


def test_a_site_that_drops_properties_gets_the_marker_as_the_last_line(site: Site) -> None:
    intent = Intent(key="c1", internal=Note(blocks=(Text(text="hello"),)))
    one = desk(site, marker="text")
    (write,) = one.plan(read(issue()), intent)
    assert write.payload["body"] == "hello\n\nforcesync.write: c1.internal"
    ours = {"id": "501", "author": {"accountId": "712020:us"}, "jsdPublic": False, "body": write.payload["body"]}
    site.on("POST /issue/10017/comment", Reply(ours, 201))
    site.on("GET /issue/10017", Reply(issue()))
    assert one.deliver(REF, write).id == "501"
    site.on("GET /issue/10017/comment", Reply({"comments": [ours], "total": 1}))
    assert one.find(REF, write)


def test_a_redirect_of_one_issue_pauses_nothing_and_one_of_everything_does(site: Site) -> None:
    login = Reply(status=302, headers={"Location": "/login.jsp"})
    site.on("GET /issue/10017", login)
    with pytest.raises(Unexpected, match="only this call"):
        desk(site).read(REF)
    site.on("GET /myself", login)
    with pytest.raises(Misconfigured, match="302"):
        desk(site).read(REF)


@pytest.mark.parametrize("id", ["", ".", "..", "1/2", "10017/../10018", "10017?x", "%2e%2e", "SUP-1"])
def test_only_an_issues_number_gets_into_a_path(site: Site, id: str) -> None:
    with pytest.raises(Refused):
        desk(site).read(REF.model_copy(update={"id": id}))
    assert not [asked for asked in site.asked if "/issue" in asked.path]
