"""Writes comments and files to an issue, with an explicit visibility that is verified in the answer.

On a service project a comment without a visibility is public (`jsdPublic` defaults to true,
https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-comments/), so nothing is left to a default.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from connectors.desks import take_back_all_but_first
from connectors.jira.answers import Answer, Json, objects, text_of
from connectors.jira.client import JiraClient
from connectors.jira.markers import PROPERTY, marker
from connectors.jira.reading.tickets import IssueReader
from connectors.jira.writing.memory import Memory
from connectors.jira.writing.payloads import CommentCall, FileCall
from workflows.errors import FarSideError, Refused
from workflows.model import Receipt
from workflows.ports import Clock, Copies

LOOKS = 2  # at a property, until it is believed to be missing: one answer alone may be a stray one
VISIBILITY = "sd.public.comment"  # Jira Service Management's own comment property


class Poster:
    """Posts to issues of one site as one account; `worker` is its id."""

    def __init__(self, client: JiraClient, reader: IssueReader, memory: Memory, clock: Clock, worker: str) -> None:
        self._client = client
        self._reader = reader
        self._memory = memory
        self._clock = clock
        self._worker = worker

    def find_comment(self, issue_id: str, key: str, call: CommentCall) -> Receipt | None:
        """Search all comments, newest first, for ours with this marker, or with these words where it has none."""
        for item in self._client.comments(issue_id, self._worker, newest_first=True):
            author = self._reader.person(item.get("author"))
            ours = author is not None and author.id == self._worker
            if ours and (marker(item) == key or self._says(item, call)):
                return Receipt(id=str(item.get("id")), at=self._clock.now())
        return None

    def _says(self, item: Json, call: CommentCall) -> bool:
        """Return whether a comment has the words of one without a marker, and was written since that was planned."""
        at = self._reader.time_if_any(item.get("created")) if call.since else None
        later = at is not None and at >= datetime.fromisoformat(call.since or "")
        return later and text_of(item.get("body")).split() == call.body.split()

    def take_back_comments(self, issue_id: str, key: str) -> Copies:
        """Remove all of our comments with this marker but the oldest."""
        ours = [
            str(item.get("id"))
            for item in self._client.comments(issue_id, self._worker)
            if (author := self._reader.person(item.get("author"))) and author.id == self._worker and marker(item) == key
        ]
        paths = [f"issue/{issue_id}/comment/{id}" for id in _oldest_first(ours)]
        return take_back_all_but_first(paths, partial(self._delete, "delete a duplicate comment"))

    def take_back_files(self, issue_id: str, call: FileCall) -> Copies:
        """Remove all files of this name and size but the oldest."""
        issue = self._client.issue(issue_id, ("attachment",))
        same = [item.id for item in self._reader.attachments(issue) if (item.name, item.size) == (call.name, call.size)]
        paths = [f"attachment/{id}" for id in _oldest_first(same)]
        return take_back_all_but_first(paths, partial(self._delete, "delete a duplicate file"))

    def comment(self, issue_id: str, key: str, call: CommentCall) -> Receipt:
        """Write a comment; delete it again if Jira stored it with the wrong visibility or without our marker."""
        properties: list[dict[str, object]] = [{"key": PROPERTY, "value": {"key": key}}]
        if call.internal is not None:
            properties.append({"key": VISIBILITY, "value": {"internal": call.internal}})
        operation = (
            "write a comment"
            if call.internal is None
            else f"write {'an internal' if call.internal else 'a public'} comment"
        )
        answer = self._client.write(
            operation,
            "POST",
            f"issue/{issue_id}/comment",
            {"body": call.body, "properties": properties},
            params={"expand": "properties"},
        )
        comment_id = str(answer.get("id"))
        if call.internal is not None and answer.get("jsdPublic") is not (not call.internal):
            seen = {True: "public", False: "internal"}.get(answer.get("jsdPublic"), "with no visibility")
            raise self._take_back(operation, answer, f"Jira stored it {seen}", f"issue/{issue_id}/comment/{comment_id}")
        if not call.since and not self._marked(operation, answer, comment_id, key, internal=bool(call.internal)):
            raise self._take_back(
                operation, answer, "Jira did not store the comment's property", f"issue/{issue_id}/comment/{comment_id}"
            )
        return Receipt(id=comment_id, at=self._clock.now(), request_id=answer.request_id)

    def find_file(self, issue_id: str, call: FileCall) -> Receipt | None:
        """Look for a file of this name and size on the issue; the name contains the write's key."""
        issue = self._client.issue(issue_id, ("attachment",))
        for attachment in self._reader.attachments(issue):
            if (attachment.name, attachment.size) == (call.name, call.size):
                return Receipt(id=attachment.id, at=self._clock.now())
        return None

    def attach(self, issue_id: str, call: FileCall, content: bytes) -> Receipt:
        """Attach a file; on a service project, hidden from customers. An answer that does not list it is looked into.

        https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/ (AttachmentCreateResultDTO)
        """
        operation = "attach the file"
        if not content:
            raise Refused(self._client.system, operation, "the file is empty, which Jira does not accept")
        if call.service_desk_id is None:
            answer = self._client.upload(operation, issue_id, call.name, content)
            listed, hidden = objects([answer.body]), True
        else:
            answer = self._attach_internally(operation, issue_id, call.service_desk_id, call, content)
            listed, hidden = objects(answer.get("attachments", "values")), answer.get("comment", "public") is False
        wrong = "" if hidden else "Jira did not confirm that it is internal"
        if hidden and call.note and text_of(answer.get("comment", "body")).lstrip().startswith("[^"):
            wrong = "Jira attached the file without its note"
        same = (item for item in listed if (item.get("filename"), item.get("size")) == (call.name, call.size))
        shown = next(same, None)
        if shown is not None and not wrong:
            number = str(shown["id"]) if shown.get("id") else None  # the service desk's own API names none
            return Receipt(id=number, at=self._clock.now(), request_id=answer.request_id)
        with self._client.after_write(operation):
            found = self.find_file(issue_id, call)
        if found is None:
            raise Refused(self._client.system, operation, "Jira accepted the file but the issue does not list it")
        if wrong:
            noted = text_of(answer.get("comment", "id"))
            note = (
                [f"issue/{issue_id}/comment/{noted}"] if noted else []
            )  # first, for it says more than the file's name
            raise self._take_back(operation, answer, wrong, *note, f"attachment/{found.id}")
        return found.but(request_id=answer.request_id)

    def _marked(self, operation: str, answer: Answer, comment_id: str, key: str, *, internal: bool) -> bool:
        """Say whether Jira stored a comment's marker.

        `expand=properties` is honoured as when comments are read (inferred: Atlassian's description names only
        renderedBody). Where the answer has no properties, an internal comment proves them, since one of them makes it
        internal; so does, for a while, any comment that was found to have its marker. Otherwise the property is read.
        """
        if marker(answer.body) != key:
            if answer.get("properties") is None and (internal or self._memory.keeps_properties()):
                return True
            with self._client.after_write(operation):
                looks = (self._client.comment_property(comment_id, PROPERTY) for _ in range(LOOKS))
                if not any(look.get("value", "key") == key for look in looks):
                    return False
        self._memory.note_properties()
        return True

    def _attach_internally(
        self, operation: str, issue_id: str, service_desk_id: str, call: FileCall, content: bytes
    ) -> Answer:
        temporary = self._client.upload_temporary(operation, service_desk_id, call.name, call.content_type, content)
        return self._client.attach_internally(operation, issue_id, temporary, call.note)

    def _delete(self, operation: str, path: str) -> None:
        self._client.write(operation, "DELETE", path, None)

    def _take_back(self, operation: str, answer: Answer, why: str, *paths: str) -> Refused:
        """Delete what Jira stored differently from what was sent, and return the error that says so."""
        left = []
        for path in paths:
            try:
                self._delete(f"delete again: {operation}", path)
            except FarSideError as error:
                left.append(f"it could NOT be deleted again and is still there as {path}: {error.detail}")
        detail = f"ALARM: {why}, which is not what was sent; {'; '.join(left) or 'it was deleted again'}"
        return Refused(self._client.system, operation, detail, request_id=answer.request_id)


def _oldest_first(ids: list[str]) -> list[str]:
    """Order by Jira's ids, which are increasing numbers."""
    return sorted(ids, key=lambda id: (len(id), id))
