"""A run that waits for a person: for approval, or for a click in the console (assisted)."""

from __future__ import annotations

from datetime import timedelta

from workflows.model import Case, CaseState, Reason, RunState, SyncRun
from workflows.model import ReasonKind as R
from workflows.precheck.verdicts import riding
from workflows.steps import Ports, RunAdvance, RunOutcome, RunWait
from workflows.values.comparing import holds
from workflows.values.masking import plain


def proposed(run: SyncRun, ports: Ports) -> RunOutcome:
    """Apply a person's decision, or end the run when nobody decided in time.

    Whether an approval counts is seen right before the start.
    """
    now, decision = ports.clock.now(), run.decision
    deadline = run.deadline or now
    if decision is None:
        if now >= deadline:
            return _ended(run, RunState.CANCELLED, Reason.of(R.NOT_APPROVED))
        until = min(deadline, now + timedelta(seconds=ports.policy.ask_every))
        return RunWait(until, Reason.of(R.WAITS_FOR_APPROVAL))
    by, reason = plain(decision.by, 80), plain(decision.why, 200)
    if not decision.approved:
        return _ended(run, RunState.CANCELLED, Reason.of(R.REJECTED, by=by, why=reason))
    because = Reason.of(R.APPROVED, by=by, why=reason)
    after = run.but(state=RunState.GATHERING, because=because, deadline=None)
    return RunAdvance(after, because, due_at=now)


def requested(run: SyncRun, ports: Ports) -> RunOutcome:
    """Start the wait for the effect once a person pressed the button, or end the run when nobody did in time.

    A rider's value tells that, or somebody's word on a ticket: a press without effect changes no value.
    """
    now = ports.clock.now()
    riders = _riders(run, ports)
    if not riders:
        return _ended(run, RunState.FAILED, Reason.of(R.NO_TICKET_WAITS))
    arrived = any(_arrived(case, run, ports) for case in riders)
    if arrived or run.press:
        because = Reason.of(R.PRESSED_BY_A_PERSON)
        if run.press and not arrived:
            because = Reason.of(R.PRESSED_BY, by=run.press.by, at=run.press.at)
        deadline = now + timedelta(seconds=ports.policy.verify_for)
        changes = {"state": RunState.STARTED, "started_at": now, "deadline": deadline, "by_hand": True}
        after = run.but(**changes, because=because)
        return RunAdvance(after, because, due_at=deadline, wake_riders=True)
    deadline = run.deadline or now
    if now >= deadline:
        return _ended(run, RunState.FAILED, Reason.of(R.NOT_PRESSED))
    until = min(deadline, now + timedelta(seconds=ports.policy.verify_every))
    return RunWait(until, Reason.of(R.WAITS_FOR_A_PERSON))


def _riders(run: SyncRun, ports: Ports) -> list[Case]:
    return [case for case in ports.store.riders(run.id, open_only=True) if case.state is CaseState.JOINED]


def _arrived(case: Case, run: SyncRun, ports: Ports) -> bool:
    for subject in riding(case, run):
        verdict = subject.verdict
        if verdict is None or verdict.user_id is None:
            return False
        profile = ports.org.user(verdict.user_id).profile
        if any(holds(profile, expectation) for expectation in verdict.expectations):
            return True
    return False


def _ended(run: SyncRun, state: RunState, because: Reason) -> RunAdvance:
    after = run.but(state=state, because=because)
    return RunAdvance(after, because, wake_riders=True)
