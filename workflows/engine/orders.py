"""Carries out what a person orders about one case, as a step of the case: its writes, its transitions, its faults.

The case's own step is replaced once. What was under way is delivered first, and a ticket that is not ours any more is
let go, as in any other step.
"""

from __future__ import annotations

from collections.abc import Callable

from workflows.case.closing import advise_blind, escalate, escalate_blind, withdraw
from workflows.case.sight import Sight
from workflows.engine.cases import Advanced, CaseWork
from workflows.engine.delivery import Progress
from workflows.model import Case, CaseState, Reason, RideState
from workflows.model import ReasonKind as R
from workflows.ports import Lease
from workflows.precheck.verdicts import observed
from workflows.steps import Outcome, Ports, audience

Order = Callable[[Case, Sight, Ports], Outcome]


def hand_over(by: str, why: str) -> Order:
    """Return the order to hand a case to a person; where it is only observed, it is noted on the ticket."""

    def order(case: Case, sight: Sight, ports: Ports) -> Outcome:
        because, ticket = Reason.of(R.HANDED_OVER_BY, by=by, why=why), sight.state()
        if observed(case, ports.policy):
            return advise_blind(case, ports, because)
        if not case.subjects:
            return escalate_blind(case, ports, because)  # whether the user is protected is not known yet
        ride = RideState.DROPPED if case.state in {CaseState.JOINED, CaseState.SYNCED} else None
        return escalate(case, ports, because, ride=ride, readers=audience(ticket))

    return order


def leave(by: str, why: str) -> Order:
    """Return the order to stop working a ticket: our assignment is taken off, and nothing else is written."""

    def order(case: Case, sight: Sight, ports: Ports) -> Outcome:
        return withdraw(case, sight.state(), ports, Reason.of(R.LEFT_ALONE_BY, by=by, why=why))

    return order


class Orders(CaseWork):
    """Works one case by an order in place of its own step. `given` says whether the order took that place."""

    def __init__(self, ports: Ports, lease_seconds: float, order: Order) -> None:
        super().__init__(ports, lease_seconds)
        self._order, self.given = order, False

    def _step(self, lease: Lease, case: Case, sight: Sight, progress: Progress) -> Advanced | None:
        if self.given or progress is not Progress.DONE or not orderable(case):
            return super()._step(lease, case, sight, progress)
        outcome, self.given = self._order(case, sight, self._ports), True
        return self._commit(lease, case, outcome, sight)


def orderable(case: Case) -> bool:
    """Say whether a person may still order what becomes of a case: it has not ended, and its end is not on its way."""
    return not case.ended and case.state is not CaseState.CLOSING
