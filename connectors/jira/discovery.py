"""Builds the JQL query from settings alone: a ticket's text never becomes part of a query."""

from __future__ import annotations

from connectors.jira.settings import JiraSettings


def tagged_jql(settings: JiraSettings) -> str:
    """Return the query for every open issue with the label, by state instead of by time.

    A watermark on `updated` would miss issues that the index shows late, and those that are labelled later.
    """
    projects = ", ".join(quoted(key) for key in settings.projects)
    return (
        f"project in ({projects}) AND labels = {quoted(settings.label)} AND statusCategory != Done "
        "ORDER BY created ASC, key ASC"
    )


def quoted(value: str) -> str:
    """Write a JQL string literal, as Atlassian's `JqlStringSupport.encodeAsQuotedString` does."""
    if not value.isprintable():
        raise ValueError(f"{value!r} holds a control character, which a query must not")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
