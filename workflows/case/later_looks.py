"""Plans the follow-ups of an ended case: which checks it gets, and until when. `followups` makes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from workflows.case.siblings import at_odds
from workflows.model import Case, CaseState, Followup, FollowupKind, SyncRun
from workflows.notes.handovers import Ending, ending
from workflows.precheck.verdicts import STALE_COPY, leading_verdict
from workflows.steps import Ports

CLOSED_WITHIN = timedelta(days=14)  # a ticket left to people that is still open after this says little about the advice
NUMBER_WITHIN = timedelta(days=14)  # a Support Case that nobody has opened by then is unlikely to be opened


def follow_up(case: Case, kind: FollowupKind, due_at: datetime, *of: object, **more: Any) -> Followup:
    """Return a follow-up of a case's round; `of` tells it from others of the same kind, `more` are its other values."""
    id = ".".join(map(str, (case.id, case.round, kind, *of)))
    return Followup(id=id, case_id=case.id, round=case.round, kind=kind, due_at=due_at, **more)


def look_again_until(case: Case, run: SyncRun | None, ports: Ports) -> datetime | None:
    """Return until when a handed-over case is checked again; None if the check would show nothing."""
    verdict = leading_verdict(case)
    worth_it = verdict is not None and (
        (verdict.kind in STALE_COPY and bool(verdict.expectations))
        or ending(case, run) in {Ending.STARTED, Ending.NO_EFFECT}
    )
    if case.round > 1 or case.refused or not worth_it or ports.policy.look_again_for <= 0:
        return None
    return ports.after(ports.policy.look_again_for)


def after_end(case: Case, ports: Ports) -> tuple[Followup, ...]:
    """Return the follow-ups of a case that has just ended."""
    policy, now, found = ports.policy, ports.clock.now(), []
    if case.state is CaseState.RESOLVED and policy.recheck_after > 0:
        found.append(follow_up(case, FollowupKind.RECHECK, ports.after(policy.recheck_after)))
    if case.state is CaseState.ADVISED and leading_verdict(case) and policy.recheck_after > 0:
        due_at = ports.after(policy.recheck_after)
        found.append(follow_up(case, FollowupKind.AFTERWARDS, due_at, until=now + CLOSED_WITHIN))
    if case.state is CaseState.ESCALATED and not case.refused:
        run, due_at = ports.run_of(case), ports.after(policy.look_again_every)
        if until := look_again_until(case, run, ports):
            found.append(follow_up(case, FollowupKind.LOOK_AGAIN, due_at, until=until))
        if case.round == 1 and ending(case, run) is Ending.NO_EFFECT:
            found.append(follow_up(case, FollowupKind.SUPPORT_CASE, due_at, until=now + NUMBER_WITHIN))
    return tuple(found)


def of_contradictions(case: Case, ports: Ports) -> tuple[Followup, ...]:
    """Return follow-ups that note contradicting tickets on handed-over ones, this one included, whose notes lack them.

    Of two cases, the one that ends last creates both follow-ups, so that each is made once.
    """
    now, others = ports.clock.now(), [item.case for item in at_odds(case, ports)]
    pairs = [pair for other in others if other.state is CaseState.ESCALATED for pair in ((other, case), (case, other))]
    return tuple(
        follow_up(one, FollowupKind.AT_ODDS, now, other.id, other.round, other=other.id)
        for one, other in pairs
        if one.state is CaseState.ESCALATED and other.id not in one.said.contrary
    )
