"""The simulated Jira in memory: the operations on issues, with the rules that apply to every caller."""

from __future__ import annotations

from typing import Any, Literal

from connectors.sandbox.jira import workflow
from connectors.sandbox.jira.accounts import JiraAccounts
from connectors.sandbox.jira.habits import Habits
from connectors.sandbox.jira.judge import Judge
from connectors.sandbox.jira.limits import Limits
from connectors.sandbox.jira.records import Account, Comment, File, Issue, JiraError
from connectors.sandbox.wire.frame import Frame


class JiraState(JiraAccounts):
    """One site. Methods take no lock: call them under `frame.lock`."""

    def __init__(self, frame: Frame, *, deployment: Literal["cloud", "datacenter"] = "cloud") -> None:
        super().__init__(frame, Habits(), cloud=deployment == "cloud")
        self.issues: dict[str, Issue] = {}  # by id
        self.temporary: dict[str, tuple[str, bytes, str]] = {}  # uploaded, not yet attached
        self.tasks: dict[str, Any] = {}  # pending bulk changes of properties.py
        self.projects = tuple(workflow.PROJECTS.values())
        self.limits = Limits(frame, self.habits, self.cloud)
        self.judge = Judge(frame, self.worker)
        self._next = {"issue": 10001, "comment": 20001, "file": 30001, "link": 40001, "task": 50001}
        self._numbers = dict.fromkeys(workflow.PROJECTS, 0)

    def issue(self, id_or_key: str) -> Issue:
        """Return an issue by number or key; otherwise a 404 in Jira's words."""
        found = self.issues.get(id_or_key) or next(
            (issue for issue in self.issues.values() if id_or_key in {issue.key, *issue.former_keys}), None
        )
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
            creator=reporter,
            status=project.statuses[0],
            created=now,
            updated=now,
            labels=list(labels),
            fields={workflow.REQUEST_TYPE: project.request_type} if project.request_type else {},
        )
        self.issues[issue.id] = issue
        return issue

    def new_id(self, kind: str) -> str:
        """Return the next id of a kind."""
        self._next[kind] += 1
        return str(self._next[kind] - 1)

    def move(self, issue: Issue, project: workflow.Project, by: Account) -> None:
        """Move an issue to another project; its former key still leads to it, its number stays."""
        self.touch(issue, by)
        self._numbers[project.key] += 1
        before, issue.key = issue.key, f"{project.key}-{self._numbers[project.key]}"
        issue.former_keys.add(before)
        self.remember(issue, by.login, "Key", before, issue.key)
        issue.project = project
        alike = [status for status in project.statuses if status.category == issue.status.category]
        self.set_status(issue, alike[0], by.login)

    def touch(self, issue: Issue, by: Account | None) -> None:
        """Count a write by the worker against the issue's limit."""
        if by is self.worker:
            self.limits.write(issue.id)
        issue.updated = self.frame.clock()

    def collide(self) -> None:
        """Refuse a change with a conflict if `habits` says so."""
        if self.habits.conflicts > 0:
            self.habits.conflicts -= 1
            raise JiraError(409, "The issue was changed by somebody else at the same time. Please try again.")

    def comment(
        self,
        issue: Issue,
        author: Account | None,
        body: str,
        *,
        public: bool,
        properties: dict[str, Any] | None = None,
        visibility: dict[str, Any] | None = None,
    ) -> Comment:
        """Add a comment with the service project's automations."""
        if len(issue.comments) >= self.habits.most_comments:
            raise JiraError(413, "The number of comments of an issue is limited; this issue has reached the limit.")
        properties = properties or {}
        self.judge.before_comment(issue, author, body, properties, public=public)
        self.touch(issue, author)
        now = self.frame.clock()
        comment = Comment(self.new_id("comment"), author, body, public, now, now, properties, visibility)
        issue.comments.append(comment)
        if issue.project.service_desk_id and public:
            self._reply_moves(issue, author)
        return comment

    def _reply_moves(self, issue: Issue, author: Account | None) -> None:
        """Move an issue as the built-in rules do ("Comment updates reply status", "Comment reopens issue")."""
        done = issue.status.category == "done"
        if author is None or not author.agent:
            if self.habits.customer_reply_moves and (issue.status.on_hold or done):
                self._automate(issue, issue.project.waits_for_us)
        elif done and self.habits.agent_reply_reopens:
            self._automate(issue, issue.project.waits_for_us)
        elif not done and self.habits.agent_reply_waits:
            self._automate(issue, issue.project.waits_for_customer)

    def _automate(self, issue: Issue, status: str) -> None:
        self.set_status(issue, issue.project.status(status), "automation")
        if not self.habits.keeps_resolution:
            self.set_resolution(issue, None, "automation")

    def transition(self, issue: Issue, by: Account, transition_id: str, fields: dict[str, Any]) -> None:
        """Make a transition with the fields of its screen."""
        found = next((item for item in self.offered(issue, by) if item.id == transition_id), None)
        if found is None:
            raise JiraError(
                400, f"It seems that you have tried to perform an illegal workflow operation ({transition_id})."
            )
        for name in fields.keys() - {"resolution"}:
            words = f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
            raise JiraError(400, fields={name: words})
        resolution = self._resolution(fields.get("resolution"))
        if fields.get("resolution") is not None and not found.resolution_screen:
            words = "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown."
            raise JiraError(400, fields={"resolution": words})
        if found.resolution_screen and resolution is None:
            raise JiraError(400, fields={"resolution": "Field Resolution is required."})
        self.collide()
        self.judge.before_write(issue, by, f"the transition {found.name}")
        if issue.project.status(found.to).category == "done":
            self.judge.before_end(issue, by, self.open_tasks(issue))
        self.touch(issue, by)
        self.set_status(issue, issue.project.status(found.to), by.login)
        done = issue.status.category == "done"
        if done and not self.habits.loses_resolution:
            self.set_resolution(issue, resolution or found.resolves_by_itself, by.login)
        elif not done and not self.habits.keeps_resolution:
            self.set_resolution(issue, None, by.login)

    def open_tasks(self, issue: Issue) -> list[str]:
        """Return the keys of an issue's open sub-tasks."""
        return [item.key for item in issue.tasks if item.status.category != "done"]

    def offered(self, issue: Issue, by: Account) -> list[workflow.Transition]:
        """Return the transitions to other statuses; none for a caller who may not make them."""
        if not self.may(by, "TRANSITION_ISSUES"):
            return []
        return [item for item in issue.project.transitions if item.to != issue.status.name]

    def _resolution(self, asked: Any) -> str | None:
        """Return the name of the resolution with an id, or with a name in this site's language."""
        if asked is None:
            return None
        picked = asked if isinstance(asked, dict) else {}
        for id, name in workflow.RESOLUTIONS.items():
            if str(picked.get("id")) == id or picked.get("name") in {name, self.word(name)}:
                return name
        raise JiraError(400, fields={"resolution": "The resolution selected is invalid."})

    def word(self, name: str) -> str:
        """Return a name in the language of the worker's profile."""
        return workflow.WORDS[self.habits.language].get(name, name)

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
        if len(content) > self.habits.upload_limit:
            raise JiraError(413, f"The file '{name}' is larger than the maximum of {self.habits.upload_limit} bytes.")
        if len(issue.files) >= self.habits.most_files:
            raise JiraError(413, "The number of attachments of an issue is limited; this issue has reached the limit.")
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
        """Set an issue's status."""
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
