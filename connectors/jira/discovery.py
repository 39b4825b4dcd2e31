"""Builds the JQL query from settings alone: a ticket's text never becomes part of a query."""

from __future__ import annotations

from datetime import datetime

from connectors.jira.settings import JiraSettings


def tagged_jql(settings: JiraSettings) -> str:
    """Return the query for every open issue with the label, by state instead of by time.

    A watermark on `updated` would miss issues that the index shows late, and those that are labelled later.
    """
    return f"{_tagged(settings)} AND statusCategory != Done ORDER BY created ASC, key ASC"


def past_jql(settings: JiraSettings, since: datetime) -> str:
    """Return the query for every issue with the label that something happened to since then (UTC), newest first.

    Jira reads a quoted time in the searcher's zone, but a number as milliseconds since 1970
    (https://docs.atlassian.com/software/jira/docs/api/7.0.8/com/atlassian/jira/jql/util/JqlDateSupport.html).
    """
    return f"{_tagged(settings)} AND updated >= {int(since.timestamp() * 1000)} ORDER BY created DESC, key DESC"


def _tagged(settings: JiraSettings) -> str:
    projects = ", ".join(quoted(key) for key in settings.projects)
    return f"project in ({projects}) AND labels = {quoted(settings.label)}"


def quoted(value: str) -> str:
    """Write a JQL string literal, as Atlassian's `JqlStringSupport.encodeAsQuotedString` does."""
    if not value.isprintable():
        raise ValueError(f"{value!r} holds a control character, which a query must not")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
