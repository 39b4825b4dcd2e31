"""When a fault is believed: how often a case looks again, whose fault it is, and when the operator is told.

One stray answer proves nothing about a ticket, and what several tickets meet is not about any of them.
"""

from __future__ import annotations

from datetime import datetime

from workflows.case.closing import of_round
from workflows.errors import FarSideError, Misconfigured, Refused, Transient
from workflows.model import Case, CaseState, WriteState, under_way
from workflows.steps import LATELY, OF_ONE, Ports, report, times, what

MOST_FAULTS = 3  # our own defects in one state before a person gets the ticket
WRITE_BELIEVED = 2  # sightings of a refused write


class LeaseLost(Exception):  # noqa: N818  # it names the fact
    """Another worker has the case or the run now, and continues."""


def let_end(sent_at: datetime | None, system: str, operation: str, detail: str, ports: Ports) -> None:
    """Raise `Transient` while the call of a process that is gone, which left then, may still be carried out."""
    if rest := under_way(sent_at, ports.store.now()):
        until = ports.clock.now() + rest
        raise Transient(system, operation, f"{detail} until {until:%H:%M:%S} UTC", until=until)


def several(case: Case, error: Refused, ports: Ports) -> Misconfigured | None:
    """Return the error of the desk or the account, where another ticket met the same refusal lately."""
    if error.system != case.ref.desk:
        return None
    others = ports.store.troubled(what(error), ports.clock.now() - LATELY, besides=case.id)
    if not others:
        return None
    detail = f"{error.detail} (the same for {others + 1} tickets, which wait; none is handed over for it)"
    operation = OF_ONE.sub("", error.operation).strip()
    return Misconfigured(error.system, operation, detail, cause=what(error), request_id=error.request_id)


def shared_with(case: Case, error: Refused, ports: Ports) -> Misconfigured | None:
    """Return the same of a refused write where handing the ticket over would be refused, too."""
    would_be = case.state in {CaseState.RECEIVED, CaseState.CLAIMED}
    if case.state is CaseState.CLOSING:
        would_be = case.closing is not CaseState.RESOLVED
    if case.state in {CaseState.ASKED, CaseState.JOINED}:  # the first write of a round claims the ticket
        written = of_round(case, ports.store.writes(case.id))
        would_be = all(item.state is not WriteState.DELIVERED for item in written)
    return several(case, error, ports) if would_be else None


def doubted(case: Case, error: Refused, ports: Ports) -> bool:
    """Return whether to try a refused write again before the refusal is believed.

    What several tickets meet is never believed of one, unless it can still be handed over with the desk's words.
    """
    if error.status is None or case.ended:
        return False
    if times(case, error) + 1 < WRITE_BELIEVED:
        return True
    return shared_with(case, error, ports) is not None


def found_by_search(case: Case, ports: Ports) -> bool:
    """Return whether the desk's search may still find the ticket, though it could not be read."""
    try:
        return any(sighting.ref.id == case.ref.id for sighting in ports.desks[case.ref.desk].tagged())
    except FarSideError as error:  # absence needs a whole search
        report(error, ports)
        return True
