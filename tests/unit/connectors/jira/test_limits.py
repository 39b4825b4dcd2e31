"""A rate limit holds back the calls that it applies to, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.jira import JiraDesk
from tests.unit.builders import NOW
from tests.unit.jira_site import KNOWN, REF, Reply, Site, assign, datacenter, desk, serving
from workflows.errors import Refused, Transient
from workflows.model import TicketRef

OTHER = TicketRef(desk="jira", id="10018", key="SUP-2")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        for ref in (REF, OTHER):
            site.on(f"GET /issue/{ref.id}", Reply({"id": ref.id, "fields": {"assignee": None}}))
        site.on("GET /search/jql", Reply({"issues": [], "isLast": True}))
        yield site


def limited(reason: str) -> Reply:
    named = {"RateLimit-Reason": reason} if reason else {}
    return Reply({"errorMessages": ["Rate limit exceeded"]}, 429, headers=KNOWN | {"Retry-After": "60"} | named)


def waits(desk: JiraDesk, ref: TicketRef | None) -> bool:
    """Say whether a write on this issue, or a search, has to wait; nobody may be asked too early."""
    try:
        if ref is None:
            list(desk.tagged())
        else:
            desk.deliver(ref, assign("712020:queue", None))
    except Transient as error:
        assert error.until
        assert error.until - NOW >= timedelta(seconds=60)
        return True
    except Refused:
        return False  # sent: this site never shows the new assignee
    return False


@pytest.mark.parametrize(
    ("reason", "same_issue", "other_issue", "search"),
    [
        ("jira-per-issue-on-write", True, False, False),
        ("jira-burst-based", True, True, False),
        ("", True, True, False),
        ("jira-quota-tenant-based", True, True, True),
        ("jira-quota-global-based", True, True, True),
    ],
)
def test_the_reason_of_a_limit_decides_what_waits(
    site: Site, reason: str, same_issue: bool, other_issue: bool, search: bool
) -> None:
    one = desk(site)
    site.on("PUT /issue/10017/assignee", limited(reason))
    site.on("PUT /issue/10018/assignee", Reply(status=204))
    assert waits(one, REF)
    asked = len(site.asked)
    assert (waits(one, REF), waits(one, OTHER), waits(one, None)) == (same_issue, other_issue, search)
    assert not [call for call in site.calls()[asked:] if call == "PUT /issue/10017/assignee"]


def test_data_centers_retry_after_on_successful_answers_is_ignored(site: Site) -> None:
    named = {"Retry-After": "0", "X-RateLimit-Limit": "5", "X-RateLimit-FillRate": "5"}
    site.on("GET /search", Reply({"issues": [], "total": 0}, headers=named))
    one = datacenter(site)
    assert list(one.tagged()) == list(one.tagged()) == []


def test_an_issue_that_is_full_is_refused_in_plain_words(site: Site) -> None:
    site.on("PUT /issue/10017/assignee", Reply({"errorMessages": ["limit"]}, 413))
    with pytest.raises(Refused, match="as many comments, files or links as Jira allows"):
        desk(site).deliver(REF, assign("712020:queue", None))
