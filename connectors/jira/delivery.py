"""Make one stored write or find that it was made: the one place that tells the writes of this connector apart."""

from __future__ import annotations

from connectors.jira.moving import Mover
from connectors.jira.planning import AssignCall, Call, CommentCall, FileCall, PriorityCall, StatusTarget
from connectors.jira.posting import Poster
from workflows.errors import Unexpected
from workflows.model import PlannedWrite, Receipt
from workflows.ports import Copies


def find(poster: Poster, mover: Mover, issue_id: str, write: PlannedWrite) -> Receipt | None:
    """Look for a write on the issue itself; what carries no marker is compared with how the issue stands."""
    match write.operation:
        case Call.COMMENT:
            return poster.find_comment(issue_id, write.key)
        case Call.ATTACH | Call.ATTACH_INTERNAL:
            return poster.find_file(issue_id, FileCall.model_validate(write.payload))
        case Call.ASSIGN:
            return mover.find_assignee(issue_id, AssignCall.model_validate(write.payload))
        case Call.PRIORITY:
            return mover.find_priority(issue_id, PriorityCall.model_validate(write.payload))
        case Call.TRANSITION:
            return mover.find_status(issue_id, StatusTarget.model_validate(write.payload))
        case _:
            raise _unknown(write)


def take_back_copies(poster: Poster, issue_id: str, write: PlannedWrite) -> Copies:
    """Remove all but the oldest comment or file of a write."""
    match write.operation:
        case Call.COMMENT:
            return poster.take_back_comments(issue_id, write.key)
        case Call.ATTACH | Call.ATTACH_INTERNAL:
            return poster.take_back_files(issue_id, FileCall.model_validate(write.payload))
        case _:
            return Copies()


def deliver(poster: Poster, mover: Mover, issue_id: str, write: PlannedWrite) -> Receipt:
    """Make a write once, and hold Jira's answer against what was asked for."""
    match write.operation:
        case Call.COMMENT:
            return poster.comment(issue_id, write.key, CommentCall.model_validate(write.payload))
        case Call.ATTACH | Call.ATTACH_INTERNAL:
            return poster.attach(issue_id, FileCall.model_validate(write.payload), write.content or b"")
        case Call.ASSIGN:
            return mover.assign(issue_id, AssignCall.model_validate(write.payload))
        case Call.PRIORITY:
            return mover.set_priority(issue_id, PriorityCall.model_validate(write.payload))
        case Call.TRANSITION:
            return mover.transition(issue_id, StatusTarget.model_validate(write.payload))
        case _:
            raise _unknown(write)


def _unknown(write: PlannedWrite) -> Unexpected:
    return Unexpected("jira", f"make the write {write.key}", f"its operation {write.operation!r} is none of Jira's")
