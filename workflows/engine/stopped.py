"""Which stops stand, and when a desk's stop is over: the ticket that showed its cause does not show it any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from workflows.engine.trouble import found_by_search
from workflows.errors import FarSideError, Refused
from workflows.model import Case, Stop, StopKind
from workflows.ports import Stops, TicketDesk
from workflows.steps import Ports, noted_elsewhere, report, taken_over

OF_A_DESK = (StopKind.INTAKE, StopKind.SYSTEM)
OF_AN_ORG = (StopKind.SYSTEM, StopKind.START)


def standing(store: Stops, desks: Iterable[str], orgs: Iterable[str], now: datetime) -> Iterator[Stop]:
    """Yield the stops of these desks and orgs that hold now."""
    wanted = [(name, kind) for name in desks for kind in OF_A_DESK]
    wanted += [(name, kind) for name in orgs for kind in OF_AN_ORG]
    yield from (stop for name, kind in wanted if (stop := store.paused(kind, name, now)))


def lift_if_over(desk: TicketDesk, ports: Ports) -> None:
    """Lift a desk's stop if people have the ticket that showed another store's note, or the store knows it now."""
    stop = ports.store.paused(StopKind.INTAKE, desk.name, ports.clock.now())
    case = ports.store.case(stop.by) if stop else None
    if case is None or not _is_over(case, desk, ports):
        return  # a stop that names no case stands until a person resumes the desk
    ports.store.resume(StopKind.INTAKE, desk.name)
    text = f"{case.ref.key} shows no other store's work any more: the desk goes on"
    ports.tell("goes on", {"system": desk.name, "text": text})


def _is_over(case: Case, desk: TicketDesk, ports: Ports) -> bool:
    try:
        ticket = desk.read(case.ref)
    except Refused:
        return not found_by_search(case, ports)
    except FarSideError as error:
        report(error, ports)
        return False
    return taken_over(ticket) is not None or noted_elsewhere(ticket, ports) is None
