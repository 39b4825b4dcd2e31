"""Ends a case: resolve, escalate, advise, leave or withdraw, each as one `Advance` with its writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from workflows.case.later_looks import after_end, look_again_until, of_contradictions
from workflows.case.pattern import cause_of, of_pattern, standing_for
from workflows.case.siblings import Others, at_odds, naming, others
from workflows.case.sight import Sight
from workflows.errors import FarSideError, StoreUnavailable
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
    Write,
    WriteState,
)
from workflows.model import ReasonKind as R
from workflows.notes import audience, endings, next_steps, patterns, progress, public
from workflows.notes.handovers import Ending, ending, team_of
from workflows.ports import Sole
from workflows.precheck.verdicts import ROUTES, Act, Team, act_for
from workflows.steps import Advance, Ports, tied
from workflows.support.files import evidence_file
from workflows.support.material import Diagnosis, Material, attempts
from workflows.support.package import support_package

THERE = frozenset({WriteState.DELIVERED, WriteState.KEPT})  # of a file: people can get at it


class Found(NamedTuple):
    """What a hand-over reports besides the case: its run, the diagnosis, and other tickets about the same users.

    `first` is the case that stands for several of the same cause, this one among them.
    """

    run: SyncRun | None
    diagnosis: Diagnosis
    others: Others
    first: Case | None = None


def marker(case: Case, step: str) -> str:
    """Return a write's key: unique for all time, and the same each time the step is repeated."""
    return f"{case.id}.{case.round}.{step}"


def of_round(case: Case, writes: Iterable[Write]) -> list[Write]:
    """Return those of a case's writes that were planned in this round."""
    return [item for item in writes if item.planned.key.startswith(marker(case, ""))]


def with_story(case: Case, at: datetime, what: Reason) -> Case:
    """Return the case with one more entry in its story."""
    return case.but(story=(*case.story, StoryEntry(at=at, what=what)))


def judge_again(
    case: Case, ports: Ports, what: Reason, because: Reason | None = None, ride: RideState | None = None
) -> Advance:
    """Go back to `claimed` for what happened, so that the ticket is judged as it is now."""
    now = ports.clock.now()
    after = with_story(case, now, what).but(state=CaseState.CLAIMED, deadline=None)
    return Advance(after, because or what, due_at=now, ride=ride)


def resolve(case: Case, ticket: Ticket, ports: Ports, because: Reason, ride: RideState | None = None) -> Advance:
    """Close the ticket with the evidence; the caller gets a short answer without values.

    A ticket that has been tied to others in the meantime is left to people, with the same evidence.
    """
    if tie := tied(ticket):
        return leave(with_story(case, ports.clock.now(), because), ticket, ports, tie, ride)
    if not all(act_for(item) is Act.RESOLVE for item in case.subjects):
        raise LookupError(f"case {case.id} is not settled for every user")
    case, reader, contrary = _ended_by(case, because, ports), ports.reader(case), at_odds(case, ports)
    intent = Intent(
        key=marker(case, "resolved"),
        move=Move.UNCONFIRMED if case.unconfirmed else Move.RESOLVED,
        internal=endings.resolved(case, ports.run_of(case), reader, contrary),
        public=public.resolved(case, ticket, reader),
        close_text=public.closing_sentence(case, ticket, reader),
    )
    return _closing(naming(case, contrary), CaseState.RESOLVED, intent, ride)


def escalate(
    case: Case, ports: Ports, because: Reason, *, ride: RideState | None = None, inside: bool = False
) -> Advance:
    """Hand the ticket to a person with the reason, what was tried, and the diagnostics file.

    One of several tickets of one cause gets a line and a link to the first in place of a report of its own. `inside`:
    nothing is written in public.
    """
    run = ports.run_of(case)
    case = case.but(cause=cause_of(case.but(because=because), run))
    if first := standing_for(case, ports):
        told = with_story(case, ports.clock.now(), Reason.of(R.ONE_CAUSE, key=first.ref.key))
        case = told.but(said=case.said.but(pattern=first.id))
    found = Found(run, ports.diagnose(case, ports.org), others(case, ports), first)
    return _escalate(case, ports, because, found, ride, inside=inside)


