"""A run that waits for a person: for approval, or for a click in the console (assisted)."""

from __future__ import annotations

from datetime import timedelta

from workflows.model import Case, CaseState, RunState, SyncRun
from workflows.precheck.verdicts import riding
from workflows.steps import Ports, RunAdvance, RunOutcome, RunWait
from workflows.sync.policy import may_decide
from workflows.values.comparing import holds
from workflows.values.masking import plain


def proposed(run: SyncRun, ports: Ports) -> RunOutcome:
    """Take a person's decision, or end when nobody took one in time."""
    now, decision = ports.clock.now(), run.decision
    deadline = run.deadline or now
    if decision is None:
        if now >= deadline:
            return _ended(run, RunState.CANCELLED, "nobody approved it in time")
        until = min(deadline, now + timedelta(seconds=ports.policy.ask_every))
        return RunWait(until, "waiting for approval: forcesync sync approve")
    if not decision.approved:
        return _ended(run, RunState.CANCELLED, f"rejected by {plain(decision.by, 80)}: {plain(decision.why, 200)}")
    if why := may_decide(decision.by, _riders(run, ports)):
        return RunWait(deadline, f"the approval does not count: {why}", run.but(decision=None))
    because = f"approved by {plain(decision.by, 80)}: {plain(decision.why, 200)}"
    after = run.but(state=RunState.GATHERING, because=because, deadline=None)
    return RunAdvance(after, because, due_at=now)


def requested(run: SyncRun, ports: Ports) -> RunOutcome:
    """See by a rider's value that a person has pressed, or end when nobody did in time."""
    now = ports.clock.now()
    riders = _riders(run, ports)
    if not riders:
        return _ended(run, RunState.FAILED, "no ticket waits for it any more")
    if any(_arrived(case, run, ports) for case in riders):
        because = (
            "a rider's Okta profile took the expected value: a person has pressed Force Sync, or it came otherwise"
        )
        deadline = now + timedelta(seconds=ports.policy.verify_for)
        changes = {"state": RunState.STARTED, "started_at": now, "deadline": deadline, "by_hand": True}
        after = run.but(**changes, because=because)
        return RunAdvance(after, because, due_at=deadline, wake_riders=True)
    deadline = run.deadline or now
    if now >= deadline:
        return _ended(run, RunState.FAILED, "nobody pressed Force Sync in time")
    until = min(deadline, now + timedelta(seconds=ports.policy.verify_every))
    return RunWait(until, "waiting for a person to press Force Sync")


def _riders(run: SyncRun, ports: Ports) -> list[Case]:
    return [case for case in ports.store.riders(run.id, open_only=True) if case.state is CaseState.JOINED]


def _arrived(case: Case, run: SyncRun, ports: Ports) -> bool:
    for subject in riding(case, run.directory):
        verdict = subject.verdict
        if verdict is None or verdict.user_id is None:
            return False
        profile = ports.org.user(verdict.user_id).profile
        if any(holds(profile, expectation) for expectation in verdict.expectations):
            return True
    return False


def _ended(run: SyncRun, state: RunState, because: str) -> RunAdvance:
    after = run.but(state=state, because=because)
    return RunAdvance(after, because, wake_riders=True)
