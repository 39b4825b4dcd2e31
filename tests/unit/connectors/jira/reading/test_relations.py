"""Relations are read from links and sub-tasks, and a request waits for its approvals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.connectors.jira.issues import issue, read, settings, status
from tests.unit.jira_site import APPROVALS, REF, Reply, Site, desk, serving
from workflows.errors import NotAllowed, Refused
from workflows.model import Relation


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.mark.parametrize(
    ("fields", "relation"),
    [
        ({"issuetype": {"subtask": True}, "parent": {"key": "SUP-9"}}, Relation.CHILD),
        ({"issuetype": {"subtask": True}}, Relation.CHILD),  # of a parent that we may not see
        ({"parent": {"key": "SUP-9"}}, Relation.NONE),  # an epic's child is worked like any other
        ({"subtasks": [{"fields": {"status": status("Open", "new")}}]}, Relation.PARENT),
        ({"subtasks": [{"fields": {"status": status("Done", "done")}}]}, Relation.NONE),
    ],
)
def test_subtasks_and_their_parents_are_distinguished(fields: dict[str, Any], relation: Relation) -> None:
    assert read(issue(**fields)).relation is relation


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


OPEN = [{"id": "1", "finalDecision": "approved"}, {"id": "2", "finalDecision": "pending"}]


def decided(decision: str, asked_at: int) -> dict[str, Any]:
    return {"finalDecision": decision, "createdDate": {"epochMillis": asked_at}}


def asked_for(site: Site) -> Relation:
    site.on("GET /issue/10017", Reply(issue()))
    return desk(site).glance(REF).relation


@pytest.mark.parametrize(
    ("approvals", "relation"),
    [
        ([], Relation.NONE),
        ([{"finalDecision": "approved"}, {"finalDecision": "approved"}], Relation.NONE),
        ([{"finalDecision": "approved"}, {"finalDecision": "declined"}], Relation.APPROVAL),
        (OPEN, Relation.APPROVAL),
        ([{"finalDecision": "waiting for finance"}], Relation.APPROVAL),
        ([{}], Relation.APPROVAL),
        ([decided("declined", 1), decided("approved", 2)], Relation.NONE),  # sent again after it was declined
        ([decided("approved", 2), decided("declined", 1)], Relation.NONE),
        ([decided("approved", 1), decided("declined", 2)], Relation.APPROVAL),
        ([decided("pending", 1), decided("approved", 2)], Relation.APPROVAL),
    ],
)
def test_a_request_is_not_worked_until_each_of_its_approvals_is_given(
    site: Site, approvals: list[dict[str, Any]], relation: Relation
) -> None:
    site.on(f"GET {APPROVALS}", Reply({"isLastPage": True, "values": approvals}))
    assert relation is asked_for(site)


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_approvals_that_are_refused_leave_open_whether_somebody_must_approve(site: Site, status: int) -> None:
    site.on(f"GET {APPROVALS}", Reply({"errorMessage": "No."}, status))
    site.on("GET /mypermissions", Reply({"permissions": {"SERVICEDESK_AGENT": {"havePermission": True}}}))
    with pytest.raises(Refused) as caught:
        asked_for(site)
    assert status == caught.value.status


def test_an_account_that_is_no_agent_is_told_which_right_it_lacks(site: Site) -> None:
    site.on(f"GET {APPROVALS}", Reply({"errorMessage": "No."}, 403))
    site.on("GET /mypermissions", Reply({"permissions": {"SERVICEDESK_AGENT": {"havePermission": False}}}))
    with pytest.raises(NotAllowed, match="lacks the permission SERVICEDESK_AGENT in project SUP"):
        asked_for(site)
