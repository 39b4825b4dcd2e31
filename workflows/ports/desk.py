"""The port to a ticket system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from workflows.model import Intent, Person, PlannedWrite, Receipt, Sighting, Sla, Ticket, TicketRef


class Copies(NamedTuple):
    """How many duplicates of a write were found on a ticket, and how many of them were removed."""

    found: int = 0
    removed: int = 0


class TicketDesk(Protocol):
    """A ticket system as the workflow sees it."""

    name: str

    def check(self) -> None:
        """Verify the credential and the settings against the product; raise `Misconfigured` with what is wrong."""

    def tagged(self) -> Iterator[Sighting]:
        """Yield every open ticket that carries the tag, paged to the end.

        A failed page raises; a search that ends without an error is as complete as the product's index.
        """

    def read(self, ref: TicketRef) -> Ticket:
        """Read one ticket afresh, bypassing any search index; raise `Refused` if it is gone or hidden from us."""

    def glance(self, ref: TicketRef) -> Ticket:
        """Read afresh what tells whether and how the ticket may be written to: state, people, tag, relations, stamp.

        No words: summary, description, form, comments and attachments are empty. In as few calls as the product allows;
        raises as `read` does.
        """

    def is_agent(self, ticket: Ticket, person: Person) -> bool:
        """Say whether the product proves that somebody works on this ticket's desk: who opened it, or wrote on it.

        Asked only where that matters; where it cannot be proven, they do not.
        """

    def sla(self, ticket: Ticket) -> Sla | None:
        """Read the running resolution SLA of a ticket that is assigned to the worker.

        `None` if none runs, if it cannot be read, or if the settings do not ask for it.
        """

    def plan(self, ticket: Ticket, intent: Intent) -> tuple[PlannedWrite, ...]:
        """Render an intent as the calls this product needs, in order; no I/O, same answer for the same input.

        A note and its state change are one write where the product allows it. A change that is already in place needs
        no write.
        """

    def find(self, ref: TicketRef, write: PlannedWrite) -> Receipt | None:
        """Look in the product for a write that may have been made; `None` if it is certainly not there."""

    def deliver(self, ref: TicketRef, write: PlannedWrite) -> Receipt:
        """Send one write and verify its echo.

        Raises `Uncertain` if the answer was lost, `Refused` if the product refused it or the echo differs; never
        repeats a write by itself.
        """

    def has_inside(self, ref: TicketRef) -> bool:
        """Return whether the ticket has a side that only the desk's own people read, agents' comments among it."""

    def attaches(self, *, own: bool) -> bool:
        """Return whether files may be put on a ticket; `own`: the ticket's requester is the one affected user."""

    def take_back_copies(self, ref: TicketRef, write: PlannedWrite) -> Copies:
        """Find the duplicates of a write, and remove all but the oldest if the product allows it.

        Two workers may do this at the same time: both keep the same one.
        """
