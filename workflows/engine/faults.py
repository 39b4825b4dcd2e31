"""What a fault makes of a case: it is looked at again later, handed to a person, or withdrawn."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

from workflows.case.closing import advise_blind, escalate_again, escalate_blind, marker, withdraw
from workflows.case.sight import Sight, Unreadable
from workflows.engine.trouble import (
    MOST_FAULTS,
    found_by_search,
    several,
    shared_with,
)
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected
from workflows.model import Case, CaseState, QuestionKind, Reason
from workflows.model import ReasonKind as R
from workflows.notes.reasons import sentence
from workflows.ports import Lease
from workflows.precheck.verdicts import observed
from workflows.steps import (
    BELIEVED,
    WAITS,
    Advance,
    Outcome,
    Ports,
    alert,
    met,
    next_look,
    report,
    same_for_all,
    tell_of_silence,
    times,
    what,
)
from workflows.values.case_values import hidden


class Later(NamedTuple):
    """A case is looked at again at `until` (UTC), None for never; `because` is for people."""

    case: Case
    until: datetime | None
    because: str


Follows = Outcome | Later


def after_fault(lease: Lease, case: Case, error: Exception, ports: Ports) -> Follows:
    """Return what follows for a case whose step failed: a product's fault, a ticket that is gone, or our own defect."""
    if isinstance(error, Unreadable):
        return after_unreadable(case, error.refused, ports)
    if isinstance(error, Transient | Uncertain | Misconfigured):
        return wait_out(case, error, ports)
    if isinstance(error, FarSideError):
        return _doubt(lease, case, error, ports)
    return _defect(case, error, ports)


def wait_out(case: Case, error: FarSideError, ports: Ports) -> Later:
    """Try again later; the time until then does not count against the case's deadline.

    The operator is told of a system that cannot be used as configured, and of a long silence.
    """
    if isinstance(error, Misconfigured):
        report(error, ports)
    if isinstance(error, Transient | Uncertain) and case.trouble and case.trouble.what == what(error):
        since = case.trouble.since
        text = f"{error} (so since {since:%Y-%m-%d %H:%M} UTC for {case.ref.key}, and others may wait)"
        tell_of_silence(error.system, since, text, ports)
    now, after = ports.clock.now(), met(case, error, ports.clock.now())
    until, because = next_look(case, error, ports), _words(case, str(error), ports)
    if case.deadline is not None:
        after = after.but(deadline=case.deadline + (until - now))
    ports.tell("waiting", {"case": case.id, "ticket": case.ref.key, "until": until, "because": because})
    return Later(after, until, because)


def _words(case: Case, text: str, ports: Ports) -> str:
    """Return a product's words with the values that the case knows hidden."""
    return hidden(case, ports.policy)(text)


def _doubt(lease: Lease, case: Case, error: FarSideError, ports: Ports) -> Follows:
    """Look again before a refusal or an odd answer is believed; then a person gets the ticket.

    What several tickets meet on a desk is the desk's or the account's: it is paused, and they wait.
    """
    if isinstance(error, Refused) and case.ended:
        return _given_up(lease, case, error, ports)
    if isinstance(error, Refused) and (shared := shared_with(case, error, ports)):
        report(shared, ports)
    elif case.ended or times(case, error) + 1 < BELIEVED:
        report(error, ports)
    else:
        if case.state is not CaseState.CLOSING:
            text = f"{case.ref.key} goes to a person: {_words(case, str(error), ports)}"
            alert(ports, error.system, what(error), text)
        words = _words(case, error.told, ports)
        kind = R.ANSWER_NOT_UNDERSTOOD if isinstance(error, Unexpected) else R.PRODUCT_FAULT
        why = Reason.of(kind, words=words, operation=error.operation, system=error.system)
        return _to_a_person(case, why, ports)
    return wait_out(case, error, ports)


def _given_up(lease: Lease, case: Case, error: Refused, ports: Ports) -> Later:
    """Give up what an ended case still has to write: its ticket is gone, or hidden."""
    words = _words(case, str(error), ports)
    for write in ports.store.writes(case.id, open_only=True):
        ports.store.write_refused(lease, write.planned.key, words, ports.clock.now())
    alert(ports, error.system, what(error), f"{case.ref.key}: the last note or change was not made: {words}")
    return Later(case, None, "")


