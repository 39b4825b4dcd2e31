"""Ends a case: resolve, escalate, advise, leave or withdraw, each as one `Advance` with its writes."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from workflows.case import pattern
from workflows.case.later_looks import after_end, look_again_until
from workflows.case.pattern import cause_of, sound, standing_for
from workflows.case.siblings import (
    Siblings,
    at_odds,
    attributes,
    contradiction_followups,
    counts_as_open,
    naming,
    siblings,
)
from workflows.model import (
    Case,
    CaseState,
    Intent,
    Move,
    Note,
    Phase,
    Reason,
    RideState,
    StoryEntry,
    SyncRun,
    Ticket,
    TicketRef,
)
from workflows.model import ReasonKind as R
from workflows.notes import endings, next_steps, patterns, progress, public
from workflows.notes.handovers import Ending, ending, team_of
from workflows.ports import Sole
from workflows.precheck.verdicts import ROUTES, Act, act_for
from workflows.steps import Advance, Audience, Ports, tied
from workflows.support.files import evidence_file
from workflows.support.material import Diagnosis, Material, attempts
from workflows.support.package import support_package


class Found(NamedTuple):
    """What a hand-over reports besides the case: the diagnosis, tickets with the same fault, and contradicting ones.

    `first` is the case that stands for several of the same cause, this one among them.
    """

    diagnosis: Diagnosis
    siblings: Siblings
    at_odds: tuple[Case, ...]
    first: Case | None = None


class Delivered(NamedTuple):
    """Which parts of a hand-over are on the ticket."""

    note: bool
    file: bool


def marker(case: Case, step: str) -> str:
    """Return a write's key: unique for all time, and the same each time the step is repeated."""
    return f"{case.id}.{case.round}.{step}"


def with_story(case: Case, at: datetime, what: Reason) -> Case:
    """Return the case with one more entry in its story."""
    return case.but(story=(*case.story, StoryEntry(at=at, what=what)))


def resolve(case: Case, ticket: Ticket, ports: Ports, because: Reason, ride: RideState | None = None) -> Advance:
    """Close the ticket with the evidence; the caller gets a short answer without values.

    A ticket that has been tied to others in the meantime is left to people, with the same evidence.
    """
    if tie := tied(ticket):
        return leave(with_story(case, ports.clock.now(), because), ticket, ports, tie, ride)
    if not all(act_for(item) is Act.RESOLVE for item in case.subjects):
        raise LookupError(f"case {case.id} is not settled for every user")
    case = _ended_by(case, because, ports)
    reader = ports.reader(case)
    others = at_odds(case, ports)
    note = endings.resolved(case, run_of(case, ports), reader, _wishes(case, others))
    case = naming(case, others)
    intent = Intent(
        key=marker(case, "resolved"),
        move=Move.UNCONFIRMED if case.unconfirmed else Move.RESOLVED,
        internal=note,
        public=public.resolved(case, ticket, reader),
        close_text=public.closing_sentence(case, ticket, reader),
    )
    return _closing(case, CaseState.RESOLVED, intent, ride)


def escalate(
    case: Case,
    ports: Ports,
    because: Reason,
    *,
    ride: RideState | None = None,
    readers: Audience = Audience.REQUESTER_TOO,
) -> Advance:
    """Hand the ticket to a person with the reason, what was tried, and the diagnostics file.

    One of several tickets of one cause gets a line and a link to the first in place of a report of its own.
    """
    case = case.but(cause=cause_of(case.but(because=because), run_of(case, ports)))
    if first := standing_for(case, ports):
        sound(case, ports, first)
        told = with_story(case, ports.clock.now(), Reason.of(R.ONE_CAUSE, key=first.ref.key))
        case = told.but(said=case.said.but(pattern=first.id))
    found = Found(ports.diagnose(case, ports.org), siblings(case, ports), at_odds(case, ports), first)
    return _escalate(case, ports, because, found, ride, readers)


