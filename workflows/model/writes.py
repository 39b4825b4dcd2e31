"""Writes on products: what the workflow intends, what a desk makes of it, and what is stored before it is sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field, JsonValue

from workflows.model.note import Note
from workflows.model.ticket import TicketRef
from workflows.model.values import Value


class Move(StrEnum):
    """Where the workflow wants the ticket; the desk's settings say which status, hold reason and assignee that is."""

    CLAIMED = "claimed"  # in progress, assigned to the worker
    ASKED = "asked"  # waiting for the caller
    RESUMED = "resumed"  # in progress again, after a reply
    RESOLVED = "resolved"
    ESCALATED = "escalated"  # handed to the people of the escalation route
    ADVISED = "advised"  # given back to where it came from, for a person to act on our advice
    RELEASED = "released"  # only our own assignment taken off


class Route(StrEnum):
    """To whom a ticket is handed over; the desk's settings say which group or person that is."""

    DIRECTORY_TEAM = "directory_team"
    OKTA_ADMINISTRATORS = "okta_administrators"
    OKTA_SUPPORT = "okta_support"  # those who open the prepared Support Case
    SERVICE_DESK = "service_desk"


class File(Value):
    """A file for the ticket, never where customers see it."""

    name: str
    content_type: str
    content: bytes


class Intent(Value):
    """One intended change of a ticket, free of any desk's terms. `key` is unique for ever and becomes the marker.

    At least one of the parts is set. `route` goes with a hand-over; without one, or where the settings know no such
    route, the desk's general one is taken. `close_text` is a short public sentence for desks with close notes.
    `related` is a ticket, of this or another desk, to link with; a link ties nothing, and a desk may have none.
    """

    key: str
    move: Move | None = None
    route: Route | None = None
    internal: Note | None = None
    public: Note | None = None
    close_text: str = ""
    files: tuple[File, ...] = ()
    related: TicketRef | None = None


def intent_of(key: str) -> str:
    """Return an intent's key from that of one of its writes, or from a marker found on a ticket."""
    return key.rpartition(".")[0]


class PlannedWrite(Value):
    """One call that a desk will make for an intent: rendered, JSON-shaped, its bytes beside it.

    `key` is the intent's key, a dot and the part's name; `operation` and `payload` are the connector's own.
    """

    key: str
    operation: str
    payload: dict[str, JsonValue] = Field(default_factory=dict)
    content: bytes | None = None

    @property
    def intent(self) -> str:
        """Return the key of the intent that this write belongs to."""
        return intent_of(self.key)


class WriteState(StrEnum):
    """How far a stored write has come."""

    PENDING = "pending"  # stored, not sent yet
    SENT = "sent"  # committed just before the call; after a crash or a lost answer: look for it before sending again
    DELIVERED = "delivered"
    REFUSED = "refused"


class Receipt(Value):
    """The far side's answer to a write: its id for what was written, when (UTC), and the vendor's request id.

    `warning` tells the operator what came out otherwise than asked for, where the write counts all the same. `status`
    is the answer's HTTP status, where it is worth telling.
    """

    id: str | None = None
    at: datetime
    request_id: str | None = None
    warning: str | None = None
    status: int | None = None


class Write(Value):
    """A planned write as stored, in the order of `seq` within its case; `reason` says why it was refused."""

    case_id: str
    seq: int
    planned: PlannedWrite
    state: WriteState = WriteState.PENDING
    receipt: Receipt | None = None
    reason: str = ""
