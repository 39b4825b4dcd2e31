"""A marker counts only in its own place."""

from __future__ import annotations

from connectors.jira.markers import marker, with_marker


def test_unknown_properties_are_not_a_marker() -> None:
    assert (
        marker({"properties": [{"key": "forcesync.write", "value": "x"}, {"key": "other", "value": {"key": "k"}}]})
        is None
    )


def test_a_marker_in_the_text_counts_as_its_last_line_only() -> None:
    assert marker({"body": with_marker("hello", "c1.internal")}) == "c1.internal"
    assert marker({"body": with_marker("hello", "c1.internal") + "\r\n"}) == "c1.internal"
    assert marker({"body": with_marker("hello", "c1.internal") + "\nmore"}) is None
    assert marker({"body": "he wrote forcesync.write: c1.internal"}) is None
