"""Turns an intent into the calls on a Jira issue, in order and without I/O, so that they can be stored.

A public comment may trigger the site's automation ("comment updates reply status"), so the status comes last
(https://confluence.atlassian.com/servicedeskcloud/automating-your-service-desk-732528900.html).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from connectors.desks import OURS
from connectors.jira.markers import FILE, with_marker
from connectors.jira.settings import ProjectSettings
from connectors.jira.statuses import route_of, target
from connectors.jira.writing.payloads import (
    AssignCall,
    Call,
    CommentCall,
    FileCall,
    LinkAbroadCall,
    LinkCall,
    PriorityCall,
    Proof,
    taken_apart,
)
from connectors.jira.writing.rendering import wiki
from workflows.model import File, Intent, Move, Note, PlannedWrite, Ticket


def planned(
    ticket: Ticket,
    intent: Intent,
    project: ProjectSettings,
    *,
    attach_diagnostics: bool,
    marked_in_text: bool = False,
    link_type: str = "",
) -> Iterator[PlannedWrite]:
    """Yield the writes of an intent: internal comment, files, public comment, link, priority, assignee, status.

    A file never stands on an issue without the comment that explains it: on a service project they are one call. The
    last write proves the others.
    """
    writes = list(_planned(ticket, intent, project, attach_diagnostics, marked_in_text, link_type))
    claimed = intent.move in OURS and any(write.operation == Call.ASSIGN for write in writes)
    if writes and (ticket.stamp or claimed):
        proof = Proof(since=ticket.stamp, claimed=claimed).model_dump(mode="json")
        writes[-1] = writes[-1].model_copy(update={"payload": writes[-1].payload | {"proof": proof}})
    yield from writes


def _planned(
    ticket: Ticket,
    intent: Intent,
    project: ProjectSettings,
    attach_diagnostics: bool,
    marked_in_text: bool,
    link_type: str,
) -> Iterator[PlannedWrite]:
    written = {comment.marker for comment in ticket.comments}
    since = ticket.stamp if marked_in_text else None
    comments = [write for write in _comments(intent, project, since) if write.key not in written]
    yield from _with_files(
        [write for write in comments if write.payload["internal"] is not False],
        list(_files(ticket, intent, project)) if attach_diagnostics else [],
        intent if project.is_service_desk else None,
    )
    yield from (write for write in comments if write.payload["internal"] is False)
    yield from _link(ticket, intent, link_type)
    if intent.move is None:
        return
    own = route_of(project, intent.move, intent.route)
    if own and own.priority:
        call = PriorityCall(name=own.priority)
        yield PlannedWrite(key=f"{intent.key}.priority", operation=Call.PRIORITY, payload=call.model_dump(mode="json"))
    yield from _assignment(ticket, intent)
    goal = target(project, intent.move, intent.route)
    if goal is None:
        return
    wakes_automation = any(write.payload["internal"] is False for write in comments)
    if wakes_automation or not goal.reached(ticket.status, ticket.context["category"]):
        yield PlannedWrite(key=f"{intent.key}.status", operation=Call.TRANSITION, payload=goal.model_dump(mode="json"))


def _with_files(notes: list[PlannedWrite], files: list[PlannedWrite], one: Intent | None) -> list[PlannedWrite]:
    """Return notes and files, in order; the first file goes up with the note of `one`, if that is given."""
    if one is None or one.inside is None or not (notes and files):
        return [*notes, *files]
    first, *others = files
    return [first.model_copy(update={"payload": first.payload | {"note": wiki(one.inside, one.console)}}), *others]


def attachment_name(key: str, file: File) -> str:
    """Return a file's attachment name, which contains the intent's key, so that it and its comment are found again."""
    return f"{FILE}{_safe(key)}_{_safe(file.name)}"


def _files(ticket: Ticket, intent: Intent, project: ProjectSettings) -> Iterator[PlannedWrite]:
    attached = {(item.name, item.size) for item in ticket.attachments}
    for number, file in enumerate(intent.files, start=1):
        name = attachment_name(intent.key, file)
        if (name, len(file.content)) in attached:
            continue
        call = FileCall(
            name=name,
            content_type=file.content_type,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            service_desk_id=project.service_desk_id if project.is_service_desk else None,
        )
        yield PlannedWrite(
            key=f"{intent.key}.file{number}",
            operation=Call.ATTACH_INTERNAL if project.is_service_desk else Call.ATTACH,
            payload=call.model_dump(mode="json"),
            content=file.content,
        )


def _comments(intent: Intent, project: ProjectSettings, since: str | None) -> Iterator[PlannedWrite]:
    """Yield the comments; with `since`, they carry their markers in their text, where no requester reads it."""
    if project.is_service_desk:
        if intent.inside:
            yield _comment(f"{intent.key}.internal", intent.inside, internal=True, since=since, console=intent.console)
        if intent.public:
            yield _comment(f"{intent.key}.public", intent.public, internal=False, since=since)
        return
    # In a software project, everyone who sees an issue sees all its comments. So there is one comment, which ends with
    # what the requester is told.
    parts = [note for note in (None if intent.only_inside else intent.internal, intent.public) if note]
    if parts:
        together = Note(blocks=tuple(block for note in parts for block in note.blocks))
        yield _comment(f"{intent.key}.note", together, internal=None, since=since, console=intent.console)


def _link(ticket: Ticket, intent: Intent, link_type: str) -> Iterator[PlannedWrite]:
    """Yield the link to the related ticket: an issue link on the same site, else a remote link if it has a URL."""
    other = intent.related
    if other is None or not link_type:
        return
    call: LinkCall | LinkAbroadCall
    if other.desk == ticket.ref.desk:
        operation, call = Call.LINK, LinkCall(to=other.id, type=link_type)
    elif other.url:
        name = f"forcesync:{other.desk}:{other.id}"
        operation, call = Call.LINK_ABROAD, LinkAbroadCall(global_id=name, url=other.url, title=other.key)
    else:
        return
    yield PlannedWrite(key=f"{intent.key}.link", operation=operation, payload=call.model_dump(mode="json"))


def texts_of(write: PlannedWrite) -> tuple[tuple[str, str], ...]:
    """Return the texts that a write puts on an issue as they stand there, each with who sees it."""
    payload, _ = taken_apart(write)
    if write.operation == Call.ATTACH_INTERNAL:
        note = FileCall.model_validate(payload).note
        return (("internal", note),) if note else ()
    if write.operation != Call.COMMENT:
        return ()
    comment = CommentCall.model_validate(payload)
    seen_by = {True: "internal", False: "public", None: "seen by everybody"}
    return ((seen_by[comment.internal], comment.body),)


def _comment(key: str, note: Note, *, internal: bool | None, since: str | None, console: str = "") -> PlannedWrite:
    call = CommentCall(body=wiki(note, console), internal=internal)
    if since is not None:
        call = call.but(since=since) if internal is False else call.but(body=with_marker(call.body, key))
    payload = call.model_dump(mode="json", exclude=None if call.since else {"since"})
    return PlannedWrite(key=key, operation=Call.COMMENT, payload=payload)


def _assignment(ticket: Ticket, intent: Intent) -> Iterator[PlannedWrite]:
    holder = ticket.assignee.id if ticket.assignee else None
    worker = ticket.context["worker"]
    match intent.move:
        case move if move in OURS:
            wanted: str | None = worker
        case Move.ESCALATED:
            general = ticket.context["handed_to:"]
            named = ticket.context.get(f"handed_to:{intent.route or ''}", general)
            wanted = named or (None if ticket.assigned_to_worker else holder)
        case Move.ADVISED | Move.RELEASED:
            wanted = None if ticket.assigned_to_worker else holder
        case _:
            wanted = holder
    if wanted != holder:
        call = AssignCall(to=wanted, instead_of=holder, worker=worker)
        yield PlannedWrite(key=f"{intent.key}.assignee", operation=Call.ASSIGN, payload=call.model_dump(mode="json"))


def _safe(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text)
