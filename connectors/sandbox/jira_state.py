"""The simulated Jira in memory: issues, comments, attachments and their rules, and what people do with them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from connectors.sandbox import jira_workflow as workflow
from connectors.sandbox.frame import Frame, Person
from connectors.sandbox.jira_judge import Judge

PER_ISSUE_WRITES = (
    (2.0, 20),
    (30.0, 100),
)  # seconds, writes: https://developer.atlassian.com/cloud/jira/platform/rate-limiting


class JiraError(Exception):
    """A refusal in Jira's shape."""

    def __init__(self, status: int, *messages: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(", ".join(messages))
        self.status, self.messages, self.fields = status, messages, fields or {}
        self.headers: dict[str, str] = {}


@dataclass(eq=False)
class Account:
    """A user account; there is one object of each."""

    id: str
    login: str
    display: str
    agent: bool


@dataclass
class Comment:
    """A comment; `public` tells whether customers see it (in a software project: everybody)."""

    id: str
    author: Account
    body: str
    public: bool
    created: datetime
    updated: datetime
    properties: dict[str, Any] = field(default_factory=dict)


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
class Issue:
    """An issue with everything on it."""

    id: str
    key: str
    project: workflow.Project
    summary: str
    description: str
    reporter: Account
    status: workflow.Status
    created: datetime
    updated: datetime
    labels: list[str] = field(default_factory=list)
    assignee: Account | None = None
    resolution: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    links: list[dict[str, Any]] = field(default_factory=list)
    remote_links: dict[str, dict[str, Any]] = field(default_factory=dict)
    parent: str | None = None
    kind: str | None = None
    taken_at: datetime | None = None  # a person has it, and the worker did not hand it over
    untagged_at: datetime | None = None
    written: deque[datetime] = field(default_factory=deque)


class JiraState:
    """One site. Methods take no lock: call them under `frame.lock`."""

    def __init__(self, frame: Frame, *, deployment: Literal["cloud", "datacenter"] = "cloud") -> None:
        self.frame = frame
        self.cloud = deployment == "cloud"
        self.accounts: dict[str, Account] = {}  # by login
        self.issues: dict[str, Issue] = {}  # by id
        self.temporary: dict[str, tuple[str, bytes, str]] = {}
        self.automation_on_agent_reply = False
        self.zone = "Europe/Berlin"  # of the worker's profile: JSON times and JQL literals are in it
        self.most_comments = 5000
        self.judge = Judge(self)
        self._next = {"issue": 10001, "comment": 20001, "file": 30001, "link": 40001}
        self._numbers = dict.fromkeys(workflow.PROJECTS, 0)
        accounts = frame.credentials
        self.worker = self._account(accounts.jira_email, "Forcesync Service", agent=True)

    # -- accounts

    def add_person(self, person: Person) -> None:
        """Create an account."""
        self._account(person.login, person.name, agent=person.agent)

    def account(self, login: str) -> Account:
        """Return an account; `KeyError` if there is none."""
        return self.accounts[login]

    def by_id(self, id: str | None) -> Account | None:
        """Return an account by account id (Cloud) or user name (Data Center)."""
        return next((item for item in self.accounts.values() if self.account_id(item) == id), None)

    def account_id(self, account: Account) -> str:
        """Return what names an account on this deployment."""
        return account.id if self.cloud else account.login.split("@")[0]

    def _account(self, login: str, display: str, *, agent: bool) -> Account:
        digits = self.frame.hex_id(32)
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        account = Account(f"712020:{'-'.join(parts)}", login, display, agent)
        self.accounts[login] = account
        return account

    # -- issues

    def issue(self, id_or_key: str) -> Issue:
        """Return an issue by number or key; 404 as Jira words it."""
        found = self.issues.get(id_or_key) or next((i for i in self.issues.values() if i.key == id_or_key), None)
        if found is None:
            words = (
                "Issue does not exist or you do not have permission to see it."
                if self.cloud
                else "Issue Does Not Exist"
            )
            raise JiraError(404, words)
        return found

    def new_issue(
        self, project: workflow.Project, reporter: Account, summary: str, description: str, labels: list[str]
    ) -> Issue:
        """Create an issue in its project's first status."""
        now = self.frame.clock()
        self._numbers[project.key] += 1
        issue = Issue(
            id=self.new_id("issue"),
            key=f"{project.key}-{self._numbers[project.key]}",
            project=project,
            summary=summary,
            description=description,
            reporter=reporter,
            status=project.statuses[0],
            created=now,
            updated=now,
            labels=list(labels),
        )
        self.issues[issue.id] = issue
        return issue

    def new_id(self, kind: str) -> str:
        """Return the next number of a kind."""
        self._next[kind] += 1
        return str(self._next[kind] - 1)

    def touch(self, issue: Issue, by: Account, *, limited: bool = True) -> None:
        """Note a write: the per-issue limit counts it, and the index will see it."""
        now = self.frame.clock()
        if limited and by is self.worker and self.frame.settings.limits and self.cloud:
            for seconds, most in PER_ISSUE_WRITES:
                recent = [at for at in issue.written if now - at < timedelta(seconds=seconds)]
                if len(recent) >= most:
                    error = JiraError(429, "Rate limit exceeded")
                    error.headers = {"Retry-After": str(int(seconds)), "RateLimit-Reason": "jira-per-issue-on-write"}
                    raise error
            issue.written.append(now)
            while len(issue.written) > PER_ISSUE_WRITES[-1][1]:
                issue.written.popleft()
        issue.updated = now

    def comment(
        self, issue: Issue, author: Account, body: str, *, public: bool, properties: dict[str, Any] | None = None
    ) -> Comment:
        """Add a comment with the service project's automations."""
        if len(issue.comments) >= self.most_comments:
            raise JiraError(413, "The number of comments is limited")
        properties = properties or {}
        self.judge.before_comment(issue, author, body, properties, public=public)
        self.touch(issue, author)
        now = self.frame.clock()
        comment = Comment(self.new_id("comment"), author, body, public, now, now, properties)
        issue.comments.append(comment)
        if issue.project.service_desk_id and public:
            self._reply_moves(issue, author)
        return comment

    def _reply_moves(self, issue: Issue, author: Account) -> None:
        """Move as the built-in rules do ("Comment updates reply status", "Comment reopens issue")."""
        by_customer = not author.agent
        if by_customer and (issue.status.on_hold or issue.status.category == "done"):
            self.set_status(issue, issue.project.status("In Progress"), "automation")
            self.set_resolution(issue, None, "automation")
        elif author.agent and self.automation_on_agent_reply and issue.status.category != "done":
            self.set_status(issue, issue.project.status("Waiting for customer"), "automation")

    def transition(self, issue: Issue, by: Account, transition_id: str, fields: dict[str, Any]) -> None:
        """Make a transition with what its screen allows."""
        found = next((item for item in self.offered(issue) if item.id == transition_id), None)
        if found is None:
            raise JiraError(
                400, f"It seems that you have tried to perform an illegal workflow operation ({transition_id})."
            )
        resolution = (fields.get("resolution") or {}).get("name")
        if resolution is not None and not found.resolution_screen:
            words = "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown."
            raise JiraError(400, fields={"resolution": words})
        if found.resolution_screen and resolution not in workflow.RESOLUTIONS.values():
            raise JiraError(400, fields={"resolution": "Field Resolution is required."})
        self.judge.before_write(issue, by, f"the transition {found.name}")
        self.touch(issue, by)
        self.set_status(issue, issue.project.status(found.to), by.login)
        done = issue.status.category == "done"
        self.set_resolution(issue, (resolution or found.resolves_by_itself) if done else None, by.login)

    def offered(self, issue: Issue) -> list[workflow.Transition]:
        """Return the transitions that lead elsewhere."""
        return [item for item in issue.project.transitions if item.to != issue.status.name]

    def assign(self, issue: Issue, by: Account, account: Account | None) -> None:
        """Set the assignee."""
        release = account is None and issue.assignee in {None, self.worker} if by is self.worker else False
        if not release:
            self.judge.before_write(issue, by, "an assignment")
        self.touch(issue, by)
        before = issue.assignee
        self.remember(issue, by.login, "assignee", before.login if before else "", account.login if account else "")
        issue.assignee = account
        person = account not in {None, self.worker} and by is not self.worker
        issue.taken_at = self.frame.clock() if person else None

    def attach(self, issue: Issue, by: Account, name: str, content: bytes, content_type: str, *, public: bool) -> File:
        """Add a file."""
        self.judge.before_file(issue, by, name, content, public=public)
        self.touch(issue, by)
        file = File(self.new_id("file"), name, content, content_type, by, self.frame.clock(), public)
        issue.files.append(file)
        return file

    def set_labels(self, issue: Issue, by: Account, labels: list[str]) -> None:
        """Replace the labels."""
        self.judge.before_write(issue, by, "a change of labels")
        self.touch(issue, by)
        self.remember(issue, by.login, "labels", " ".join(issue.labels), " ".join(labels))
        if workflow.LABEL in issue.labels and workflow.LABEL not in labels:
            issue.untagged_at = self.frame.clock()
        issue.labels = labels

    def set_status(self, issue: Issue, status: workflow.Status, by: str) -> None:
        """Put an issue into a status."""
        if status is not issue.status:
            self.remember(issue, by, "status", issue.status.name, status.name)
            issue.status, issue.updated = status, self.frame.clock()

    def set_resolution(self, issue: Issue, resolution: str | None, by: str) -> None:
        """Set or clear the resolution."""
        if resolution != issue.resolution:
            self.remember(issue, by, "resolution", issue.resolution or "", resolution or "")
            issue.resolution = resolution

    def remember(self, issue: Issue, by: str, name: str, before: str, after: str) -> None:
        """Add a row to the changelog."""
        if before != after:
            row = {"at": self.frame.clock(), "by": by, "field": name, "from": before, "to": after}
            issue.history.append(row)
