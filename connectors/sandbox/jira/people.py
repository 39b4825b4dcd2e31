"""What people do in the simulated Jira, and how the control server shows its issues."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from connectors.sandbox.jira import workflow
from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.records import Account, Approval, Issue
from connectors.sandbox.wire.frame import Decision, Frame, Person, Target, iso
from connectors.sandbox.wire.sla_clock import SlaClock

ANONYMOUS = "anonymous"  # instead of a login
STAFF = {"type": "group", "value": "jira-software-users", "identifier": "jira-software-users"}


class JiraPeople:
    """Implements `TicketProduct` over a state. Methods take no lock: call them under `frame.lock`."""

    def __init__(self, frame: Frame, state: JiraState) -> None:
        self.frame = frame
        self.state = state

    def add_person(self, person: Person) -> None:
        """Create the account of a person."""
        self.state.add_person(person)

    def create(
        self,
        *,
        tagged: bool,
        requester: str,
        summary: str,
        description: str,
        table: str | None = None,
        kind: str | None = None,
        fields: dict[str, str] | None = None,
    ) -> str:
        """File an issue in a project (`table` is its key) and return its number; a field `creator` is who files it."""
        key = table or "SUP"
        if key not in workflow.PROJECTS:
            raise ValueError(f"table: found {key!r}; allowed: {', '.join(workflow.PROJECTS)}")
        project = workflow.PROJECTS[key]
        form = dict(fields or {})
        creator = form.pop("creator", requester)
        named = {project.fields.get(name, name): text for name, text in form.items()}
        for name in named:
            if name not in workflow.FIELDS:
                raise ValueError(f"fields.{name}: there is no such field")
        reporter, filed_by = self.state.account(requester), self.state.account(creator)
        labels = [workflow.LABEL] if tagged else []
        issue = self.state.new_issue(project, reporter, summary, description, labels)
        issue.creator = filed_by
        issue.fields |= named
        issue.kind = kind
        return issue.id

    def comment(self, id: str, *, author: str, visibility: Literal["internal", "public"], body: str) -> None:
        """Post a comment as a person, or as nobody: where a project lets anonymous users comment.

        Where a project has no internal side, an internal comment is one that is kept to a group.
        """
        account = None if author == ANONYMOUS else self.state.account(author)
        issue, public = self._issue(id), visibility == "public"
        kept = None if public or issue.project.service_desk_id else STAFF
        self.state.comment(issue, account, body, public=public or kept is not None, visibility=kept)

    def tag(self, id: str, *, add: list[str], remove: list[str]) -> None:
        """Add and remove labels."""
        issue = self._issue(id)
        gone = {name or workflow.LABEL for name in remove}
        labels = [label for label in issue.labels if label not in gone]
        labels += [name or workflow.LABEL for name in add if (name or workflow.LABEL) not in labels]
        self.state.set_labels(issue, issue.reporter, labels)

    def change(
        self, id: str, *, by: str, status: str | None = None, assignee: str | None = None, group: str | None = None
    ) -> None:
        """Set status and assignee as a person; Jira has no groups to assign to."""
        issue, person = self._issue(id), self.state.account(by)
        if group:
            raise ValueError("group: Jira assigns issues to people only")
        if assignee is not None:
            self.state.assign(issue, person, self.state.account(assignee) if assignee else None)
        if status is not None:
            target = issue.project.status(status)
            self.state.set_status(issue, target, by)
            self.state.set_resolution(issue, "Done" if target.category == "done" else None, by)

    def add_task(self, id: str, *, summary: str) -> str:
        """Add an open sub-task."""
        issue = self._issue(id)
        task = self.state.new_issue(issue.project, issue.reporter, summary, "", [])
        task.put_under(issue)
        return task.id

    def approval(self, id: str, *, approver: str, decision: Decision) -> None:
        """Ask a person for an approval of a request, or record what they decided."""
        issue, account, now = self._issue(id), self.state.account(approver), self.frame.clock()
        if not issue.project.service_desk_id:
            raise ValueError(f"{issue.key}: {issue.project.key} is no service project, so it has no approvals")
        held = next((item for item in issue.approvals if account in item.approvers), None)
        if held is None:
            held = Approval(str(len(issue.approvals) + 1), "Waiting for approval", [account], now)
            issue.approvals.append(held)
        held.decision, held.completed = decision, None if decision == "pending" else now

    def start_sla(self, id: str, *, target: Target, minutes: float, used: float = 0.0) -> None:
        """Start an SLA on a request; only service projects have SLAs."""
        issue = self._issue(id)
        if not issue.project.service_desk_id:
            raise ValueError(f"{issue.key}: {issue.project.key} is no service project, so it has no SLAs")
        issue.slas.append(SlaClock.started_at(self.frame.clock(), target, minutes, used))

    def attachment(self, id: str, name: str) -> tuple[bytes, str]:
        """Return the newest attachment of that name."""
        for file in reversed(self._issue(id).files):
            if file.name == name:
                return file.content, file.content_type
        raise KeyError(f"no attachment {name!r}")

    def tickets(self) -> list[dict[str, Any]]:
        """Return every issue in the control server's shape."""
        return [self._view(issue) for issue in self.state.issues.values()]

    def ticket(self, id: str) -> dict[str, Any]:
        """Return one issue in the control server's shape."""
        return self._view(self._issue(id))

    def said(self, id: str) -> list[tuple[str, bool]]:
        """Return what the worker has written on an issue, and whether it is public."""
        comments = self._issue(id).comments
        return [(comment.body, comment.public) for comment in comments if self._ours(comment.author)]

    def _issue(self, id: str) -> Issue:
        found = self.state.issues.get(id)
        if found is None:
            raise KeyError(f"no ticket {id!r}")
        return found

    def _view(self, issue: Issue) -> dict[str, Any]:
        form = issue.project.fields.items()
        fields = {name: issue.fields[field] for name, field in form if issue.fields.get(field)}
        return {
            "desk": "jira",
            "table": issue.project.key,
            "id": issue.id,
            "key": issue.key,
            "kind": issue.kind,
            "tagged": workflow.LABEL in issue.labels,
            "tags": list(issue.labels),
            "summary": issue.summary,
            "description": issue.description,
            "requester": issue.reporter.login,
            "status": issue.status.name,
            "status_category": issue.status.control_category,
            "created": iso(issue.created),
            "resolution": issue.resolution,
            "priority": issue.priority,
            "assignee": issue.assignee.login if issue.assignee else None,
            "group": None,
            "fields": fields,
            "comments": [
                {
                    "id": comment.id,
                    "author": comment.author.login if comment.author else ANONYMOUS,
                    "by_worker": self._ours(comment.author),
                    "visibility": "public" if comment.public else "internal",
                    "created": iso(comment.created),
                    "edited": iso(comment.updated) if comment.updated != comment.created else None,
                    "body": comment.body,
                }
                for comment in issue.comments
            ],
            "attachments": [
                {
                    "name": file.name,
                    "size": len(file.content),
                    "sha256": hashlib.sha256(file.content).hexdigest(),
                    "content_type": file.content_type,
                    "by_worker": self._ours(file.author),
                    "visibility": "public" if file.public else "internal",
                }
                for file in issue.files
            ],
            "approval": issue.approvals[-1].decision if issue.approvals else None,
            "tasks": self.state.open_tasks(issue),
            "slas": [clock.shown() for clock in issue.slas_at(self.frame.clock())],
            "links": [
                *(str((link.get("inwardIssue") or link["outwardIssue"])["key"]) for link in issue.links),
                *(str(link["object"]["title"]) for link in issue.remote_links.values()),
            ],
            "history": [entry | {"at": iso(entry["at"])} for entry in issue.history],
        }

    def _ours(self, account: Account | None) -> bool:
        return account is self.state.worker
