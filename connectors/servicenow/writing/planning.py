"""Turns an intent into ServiceNow writes: one PATCH with notes and state together, then files.

A file never stands on a ticket without the note that explains it, should the instance refuse the note.

Assignees are stored as roles; the ids of account and group are looked up at delivery. The stamp of the ticket that an
update was planned on is stored with it, so that the echo shows whether anybody else changed the ticket in between.
"""

from __future__ import annotations

import re

from pydantic import JsonValue

from connectors.desks import OURS
from connectors.servicenow.markers import marked
from connectors.servicenow.settings import RouteSettings, ServiceNowSettings, TableSettings
from connectors.servicenow.writing.rendering import line, render, table_as_html, table_as_lines
from workflows.model import File, Intent, Move, Phase, PlannedWrite, Route, Ticket

LONGEST_NAME = 100  # characters: the size of `sys_attachment.file_name` (inferred)
WORKER = "worker"
NOBODY = "nobody"
ESCALATION = "escalation"


def plan(ticket: Ticket, intent: Intent, settings: ServiceNowSettings) -> tuple[PlannedWrite, ...]:
    """Return the writes of an intent, in order."""
    table = ticket.context["table"]
    files = [
        PlannedWrite(
            key=f"{intent.key}.file{number}",
            operation="attach",
            payload={"name": attachment_name(intent.key, file), "content_type": file.content_type},
            content=file.content,
        )
        for number, file in enumerate(intent.files, 1)
    ]
    key = f"{intent.key}.update"
    route = settings.routes.get(intent.route, RouteSettings()) if intent.route else RouteSettings()
    fields: dict[str, JsonValue] = dict(_moved(ticket, intent, settings.tables[table], route))
    public = render(intent.public) if intent.public else ""
    if public:
        fields["comments"] = public
    if intent.inside or public:
        tables = table_as_html if settings.code_tags else table_as_lines
        fields["work_notes"] = marked(render(intent.inside, tables) if intent.inside else "", key, public)
    people = _people(ticket, intent.move, intent.route if route.group else None)
    if not (fields or people):
        return tuple(files)
    payload = {"fields": fields, **people} | ({"seen": ticket.stamp} if ticket.stamp else {})
    return (PlannedWrite(key=key, operation="update", payload=payload), *files)


def texts_of(write: PlannedWrite) -> tuple[tuple[str, str], ...]:
    """Return the texts that a write puts on a record as they stand there, each with who sees it."""
    fields = write.payload.get("fields")
    texts = fields if isinstance(fields, dict) else {}
    seen_by = (("work_notes", "internal"), ("comments", "public"))
    return tuple((who, str(texts[name])) for name, who in seen_by if texts.get(name))


def attachment_name(key: str, file: File) -> str:
    """Return a file's attachment name, which contains the intent's key so that it can be found again."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", f"forcesync-{key}-{file.name}")[:LONGEST_NAME]


def _moved(ticket: Ticket, intent: Intent, table: TableSettings, route: RouteSettings) -> dict[str, str]:
    """Return the state fields of a move; close notes are public."""
    state = table.state_field
    if intent.move is Move.ESCALATED:
        return _handed_over(table, route)
    if intent.move is Move.CLAIMED or (intent.move is Move.RESUMED and ticket.phase is Phase.WAITING):
        return {state: table.working}
    if intent.move is Move.ASKED:
        return {state: table.waiting} | ({"hold_reason": table.hold_reason} if table.hold_reason else {})
    if intent.move is Move.ADVISED:
        return {state: table.new}
    if intent.move in {Move.RESOLVED, Move.UNCONFIRMED}:
        notes = {table.close_notes_field: line(intent.close_text)} if table.close_notes_field else {}
        code = table.close_code
        if intent.move is Move.UNCONFIRMED:
            code = table.unconfirmed_close_code or code
        return {state: table.resolved} | notes | ({table.close_code_field: code} if code else {})
    return {}


def _handed_over(table: TableSettings, route: RouteSettings) -> dict[str, str]:
    """Return the fields of a hand-over; the instance derives the priority from impact and urgency."""
    levels = {"impact": route.impact, "urgency": route.urgency}
    chosen = {name: level for name, level in levels.items() if level}
    if route.hold_reason is None:
        return {table.state_field: table.working} | chosen
    reason = (
        {"hold_reason": route.hold_reason} if table.hold_reason else {}
    )  # a table without this column only changes its state
    return {table.state_field: table.waiting} | reason | chosen


def _people(ticket: Ticket, move: Move | None, route: Route | None) -> dict[str, JsonValue]:
    """Return the new assignee and group by role; empty if nothing changes."""
    if move in OURS and not ticket.assigned_to_worker:
        return {"assign": WORKER}
    if move is Move.ESCALATED:
        return {"assign": NOBODY, "group": route or ESCALATION}
    if move in {Move.ADVISED, Move.RELEASED} and ticket.assigned_to_worker:
        return {"assign": NOBODY}
    return {}
