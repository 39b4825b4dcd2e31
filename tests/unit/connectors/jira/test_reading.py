"""Jira's JSON is read as it comes, and what is missing of what is needed is named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.jira.discovery import quoted, tagged_jql
from connectors.jira.reading import IssueReader
from connectors.jira.rendering import marker
from connectors.jira.settings import FieldSettings, JiraSettings, ProjectSettings, StatusSettings
from workflows.errors import Misconfigured, Refused, Unexpected
from workflows.model import Phase, Relation, Ticket

US = "712020:us"


def settings(**changes: Any) -> JiraSettings:
    values: dict[str, Any] = {
        "url": "https://example.atlassian.net",
        "email": "forcesync@example.com",
        "token": SecretStr("x"),
        "projects": {
            "SUP": ProjectSettings(kind="service_desk", service_desk_id="1"),
            "ENG": ProjectSettings(kind="software"),
        },
        "fields": FieldSettings(user="customfield_10051", attribute="customfield_10052", expected="customfield_10053"),
    }
    return JiraSettings(**values | changes)


def user(name: str) -> dict[str, Any]:
    return {"accountId": f"712020:{name}", "emailAddress": f"{name}@example.com", "displayName": name.title()}


def status(name: str, category: str) -> dict[str, Any]:
    return {"id": "3", "name": name, "statusCategory": {"key": category}}


def issue(histories: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "summary": "My profile is not updating",
        "description": "Attribute: title",
        "project": {"key": "SUP"},
        "labels": ["profile-not-updating"],
        "status": status("Open", "new"),
        "created": "2026-03-02T10:00:00.000+0100",
        "updated": "2026-03-02T11:30:00.000+0100",
        "reporter": user("ada"),
        "assignee": None,
        "issuetype": {"subtask": False},
    }
    return {"id": "10017", "key": "SUP-1", "fields": values | fields, "changelog": {"histories": histories or []}}


def read(answer: dict[str, Any], *comments: dict[str, Any], given: JiraSettings | None = None) -> Ticket:
    return IssueReader("jira", given or settings()).ticket(answer, comments, US, {"": "712020:queue"})


def relabelled(at: str, before: str, after: str) -> dict[str, Any]:
    return {"created": at, "items": [{"field": "labels", "fromString": before, "toString": after}]}


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


def test_the_latest_time_that_the_label_was_put_on_counts() -> None:
    histories = [
        relabelled("2026-03-02T12:00:00.000+0000", "", "profile-not-updating"),
        relabelled("2026-03-03T12:00:00.000+0000", "profile-not-updating", "other"),
        relabelled("2026-03-04T12:00:00.000+0000", "other", "other profile-not-updating"),
        relabelled("2026-03-05T12:00:00.000+0000", "other profile-not-updating", "profile-not-updating"),
    ]
    assert read(issue(histories)).tagged_at == datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("fields", "relation"),
    [
        ({"issuetype": {"subtask": True}, "parent": {"key": "SUP-9"}}, Relation.CHILD),
        ({"parent": {"key": "SUP-9"}}, Relation.NONE),  # an epic's child is worked like any other
        ({"subtasks": [{"fields": {"status": status("Open", "new")}}]}, Relation.PARENT),
        ({"subtasks": [{"fields": {"status": status("Done", "done")}}]}, Relation.NONE),
    ],
)
def test_subtasks_and_their_parents_are_told_apart(fields: dict[str, Any], relation: Relation) -> None:
    assert read(issue(**fields)).relation is relation


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


def test_the_side_of_a_comment_is_told_by_jira_in_a_service_project() -> None:
    ticket = read(issue(), comment("bob", jsdPublic=False), comment("ada", jsdPublic=True))
    assert [(item.public, item.by_worker) for item in ticket.comments] == [(False, False), (True, False)]


def test_a_comment_of_a_software_project_is_open_unless_kept_to_a_role() -> None:
    ticket = read(
        issue(project={"key": "ENG"}), comment("ada", jsdPublic=True), comment("bob", visibility={"type": "role"})
    )
    assert [item.public for item in ticket.comments] == [True, False]


def test_a_marker_counts_on_our_own_comments_only() -> None:
    ours = [{"key": "forcesync.write", "value": {"key": "c1.internal"}}]
    ticket = read(issue(), comment("us", properties=ours), comment("mallory", properties=ours))
    assert [item.marker for item in ticket.comments] == ["c1.internal", None]


def test_odd_properties_are_no_marker() -> None:
    assert (
        marker({"properties": [{"key": "forcesync.write", "value": "x"}, {"key": "other", "value": {"key": "k"}}]})
        is None
    )


def test_a_moved_issue_is_refused_with_the_projects_that_are_known() -> None:
    with pytest.raises(Refused, match="project FIN; the settings name only SUP, ENG"):
        read(issue(project={"key": "FIN"}))


def test_a_project_of_another_kind_than_the_settings_say_stops_the_desk() -> None:
    with pytest.raises(Misconfigured, match=r"projects.ENG.kind.*service_desk"):
        read(issue(project={"key": "ENG", "projectTypeKey": "service_desk"}))


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"status": None}, "fields.status"), ({"created": "yesterday"}, "yesterday"), ({"project": {}}, "project.key")],
)
def test_what_is_missing_or_odd_is_named(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(Unexpected, match=named):
        read(issue(**fields))


def test_a_hostile_key_is_not_taken_for_one() -> None:
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


def test_the_query_asks_for_state_and_quotes_every_name() -> None:
    assert tagged_jql(settings()) == (
        'project in ("SUP", "ENG") AND labels = "profile-not-updating" AND statusCategory != Done '
        "ORDER BY created ASC, key ASC"
    )
    assert quoted('a"b\\') == '"a\\"b\\\\"'
    with pytest.raises(ValueError, match="control character"):
        quoted("a\nb")
