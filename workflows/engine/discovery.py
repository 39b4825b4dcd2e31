"""One search of a desk: opens a case for every new tagged ticket, wakes what changed, starts next rounds.

Discovery goes by state, not by a stream of changes: the store decides what is new, and absence from a search never
means anything. One bad ticket never stops the others.
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from workflows.errors import FarSideError, Refused, StoreUnavailable, Transient, Unexpected
from workflows.model import Case, CaseState, Phase, Reason, Sighting, Ticket
from workflows.model import ReasonKind as R
from workflows.notes.reasons import sentence
from workflows.ports import TicketDesk
from workflows.steps import Ports

PAGE = 100  # sightings looked up in the store at once


class Found(NamedTuple):
    """What a search brought: tickets seen, cases opened, rounds started."""

    seen: int = 0
    opened: int = 0
    reopened: int = 0


def search(desk: TicketDesk, ports: Ports) -> Found:
    """Search a desk to the end; errors of the search itself pass through, so that it never looks complete."""
    seen = opened = reopened = 0
    sightings = desk.tagged()
    while page := list(islice(sightings, PAGE)):
        seen += len(page)
        known = ports.store.known(desk.name, [sighting.ref.id for sighting in page])
        for sighting in page:
            case = known.get(sighting.ref.id)
            if case is None:
                opened += ports.store.open_case(sighting, ports.clock.now()) is not None
            elif case.stamp != sighting.stamp:
                reopened += _changed(case, sighting, desk, ports)
    return Found(seen, opened, reopened)


def next_round(case: Case, ticket: Ticket) -> Reason | None:
    """Say why an ended case starts again, None if it does not."""
    if not ticket.tagged or ticket.phase is Phase.DONE or case.ended_at is None:
        return None
    if case.state is CaseState.RESOLVED:
        return Reason.of(R.REOPENED)
    if ticket.tagged_at is not None and case.tagged_at is not None and ticket.tagged_at > case.tagged_at:
        return Reason.of(R.TAGGED_AGAIN)
    return None


def _changed(case: Case, sighting: Sighting, desk: TicketDesk, ports: Ports) -> bool:
    now = ports.clock.now()
    if case.ended:
        try:
            why = next_round(case, desk.read(sighting.ref))
        except (Refused, Transient, Unexpected) as error:
            ports.tell("ticket not readable", {"ticket": sighting.ref.key, "text": str(error)})
            return False
        except (FarSideError, StoreUnavailable):
            raise  # the desk's or the store's, not this ticket's
        except Exception as error:  # noqa: BLE001  # a defect of ours in reading this one: told, and the others go on
            ports.tell("defect", {"case": case.id, "ticket": sighting.ref.key, "state": case.state, "error": error})
            return False
        if why:
            return ports.store.reopen(case, sighting.stamp, now, why, sentence(why))
    ports.store.note_stamp(case, sighting.stamp, now)
    return False
