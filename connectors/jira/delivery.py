"""Makes one stored write, or finds that it was made: dispatches each kind of write to the class that makes it."""

from __future__ import annotations

from typing import NamedTuple

from connectors.jira.moving import Mover
from connectors.jira.planning import (
    AssignCall,
    Call,
    CommentCall,
    FileCall,
    LinkAbroadCall,
    LinkCall,
    PriorityCall,
    StatusTarget,
)
from connectors.jira.posting import Poster
from connectors.jira.relations import Linker
from workflows.errors import Unexpected
from workflows.model import PlannedWrite, Receipt
from workflows.ports import Copies


class Writers(NamedTuple):
    """The classes that write to the issues of a site."""

    poster: Poster
    mover: Mover
    linker: Linker


def find(writers: Writers, issue_id: str, write: PlannedWrite) -> Receipt | None:
    """Look for a write on the issue: by its marker, or by comparing the issue's state with the intended one."""
    match write.operation:
        case Call.COMMENT:
            return writers.poster.find_comment(issue_id, write.key)
        case Call.ATTACH | Call.ATTACH_INTERNAL:
            return writers.poster.find_file(issue_id, FileCall.model_validate(write.payload))
        case Call.ASSIGN:
            return writers.mover.find_assignee(issue_id, AssignCall.model_validate(write.payload))
        case Call.PRIORITY:
            return writers.mover.find_priority(issue_id, PriorityCall.model_validate(write.payload))
        case Call.TRANSITION:
            return writers.mover.find_status(issue_id, StatusTarget.model_validate(write.payload))
        case Call.LINK | Call.LINK_ABROAD:
            return writers.linker.find(issue_id, _link(write))
        case _:
            raise _unknown(write)


def take_back_copies(writers: Writers, issue_id: str, write: PlannedWrite) -> Copies:
    """Remove all but the oldest comment or file of a write."""
    match write.operation:
        case Call.COMMENT:
            return writers.poster.take_back_comments(issue_id, write.key)
        case Call.ATTACH | Call.ATTACH_INTERNAL:
            return writers.poster.take_back_files(issue_id, FileCall.model_validate(write.payload))
        case _:
            return Copies()


def deliver(writers: Writers, issue_id: str, write: PlannedWrite) -> Receipt:
    """Make a write once, and compare Jira's answer with what was sent."""
    match write.operation:
        case Call.COMMENT:
            return writers.poster.comment(issue_id, write.key, CommentCall.model_validate(write.payload))
        case Call.ATTACH | Call.ATTACH_INTERNAL:
            return writers.poster.attach(issue_id, FileCall.model_validate(write.payload), write.content or b"")
        case Call.ASSIGN:
            return writers.mover.assign(issue_id, AssignCall.model_validate(write.payload))
        case Call.PRIORITY:
            return writers.mover.set_priority(issue_id, PriorityCall.model_validate(write.payload))
        case Call.TRANSITION:
            return writers.mover.transition(issue_id, StatusTarget.model_validate(write.payload))
        case Call.LINK | Call.LINK_ABROAD:
            return writers.linker.link(issue_id, _link(write))
        case _:
            raise _unknown(write)


def _link(write: PlannedWrite) -> LinkCall | LinkAbroadCall:
    kind: type[LinkCall | LinkAbroadCall] = LinkCall if write.operation == Call.LINK else LinkAbroadCall
    return kind.model_validate(write.payload)


def _unknown(write: PlannedWrite) -> Unexpected:
    return Unexpected("jira", f"make the write {write.key}", f"its operation {write.operation!r} is not one of Jira's")
