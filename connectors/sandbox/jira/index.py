"""The simulated Jira's search index, which lags behind changes and occasionally misses an issue.

"Delay might vary from a few seconds to minutes":
https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.records import Issue


def indexed(state: JiraState, reconciled: set[str]) -> list[Issue]:
    """Return the issues as the index has them; those with reconciled numbers are current."""
    lag, forgets = state.frame.settings.index_lag_seconds, state.habits.index_forgets
    seen_at = state.frame.clock() - timedelta(seconds=lag)
    found = []
    for issue in state.issues.values():
        if issue.id in reconciled:
            found.append(issue)
        elif issue.created <= seen_at and not (forgets and state.frame.random.random() < forgets):
            found.append(as_of(state, issue, seen_at) if lag else issue)
    return found


def as_of(state: JiraState, issue: Issue, moment: datetime) -> Issue:
    """Return an issue as of a moment, by undoing later changes."""
    changes: dict[str, Any] = {}
    for row in reversed([row for row in issue.history if row["at"] > moment]):
        before = row["from"]
        if row["field"] == "status":
            changes["status"] = next(
                item for project in state.projects for item in project.statuses if item.name == before
            )
        elif row["field"] == "resolution":
            changes["resolution"] = before or None
        elif row["field"] == "labels":
            changes["labels"] = before.split()
        elif row["field"] == "assignee":
            changes["assignee"] = state.accounts.get(before)
    if issue.updated > moment:
        past = [row["at"] for row in issue.history] + [comment.created for comment in issue.comments]
        changes["updated"] = max([at for at in past if at <= moment], default=issue.created)
    return replace(issue, **changes) if changes else issue
