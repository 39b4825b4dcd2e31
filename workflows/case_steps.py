"""The case's workflow: one short function per state. A step reads the ports, decides, and returns one Outcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from workflows import notes
from workflows.closing import advise, end, escalate, marker, resolve, run_of, told, withdraw
from workflows.expectations import holds
from workflows.facts import Facts, gather
from workflows.intake import understand
from workflows.model import (
    Autonomy,
    Case,
    CaseState,
    Comment,
    Evidence,
    Intent,
    Move,
    OktaUser,
    Phase,
    Relation,
    RideState,
    RunState,
    Seen,
    Subject,
    SyncRun,
    Ticket,
    Verdict,
    VerdictKind,
)
from workflows.outcome import Advance, Outcome, Ports, Wait
from workflows.precheck import judge
from workflows.run_policy import join_request

MOST_QUESTIONS = 2  # with the closing answer: at most three messages to the caller in a round


class Act(StrEnum):
    """What follows from a verdict."""

    ASK = "ask"
    RESOLVE = "resolve"
    SYNC = "sync"
    ESCALATE = "escalate"


ACTS: dict[VerdictKind, Act] = dict.fromkeys(VerdictKind, Act.ESCALATE) | {
    VerdictKind.NEEDS_INFORMATION: Act.ASK,
    VerdictKind.USER_AMBIGUOUS: Act.ASK,
    VerdictKind.CANNOT_TELL: Act.ASK,
    VerdictKind.ALREADY_RIGHT: Act.RESOLVE,
    VerdictKind.STALE_IN_OKTA: Act.SYNC,
}


def taken_over(ticket: Ticket) -> str | None:
    """Say why the ticket is not ours (any more), in one sentence; None if it is free or ours."""
    if not ticket.tagged:
        return "The tag was removed."
    if ticket.phase is Phase.DONE:
        return "The ticket was closed by a person."
    if ticket.assignee is not None and not ticket.assigned_to_worker:
        return f"The ticket is assigned to {ticket.assignee.name or ticket.assignee.login or 'a person'}."
    return None


def received(case: Case, ticket: Ticket, ports: Ports) -> Outcome:
    """Claim the ticket with one visible write, if it stands alone."""
    relations = {
        Relation.CHILD: "The ticket is a child of another one, which is worked instead.",
        Relation.PARENT: "The ticket has open children, which would be closed with it.",
        Relation.MAJOR_INCIDENT: "The ticket is part of a major incident.",
    }
    if ticket.relation in relations:
        return withdraw(case, ticket, ports, relations[ticket.relation])
    now = ports.clock.now()
    by = now + timedelta(seconds=ports.policy.gather_at_most + ports.policy.verify_for)
    intent = Intent(key=marker(case, "claimed"), move=Move.CLAIMED, internal=notes.claimed(case, by))
    after = told(case, now, "Claimed.").model_copy(update={"state": CaseState.CLAIMED})
    return Advance(after, "the ticket is free to take", due_at=now, intents=(intent,))


def claimed(case: Case, ticket: Ticket, ports: Ports) -> Outcome:
    """Judge the subject and take the verdict's way."""
    if case.round > 1:
        return escalate(
            case, ports, f"The ticket was opened again (round {case.round}); from here on a person decides."
        )
    before = case.subjects[0].verdict if case.subjects else None
    facts = gather(understand(ticket), ticket.requester, ports.org, ports.clock)
    if before and (seen := _arrived(before, facts)):
        case = case.model_copy(update={"subjects": (case.subjects[0].model_copy(update={"seen": seen}),)})
        return resolve(case, ticket, ports, "The Okta profile took the right value while the case waited.")
    verdict = judge(facts, ports.policy.synonyms)
    subject = Subject(request=facts.request, verdict=verdict)
    case = case.model_copy(update={"subjects": (subject,), "evidence": (*case.evidence, *verdict.evidence)})
    return _follow(case, ticket, ports, verdict, before)


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


def joined(case: Case, _ticket: Ticket, ports: Ports) -> Outcome:
    """Wait for the run to start."""
    now = ports.clock.now()
    run = run_of(case, ports)
    if run is None:
        raise LookupError(f"case {case.id} rides run {case.run_id}, which is not in the store")
    if any(ride.case_id == case.id and ride.state is RideState.DROPPED for ride in ports.store.rides(run.id)):
        after = told(case, now, "The facts changed before the start; judged again.").model_copy(
            update={"state": CaseState.CLAIMED, "run_id": None, "deadline": None}
        )
        return Advance(after, "the ride was dropped", due_at=now)
    if run.state in {RunState.STARTED, RunState.ENDED}:
        text = f"Force Sync of {run.directory.label} started" + (", its answer was lost." if run.uncertain else ".")
        started = run.started_at or now
        after = told(case, started, text).model_copy(
            update={"state": CaseState.SYNCED, "deadline": run.deadline, "evidence": (*case.evidence, _pressed(run))}
        )
        return Advance(after, "the run started", due_at=now)
    if run.state in {RunState.CANCELLED, RunState.FAILED}:
        return escalate(case, ports, f"Force Sync could not be started: {run.because}", ride=RideState.UNSEEN)
    if case.deadline and now >= case.deadline:
        why = "Force Sync did not start in time: it is switched off, held back, or refused."
        return escalate(case, ports, why, ride=RideState.DROPPED)
    return Wait(_next_look(case, run, now, ports), f"waiting for the Force Sync of {run.directory.label}")