def escalate_blind(
    case: Case, ports: Ports, because: Reason, missing: str = "not read, because the case ended on a fault"
) -> Advance:
    """Hand the ticket over without further calls to Okta or the desks: after a fault, they may fail again.

    The requester gets no message, because it may not be known yet whether the user is protected. What the case holds
    may be what our own code fails on: then the reason alone is handed over.
    """
    try:
        found = Found(ports.run_of(case), Diagnosis(missing=(missing,)), others(case, ports, blind=True))
        return _escalate(case, ports, because, found, inside=True)
    except (FarSideError, StoreUnavailable):
        raise
    except Exception as error:  # noqa: BLE001  # a defect of ours may not keep the ticket from people
        ports.tell("defect", {"case": case.id, "ticket": case.ref.key, "state": case.state, "error": error})
        case = _ended_by(case, because, ports)
        note = endings.without_findings(ports.reader(case), because)
        team = ROUTES[Team.DESK]
        intent = Intent(key=marker(case, "escalated"), move=Move.ESCALATED, route=team, internal=note)
        return _closing(case, CaseState.ESCALATED, intent)


def escalate_again(case: Case, ports: Ports, because: Reason, writes: Iterable[Write]) -> Advance:
    """Hand the ticket over again after the desk refused part of it; delivered parts are not repeated.

    If the desk refused the Support Case's file, another ticket with the same fault may prepare it.
    """
    of_this = [item for item in writes if item.planned.intent == marker(case, "escalated")]
    parts = [item for item in of_this if item.state is WriteState.DELIVERED]
    if not any(item.planned.content is not None and item.state in THERE for item in of_this):
        case = case.but(said=case.said.but(support_case=False))
    case, reader = _ended_by(case, because, ports), ports.reader(case)
    note = endings.hand_over_refused(because, reader)
    if not parts:  # the first one carries the note
        note = endings.escalated(case, ports.run_of(case), reader, None, None)
    intent = Intent(key=marker(case, "escalated-again"), move=Move.ESCALATED, internal=note)
    return _closing(case, CaseState.ESCALATED, intent)


def advise(case: Case, ports: Ports, because: Reason, aside: Note | None = None) -> Advance:
    """Note the verdict on the ticket, and leave the ticket to people; `aside` is for the desk's own people alone."""
    case = _ended_by(case, because, ports)
    case = case.but(cause=cause_of(case, None))
    case, note = _naming_others(case, endings.advised(case, ports.reader(case)), ports)
    return _advised(case, note, claimed=case.said.claimed, aside=aside)


def advise_blind(case: Case, ports: Ports, because: Reason) -> Advance:
    """Note on an observed ticket why it could not be judged, and leave it to people."""
    case = _ended_by(case, because, ports)
    return _advised(case, endings.not_judged(case, ports.reader(case), because), claimed=case.said.claimed)


def leave(case: Case, ticket: Ticket, ports: Ports, tie: Reason, ride: RideState | None = None) -> Advance:
    """Note the verdict on a ticket that is tied to others, and leave its state and its people unchanged."""
    case = _ended_by(case, tie, ports)
    case, note = _naming_others(case, endings.tied(case, ports.run_of(case), ports.reader(case), tie), ports)
    return _advised(case, note, ride, claimed=ticket.assigned_to_worker)


def withdraw(case: Case, ticket: Ticket | None, ports: Ports, because: Reason) -> Advance:
    """Stop working the ticket: remove our own assignment if there is one, and write nothing else."""
    now = ports.clock.now()
    ours = ticket is not None and ticket.assigned_to_worker and ticket.phase is not Phase.DONE
    intents = (Intent(key=marker(case, "released"), move=Move.RELEASED),) if ours else ()
    after = with_story(case, now, because).but(state=CaseState.WITHDRAWN, because=because, ended_at=now, deadline=None)
    return Advance(after, because, intents=intents, ride=_dropped(case))


def has_resolved(case: Case, ports: Ports) -> bool:
    """Return whether this round's resolution has arrived on the ticket, whatever was decided after it was planned."""
    planned = [item for item in ports.store.writes(case.id) if item.planned.intent == marker(case, "resolved")]
    return bool(planned) and all(item.state is WriteState.DELIVERED for item in planned)


def resolved_after_all(case: Case, ports: Ports) -> Advance:
    """End as resolved a case that was to be handed over when its resolution arrived."""
    before = case.because and (case.because.about or case.because)
    return end(case.but(closing=CaseState.RESOLVED, because=before), Sight(case, ports), ports)


