"""What the stored writes hold: one payload for each kind of call."""

from __future__ import annotations

from enum import StrEnum

from pydantic import JsonValue

from workflows.model import PlannedWrite, Value


class Call(StrEnum):
    """The kinds of writes."""

    COMMENT = "comment"
    ATTACH = "attach"
    ATTACH_INTERNAL = "attach_internal"
    PRIORITY = "priority"
    LINK = "link"
    LINK_ABROAD = "link_abroad"
    ASSIGN = "assign"
    TRANSITION = "transition"


class CommentCall(Value):
    """A comment to write; `internal` is `None` in projects whose comments have no visibility.

    `since` is set for what requesters read on a site that keeps no properties: it carries no marker, and is found again
    by its words among our comments since the issue's stamp.
    """

    body: str
    internal: bool | None
    since: str | None = None


class FileCall(Value):
    """A file to attach; `service_desk_id` is set if customers must not see it. `note` is the comment it goes up with.

    A file of a service project is always listed in a comment, so the note is that comment.
    """

    name: str
    content_type: str
    size: int
    sha256: str
    service_desk_id: str | None = None
    note: str = ""


class PriorityCall(Value):
    """A priority to set, by its name."""

    name: str


class AssignCall(Value):
    """An assignee to set, by account id or name, in place of the one that was read; `None` is nobody."""

    to: str | None
    instead_of: str | None
    worker: str


class LinkCall(Value):
    """A link to another issue of the site, by its number; `type` is the link type's name."""

    to: str
    type: str


class LinkAbroadCall(Value):
    """A link to a ticket of another system; setting the same `global_id` again updates the link."""

    global_id: str
    url: str
    title: str


class Proof(Value):
    """What an intent's last write proves by one reading of the issue: that the others held, and that nobody else wrote.

    `since` is the ticket's stamp when the intent was planned; `claimed`: one of its writes assigns the issue to us.
    """

    since: str = ""
    claimed: bool = False


def taken_apart(write: PlannedWrite) -> tuple[dict[str, JsonValue], Proof | None]:
    """Return what a write sends, and what it proves if it is its intent's last one."""
    payload = dict(write.payload)
    proof = payload.pop("proof", None)
    return payload, None if proof is None else Proof.model_validate(proof)
