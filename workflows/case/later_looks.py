"""Plans the follow-ups of an ended case: which checks it gets, and until when. `followups` makes them."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.model import Case, CaseState, Followup, FollowupKind, Policy, SyncRun
from workflows.notes.handovers import Ending, ending
from workflows.precheck.verdicts import STALE_COPY, leading_verdict

CLOSED_WITHIN = timedelta(days=14)  # a ticket left to people that is still open after this says little about the advice
NUMBER_WITHIN = timedelta(days=14)  # a Support Case that nobody has opened by then is unlikely to be opened


def look_again_until(case: Case, run: SyncRun | None, policy: Policy, now: datetime) -> datetime | None:
    """Return until when a handed-over case is checked again; None if the check would show nothing."""
    verdict = leading_verdict(case)
    worth_it = verdict is not None and (
        (verdict.kind in STALE_COPY and bool(verdict.expectations))
        or ending(case, run) in {Ending.STARTED, Ending.NO_EFFECT}
    )
    if case.round > 1 or case.refused or not worth_it or policy.look_again_for <= 0:
        return None
    return now + timedelta(seconds=policy.look_again_for)


def after_end(case: Case, end: CaseState, run: SyncRun | None, policy: Policy, now: datetime) -> tuple[Followup, ...]:
    """Return the follow-ups of a case that reaches this end now."""
    every = timedelta(seconds=policy.look_again_every)
    if end is CaseState.RESOLVED and policy.recheck_after > 0:
        return (_followup(case, FollowupKind.RECHECK, now + timedelta(seconds=policy.recheck_after)),)
    if end is CaseState.ADVISED and leading_verdict(case) and policy.recheck_after > 0:
        due_at = now + timedelta(seconds=policy.recheck_after)
        return (_followup(case, FollowupKind.AFTERWARDS, due_at, now + CLOSED_WITHIN),)
    if end is not CaseState.ESCALATED or case.refused:
        return ()
    found = []
    if until := look_again_until(case, run, policy, now):
        found.append(_followup(case, FollowupKind.LOOK_AGAIN, now + every, until))
    if case.round == 1 and ending(case, run) is Ending.NO_EFFECT:
        found.append(_followup(case, FollowupKind.SUPPORT_CASE, now + every, now + NUMBER_WITHIN))
    return tuple(found)


def _followup(case: Case, kind: FollowupKind, due_at: datetime, until: datetime | None = None) -> Followup:
    return Followup(
        id=f"{case.id}.{case.round}.{kind}", case_id=case.id, round=case.round, kind=kind, due_at=due_at, until=until
    )
