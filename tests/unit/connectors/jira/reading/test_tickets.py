"""Jira's JSON is read leniently, and a missing required field is named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.jira.reading.fields import read_fields
from connectors.jira.reading.tickets import IssueReader
from connectors.jira.settings import ProjectSettings, StatusSettings
from tests.unit.connectors.jira.issues import SERVICE, TYPED, issue, read, relabelled, settings, status, user
from workflows.errors import Misconfigured, Refused, Unexpected
from workflows.model import Phase

EARLIER, LATER = "2026-02-01T10:00:00.000+0100", "2026-03-02T11:00:00.000+0100"
DONE = status("Done", "done")


def test_an_issue_is_read_with_times_in_utc() -> None:
    ticket = read(issue())
    assert ticket.ref.model_dump() == {
        "desk": "jira",
        "id": "10017",
        "key": "SUP-1",
        "url": "https://example.atlassian.net/browse/SUP-1",
    }
    assert ticket.tagged
    assert ticket.tagged_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert ticket.requester
    assert (ticket.requester.id, ticket.requester.email) == ("712020:ada", "ada@example.com")
    assert ticket.assignee is None
    assert not ticket.assigned_to_worker


def test_the_latest_time_that_the_label_was_added_counts() -> None:
    histories = [
        relabelled("2026-03-02T12:00:00.000+0000", "", "profile-not-updating"),
        relabelled("2026-03-03T12:00:00.000+0000", "profile-not-updating", "other"),
        relabelled("2026-03-04T12:00:00.000+0000", "other", "other profile-not-updating"),
        relabelled("2026-03-05T12:00:00.000+0000", "other profile-not-updating", "profile-not-updating"),
    ]
    assert read(issue(histories)).tagged_at == datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, True),
        ({"created": EARLIER}, False),
        ({"created": EARLIER, "status": DONE, "resolutiondate": LATER}, True),
        ({"created": EARLIER, "status": DONE, "resolutiondate": EARLIER}, False),
        ({"created": EARLIER, "status": DONE}, True),
        ({"labels": ["other"]}, False),
    ],
    ids=["opened", "touched", "closed", "closed before", "without a resolution", "untagged"],
)
def test_an_issue_is_past_if_it_was_opened_or_closed_since(fields: dict[str, Any], found: bool) -> None:
    since = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert found is (IssueReader("jira", settings()).past(issue(**fields), since) is not None)


@pytest.mark.parametrize(
    ("name", "category", "phase"),
    [
        ("Open", "new", Phase.NEW),
        ("In Progress", "indeterminate", Phase.IN_PROGRESS),
        ("Waiting for customer", "indeterminate", Phase.WAITING),
        ("Erledigt", "done", Phase.DONE),
    ],
)
def test_the_phase_follows_the_category_and_the_status_of_questions(name: str, category: str, phase: Phase) -> None:
    assert read(issue(status=status(name, category))).phase is phase


def test_the_settings_name_the_status_of_questions() -> None:
    project = ProjectSettings(service_desk_id="1", statuses=StatusSettings(asked="Wartet auf Kunden"))
    given = settings(projects={"SUP": project})
    assert read(issue(status=status("Wartet auf Kunden", "indeterminate")), given=given).phase is Phase.WAITING


def test_form_fields_of_every_type_are_read_as_text() -> None:
    ticket = read(
        issue(customfield_10051=user("ada"), customfield_10052={"value": "title"}, customfield_10053=" Engineer ")
    )
    assert ticket.fields == {"user": "ada@example.com", "attribute": "title", "expected": "Engineer"}


def test_empty_form_fields_are_left_out() -> None:
    assert read(issue(customfield_10051=None, customfield_10052="")).fields == {}


def comment(author: str, **changes: Any) -> dict[str, Any]:
    values = {"id": "1", "author": user(author), "created": "2026-03-02T12:00:00.000+0100", "body": "hello"}
    return values | changes


def test_in_a_service_project_jira_returns_a_comments_visibility() -> None:
    ticket = read(issue(), comment("bob", jsdPublic=False), comment("ada", jsdPublic=True))
    assert [(item.public, item.by_worker) for item in ticket.comments] == [(False, False), (True, False)]


def test_a_comment_of_a_software_project_is_public_unless_restricted_to_a_role() -> None:
    ticket = read(
        issue(project={"key": "ENG"}), comment("ada", jsdPublic=True), comment("bob", visibility={"type": "role"})
    )
    assert [item.public for item in ticket.comments] == [True, False]


def test_a_marker_counts_on_our_own_comments_only() -> None:
    ours = [{"key": "forcesync.write", "value": {"key": "c1.internal"}}]
    ticket = read(issue(), comment("us", properties=ours), comment("mallory", properties=ours))
    assert [item.marker for item in ticket.comments] == ["c1.internal", None]


def test_a_moved_issue_is_refused_with_the_configured_projects() -> None:
    with pytest.raises(Refused, match="project FIN; the settings name only SUP, ENG"):
        read(issue(project={"key": "FIN"}))


def test_a_project_of_another_kind_than_the_settings_say_stops_the_desk() -> None:
    with pytest.raises(Misconfigured, match=r"projects.ENG.kind.*service_desk"):
        read(issue(project={"key": "ENG", "projectTypeKey": "service_desk"}))


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"status": None}, "fields.status"), ({"project": {}}, "project.key"), ({"labels": "a, b"}, "labels")],
)
def test_what_is_missing_or_odd_is_named(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(Unexpected, match=named):
        read(issue(**fields))


def test_a_hostile_key_is_unexpected() -> None:
    with pytest.raises(Unexpected):
        read(issue() | {"key": "SUP-1/../../x"})


@pytest.mark.parametrize(
    "fields",
    [{"labels": []}, {"project": {"key": "FIN"}}, {"status": status("Closed", "done")}],
)
def test_a_search_hit_that_does_not_match_is_not_trusted(fields: dict[str, Any]) -> None:
    reader = IssueReader("jira", settings())
    assert reader.sighting(issue()) is not None
    assert reader.sighting(issue(**fields)) is None


def test_the_stamp_changes_with_the_issue() -> None:
    reader = IssueReader("jira", settings())
    first, later = reader.sighting(issue()), reader.sighting(issue(updated="2026-03-02T11:30:01.000+0100"))
    assert first
    assert later
    assert first.stamp != later.stamp


def test_only_the_issue_types_of_the_settings_are_worked() -> None:
    given = settings(projects={"SUP": TYPED})
    reader = IssueReader("jira", given)
    assert reader.sighting(issue(issuetype=SERVICE)) is not None
    assert reader.sighting(issue(issuetype={"name": "Change"})) is None
    with pytest.raises(Refused, match=r"issue type 'Change', which projects.SUP does not name"):
        read(issue(issuetype={"name": "Change"}), given=given)


def test_only_the_request_types_of_the_settings_are_worked() -> None:
    project = ProjectSettings(service_desk_id="1", request_types=("Update my profile",))
    given = settings(projects={"SUP": project})
    reader = IssueReader("jira", given)
    ours = {"requestType": {"id": "17", "name": "Update my profile"}, "currentStatus": {}}
    assert "customfield_10010" in read_fields(given)
    assert reader.sighting(issue(customfield_10010=ours)) is not None
    for other in ({"requestType": {"name": "New laptop"}}, None, "sup/17"):
        assert reader.sighting(issue(customfield_10010=other)) is None


def test_a_document_is_read_as_its_text() -> None:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "User: "}, {"type": "text", "text": "ada"}]}
    mention = {"type": "paragraph", "content": [{"type": "mention", "attrs": {"text": "@Ada"}}, {"type": "hardBreak"}]}
    document = {"version": 1, "type": "doc", "content": [paragraph, mention]}
    assert read(issue(description=document)).description == "User: ada\n@Ada"


def test_a_person_without_an_id_is_nobody() -> None:
    assert read(issue(reporter={"displayName": "Former user"})).requester is None


def test_a_creator_who_is_not_the_reporter_opened_it() -> None:
    assert "creator" in read_fields(settings())
    assert read(issue(creator=user("ada"))).opened_by is None
    assert read(issue(creator=None)).opened_by is None
    opener = read(issue(creator=user("robin"))).opened_by
    assert (opener and opener.email) == "robin@example.com"
    assert read(issue(creator=user("robin"), reporter=None)).opened_by == opener


def test_an_app_is_known_by_its_account_and_a_person_who_hides_the_address_by_nothing() -> None:
    hidden = {"accountId": "712020:robin", "displayName": "Robin", "accountType": "atlassian"}
    app = {"accountId": "557058:forms", "displayName": "Forms", "accountType": "app"}
    openers = [read(issue(creator=creator)).opened_by for creator in (hidden, app)]
    assert [(), ("557058:forms",)] == [opener.identifiers for opener in openers if opener]


def test_comments_are_returned_oldest_first_whatever_the_sites_order() -> None:
    def written(number: str, at: str) -> dict[str, Any]:
        return {"id": number, "author": {"accountId": "a"}, "created": f"2026-03-02T{at}.000+0100", "body": number}

    listed = [written("10", "12:00:00"), written("9", "12:00:00"), written("30", "11:00:00")]
    assert [comment.id for comment in read(issue(), *listed).comments] == ["30", "9", "10"]


@pytest.mark.parametrize("text", ["soon", "0001-01-01T00:00:00.000+0500", "9999-12-31T23:59:59.000-0500", {}])
def test_a_time_that_is_none_keeps_no_ticket_from_being_read(text: object) -> None:
    assert read(issue(created=text)).opened_at is None


@pytest.mark.parametrize("size", ["\u00b2", "9" * 5000, "-1", None, True, {}])
def test_a_size_that_is_no_number_is_none(size: Any) -> None:
    assert [
        file.size for file in read(issue(attachment=[{"id": "1", "filename": "a.txt", "size": size}])).attachments
    ] == [0]