def escalate_blind(
    case: Case, ports: Ports, because: Reason, missing: str = "not read, because the case ended on a fault"
) -> Advance:
    """Hand the ticket over without further calls to Okta or the desks: after a fault, they may fail again.

    The requester gets no message, because it may not be known yet whether the user is protected.
    """
    ride = RideState.DROPPED if case.state in {CaseState.JOINED, CaseState.SYNCED} else None
    found = Found(
        Diagnosis(missing=(missing,)), siblings(case, ports, counts_as_open), at_odds(case, ports, counts_as_open)
    )
    return _escalate(case, ports, because, found, ride, Audience.DESK)


def escalate_again(case: Case, ports: Ports, because: Reason, delivered: Delivered) -> Advance:
    """Hand the ticket over again after the desk refused part of it; delivered parts are not repeated.

    If the desk refused the Support Case's file, another ticket with the same fault may prepare it.
    """
    if not delivered.file:
        case = case.but(said=case.said.but(support_case=False))
    case = _ended_by(case, because, ports)
    note = endings.hand_over_refused(because, ports.reader(case))
    if not delivered.note:
        note = endings.escalated(case, run_of(case, ports), ports.reader(case), None, None)
    intent = Intent(key=marker(case, "escalated-again"), move=Move.ESCALATED, internal=note)
    return _closing(case, CaseState.ESCALATED, intent, None)


def advise(case: Case, ports: Ports, because: Reason) -> Advance:
    """Note the verdict on the ticket, and leave the ticket to people."""
    case = _ended_by(case, because, ports)
    case = case.but(cause=cause_of(case, None))
    sound(case, ports)
    case, note = _naming_others(case, endings.advised(case, ports.reader(case)), ports)
    intent = Intent(key=marker(case, "advised"), move=_given_back(case), internal=note)
    return _closing(case, CaseState.ADVISED, intent, None)


def advise_blind(case: Case, ports: Ports, because: Reason) -> Advance:
    """Note on an observed ticket why it could not be judged, and leave it to people."""
    case = _ended_by(case, because, ports)
    ride = RideState.DROPPED if case.state in {CaseState.JOINED, CaseState.SYNCED} else None
    note = endings.not_judged(case, ports.reader(case), because)
    intent = Intent(key=marker(case, "advised"), move=_given_back(case), internal=note)
    return _closing(case, CaseState.ADVISED, intent, ride)


def _given_back(case: Case) -> Move | None:
    """Return the move that gives a claimed ticket back to people; one that was not claimed stays as it is."""
    return Move.ADVISED if case.said.claimed else None


def leave(case: Case, ticket: Ticket, ports: Ports, tie: Reason, ride: RideState | None = None) -> Advance:
    """Note the verdict on a ticket that is tied to others, and leave its state and its people unchanged."""
    case = _ended_by(case, tie, ports)
    move = Move.ADVISED if ticket.assigned_to_worker else None
    case, note = _naming_others(case, endings.tied(case, run_of(case, ports), ports.reader(case), tie), ports)
    intent = Intent(key=marker(case, "advised"), move=move, internal=note)
    return _closing(case, CaseState.ADVISED, intent, ride)


def withdraw(case: Case, ticket: Ticket | None, ports: Ports, because: Reason) -> Advance:
    """Stop working the ticket: remove our own assignment if there is one, and write nothing else."""
    now = ports.clock.now()
    ours = ticket is not None and ticket.assigned_to_worker and ticket.phase is not Phase.DONE
    intents = (Intent(key=marker(case, "released"), move=Move.RELEASED),) if ours else ()
    after = with_story(case, now, because).but(state=CaseState.WITHDRAWN, because=because, ended_at=now, deadline=None)
    ride = RideState.DROPPED if case.state in {CaseState.JOINED, CaseState.SYNCED} else None
    return Advance(after, because, intents=intents, ride=ride)