def end(case: Case, _sight: Sight, ports: Ports) -> Advance:
    """Move to the end state: its writes have been delivered and verified."""
    after = case.but(state=case.closing or CaseState.ESCALATED, ended_at=ports.clock.now(), deadline=None)
    followups = (*after_end(after, ports), *of_contradictions(after, ports), *of_pattern(after, ports))
    return Advance(after, Reason.of(R.DELIVERED), followups=followups)


def _escalate(
    case: Case, ports: Ports, because: Reason, found: Found, ride: RideState | None = None, *, inside: bool
) -> Advance:
    case, run, reader = _ended_by(case, because, ports), found.run, ports.reader(case)
    until = look_again_until(case, run, ports)
    first, contrary, sole = found.others.leader, found.others.at_odds, None
    prepared = first is not None and first.said.support_case
    wanted = ending(case, run) is Ending.NO_EFFECT and not prepared and not found.first
    attached = not reader.withholds and ports.desks[case.ref.desk].attaches(own=public.concerns_requester(case))
    step = next_steps.together_with(first, case, run, reader, prepared=prepared) if first else None
    note = endings.escalated(case, run, reader, step, until)
    told = endings.to_do(case, run, reader.outside, step, until)  # of those who may open a file, not all are inside
    if found.first:
        again = next_steps.looked_at_again(until, reader)
        note = patterns.stood_for(case, run, found.first, again, attached=attached)
    case, note = naming(case, contrary), progress.naming_others(note, contrary, reader)
    tried = attempts(case, run, ports.store, inside=reader.sight is audience.Sight.INSIDE)
    material = Material(case, tried, found.diagnosis, reader, ports.clock.now(), told)
    file = evidence_file(material)
    if wanted:
        note = endings.for_okta_support(note, run, reader, case.ref.key, attached=attached)
        file, sole = support_package(material), found.others.right
        case = case.but(said=case.said.but(support_case=True))
    files = (file,) if file else ()
    linked = found.first or (first if not case.said.older_ticket else None)  # linked once, when it was named
    text = None if inside else public.escalated(case, run, until, reader)
    intent = Intent(
        key=marker(case, "escalated"),
        move=Move.ESCALATED,
        route=ROUTES[team_of(case, run)],
        internal=endings.promised(note) if text and reader.sight is audience.Sight.INSIDE else note,
        public=text,
        files=files if attached else (),
        kept=() if attached else files,
        related=linked.ref if linked else None,
    )
    return _closing(case, CaseState.ESCALATED, intent, ride, sole)


def _naming_others(case: Case, note: Note, ports: Ports) -> tuple[Case, Note]:
    """Add to a case's last note the open tickets that state another value."""
    contrary, reader = at_odds(case, ports), ports.reader(case)
    return naming(case, contrary), progress.naming_others(note, contrary, reader)


def _ended_by(case: Case, because: Reason, ports: Ports) -> Case:
    """Return the case with what ends it, which tells of the end that it kept from being reached, if there is one."""
    if case.state is CaseState.CLOSING and because.about is None:
        because = because.but(about=case.because)
    return with_story(case, ports.clock.now(), because).but(because=because)


def _advised(
    case: Case, note: Note, ride: RideState | None = None, *, claimed: bool, aside: Note | None = None
) -> Advance:
    """Leave the ticket to people with a note; one that was claimed is given back, any other stays as it is."""
    intent = Intent(key=marker(case, "advised"), move=Move.ADVISED if claimed else None, internal=note, aside=aside)
    return _closing(case, CaseState.ADVISED, intent, ride)


def _closing(
    case: Case, end: CaseState, intent: Intent, ride: RideState | None = None, sole: Sole | None = None
) -> Advance:
    if case.because is None:
        raise LookupError(f"case {case.id} ends without a reason")
    after = case.but(state=CaseState.CLOSING, closing=end, deadline=None, faults=0)
    return Advance(after, case.because, intents=(intent,), ride=ride or _dropped(case), sole=sole)


def _dropped(case: Case) -> RideState | None:
    """Return what becomes of the ride of a case that ends, if nothing was seen of it."""
    return RideState.DROPPED if case.state in {CaseState.JOINED, CaseState.SYNCED} else None
