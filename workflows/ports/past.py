"""The port by which an operator finds tickets that are not worked: past ones, and those that a person names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from workflows.model import TicketRef


class PastTickets(Protocol):
    """A ticket system whose past tickets can be found; nothing is written."""

    name: str

    def past(self, since: datetime, most: int) -> Iterator[TicketRef]:
        """Yield the newest tickets with the tag that were opened or closed since then (UTC), open ones included.

        Newest first by when they were opened, at most so many, in pages.
        """

    def named(self, key: str) -> TicketRef | None:
        """Return the ticket that people call so, with or without the tag; `None` if the desk has none, or hides it."""
