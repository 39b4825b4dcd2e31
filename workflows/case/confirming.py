"""Whether what came right is what was asked: one closed question where the ticket's own words do not say it."""

from __future__ import annotations

from datetime import timedelta

from workflows.case.asking import ask, may_write
from workflows.case.closing import escalate, resolve
from workflows.model import Case, Comment, QuestionKind, Reason, RideState, Subject, Ticket, VerdictKind
from workflows.model import ReasonKind as R
from workflows.notes import progress, public
from workflows.precheck.verdicts import silence_ends
from workflows.reading.own_words import MOST_READ, own_words
from workflows.reading.replies import Reply, reply_in
from workflows.reading.statements import in_lines
from workflows.reading.vocabulary import vocabulary_of
from workflows.steps import Advance, Audience, Ports, audience, tied
from workflows.values.keys import is_meant
from workflows.values.masking import plain

QUOTED = 200


def confirm(case: Case, ticket: Ticket, ports: Ports, because: Reason, ride: RideState | None = None) -> Advance:
    """Resolve, or first ask whether it is right now; where no message is left, resolve without a confirmation.

    Nobody is asked on a ticket that is tied to others: it is left to people. So is one whose requester's reply could
    not be told from others'.
    """
    if tied(ticket) or all(_is_settled(item) for item in case.subjects):
        return resolve(case, ticket, ports, because, ride=ride)
    if not may_write(case):
        return _unconfirmed(case, ticket, ports, because, ride)
    by = ports.clock.now() + timedelta(seconds=ports.policy.ask_for)
    reader = ports.reader(case)
    text, readers = public.confirmation(case, by, reader, silence_ends=silence_ends(case)), Audience.REQUESTER_TOO
    if not public.is_own(case, ticket):  # an agent confirms it; nothing public is asked about somebody else's profile
        text, readers = progress.confirmation(case, by, reader, silence_ends=silence_ends(case)), Audience.DESK
    elif not ticket.hears_requester:
        why = Reason.of(R.UNHEARD)
        return escalate(_now(case, VerdictKind.UNCONFIRMED, why), ports, why, ride=ride)
    kind = QuestionKind.CONFIRM
    return ask(case, ports, Reason.of(R.TO_BE_CONFIRMED), text, kind=kind, ride=ride, readers=readers)


def answered(case: Case, ticket: Ticket, ports: Ports, comment: Comment) -> Advance | None:
    """Follow the reply to a closed or a confirm question; None where it is read like any other."""
    vocabulary = vocabulary_of(ports.policy.synonyms)
    lines = own_words(comment.body, vocabulary, MOST_READ).lines
    said, readers = reply_in(lines, vocabulary), audience(ticket)
    if said is Reply.SOMETHING_ELSE:
        why = Reason.of(R.ABOUT_SOMETHING_ELSE)
        return escalate(_now(case, VerdictKind.SOMETHING_ELSE, why), ports, why, readers=readers)
    stated = [item.expected for item in in_lines(lines, vocabulary, answered=True).statements if item.expected]
    if case.question is QuestionKind.OPEN or (stated and case.question is QuestionKind.CLOSED):
        return None
    values = stated or (list(lines) if said is Reply.VALUE else [])
    if said is Reply.YES or (values and all(_is_held(case, value) for value in values)):
        return resolve(case, ticket, ports, Reason.of(R.CONFIRMED))
    if said is Reply.NO or values:
        why = Reason.of(R.DENIED)
        return escalate(_now(case, VerdictKind.DENIED, why), ports, why, readers=readers)
    if case.question is QuestionKind.CLOSED:
        return None
    why = Reason.of(R.UNCLEAR_REPLY, words=plain(" ".join(lines), QUOTED))
    return escalate(_now(case, VerdictKind.UNCONFIRMED, why), ports, why, readers=readers)


def _is_held(case: Case, value: str) -> bool:
    """Return whether a reply's value is one that was asked about: that came right, or in which both copies agreed."""
    asked = [item.value for subject in case.subjects for item in subject.expectations]
    if case.question is QuestionKind.CLOSED:
        verdicts = [subject.verdict for subject in case.subjects if subject.verdict]
        asked += [item.okta for verdict in verdicts for item in verdict.observations]
    return any(is_meant(value, item) for item in asked)


def unanswered(case: Case, ticket: Ticket, ports: Ports) -> Advance | None:
    """Close a ticket whose confirmation nobody gave in time; None for any other question."""
    if case.question is not QuestionKind.CONFIRM:
        return None
    return _unconfirmed(case, ticket, ports, Reason.of(R.NOT_CONFIRMED), None)


def _unconfirmed(case: Case, ticket: Ticket, ports: Ports, because: Reason, ride: RideState | None) -> Advance:
    """Resolve what the ticket named; what it did not name is a person's to ask about."""
    if silence_ends(case):
        return resolve(case.but(unconfirmed=True), ticket, ports, because, ride=ride)
    why = Reason.of(R.NOT_CONFIRMED)
    case = _now(case, VerdictKind.UNCONFIRMED, why)
    return escalate(case, ports, why, ride=ride, readers=audience(ticket))


def _is_settled(subject: Subject) -> bool:
    """Say whether a subject's end needs no confirmation."""
    verdict = subject.verdict
    return verdict is None or verdict.kind is not VerdictKind.STALE_IN_OKTA or verdict.firm


def _now(case: Case, kind: VerdictKind, reason: Reason) -> Case:
    """Put the reply's consequence in the place of every verdict that it is about."""
    subjects = tuple(
        item.but(verdict=item.verdict.but(kind=kind, reason=reason), right=False) if item.verdict else item
        for item in case.subjects
    )
    return case.but(subjects=subjects)
