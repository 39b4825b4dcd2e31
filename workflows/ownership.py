"""Whose a ticket is: ours only while it carries the tag, is open, and no person has taken it."""

from __future__ import annotations

from workflows.model import Phase, Ticket


def taken_over(ticket: Ticket) -> str | None:
    """Say why the ticket is not ours (any more), in one sentence; None if it is free or ours."""
    if not ticket.tagged:
        return "The tag was removed."
    if ticket.phase is Phase.DONE:
        return "The ticket was closed by a person."
    if ticket.assignee is not None and not ticket.assigned_to_worker:
        return f"The ticket is assigned to {ticket.assignee.name or ticket.assignee.login or 'a person'}."
    return None
