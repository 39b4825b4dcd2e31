"""Projects, issue types, request types and links are the site's own, named by the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.jira import FieldSettings, IssueTypeSettings, ProjectSettings
from connectors.jira.reading import IssueReader, read_fields
from connectors.jira.rendering import marker, with_marker
from tests.unit.connectors.jira.test_reading import issue, read, relabelled, settings, status
from tests.unit.jira_site import REF, Reply, Site, datacenter, desk, serving
from workflows.errors import Refused
from workflows.model import Intent, Move, Note, Relation, Text

SERVICE = {"name": "Service Request", "subtask": False}
INCIDENT = {"name": "[System] Incident", "subtask": False}
TYPED = ProjectSettings(
    service_desk_id="1",
    issue_types={
        "Service Request": IssueTypeSettings(),
        "[System] Incident": IssueTypeSettings(resolution="Fixed", fields=FieldSettings(user="customfield_20001")),
    },
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def test_only_the_issue_types_of_the_settings_are_worked() -> None:
    given = settings(projects={"SUP": TYPED})
    reader = IssueReader("jira", given)
    assert reader.sighting(issue(issuetype=SERVICE)) is not None
    assert reader.sighting(issue(issuetype={"name": "Change"})) is None
    with pytest.raises(Refused, match=r"issue type 'Change', which projects.SUP does not name"):
        read(issue(issuetype={"name": "Change"}), given=given)


def test_an_issue_type_has_fields_and_a_resolution_of_its_own(site: Site) -> None:
    given = settings(projects={"SUP": TYPED})
    form: dict[str, Any] = {"customfield_10051": "ada@example.com", "customfield_20001": "bob@example.com"}
    assert {"customfield_10051", "customfield_20001"} <= set(read_fields(given))
    assert read(issue(issuetype=SERVICE, **form), given=given).fields == {"user": "ada@example.com"}
    incident = read(issue(issuetype=INCIDENT, **form), given=given)
    assert incident.fields == {"user": "bob@example.com"}
    planned = desk(site, projects={"SUP": TYPED}).plan(incident, Intent(key="k", move=Move.RESOLVED))
    assert [write.payload["resolution"] for write in planned if write.operation == "transition"] == ["Fixed"]


def test_only_the_request_types_of_the_settings_are_worked() -> None:
    project = ProjectSettings(service_desk_id="1", request_types=("Update my profile",))
    given = settings(projects={"SUP": project})
    reader = IssueReader("jira", given)
    ours = {"requestType": {"id": "17", "name": "Update my profile"}, "currentStatus": {}}
    assert "customfield_10010" in read_fields(given)
    assert reader.sighting(issue(customfield_10010=ours)) is not None
    for other in ({"requestType": {"name": "New laptop"}}, None, "sup/17"):
        assert reader.sighting(issue(customfield_10010=other)) is None


def link(side: str, category: str = "new") -> dict[str, Any]:
    other = {"key": "SUP-9", "fields": {"status": status("x", category)}}
    kind = {"name": "Duplicate", "inward": "is duplicated by", "outward": "duplicates"}
    return {"type": kind, side: other}


@pytest.mark.parametrize(
    ("links", "relation"),
    [
        ([link("outwardIssue")], Relation.CHILD),
        ([link("inwardIssue")], Relation.PARENT),
        ([link("outwardIssue", "done")], Relation.NONE),
        ([{"type": {"outward": "blocks"}, "outwardIssue": {"key": "SUP-9"}}], Relation.NONE),
        ([{"type": {"inward": "is caused by"}, "inwardIssue": {"key": "PRB-9"}}], Relation.PROBLEM),
        ([{"type": None}, "x"], Relation.NONE),
    ],
)
def test_a_link_to_an_open_issue_relates_as_the_settings_say(links: list[Any], relation: Relation) -> None:
    named = {"duplicates": "child", "is duplicated by": "parent", "Is caused by": "problem"}
    assert read(issue(issuelinks=links), given=settings(links=named)).relation is relation
    assert read(issue(issuelinks=links)).relation is Relation.NONE


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


def test_data_center_tells_all_changes_at_once(site: Site) -> None:
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
    assert one.deliver(REF, write).id == "501"
    site.on("GET /issue/10017/comment", Reply({"comments": [ours], "total": 1}))
    assert one.find(REF, write)


def test_a_marker_in_the_text_counts_as_its_last_line_only() -> None:
    assert marker({"body": with_marker("hello", "c1.internal")}) == "c1.internal"
    assert marker({"body": with_marker("hello", "c1.internal") + "\r\n"}) == "c1.internal"
    assert marker({"body": with_marker("hello", "c1.internal") + "\nmore"}) is None
    assert marker({"body": "he wrote forcesync.write: c1.internal"}) is None


def test_a_document_is_read_as_its_text() -> None:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "User: "}, {"type": "text", "text": "ada"}]}
    mention = {"type": "paragraph", "content": [{"type": "mention", "attrs": {"text": "@Ada"}}, {"type": "hardBreak"}]}
    document = {"version": 1, "type": "doc", "content": [paragraph, mention]}
    assert read(issue(description=document)).description == "User: ada\n@Ada"


def test_a_person_without_an_id_is_nobody() -> None:
    assert read(issue(reporter={"displayName": "Former user"})).requester is None


def test_comments_are_told_oldest_first_in_whichever_order_they_came() -> None:
    def written(number: str, at: str) -> dict[str, Any]:
        return {"id": number, "author": {"accountId": "a"}, "created": f"2026-03-02T{at}.000+0100", "body": number}

    told = [written("10", "12:00:00"), written("9", "12:00:00"), written("30", "11:00:00")]
    assert [comment.id for comment in read(issue(), *told).comments] == ["30", "9", "10"]
