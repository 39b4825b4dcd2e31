"""An issue's values for each JQL field, the values that exist at all, and the sortable fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.sandbox.jira import workflow
from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.records import Account, Issue, JiraError


def _key(issue: Issue) -> tuple[str, int]:
    project, _, number = issue.key.rpartition("-")
    return project, int(number)


CATEGORIES = {
    "new": {"new", "to do", "2"},
    "indeterminate": {"indeterminate", "in progress", "4"},
    "done": {"done", "3"},
}
KEYS = frozenset({"key", "issuekey", "id", "issue"})
CUSTOM = {
    alias.casefold(): id
    for id, name in workflow.FIELDS.items()
    for alias in (id, name, f"cf[{id.removeprefix('customfield_')}]")
}
TEXTS = frozenset({"summary", "description", "text", "comment", *CUSTOM})
SORTS: dict[str, Callable[[Issue], Any]] = {
    "created": lambda issue: issue.created,
    "updated": lambda issue: issue.updated,
    "key": _key,
    "issuekey": _key,
    "id": lambda issue: int(issue.id),
    "status": lambda issue: issue.status.id,
    "summary": lambda issue: issue.summary.casefold(),
    "assignee": lambda issue: issue.assignee.display if issue.assignee else "",
    "reporter": lambda issue: issue.reporter.display,
    "project": lambda issue: issue.project.key,
}
NAMES = frozenset(
    {"project", "issuetype", "type", "labels", "status", "statuscategory", "assignee", "reporter", "resolution"}
    | {"created", "updated"}
    | KEYS
    | TEXTS
)


def checked_name(name: str) -> str:
    """Return a field's name in lower case; 400 if there is no such field."""
    if name.lower() not in NAMES:
        raise JiraError(400, f"Field '{name}' does not exist or you do not have permission to view it.")
    return name.lower()


def values(state: JiraState, issue: Issue, name: str) -> set[str]:
    """Return a field's values in lower case; an empty set for an empty field."""
    status = issue.status
    columns: dict[str, set[str]] = {
        "project": {issue.project.key, issue.project.name, issue.project.id},
        "issuetype": {issue.project.issue_type},
        "type": {issue.project.issue_type},
        "labels": set(issue.labels),
        "status": {status.name, state.word(status.name), status.id},
        "statuscategory": CATEGORIES[status.category],
        "assignee": _person(state, issue.assignee),
        "reporter": _person(state, issue.reporter),
        "resolution": {issue.resolution} if issue.resolution else set(),
        **{key: {issue.id, issue.key, *issue.former_keys} for key in KEYS},
    }
    if name in TEXTS:
        columns[name] = {texts(issue, name)} - {""}
    return {value.casefold() for value in columns[name]}


def texts(issue: Issue, name: str) -> str:
    """Return the texts of a field, in lower case."""
    columns = {
        "summary": [issue.summary],
        "description": [issue.description],
        "comment": [comment.body for comment in issue.comments],
    }
    columns["text"] = [text for column in columns.values() for text in column]
    if name in CUSTOM:
        columns[name] = [issue.fields.get(CUSTOM[name], "")]
    return "\n".join(columns[name]).casefold()


def known_value(state: JiraState, name: str, value: str) -> str:
    """Return a value if it exists on this site; otherwise 400, as for unknown projects."""
    if name in KEYS:
        try:
            state.issue(value)
        except JiraError:
            raise JiraError(400, f"An issue with key '{value}' does not exist for field '{name}'.") from None
    every: dict[str, set[str]] = {
        "project": {text for item in state.projects for text in (item.key, item.name, item.id)},
        "status": {
            text
            for project in state.projects
            for item in project.statuses
            for text in (item.name, state.word(item.name), item.id)
        },
        "statuscategory": set().union(*CATEGORIES.values()),
        "resolution": {*workflow.RESOLUTIONS, *workflow.RESOLUTIONS.values(), "Unresolved"},
        "issuetype": {item.issue_type for item in state.projects},
    }
    known = every.get(name)
    if known is not None and value.casefold() not in {text.casefold() for text in known}:
        raise JiraError(400, f"The value '{value}' does not exist for the field '{name}'.")
    return workflow.RESOLUTIONS.get(value, value) if name == "resolution" else value


def _person(state: JiraState, account: Account | None) -> set[str]:
    return {account.id, state.account_id(account)} if account else set()
