"""One search of a desk: opens a case for every new tagged ticket, wakes what changed, starts next rounds.

Discovery compares states instead of following a stream of changes: the store decides what is new. Absence from a search
proves nothing: the case looks at its ticket then, once. One bad ticket never stops the others.
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from workflows.engine.stopped import lift_if_over
from workflows.errors import FarSideError, Refused, StoreUnavailable, Transient, Unexpected
from workflows.model import ENDS, Case, CaseState, Phase, Reason, Sighting, Ticket
from workflows.model import ReasonKind as R
from workflows.notes.reasons import sentence
from workflows.ports import SeenBefore, TicketDesk
from workflows.steps import LOOKED_AT, Ports, noted_elsewhere, refuse_stopped, stop_if_worked_elsewhere, taken_over

PAGE = 100  # sightings looked up in the store at once


class Found(NamedTuple):
    """The counts of a search: tickets seen, cases opened, rounds started."""

    seen: int = 0
    opened: int = 0
    reopened: int = 0


def search(desk: TicketDesk, ports: Ports) -> Found:
    """Search a desk to the end; errors of the search pass through, so that a failed one never counts as complete."""
    lift_if_over(desk, ports)
    refuse_stopped(desk.name, ports)
    begun, seen, opened, reopened = ports.clock.now(), set[str](), 0, 0
    sightings = desk.tagged()
    while page := list(islice(sightings, PAGE)):
        seen |= {sighting.ref.id for sighting in page}
        before = ports.store.seen_before(desk.name, [sighting.ref.id for sighting in page])
        new = [item for item in page if item.ref.id not in before]
        opened += len(ports.store.open_cases(desk.name, new, ports.clock.now()))
        known = [(before[item.ref.id], item) for item in page if item.ref.id in before]
        changed = [(last, item) for last, item in known if _has_changed(last, item)]
        ports.store.note_stamps([(last, item.stamp) for last, item in changed if _is_as_left(last, item)])
        for last, item in changed:
            if not _is_as_left(last, item):
                reopened += _changed(last.case_id, item, desk, ports)
    ports.store.note_missing(desk.name, seen, begun, ports.clock.now())
    return Found(len(seen), opened, reopened)


def look_for_another_store(desk: TicketDesk, ports: Ports) -> None:
    """Look at the first tickets that the store does not know, before cases are opened; stop the desk if one is claimed.

    That one's case is opened alone: once people have its ticket, the desk goes on. Raises `Transient` if it is stopped.
    """
    sightings = list(islice(desk.tagged(), PAGE))
    known = ports.store.seen_before(desk.name, [sighting.ref.id for sighting in sightings])
    for sighting in [item for item in sightings if item.ref.id not in known][:LOOKED_AT]:
        try:
            ticket = desk.read(sighting.ref)
        except (Refused, Unexpected):
            continue  # its case meets that, too, and tells it
        except Transient:
            return  # the cases wait for the desk, and say so
        if taken_over(ticket) is None and noted_elsewhere(ticket, ports):
            ports.store.open_case(sighting, ports.clock.now())
            stop_if_worked_elsewhere(ticket, ports)


def next_round(case: Case, ticket: Ticket) -> Reason | None:
    """Return why an ended case starts its next round; None if it does not."""
    if not ticket.tagged or ticket.phase is Phase.DONE or case.ended_at is None:
        return None
    if case.state is CaseState.RESOLVED:
        return Reason.of(R.REOPENED)
    if _was_unreadable(case):
        return Reason.of(R.READABLE_AGAIN)
    if ticket.tagged_at is not None and case.tagged_at is not None and ticket.tagged_at > case.tagged_at:
        return Reason.of(R.TAGGED_AGAIN)
    return None


def _has_changed(last: SeenBefore, sighting: Sighting) -> bool:
    return last.stamp != sighting.stamp or last.state is CaseState.WITHDRAWN


def _is_as_left(last: SeenBefore, sighting: Sighting) -> bool:
    """Say whether an open case has seen or written its ticket as the search shows it."""
    return last.state not in ENDS and sighting.stamp <= max(last.stamp, last.known)


def _was_unreadable(case: Case) -> bool:
    because = case.because
    return case.state is CaseState.WITHDRAWN and because is not None and because.kind is R.TICKET_UNREADABLE


def _changed(case_id: str, sighting: Sighting, desk: TicketDesk, ports: Ports) -> bool:
    case = ports.store.case(case_id)
    if case is None or (case.stamp == sighting.stamp and not _was_unreadable(case)):
        return False
    now, news = ports.clock.now(), sighting.stamp > max(case.stamp, case.known)
    if case.ended and (news or not case.stamp or _was_unreadable(case)):
        try:
            why = next_round(case, desk.glance(sighting.ref))
        except (Refused, Transient, Unexpected) as error:
            ports.tell("ticket not readable", {"ticket": sighting.ref.key, "text": str(error)})
            return False
        except (FarSideError, StoreUnavailable):
            raise  # a fault of the desk or the store, not of this ticket
        except Exception as error:  # noqa: BLE001  # our own defect with this ticket: reported, and the others continue
            ports.tell("defect", {"case": case.id, "ticket": sighting.ref.key, "state": case.state, "error": error})
            return False
        if why:
            return ports.store.reopen(case, sighting.stamp, now, why, sentence(why))
    ports.store.note_stamp(case, sighting.stamp, now, wake=news)
    return False
