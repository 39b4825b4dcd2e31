"""Makes one stored write, or finds that it was made: dispatches each kind of write to the class that makes it."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import JsonValue

from connectors.jira.statuses import StatusTarget
from connectors.jira.writing.linking import Linker
from connectors.jira.writing.memory import Memory
from connectors.jira.writing.moving import Made, Mover
from connectors.jira.writing.payloads import (
    AssignCall,
    Call,
    CommentCall,
    FileCall,
    LinkAbroadCall,
    LinkCall,
    PriorityCall,
    taken_apart,
)
from connectors.jira.writing.posting import Poster
from connectors.jira.writing.proving import Prover
from workflows.errors import FarSideError, Refused, Unexpected
from workflows.model import PlannedWrite, Receipt
from workflows.ports import Copies


class Writers(NamedTuple):
    """The classes that write to the issues of a site."""

    poster: Poster
    mover: Mover
    linker: Linker
    prover: Prover
    memory: Memory


def find(writers: Writers, issue_id: str, write: PlannedWrite) -> Receipt | None:
    """Look for a write on the issue: by its marker, or by comparing the issue's state with the intended one."""
    payload, _ = taken_apart(write)
    match write.operation:
        case Call.COMMENT:
            return writers.poster.find_comment(issue_id, write.key, CommentCall.model_validate(payload))
        case Call.ATTACH | Call.ATTACH_INTERNAL:
            return writers.poster.find_file(issue_id, FileCall.model_validate(payload))
        case Call.ASSIGN:
            return writers.mover.find_assignee(issue_id, AssignCall.model_validate(payload))
        case Call.PRIORITY:
            return writers.mover.find_priority(issue_id, PriorityCall.model_validate(payload))
        case Call.TRANSITION:
            return writers.mover.find_status(issue_id, StatusTarget.model_validate(payload))
        case Call.LINK | Call.LINK_ABROAD:
            return writers.linker.find(issue_id, _link(write, payload))
        case _:
            raise _unknown(write)


def take_back_copies(writers: Writers, issue_id: str, write: PlannedWrite) -> Copies:
    """Remove all but the oldest comment or file of a write."""
    match write.operation:
        case Call.COMMENT:
            return writers.poster.take_back_comments(issue_id, write.key)
        case Call.ATTACH | Call.ATTACH_INTERNAL:
            call = FileCall.model_validate(taken_apart(write)[0])
            notes = writers.poster.take_back_comments(issue_id, write.key) if call.note else Copies()
            files = writers.poster.take_back_files(issue_id, call)
            return Copies(found=notes.found + files.found, removed=notes.removed + files.removed)
        case _:
            return Copies()


def deliver(writers: Writers, issue_id: str, write: PlannedWrite) -> Receipt:
    """Make a write once, and compare Jira's answer with what was sent; the last one of an intent proves the others."""
    payload, proof = taken_apart(write)
    operation = f"prove the write {write.operation}"
    try:
        try:
            made = _made(writers, issue_id, write, payload)
        except Refused:
            if proof:
                writers.prover.let_go(operation, issue_id, proof)
            raise
        if proof is None:
            return made.receipt
        issue = made.issue or writers.prover.look_after(operation, issue_id)
        return writers.prover.proven(operation, issue_id, issue, proof, made.receipt)
    except FarSideError:
        writers.memory.drop(issue_id)  # the issue may not be as it was seen
        raise


def _made(writers: Writers, issue_id: str, write: PlannedWrite, payload: dict[str, JsonValue]) -> Made:
    match write.operation:
        case Call.COMMENT:
            return Made(writers.poster.comment(issue_id, write.key, CommentCall.model_validate(payload)))
        case Call.ATTACH | Call.ATTACH_INTERNAL:
            return Made(writers.poster.attach(issue_id, FileCall.model_validate(payload), write.content or b""))
        case Call.ASSIGN:
            return writers.mover.assign(issue_id, AssignCall.model_validate(payload))
        case Call.PRIORITY:
            return Made(writers.mover.set_priority(issue_id, PriorityCall.model_validate(payload)))
        case Call.TRANSITION:
            return writers.mover.transition(issue_id, StatusTarget.model_validate(payload))
        case Call.LINK | Call.LINK_ABROAD:
            return Made(writers.linker.link(issue_id, _link(write, payload)))
        case _:
            raise _unknown(write)


def _link(write: PlannedWrite, payload: dict[str, JsonValue]) -> LinkCall | LinkAbroadCall:
    kind: type[LinkCall | LinkAbroadCall] = LinkCall if write.operation == Call.LINK else LinkAbroadCall
    return kind.model_validate(payload)


def _unknown(write: PlannedWrite) -> Unexpected:
    return Unexpected("jira", f"make the write {write.key}", f"its operation {write.operation!r} is not one of Jira's")
