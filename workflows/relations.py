"""Tickets that are tied to others: they are judged, and what becomes of them is left to people.

A child is closed with its parent and a parent with its children, a major incident and a problem have owners of their
own: to resolve one of them alone would undo what people have arranged.
"""

from __future__ import annotations

from workflows.model import Relation, Ticket

TIES: dict[Relation, str] = {
    Relation.CHILD: "The ticket is a child of another one, which is worked instead.",
    Relation.PARENT: "The ticket has open children, which would be closed with it.",
    Relation.MAJOR_INCIDENT: "The ticket is part of a major incident.",
    Relation.PROBLEM: "The ticket belongs to a problem, whose owners work on the cause.",
}


def tied(ticket: Ticket) -> str | None:
    """Say in one sentence to what a ticket is tied; None if it stands alone."""
    return TIES.get(ticket.relation)
