"""Writes on products: what the workflow intends, what a desk makes of it, and what is stored before it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field, JsonValue

from workflows.model.note import Note
from workflows.model.ticket import TicketRef
from workflows.model.values import Value


class Move(StrEnum):
    """The state that the workflow wants; the desk's settings map it to status, hold reason and assignee."""

    CLAIMED = "claimed"  # in progress, assigned to the worker
    ASKED = "asked"  # waiting for the caller
    RESUMED = "resumed"  # in progress again, after a reply
    RESOLVED = "resolved"
    UNCONFIRMED = "unconfirmed"  # resolved, though the requester did not confirm it
    ESCALATED = "escalated"  # handed to the people of the escalation route
    ADVISED = "advised"  # returned to where it came from, for a person to act on our advice
    RELEASED = "released"  # only our own assignment removed


class Route(StrEnum):
    """To whom a ticket is handed over; the desk's settings say which group or person that is."""

    DIRECTORY_TEAM = "directory_team"
    OKTA_ADMINISTRATORS = "okta_administrators"
    OKTA_SUPPORT = "okta_support"  # those who open the prepared Support Case
    SERVICE_DESK = "service_desk"


class File(Value):
    """A file for the ticket, never visible to customers."""

    name: str
    content_type: str
    content: bytes


class Intent(Value):
    """One intended change of a ticket, free of any desk's terms. `key` is unique for all time and becomes the marker.

    At least one of the parts is set. `route` goes with a hand-over; without one, or if the settings have no such route,
    the desk's general one is used. `close_text` is a short public sentence for desks with close notes. `related` is a
    ticket, of this or another desk, to link with; a link ties nothing, and a desk may have none. `only_inside`: where
    everybody reads all comments, the internal one is left out, as assignee, status and link say enough. `aside` follows
    the internal note where the desk has an internal side, and stands nowhere else. `kept` are files that the store
    keeps and the ticket does not get. `console` is the address of the org's Admin Console, "" if it is not known: in an
    internal note what begins so stays a link.
    """

    key: str
    move: Move | None = None
    route: Route | None = None
    internal: Note | None = None
    aside: Note | None = None
    public: Note | None = None
    close_text: str = ""
    files: tuple[File, ...] = ()
    kept: tuple[File, ...] = ()
    related: TicketRef | None = None
    only_inside: bool = False
    console: str = ""

    @property
    def inside(self) -> Note | None:
        """Return what only the desk's own people read: the internal note, and what is for them alone."""
        notes = [note for note in (self.internal, self.aside) if note]
        return Note(blocks=tuple(block for note in notes for block in note.blocks)) if notes else None


KEEP = "keep"  # the operation of a file that no desk gets


def intent_of(key: str) -> str:
    """Return an intent's key from that of one of its writes, or from a marker found on a ticket."""
    return key.rpartition(".")[0]


class PlannedWrite(Value):
    """One call that a desk will make for an intent: rendered, JSON-shaped, its bytes beside it.

    `key` is the intent's key, a dot and the part's name; `operation` and `payload` are the connector's own, but for the
    `name` of the file that a write attaches.
    """

    key: str
    operation: str
    payload: dict[str, JsonValue] = Field(default_factory=dict)
    content: bytes | None = None

    @property
    def intent(self) -> str:
        """Return the key of the intent that this write belongs to."""
        return intent_of(self.key)


def keeping(intent: Intent) -> tuple[PlannedWrite, ...]:
    """Return the files that an intent keeps off its ticket, as writes that are stored and never sent."""
    return tuple(
        PlannedWrite(
            key=f"{intent.key}.kept{number}",
            operation=KEEP,
            payload={"name": f"forcesync-{intent.key}-{file.name}", "content_type": file.content_type},
            content=file.content,
        )
        for number, file in enumerate(intent.kept, 1)
    )


class WriteState(StrEnum):
    """The states of a stored write."""

    PENDING = "pending"  # stored, not sent yet
    KEPT = "kept"  # a file that is stored and never sent
    SENT = "sent"  # committed just before the call; after a crash or a lost answer: look for it before sending again
    DELIVERED = "delivered"
    REFUSED = "refused"


class Receipt(Value):
    """The product's answer to a write: its id for the new record, the time (UTC), and the vendor's request id.

    `warning` tells the operator what differs from the request in a write that still counts. `status` is the answer's
    HTTP status, if it is worth reporting. `holder` is set where a rule of the desk changed the assignee that we
    set: the account that it gave the ticket to, "" for nobody. `stamp` is the ticket's after the write, where the
    answer tells it and shows that nobody else changed the ticket in between.
    """

    id: str | None = None
    at: datetime
    request_id: str | None = None
    warning: str | None = None
    status: int | None = None
    holder: str | None = None
    stamp: str | None = None


CALL_LASTS = timedelta(seconds=20)  # a whole call that changes something; later, a product carries nothing of it out


def under_way(sent_at: datetime | None, now: datetime) -> timedelta:
    """Return how long a product may still carry out a call that left at `sent_at` and was not answered; zero if over.

    Both times are of the store's clock: the process that made the call is dead, or its clock another one.
    """
    return max(timedelta(0), sent_at + CALL_LASTS - now) if sent_at else timedelta(0)


class Write(Value):
    """A planned write as stored, in the order of `seq` within its case; `reason` says why it was refused.

    `attempts` counts how often it may have reached the product. `sent_at` is when it last left, by the store's clock.
    """

    case_id: str
    seq: int
    planned: PlannedWrite
    state: WriteState = WriteState.PENDING
    receipt: Receipt | None = None
    reason: str = ""
    attempts: int = 0
    sent_at: datetime | None = None
