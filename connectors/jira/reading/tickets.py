"""Turns Jira's JSON into tickets: optional fields may be missing, a missing required field is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.desks import LONG_AGO
from connectors.jira.answers import Json, an_object, objects, text_of
from connectors.jira.markers import marker
from connectors.jira.reading.relations import relation_of
from connectors.jira.settings import JiraSettings, ProjectSettings
from connectors.jira.statuses import target
from workflows.errors import Misconfigured, Refused, Unexpected
from workflows.model import Attachment, Comment, Move, Person, Phase, Sighting, Ticket, TicketRef

ISSUE_ID = re.compile(r"[0-9]{1,19}")
ISSUE_KEY = re.compile(r"[A-Z][A-Z0-9_]+-[1-9][0-9]*")


class IssueReader:
    """Reads the issues and comments of one site into values of the core; `system` is the desk's name."""

    def __init__(self, system: str, settings: JiraSettings) -> None:
        self._system = system
        self._settings = settings

    def sighting(self, issue: Json) -> Sighting | None:
        """Read a search hit; `None` if the issue does not match after all, since the search index may be stale."""
        if self._project_key(issue) not in self._settings.projects or not self._tagged(issue):
            return None
        _, project = self.project(issue)
        if self.category(issue) == "done" or self._unselected_type(issue, project):
            return None
        return Sighting(ref=self.ref(issue), stamp=self.stamp(issue))

    def past(self, issue: Json, since: datetime) -> TicketRef | None:
        """Read a hit of a search for past issues; `None` unless it was opened or closed since then (UTC).

        A status of the category done may come without a resolution; then the last change stands for its time.
        """
        if self._project_key(issue) not in self._settings.projects or not self._tagged(issue):
            return None
        _, project = self.project(issue)
        fields = self._need(issue, "fields")
        opened, closed = (self.time_if_any(fields.get(name)) for name in ("created", "resolutiondate"))
        if self.category(issue) == "done":
            closed = closed or self.time_if_any(fields.get("updated"))
        happened = any(at is not None and at >= since for at in (opened, closed))
        return self.ref(issue) if happened and not self._unselected_type(issue, project) else None

    def stamp(self, issue: Json) -> str:
        """Return when the issue was last changed, in UTC and always as long, so that stamps sort as texts."""
        return self._time(self._need(issue, "fields", "updated")).isoformat(timespec="milliseconds")

    def ref(self, issue: Json) -> TicketRef:
        """Read an issue's reference; its number stays the same when it is moved."""
        number, key = str(self._need(issue, "id")), str(self._need(issue, "key"))
        if not ISSUE_ID.fullmatch(number) or not ISSUE_KEY.fullmatch(key):
            raise self._odd(f"an issue with id {number[:40]!r} and key {key[:40]!r}")
        url = f"{self._settings.seen_at}/browse/{key}"
        return TicketRef(desk=self._system, id=number, key=key, url=url)

    def project(self, issue: Json) -> tuple[str, ProjectSettings]:
        """Return the key and settings of the issue's project; `Refused` if the settings do not name it."""
        key = self._project_key(issue)
        settings = self._settings.projects.get(key)
        if settings is None:
            known = ", ".join(self._settings.projects)
            raise Refused(self._system, "read the issue", f"it is in project {key}; the settings name only {known}")
        kind = self._need(issue, "fields", "project").get("projectTypeKey")
        if kind in ("service_desk", "software") and kind != settings.kind:
            # A service project taken for a software project would show internal comments to customers.
            detail = f"projects.{key}.kind: Jira says {kind}, the settings say {settings.kind}"
            raise Misconfigured(self._system, "read the issue", detail)
        return key, settings.of_type(self._issue_type(issue))

    def ticket(self, issue: Json, comments: Iterable[Json], worker: str, handed_to: Mapping[str, str]) -> Ticket:
        """Build a ticket from a fresh issue and all its comments.

        `worker` is our own account's id, `handed_to` the accounts of hand-overs, by route.
        """
        fields: Json = self._need(issue, "fields")
        key, project = self.project(issue)
        if other := self._unselected_type(issue, project):
            raise Refused(self._system, "read the issue", f"it is {other}, which projects.{key} does not name")
        requester, creator = (self.person(fields.get(name)) for name in ("reporter", "creator"))
        assignee = self.person(fields.get("assignee")) or (Person(id="") if fields.get("assignee") else None)
        status = str(self._need(issue, "fields", "status", "name"))
        return Ticket(
            ref=self.ref(issue),
            summary=str(fields.get("summary") or ""),
            description=text_of(fields.get("description")),
            phase=self._phase(status, self.category(issue), project),
            status=status,
            tagged=self._tagged(issue),
            tagged_at=self._tagged_at(issue),
            requester=requester,
            opened_at=self.time_if_any(fields.get("created")),
            opened_by=creator if creator and (requester is None or creator.id != requester.id) else None,
            assignee=assignee,
            assigned_to_worker=bool(assignee and assignee.id == worker),
            fields=self._form(fields, project),
            comments=self._in_order(self.comment(item, project, worker) for item in comments),
            attachments=tuple(self.attachments(issue)),
            relation=relation_of(fields, self._settings.links),
            stamp=self.stamp(issue),
            context={
                "project": key,
                "issue_type": self._issue_type(issue),
                "worker": worker,
                **{f"handed_to:{route}": account for route, account in handed_to.items()},
                "status_id": str(self._need(issue, "fields", "status", "id")),
                "category": self.category(issue),
                "resolution": self.resolution(issue) or "",
            },
        )

    def comment(self, item: Json, project: ProjectSettings, worker: str) -> Comment:
        """Read one comment; a marker counts only on our own, since anyone may set a property.

        Data Center lets anonymous visitors comment, and users are deleted: such a comment is nobody's. One whose time
        cannot be read is old, so that it answers no question of ours.
        """
        author = self.person(item.get("author")) or Person(id="")
        by_worker = author.id == worker
        # `jsdPublic` is the visibility in service projects; elsewhere, comments are public unless kept to a group.
        public = item.get("jsdPublic") is not False if project.is_service_desk else not item.get("visibility")
        return Comment(
            id=text_of(item.get("id")),
            author=author,
            by_worker=by_worker,
            public=public,
            created=self.time_if_any(item.get("created")) or LONG_AGO,
            body=text_of(item.get("body")),
            marker=marker(item) if by_worker else None,
        )

    def attachments(self, issue: Json) -> list[Attachment]:
        """Read the files on an issue; Jira returns no checksum."""
        return [
            Attachment(id=text_of(item["id"]), name=text_of(item.get("filename")), size=_number(item.get("size")))
            for item in objects(self._need(issue, "fields").get("attachment"))
            if item.get("id")
        ]

    def person(self, user: Any) -> Person | None:
        """Read a user: by account id on Cloud, where the e-mail address may be hidden, and by name on Data Center.

        The account of an app has no address to hide, so its id is its login
        (https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/, `accountType`).
        """
        names = ("accountId", "key", "name") if self._settings.is_cloud else ("name", "key")
        user = an_object(user)
        account = next((str(user[name]) for name in names if user.get(name)), None)
        if not account:
            return None
        return Person(
            id=account,
            login=None if self._settings.is_cloud and user.get("accountType") != "app" else account,
            email=text_of(user.get("emailAddress")) or None,
            name=text_of(user.get("displayName")) or None,
        )

    def category(self, issue: Json) -> str:
        """Return the status category's key: new, indeterminate or done; the same in every language."""
        return str(self._need(issue, "fields", "status", "statusCategory", "key"))

    def status(self, issue: Json) -> str:
        """Return the status's name."""
        return str(self._need(issue, "fields", "status", "name"))

    def holder(self, issue: Json) -> str | None:
        """Return the assignee's account."""
        person = self.person(self._need(issue, "fields").get("assignee"))
        return person.id if person else None

    def priority(self, issue: Json) -> str:
        """Return the priority's name, "" where there is none."""
        return text_of(self._need(issue, "fields").get("priority"))

    def resolution(self, issue: Json) -> str | None:
        """Return the resolution's name."""
        found = self._need(issue, "fields").get("resolution")
        return str(self._need(found, "name")) if found else None

    def _in_order(self, comments: Iterable[Comment]) -> tuple[Comment, ...]:
        """Return comments oldest first, whatever the site's order; ids increase."""
        return tuple(sorted(comments, key=lambda item: (item.created, _number(item.id))))

    def _project_key(self, issue: Json) -> str:
        return str(self._need(issue, "fields", "project", "key"))

    def _tagged(self, issue: Json) -> bool:
        labels = self._need(issue, "fields").get("labels")
        if not isinstance(labels, list | None):
            raise self._odd("labels that are not a list")  # unreadable labels must not look like a removed tag
        return self._settings.label in (labels or [])

    def _tagged_at(self, issue: Json) -> datetime | None:
        """Return when the label was last added: the latest change that added it, else the issue's creation."""
        entries = labelled(issue, self._settings.label)
        if added := [at for entry in entries if (at := self.time_if_any(entry.get("created")))]:
            return max(added)
        return self.time_if_any(self._need(issue, "fields").get("created")) if self._tagged(issue) else None

    def _phase(self, status: str, category: str, project: ProjectSettings) -> Phase:
        if category == "done":
            return Phase.DONE
        asked = target(project, Move.ASKED)
        if asked and asked.reached(status, category):
            return Phase.WAITING
        return Phase.NEW if category == "new" else Phase.IN_PROGRESS

    def _form(self, fields: Json, project: ProjectSettings) -> dict[str, str]:
        form = self._settings.form_fields(project).ids()
        read = {name: text_of(fields.get(field)) for name, field in form.items()}
        return {name: value for name, value in read.items() if value}

    def _issue_type(self, issue: Json) -> str:
        return text_of(self._need(issue, "fields").get("issuetype"))

    def _unselected_type(self, issue: Json, project: ProjectSettings) -> str | None:
        """Describe the issue or request type of an issue that the settings do not select; else `None`."""
        issue_type = self._issue_type(issue)
        if project.issue_types and issue_type not in project.issue_types:
            return f"of the issue type {issue_type!r}"
        request = self._need(issue, "fields").get(project.request_type_field) if project.request_types else None
        request_type = text_of(request.get("requestType")) if isinstance(request, Mapping) else ""
        if project.request_types and request_type not in project.request_types:
            return f"of the request type {request_type!r}"
        return None

    def _need(self, data: Any, *path: str) -> Any:
        for number, name in enumerate(path, start=1):
            if not isinstance(data, Mapping) or data.get(name) is None:
                raise self._odd(f"an answer without {'.'.join(path[:number])}")
            data = data[name]
        return data

    def _time(self, text: Any) -> datetime:
        """Parse a timestamp, which Jira writes in the time zone of our account.

        Jira Service Management writes an object (https://developer.atlassian.com/cloud/jira/service-desk/rest/intro/).
        """
        if isinstance(text, Mapping):
            text = text.get("iso8601")
        try:
            return datetime.fromisoformat(str(text)).astimezone(UTC)
        except (ValueError, OverflowError):  # in UTC, it is outside the years that there are
            raise self._odd(f"{str(text)[:40]!r} where a time was expected") from None

    def time_if_any(self, text: Any) -> datetime | None:
        """Parse a timestamp; `None` for anything else, where one odd value must not keep a ticket from being read."""
        try:
            return self._time(text) if text else None
        except Unexpected:
            return None

    def _odd(self, seen: str) -> Unexpected:
        return Unexpected(self._system, "read Jira's answer", f"Jira gave {seen}")


def _number(value: Any) -> int:
    return int(value) if ISSUE_ID.fullmatch(str(value)) else 0


def labelled(issue: Json, label: str) -> Iterator[Json]:
    """Yield the changes of an issue that added a label."""
    for entry in objects(an_object(issue.get("changelog")).get("histories")):
        for item in objects(entry.get("items")):
            before, after = (text_of(item.get(name)).split() for name in ("fromString", "toString"))
            if item.get("field") == "labels" and label in after and label not in before:
                yield entry


def is_cut(issue: Json) -> bool:
    """Say whether an issue's embedded changelog is incomplete."""
    changelog = an_object(issue.get("changelog"))
    total = changelog.get("total")
    return isinstance(total, int) and total > len(objects(changelog.get("histories")))
