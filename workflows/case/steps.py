"""The case's workflow: one short function per state. A step reads the ports, decides, and returns one Outcome.

`judging` has the step of a claimed case, `asking` those of a case that waits for the caller, `riding` those of a case
on a run.
"""

from __future__ import annotations

from collections.abc import Callable

from workflows.case.asking import is_doubtful, remind, reminder_at, replies, resume, waits
from workflows.case.closing import end, escalate, has_resolved, leave, of_round, resolved_after_all, withdraw
from workflows.case.confirming import answered, unanswered
from workflows.case.judging import claimed, judged
from workflows.case.preflight import check_named
from workflows.case.refreshing import asked_of, refreshing
from workflows.case.riding import joined, synced
from workflows.case.sight import Sight
from workflows.model import Case, CaseState, Reason, Ticket
from workflows.model import ReasonKind as R
from workflows.steps import Advance, Outcome, Ports, stop_if_worked_elsewhere, tied, too_late

AT_THE_CLAIM = (CaseState.CLAIMED, CaseState.ASKED, CaseState.JOINED)  # where a case stands once its claim is made


def begun(case: Case, ticket: Ticket) -> Case:
    """Return the case with what its ticket tells before it is judged: who filed it and when, and when it was tagged."""
    by, opener = ticket.requester, ticket.opened_by
    return case.but(
        requester=(by.login or by.email or by.id) if by else None,
        filed_by=by.but(name=None) if by else None,
        opened_by=opener.but(name=None) if opener else None,
        given_at=case.given_at or ticket.tagged_at or case.opened_at,
        filed_at=ticket.opened_at,
    )


def received(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Take a ticket that is free; one that is tied to others is only judged.

    Nothing is written yet: the ticket is claimed together with what the judgement asks for.
    """
    ticket, now = sight.words(), ports.clock.now()
    stop_if_worked_elsewhere(ticket, ports)
    case = begun(case, ticket)
    if tie := tied(ticket):
        return leave(judged(case, ticket, ports), ticket, ports, tie)
    check_named(ports)
    return Advance(case.but(state=CaseState.CLAIMED), Reason.of(R.FREE_TO_TAKE), due_at=now)


def let_go(case: Case, ticket: Ticket, ports: Ports, because: Reason) -> Outcome:
    """Withdraw from a ticket that is not ours; if a rule of the desk took it at our claim, leave the verdict on it.

    What our own resolution has closed is resolved.
    """
    if case.state is CaseState.CLOSING and because.kind is R.CLOSED_BY_A_PERSON and has_resolved(case, ports):
        return resolved_after_all(case, ports)
    written = ports.store.writes(case.id) if case.state in AT_THE_CLAIM else ()
    holders = {item.receipt.holder for item in of_round(case, written) if item.receipt}
    if ticket.assignee is None or ticket.assignee.id not in holders or because.kind is not R.ASSIGNED:
        return withdraw(case, ticket, ports, because)
    case = judged(case.but(run_id=None), ports.desks[case.ref.desk].read(case.ref), ports)
    return leave(case, ticket, ports, Reason.of(R.GIVEN_BY_A_RULE, holder=ticket.group))


def waiting(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Wait for a person: for a sign-in, a visit to the user's page, or an answer.

    The ticket is read if it changed, or before a write.
    """
    if asked := asked_of(case):
        return refreshing(case, asked, sight, ports)
    if sight.news:
        sight.words()
    now, late = ports.clock.now(), too_late(sight.sla(case))
    over, remind_at = late is not None or now >= (case.deadline or now), reminder_at(case, ports.policy)
    reminds = remind_at is not None and now >= remind_at
    if not (sight.news or over or reminds):
        return waits(case, ports, remind_at)
    ticket = sight.words()
    inside = tied(ticket) is not None
    if is_doubtful(case, ticket):
        return escalate(case, ports, Reason.of(R.UNHEARD), inside=inside)
    if comments := replies(case, ticket, ports):
        return answered(case, ticket, ports, comments) or resume(case, ports, Reason.of(R.REPLIED))
    if over:
        why = late or Reason.of(R.NO_REPLY)
        return unanswered(case, ticket, ports) or escalate(case, ports, why, inside=inside)
    return remind(case, ports) if reminds else waits(case, ports, remind_at)


STEPS: dict[CaseState, Callable[[Case, Sight, Ports], Outcome]] = {
    CaseState.RECEIVED: received,
    CaseState.CLAIMED: claimed,
    CaseState.ASKED: waiting,
    CaseState.JOINED: joined,
    CaseState.SYNCED: synced,
    CaseState.CLOSING: end,
}
