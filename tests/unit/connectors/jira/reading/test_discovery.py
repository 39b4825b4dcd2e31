"""The search query is built from the settings alone, and quotes every name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from connectors.jira.reading.discovery import past_jql, quoted, tagged_jql
from tests.unit.connectors.jira.issues import settings


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
