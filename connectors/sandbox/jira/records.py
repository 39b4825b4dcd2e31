"""The records of the simulated Jira, and its refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.sandbox.jira import workflow
from connectors.sandbox.wire.sla_clock import SlaClock


class JiraError(Exception):
    """A refusal in Jira's shape."""

    def __init__(
        self,
        status: int,
        *messages: str,
        fields: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(", ".join(messages))
        self.status, self.messages, self.fields = status, messages, fields or {}
        self.headers = headers or {}
        self.body = body  # instead of the usual body


@dataclass(eq=False)
class Account:
    """A user account; compared by identity."""

    id: str
    login: str
    display: str
    agent: bool


@dataclass
class Comment:
    """A comment; `public` says whether customers see it, stored as the property `sd.public.comment`.

    `visibility` restricts which users see it; it never makes a comment internal
    (https://github.com/atlassian/atlassian-mcp-server/issues/139).
    """

    id: str
    author: Account | None  # None: written by an anonymous user
    body: str
    public: bool
    created: datetime
    updated: datetime
    properties: dict[str, Any] = field(default_factory=dict)
    visibility: dict[str, Any] | None = None


@dataclass
class File:
    """An attachment."""

    id: str
    name: str
    content: bytes
    content_type: str
    author: Account
    created: datetime
    public: bool


@dataclass
class Approval:
    """An approval that a request waits for; `decision` is `pending`, `approved` or `declined`."""

    id: str
    name: str
    approvers: list[Account]
    created: datetime
    decision: str = "pending"
    completed: datetime | None = None


@dataclass
class Issue:
    """An issue with everything on it."""

    id: str
    key: str
    project: workflow.Project
    summary: str
    description: str
    reporter: Account  # for whom it is
    creator: Account  # who filed it
    status: workflow.Status
    created: datetime
    updated: datetime
    labels: list[str] = field(default_factory=list)
    assignee: Account | None = None
    resolution: str | None = None
    priority: str = "Medium"
    fields: dict[str, str] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    links: list[dict[str, Any]] = field(default_factory=list)
    remote_links: dict[str, dict[str, Any]] = field(default_factory=dict)
    slas: list[SlaClock] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    parent: str | None = None
    tasks: list[Issue] = field(default_factory=list)
    kind: str | None = None
    taken_at: datetime | None = None  # a person took it; the worker did not hand it over
    untagged_at: datetime | None = None
    former_keys: set[str] = field(default_factory=set)  # from before moves; still valid

    def put_under(self, other: Issue) -> None:
        """Make this a sub-task of another issue."""
        self.parent = other.id
        other.tasks.append(self)

    def slas_at(self, now: datetime) -> list[SlaClock]:
        """Return the SLAs, updated to a moment."""
        for clock in self.slas:
            clock.settle(now, waiting=self.status.on_hold, done=self.status.category == "done")
        return self.slas