def end(case: Case, ports: Ports) -> Advance:
    """Move to the end state: its writes have been delivered and verified."""
    now = ports.clock.now()
    target = case.closing or CaseState.ESCALATED
    after = case.but(state=target, ended_at=now, deadline=None)
    followups = after_end(case, target, run_of(case, ports), ports.policy, now)
    of_others = (*contradiction_followups(after, ports, now), *pattern.followups(after, ports, now))
    return Advance(after, Reason.of(R.DELIVERED), followups=(*followups, *of_others))


def run_of(case: Case, ports: Ports) -> SyncRun | None:
    """Return the run that the case rides or rode."""
    return ports.store.run(case.run_id) if case.run_id else None


def _escalate(
    case: Case,
    ports: Ports,
    because: Reason,
    found: Found,
    ride: RideState | None,
    readers: Audience,
) -> Advance:
    now, case = ports.clock.now(), _ended_by(case, because, ports)
    run, reader = run_of(case, ports), ports.reader(case)
    until = look_again_until(case, run, ports.policy, now)
    first, sole = found.siblings.leader, None
    prepared = first is not None and first.said.support_case
    wanted = ending(case, run) is Ending.NO_EFFECT and not prepared and not found.first
    attached = ports.desks[case.ref.desk].attaches(own=public.concerns_requester(case))
    step = next_steps.together_with(first, case, run, reader, prepared=prepared) if first else None
    if wanted and not attached:
        step = f"{next_steps.next_step(case, run, reader)} {endings.NO_PACKAGE}"
    note = endings.escalated(case, run, reader, step, until)
    if found.first:
        again = next_steps.looked_at_again(until, reader)
        note = patterns.stood_for(case, run, found.first, again, attached=attached)
    case, note = naming(case, found.at_odds), progress.naming_others(note, _wishes(case, found.at_odds))
    material = Material(case, attempts(run, ports.store), found.diagnosis, ports.policy, now, reader.zone)
    file = evidence_file(material)
    if attached and wanted:
        file, note, sole = support_package(material), endings.for_okta_support(note, run, reader), found.siblings.right
        case = case.but(said=case.said.but(support_case=True))
    text = None if readers is Audience.DESK else public.escalated(case, run, until, reader)
    intent = Intent(
        key=marker(case, "escalated"),
        move=Move.ESCALATED,
        route=ROUTES[team_of(case, run)],
        internal=endings.promised(note) if text else note,
        public=text,
        files=(file,) if attached and file else (),
        related=_related(case, first, found.first),
    )
    return _closing(case, CaseState.ESCALATED, intent, ride, sole)


def _related(case: Case, leading: Case | None, standing: Case | None) -> TicketRef | None:
    """Return the ticket to link: the one that stands for several, else the leading one if it is not linked yet."""
    if standing:
        return standing.ref
    return leading.ref if leading and not case.said.older_ticket else None


def _naming_others(case: Case, note: Note, ports: Ports) -> tuple[Case, Note]:
    """Add to a case's last note the open tickets that state another value."""
    others = at_odds(case, ports)
    return naming(case, others), progress.naming_others(note, _wishes(case, others))


def _wishes(case: Case, others: tuple[Case, ...]) -> tuple[progress.OtherWish, ...]:
    return tuple(progress.OtherWish(other, attributes(case, other)) for other in others)


def _ended_by(case: Case, because: Reason, ports: Ports) -> Case:
    """Return the case with what ends it, which tells of the end that it kept from being reached, if there is one."""
    if case.state is CaseState.CLOSING and because.about is None:
        because = because.but(about=case.because)
    return with_story(case, ports.clock.now(), because).but(because=because)


def _closing(case: Case, end: CaseState, intent: Intent, ride: RideState | None, sole: Sole | None = None) -> Advance:
    if case.because is None:
        raise LookupError(f"case {case.id} ends without a reason")
    after = case.but(state=CaseState.CLOSING, closing=end, deadline=None, faults=0)
    return Advance(after, case.because, intents=(intent,), ride=ride, sole=sole)
