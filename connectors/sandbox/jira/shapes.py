"""Issues, comments and people as Jira's JSON (v2: texts are wiki markup; v3: texts are documents).

https://developer.atlassian.com/cloud/jira/platform/rest/v2/, and recorded answers, which the tests compare with.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from connectors.sandbox.jira import workflow
from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.records import Account, Comment, File, Issue


class Shapes:
    """Writes the JSON of one site; `base` is the address the client called."""

    def __init__(self, state: JiraState, base: str, version: str) -> None:
        self._state, self._base, self._version = state, base, version

    def time(self, moment: datetime) -> str:
        """Write a time in the reader's zone, to the millisecond."""
        local = moment.astimezone(ZoneInfo(self._state.habits.zone))
        return local.strftime("%Y-%m-%dT%H:%M:%S.") + f"{local.microsecond // 1000:03d}" + local.strftime("%z")

    def text(self, text: str) -> Any:
        """Write a text: a string, or on v3 a document of one paragraph."""
        if self._version != "3":
            return text
        paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}] if text else []}
        return {"type": "doc", "version": 1, "content": [paragraph]}

    def rendered(self, text: str) -> str:
        """Write a text as HTML, simplified: its words in a paragraph."""
        return f"<p>{escape(text)}</p>"

    def account(self, account: Account | None) -> dict[str, Any] | None:
        """Write a person; Cloud identifies people by account id, Data Center by name."""
        if account is None:
            return None
        id = self._state.account_id(account)
        person: dict[str, Any] = {
            "self": f"{self._base}/user?{'accountId' if self._state.cloud else 'username'}={quote(id, safe='')}",
            "displayName": account.display,
            "emailAddress": account.login,
            "avatarUrls": {},
            "active": True,
            "timeZone": self._state.habits.zone,
        }
        if self._state.habits.hides_emails:
            del person["emailAddress"]
        if self._state.cloud:
            return person | {"accountId": account.id, "accountType": "atlassian" if account.agent else "customer"}
        return person | {"name": id, "key": f"JIRAUSER{account.id[-5:]}"}

    def status(self, status: workflow.Status) -> dict[str, Any]:
        """Write a status with its category."""
        category = workflow.CATEGORIES[status.category]
        shown = category | {"self": f"{self._base}/statuscategory/{category['id']}"}
        shown["name"] = self._state.word(str(category["name"]))
        return {
            "self": f"{self._base}/status/{status.id}",
            "id": status.id,
            "name": self._state.word(status.name),
            "description": "",
            "iconUrl": f"{self._base.partition('/rest/')[0]}/",
            "statusCategory": shown,
        }

    def resolution(self, name: str | None) -> dict[str, Any] | None:
        """Write a resolution."""
        if name is None:
            return None
        id = next(id for id, known in workflow.RESOLUTIONS.items() if known == name)
        return {"self": f"{self._base}/resolution/{id}", "id": id, "name": self._state.word(name), "description": ""}

    def priority(self, name: str) -> dict[str, Any]:
        """Write a priority."""
        id = next(id for id, known in workflow.PRIORITIES.items() if known == name)
        icon = f"{self._base.partition('/rest/')[0]}/images/icons/priorities/{name.lower()}.svg"
        return {"self": f"{self._base}/priority/{id}", "iconUrl": icon, "name": name, "id": id}

    def issue(self, issue: Issue, fields: list[str] | None, expand: set[str]) -> dict[str, Any]:
        """Write an issue with the requested fields (default: all)."""
        known = self._fields(issue)
        wanted = _wanted(known, fields)
        shown: dict[str, Any] = {
            "expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
            "id": issue.id,
            "self": f"{self._base}/issue/{issue.id}",
            "key": issue.key,
            "fields": wanted,
        }
        if "renderedFields" in expand:
            shown["renderedFields"] = {
                name: self.rendered(issue.description) if name == "description" else None for name in wanted
            }
        if "names" in expand:
            shown["names"] = {name: workflow.FIELDS.get(name, name.capitalize()) for name in wanted}
        if "changelog" in expand:
            histories = self.changelog(issue)
            page = {"startAt": 0, "maxResults": len(histories), "total": len(histories)}
            shown["changelog"] = page | {"histories": list(reversed(histories))}
        return shown

    def changelog(self, issue: Issue) -> list[dict[str, Any]]:
        """Write every change, oldest first."""
        return [
            {
                "id": str(number),
                "author": self.account(self._state.accounts.get(row["by"])),
                "created": self.time(row["at"]),
                "items": [
                    {
                        "field": row["field"],
                        "fieldtype": "jira",
                        "fieldId": row["field"],
                        "from": self._named(row["field"], row["from"]),
                        "fromString": row["from"],
                        "to": self._named(row["field"], row["to"]),
                        "toString": row["to"],
                    }
                ],
            }
            for number, row in enumerate(issue.history, 10001)
        ]

    def _named(self, field: str, value: str) -> str | None:
        """Write whom a change of the assignee names: an account id on Cloud, a user's key on Data Center (inferred)."""
        account = self._state.accounts.get(value) if field == "assignee" else None
        person = self.account(account) or {}
        return person.get("accountId", person.get("key"))

    def comment(self, issue: Issue, comment: Comment, *, properties: bool) -> dict[str, Any]:
        """Write a comment; `jsdPublic` is on service projects and on others, as recorded."""
        author = self.account(comment.author)
        people = {"author": author, "updateAuthor": author} if author else {}  # missing for an anonymous user
        shown: dict[str, Any] = {
            "self": f"{self._base}/issue/{issue.id}/comment/{comment.id}",
            "id": comment.id,
            **people,
            "body": self.text(comment.body),
            "created": self.time(comment.created),
            "updated": self.time(comment.updated),
        }
        if self._state.cloud or issue.project.service_desk_id:
            shown["jsdPublic"] = comment.public
        if comment.visibility is not None:
            shown["visibility"] = comment.visibility
        if properties:
            shown["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
        return shown

    def file(self, file: File) -> dict[str, Any]:
        """Write an attachment."""
        return {
            "self": f"{self._base}/attachment/{file.id}",
            "id": file.id,
            "filename": file.name,
            "author": self.account(file.author),
            "created": self.time(file.created),
            "size": len(file.content),
            "mimeType": file.content_type,
            "content": f"{self._base}/attachment/content/{file.id}",
        }

    def transition(self, issue: Issue, item: workflow.Transition, *, fields: bool) -> dict[str, Any]:
        """Write a transition, with its screen if requested."""
        shown: dict[str, Any] = {
            "id": item.id,
            "name": self._state.word(item.name),
            "to": self.status(issue.project.status(item.to)),
            "hasScreen": item.resolution_screen and not self._state.habits.hides_screens,
            "isGlobal": True,
            "isInitial": False,
            "isConditional": False,
            "isAvailable": True,
        }
        if fields:
            resolution = {
                "required": True,
                "schema": {"type": "resolution", "system": "resolution"},
                "name": "Resolution",
                "key": "resolution",
                "operations": ["set"],
                "allowedValues": [self.resolution(name) for name in workflow.RESOLUTIONS.values()],
            }
            shown["fields"] = {"resolution": resolution} if shown["hasScreen"] else {}
        return shown

    def _subtask(self, issue: Issue) -> dict[str, Any]:
        fields = {"summary": issue.summary, "status": self.status(issue.status)}
        return {"self": f"{self._base}/issue/{issue.id}", "id": issue.id, "key": issue.key, "fields": fields}

    def _fields(self, issue: Issue) -> dict[str, Any]:
        seen = [item for item in issue.comments if item.public or self._state.worker.agent]
        comments = [self.comment(issue, item, properties=False) for item in seen]
        fields: dict[str, Any] = {
            "summary": issue.summary,
            "description": self.text(issue.description),
            "status": self.status(issue.status),
            "resolution": self.resolution(issue.resolution),
            "priority": self.priority(issue.priority),
            "labels": list(issue.labels),
            "reporter": self.account(issue.reporter),
            "creator": self.account(issue.creator),
            "assignee": self.account(issue.assignee),
            "created": self.time(issue.created),
            "updated": self.time(issue.updated),
            "project": {
                "id": issue.project.id,
                "key": issue.project.key,
                "name": issue.project.name,
                "projectTypeKey": "service_desk" if issue.project.service_desk_id else "software",
            },
            "issuetype": {"id": "10005", "name": issue.project.issue_type, "subtask": issue.parent is not None},
            "attachment": [self.file(file) for file in issue.files],
            "issuelinks": list(issue.links),
            "subtasks": [self._subtask(item) for item in issue.tasks],
            "comment": {
                "comments": comments,
                "maxResults": len(comments),
                "total": len(comments),
                "startAt": 0,
            },
        }
        if issue.parent is not None:
            parent = self._state.issues[issue.parent]
            fields["parent"] = {"id": parent.id, "key": parent.key, "fields": {"summary": parent.summary}}
        return fields | {name: self._custom(issue, name) for name in workflow.FIELDS}

    def _custom(self, issue: Issue, name: str) -> Any:
        """Write a custom field: a string, or the object of a person, an option or a request type."""
        held, kind = issue.fields.get(name), workflow.KINDS.get(name)
        if held is None or kind is None:
            return held
        if kind == "person":
            return self.account(self._state.accounts.get(held))
        if kind == "option":
            return {"self": f"{self._base}/customFieldOption/10200", "id": "10200", "value": held}
        return {"requestType": {"id": "17", "name": held}, "currentStatus": {"status": issue.status.name}}


def _wanted(known: dict[str, Any], names: list[str] | None) -> dict[str, Any]:
    """Select fields as `fields` says: all by default and for `*all`; `-name` excludes one."""
    asked = [name for name in names or [] if not name.startswith("-")]
    taken = {name[1:] for name in names or [] if name.startswith("-")}
    every = not asked or bool({"*all", "*navigable"} & set(asked))
    return {name: value for name, value in known.items() if (every or name in asked) and name not in taken}
