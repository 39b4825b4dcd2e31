"""A ticket as a desk shows it now; it belongs to people, and we are a guest on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from workflows.model.identity import folded
from workflows.model.values import Label, Value


class TicketRef(Value):
    """Where a ticket is: the desk's name in the settings, the connector's own id, and the key that people use.

    `id` is opaque outside of the connector (ServiceNow: `table/sys_id`; Jira: the issue's number, which a move keeps).
    """

    desk: str
    id: Label
    key: Label
    url: Label = ""


class Sighting(Value):
    """A tagged open ticket seen in a search.

    `stamp` changes whenever anything about the ticket may have changed, and grows: of two stamps of one ticket, the
    later one sorts behind the earlier one.
    """

    ref: TicketRef
    stamp: str


class Phase(StrEnum):
    """The products' many statuses, reduced to what the workflow needs."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    DONE = "done"


class Relation(StrEnum):
    """Why a ticket is not free to be worked alone."""

    NONE = "none"
    CHILD = "child"
    PARENT = "parent"  # with open children, sub-tasks or catalogue tasks
    MAJOR_INCIDENT = "major_incident"
    PROBLEM = "problem"  # a problem record's owners work on the cause
    CHANGE = "change"  # a change request's owners work on it
    APPROVAL = "approval"  # somebody has to approve the request first


class Person(Value):
    """Somebody on the desk; `id` is the desk's own account id."""

    id: Label
    login: Label | None = None
    email: Label | None = None
    name: Label | None = None

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Return address and login, as far as they are known and differ; an address is rarely another person's."""
        known = (text for text in (self.email, self.login) if text and text.strip())
        return tuple({folded(text): text for text in known}.values())

    def is_called(self, text: str | None) -> bool:
        """Return whether a login or an address is this person's."""
        return bool(folded(text)) and folded(text) in map(folded, self.identifiers)

    def is_same(self, other: Person) -> bool:
        """Return whether this is the other's account: by the desk's id or login; of addresses several may share one."""
        return any(
            mine and mine == theirs for mine, theirs in ((self.id, other.id), (folded(self.login), folded(other.login)))
        )


class Comment(Value):
    """One comment or work note; `marker` is ours where we wrote it.

    `by_agent`: it is on the internal side, and the desk proves that an agent wrote it.
    `doubtful`: it has the requester's name, but the desk does not prove that the requester wrote it.
    """

    id: str
    author: Person
    by_worker: bool
    public: bool
    created: datetime
    body: str
    marker: str | None = None
    by_agent: bool = False
    doubtful: bool = False


class Attachment(Value):
    """A file on the ticket; `size` in bytes, `sha256` in hex if the product has it."""

    id: Label
    name: Label
    size: int
    sha256: str | None = None


class Sla(Value):
    """The running resolution SLA of a ticket: how much of its time is `used`, and the `limit` where people take over.

    Both are percentages; `name` is the desk's own.
    """

    name: Label
    used: float
    limit: float


class Ticket(Value):
    """A fresh, strongly consistent read of one ticket. Times are UTC.

    `fields` holds the explicit form fields `user`, `attribute` and `expected` where the desk has them, filled.
    `opened_at` is when it was filed, `opened_by` who filed it if that is somebody else than the requester, such as an
    agent on the telephone. `tagged_at` is when the tag was last added, if the product records it.
    `hears_requester` says whether the desk tells the requester's comments from others'. `stamp` is the one that a
    search would show. `context` is for the connector alone: what it needs to plan writes.
    """

    ref: TicketRef
    summary: str
    description: str
    phase: Phase
    status: Label
    tagged: bool
    tagged_at: datetime | None = None
    opened_at: datetime | None = None
    requester: Person | None = None
    opened_by: Person | None = None
    assignee: Person | None = None
    assigned_to_worker: bool = False
    group: Label | None = None
    fields: Mapping[str, str] = Field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    hears_requester: bool = True
    attachments: tuple[Attachment, ...] = ()
    relation: Relation = Relation.NONE
    stamp: str = ""
    context: Mapping[str, str] = Field(default_factory=dict)

    def writer_of(self, comment: Comment) -> tuple[Person, ...]:
        """Return who wrote a comment, as the comment and the ticket know them: each may lack the name."""
        author, requester = comment.author, self.requester
        return (author, requester) if requester and author.is_same(requester) else (author,)