def synced(case: Case, ticket: Ticket, ports: Ports) -> Outcome:
    """Watch the Okta profile until it holds what is expected, or the deadline passes."""
    now = ports.clock.now()
    run = run_of(case, ports)
    if run is None:
        raise LookupError(f"case {case.id} rides run {case.run_id}, which is not in the store")
    subjects, right = [], True
    for subject in case.subjects:
        looked, ok = _look(subject, ports)
        subjects.append(looked)
        right = right and ok
    case = case.model_copy(update={"subjects": tuple(subjects)})
    if right:
        because = "The Okta profile holds the expected value after the Force Sync."
        return resolve(case, ticket, ports, because, ride=RideState.SEEN)
    deadline = case.deadline or now
    if now < deadline:
        until = min(deadline, now + timedelta(seconds=ports.policy.verify_every))
        return Wait(until, "waiting for the Force Sync to reach the Okta profile", case)
    if run.uncertain and run.successor_of is None and not _effect_seen(run, ports):
        return _successor(case, run, ports, now)
    because = "The Force Sync started, and the Okta profile does not hold the expected value after the time allowed."
    return escalate(case, ports, because, ride=RideState.UNSEEN)


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


def _follow(case: Case, ticket: Ticket, ports: Ports, verdict: Verdict, before: Verdict | None) -> Outcome:
    now = ports.clock.now()
    autonomy = ports.policy.default_autonomy
    if verdict.directory:
        autonomy = ports.policy.autonomy_of(verdict.directory)
    if autonomy is Autonomy.OBSERVE:
        return advise(case, ports, verdict.explanation)
    act = ACTS[verdict.kind]
    if act is Act.RESOLVE:
        return resolve(case, ticket, ports, verdict.explanation)
    if act is Act.SYNC:
        after = told(case, now, verdict.explanation).model_copy(
            update={"state": CaseState.JOINED, "deadline": now + timedelta(seconds=ports.policy.ride_for)}
        )
        return Advance(after, "judged: Force Sync helps", due_at=now, join=join_request(verdict, ports.policy, now))
    again = before is not None and before.kind is verdict.kind
    if act is Act.ASK and not again and case.questions < MOST_QUESTIONS:
        number = case.questions + 1
        after = told(case, now, f"Asked the requester: {verdict.explanation}").model_copy(
            update={
                "state": CaseState.ASKED,
                "questions": number,
                "asked_at": now,
                "deadline": now + timedelta(seconds=ports.policy.ask_for),
            }
        )
        key = marker(case, f"asked{number}")
        intent = Intent(key=key, move=Move.ASKED, public=notes.question(verdict, ticket))
        return Advance(after, verdict.explanation, due_at=now, intents=(intent,))
    return escalate(case, ports, verdict.explanation)


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


def _arrived(before: Verdict, facts: Facts) -> tuple[Seen, ...]:
    """Return what was seen if Okta now holds all that an earlier verdict missed there, else nothing."""
    if before.kind is not VerdictKind.STALE_IN_OKTA or len(facts.users) != 1 or facts.user.id != before.user_id:
        return ()
    if not all(holds(facts.user.profile, expectation) for expectation in before.expectations):
        return ()
    return _seen(before, facts.user, facts.at)


def _seen(verdict: Verdict, user: OktaUser, at: datetime) -> tuple[Seen, ...]:
    return tuple(
        Seen(attribute=item.attribute, value=user.profile.get(item.attribute), at=at, request_id=user.request_id)
        for item in verdict.expectations
    )


def _look(subject: Subject, ports: Ports) -> tuple[Subject, bool]:
    verdict = subject.verdict
    if verdict is None or verdict.user_id is None:
        raise LookupError("a subject without a judged user cannot have ridden")
    user = ports.org.user(verdict.user_id)
    right = all(holds(user.profile, expectation) for expectation in verdict.expectations)
    return subject.model_copy(update={"seen": _seen(verdict, user, ports.clock.now())}), right


def _pressed(run: SyncRun) -> Evidence:
    what = f"Force Sync of {run.directory.label} ({run.directory.ref.app_id}) " + (
        "sent, answer lost" if run.uncertain else "accepted"
    )
    return Evidence(
        what=what, system=run.directory.ref.org, at=run.started_at or run.opened_at, request_id=run.request_id
    )


def _effect_seen(run: SyncRun, ports: Ports) -> bool:
    return any(ride.state is RideState.SEEN for ride in ports.store.rides(run.id))


def _successor(case: Case, run: SyncRun, ports: Ports, now: datetime) -> Outcome:
    """Ride once more, after an uncertain start without effect; first the uncertain run must be over."""
    if run.state is RunState.STARTED:
        return Wait(now + timedelta(seconds=1), "waiting for the uncertain run to end", case)
    verdict = case.subjects[0].verdict
    if verdict is None:
        raise LookupError("a subject without a verdict cannot have ridden")
    after = told(case, now, "No effect of the uncertain start was seen; it is made once more.").model_copy(
        update={"state": CaseState.JOINED, "deadline": now + timedelta(seconds=ports.policy.ride_for)}
    )
    join = join_request(verdict, ports.policy, now, successor_of=run.id)
    return Advance(after, "an uncertain start showed no effect", due_at=now, join=join, ride=RideState.UNSEEN)


def _next_look(case: Case, run: SyncRun, now: datetime, ports: Ports) -> datetime:
    """Look when the window closes, then now and then; the run wakes its riders when it changes."""
    later = max(run.gather_until, now + timedelta(seconds=ports.policy.verify_every))
    return min(case.deadline, later) if case.deadline else later