def after_unreadable(case: Case, error: Refused, ports: Ports) -> Follows:
    """Look again several times; then withdraw if the search does not find the ticket either, else keep looking."""
    if times(case, error) + 1 >= BELIEVED:
        found = found_by_search(case, ports)
        told = "it is found but cannot be read, and is looked at again" if found else "it is no longer worked"
        alert(ports, error.system, what(error), f"{case.ref.key}: {told}: {_words(case, str(error), ports)}")
        if not found:
            return withdraw(case, None, ports, Reason.of(R.TICKET_UNREADABLE, detail=error.detail))
    else:
        deleted = error.status == HTTPStatus.NOT_FOUND  # a deleted ticket tells nothing about the account
        report((None if deleted else several(case, error, ports)) or error, ports)
    return wait_out(case, error, ports)


def _defect(case: Case, error: Exception, ports: Ports) -> Follows:
    """Try again after a defect of our own; after some times a person gets the ticket."""
    name, until = type(error).__name__, ports.after(ports.policy.retry_after)
    ports.tell("defect", {"case": case.id, "ticket": case.ref.key, "state": case.state, "error": error})
    if case.ended:
        return Later(case, until, repr(error))
    if case.faults + 1 >= MOST_FAULTS:
        return _to_a_person(case, Reason.of(R.STOPPED_BY_A_DEFECT, name=name), ports)
    return Later(case.but(faults=case.faults + 1), until, sentence(Reason.of(R.DEFECT, name=name)))


def is_handing_over(case: Case) -> bool:
    """Return whether a case's hand-over is on its way."""
    return case.state is CaseState.CLOSING and case.closing is CaseState.ESCALATED


def after_refusal(case: Case, ports: Ports) -> Follows | None:
    """Hand the case over after a refused write; a refused hand-over is tried again, then the operator is told.

    None if the case has ended: the operator is told. Raises `TakenOver` if a person took the ticket, which is why the
    write was refused.
    """
    writes = ports.store.writes(case.id)
    words = _words(case, next((item.reason for item in reversed(writes) if item.reason), "no reason was given"), ports)
    ports.tell("write refused", {"case": case.id, "ticket": case.ref.key, "text": words})
    if case.ended:
        alert(ports, case.ref.desk, f"refused: {same_for_all(words)}", f"{case.ref.key}: {words}")
        return None
    marked = case.but(refused=words)
    if not is_handing_over(case):
        with suppress(Unreadable):
            Sight(case, ports).state()
        return _to_a_person(marked, Reason.of(_refusal(case), words=words), ports)
    if not any(item.planned.intent == marker(case, "escalated-again") for item in writes):
        return escalate_again(marked, ports, Reason.of(R.CHANGE_REFUSED, words=words), writes)
    text = f"{case.ref.key} could not be handed over: {words}"
    alert(ports, case.ref.desk, f"undelivered: {same_for_all(words)}", text)
    because = Reason.of(R.UNDELIVERED, case.because, words=words)
    after = marked.but(state=CaseState.ESCALATED, because=because, ended_at=ports.clock.now())
    return Advance(after, because)


def _to_a_person(case: Case, because: Reason, ports: Ports) -> Follows:
    """Hand the case over; on an observed ticket, only note why it could not be judged.

    An observed ticket on which the desk refused our note is handed over too, so that something is written on it. A
    hand-over that is on its way is delivered still, and the operator is told what keeps it from the ticket.
    """
    if is_handing_over(case):
        words = _words(case, sentence(because), ports)
        alert(ports, case.ref.desk, same_for_all(words), f"{case.ref.key} could not be handed over yet: {words}")
        return Later(case, ports.after(WAITS[-1] * ports.policy.retry_after), words)
    watched = observed(case, ports.policy) and not case.refused and case.state is not CaseState.CLOSING
    return (advise_blind if watched else escalate_blind)(case, ports, because)


def _refusal(case: Case) -> R:
    """Return what the desk refused, by where the case stood: its end, a question, or anything else."""
    if case.state is CaseState.CLOSING and case.closing is CaseState.RESOLVED:
        return R.RESOLUTION_REFUSED
    asked = case.state is CaseState.ASKED and case.question is not QuestionKind.PROFILE_PAGE
    return R.QUESTION_REFUSED if asked else R.CHANGE_REFUSED
