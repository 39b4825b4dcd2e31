"""The search query is built from the settings alone, and quotes every name."""

from __future__ import annotations

import pytest

from connectors.jira.discovery import quoted, tagged_jql
from tests.unit.connectors.jira.issues import settings


def test_the_query_asks_for_state_and_quotes_every_name() -> None:
    assert tagged_jql(settings()) == (
        'project in ("SUP", "ENG") AND labels = "profile-not-updating" AND statusCategory != Done '
        "ORDER BY created ASC, key ASC"
    )
    assert quoted('a"b\\') == '"a\\"b\\\\"'
    with pytest.raises(ValueError, match="control character"):
        quoted("a\nb")
