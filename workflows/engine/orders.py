"""Carries out what a person orders about one case, as a step of the case: its writes, its transitions, its faults.

The case's own step is replaced once. What was under way is delivered first, and a ticket that is not ours any more is
let go, as in any other step.
"""

from __future__ import annotations

from collections.abc import Callable

from workflows.case.closing import advise, advise_blind, escalate, escalate_blind, with_story, withdraw
from workflows.case.judging import judged, protected
from workflows.case.sight import Sight
from workflows.case.steps import begun
from workflows.engine.cases import Advanced, CaseWork
from workflows.errors import FarSideError
from workflows.model import Case, CaseState, Reason, Ticket
from workflows.model import ReasonKind as R
from workflows.ports import Lease
from workflows.precheck.verdicts import observed
from workflows.steps import Outcome, Ports, report, tied
from workflows.values.case_values import hidden
from workflows.values.masking import plain

LONGEST = 200  # characters of what kept a case from being judged
Order = Callable[[Case, Sight, Ports], Outcome]


def hand_over(by: str, why: str) -> Order:
    """Return the order to hand a case to a person; where it is only observed, it is noted on the ticket.

    A case that has not been judged is judged now; what keeps it from that is told instead.
    """

    def order(case: Case, sight: Sight, ports: Ports) -> Outcome:
        because, inside = Reason.of(R.HANDED_OVER_BY, by=by, why=why), tied(sight.state()) is not None
        if not case.subjects:
            case = _judged_now(case, sight.words(), ports)
            inside = inside or _may_be_protected(case, ports)
        if observed(case, ports.policy):
            return (advise if case.subjects else advise_blind)(case, ports, because)
        if not case.subjects:
            return escalate_blind(case, ports, because, "not read, because the case could not be judged")
        return escalate(case, ports, because, inside=inside)

    return order


def _judged_now(case: Case, ticket: Ticket, ports: Ports) -> Case:
    """Return the case as it is judged now, or with what keeps it from being judged in its story."""
    case = begun(case, ticket)
    try:
        return judged(case, ticket, ports)
    except FarSideError as error:
        report(error, ports)
        why = Reason.of(R.NOT_JUDGED, detail=plain(hidden(case, ports.policy)(str(error)), LONGEST))
        return with_story(case, ports.clock.now(), why)


def _may_be_protected(case: Case, ports: Ports) -> bool:
    try:
        return protected(case, ports) is not None
    except FarSideError as error:
        report(error, ports)
        return True


def leave(by: str, why: str) -> Order:
    """Return the order to stop working a ticket: our assignment is taken off, and nothing else is written."""
    because = Reason.of(R.LEFT_ALONE_BY, by=by, why=why)
    return lambda case, sight, ports: withdraw(case, sight.state(), ports, because)


class Orders(CaseWork):
    """Works one case by an order in place of its own step. `given` says whether the order took that place."""

    def __init__(self, ports: Ports, lease_seconds: float, order: Order) -> None:
        super().__init__(ports, lease_seconds)
        self._order, self.given = order, False

    def _step(self, lease: Lease, case: Case, sight: Sight, *, refused: bool) -> Advanced | None:
        if self.given or refused or not orderable(case):
            return super()._step(lease, case, sight, refused=refused)
        outcome, self.given = self._order(case, sight, self._ports), True
        return self._commit(lease, case, outcome, sight)


def orderable(case: Case) -> bool:
    """Say whether a person may still order what becomes of a case: it has not ended, and its end is not on its way."""
    return not case.ended and case.state is not CaseState.CLOSING
