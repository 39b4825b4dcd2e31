"""The case's workflow: one short function per state. A step reads the ports, decides, and returns one Outcome.

`judging` holds the step of a claimed case, `riding` those of a case on a run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from workflows import notes
from workflows.closing import end, escalate, marker, told, withdraw
from workflows.judging import claimed
from workflows.model import Case, CaseState, Comment, Intent, Move, Relation, Ticket
from workflows.outcome import Advance, Outcome, Ports, Wait
from workflows.riding import joined, synced


def received(case: Case, ticket: Ticket, ports: Ports) -> Outcome:
    """Claim the ticket with one visible write, if it stands alone."""
    relations = {
        Relation.CHILD: "The ticket is a child of another one, which is worked instead.",
        Relation.PARENT: "The ticket has open children, which would be closed with it.",
        Relation.MAJOR_INCIDENT: "The ticket is part of a major incident.",
        Relation.PROBLEM: "The ticket belongs to a problem, whose owners work on the cause.",
    }
    if ticket.relation in relations:
        return withdraw(case, ticket, ports, relations[ticket.relation])
    now = ports.clock.now()
    by = now + timedelta(seconds=ports.policy.gather_at_most + ports.policy.verify_for)
    intent = Intent(key=marker(case, "claimed"), move=Move.CLAIMED, internal=notes.claimed(case, by))
    who = (ticket.requester.login or ticket.requester.email) if ticket.requester else None
    after = told(case, now, "Claimed.").model_copy(update={"state": CaseState.CLAIMED, "requester": who})
    return Advance(after, "the ticket is free to take", due_at=now, intents=(intent,))


def asked(case: Case, ticket: Ticket, ports: Ports) -> Outcome:
    """Wait for a person's reply."""
    now = ports.clock.now()
    if _reply(case, ticket):
        key = marker(case, f"resumed{case.questions}")
        after = told(case, now, "A reply came.").model_copy(update={"state": CaseState.CLAIMED, "deadline": None})
        return Advance(after, "a person replied", due_at=now, intents=(Intent(key=key, move=Move.RESUMED),))
    deadline = case.deadline or now
    if now >= deadline:
        return escalate(case, ports, "Nobody answered the question on the ticket in time.")
    return Wait(min(deadline, now + timedelta(seconds=ports.policy.ask_every)), "waiting for a reply on the ticket")


def closing(case: Case, _ticket: Ticket, ports: Ports) -> Outcome:
    """End: everything has been delivered and its echo verified."""
    return end(case, ports)


STEPS: dict[CaseState, Callable[[Case, Ticket, Ports], Outcome]] = {
    CaseState.RECEIVED: received,
    CaseState.CLAIMED: claimed,
    CaseState.ASKED: asked,
    CaseState.JOINED: joined,
    CaseState.SYNCED: synced,
    CaseState.CLOSING: closing,
}


def _reply(case: Case, ticket: Ticket) -> Comment | None:
    """Find a person's comment behind our last question, by place, or by time where our comment does not show."""
    question = marker(case, f"asked{case.questions}")
    places = [place for place, item in enumerate(ticket.comments) if (item.marker or "").startswith(question)]
    if places:
        later = ticket.comments[places[-1] + 1 :]
    else:
        asked_at = (case.asked_at or case.opened_at).replace(microsecond=0)
        later = tuple(item for item in ticket.comments if item.created > asked_at)
    return next((item for item in later if not item.by_worker), None)
