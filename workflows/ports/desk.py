"""The door to a ticket system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from workflows.model import Intent, PlannedWrite, Receipt, Sighting, Sla, Ticket, TicketRef


class Copies(NamedTuple):
    """How often a write stands there beyond the first time, and how many of these were removed."""

    found: int = 0
    removed: int = 0


class TicketDesk(Protocol):
    """A ticket system as the workflow sees it."""

    name: str

    def check(self) -> None:
        """Prove the credential and the settings against the product; `Misconfigured` says what is wrong."""

    def tagged(self) -> Iterator[Sighting]:
        """Yield every open ticket that carries the tag, paged to the end.

        A page that fails raises; a search that ended without an error is complete as far as the product's index is.
        """

    def read(self, ref: TicketRef) -> Ticket:
        """Read one ticket afresh, past any search index. `Refused` where it is gone or hidden from us."""

    def sla(self, ticket: Ticket) -> Sla | None:
        """Read the resolution SLA that runs for a ticket which the worker holds.

        `None` where none runs, where it cannot be read, or where the settings do not ask for it.
        """

    def plan(self, ticket: Ticket, intent: Intent) -> tuple[PlannedWrite, ...]:
        """Render an intent as the calls this product needs, in order; no I/O, same answer for the same input.

        A note and its state change are one write where the product allows it. What already holds needs no write.
        """

    def find(self, ref: TicketRef, write: PlannedWrite) -> Receipt | None:
        """Look on the far side for a write that may have been made; `None` where it is certainly not there."""

    def deliver(self, ref: TicketRef, write: PlannedWrite) -> Receipt:
        """Make one write and verify its echo.

        `Uncertain` where the answer was lost, `Refused` where the product said no or the echo differs; never repeats
        a write by itself.
        """

    def take_back_copies(self, ref: TicketRef, write: PlannedWrite) -> Copies:
        """Find what stands there more than once of a write, and remove all but the oldest where the product allows it.

        Two workers may do so at the same time: both keep the same one.
        """
