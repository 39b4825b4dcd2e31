"""The search query is built from the settings alone, and one odd hit hides no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from structlog.testing import capture_logs

from connectors.jira.reading.discovery import past_jql, quoted, tagged_jql
from tests.unit.builders import NOW
from tests.unit.connectors.jira.issues import LABELLED, hit, keys, settings
from tests.unit.jira_site import Reply, Site, desk, serving
from workflows.errors import Unexpected


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def test_the_query_asks_for_state_and_quotes_every_name() -> None:
    assert tagged_jql(settings()) == (
        'project in ("SUP", "ENG") AND labels = "profile-not-updating" AND statusCategory != Done '
        "ORDER BY created ASC, key ASC"
    )
    assert quoted('a"b\\') == '"a\\"b\\\\"'
    with pytest.raises(ValueError, match="control character"):
        quoted("a\nb")


def test_past_issues_are_asked_for_by_a_time_that_no_zone_changes() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert past_jql(settings(), at) == (
        'project in ("SUP", "ENG") AND labels = "profile-not-updating" AND updated >= 1772442000000 '
        "ORDER BY created DESC, key DESC"
    )
    assert past_jql(settings(), at) == past_jql(settings(), at.astimezone(timezone(timedelta(hours=5))))


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
