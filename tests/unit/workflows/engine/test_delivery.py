"""What keeps a stored write from its ticket: a person who took it, and a resolution that arrived after all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit import builders as build
from tests.unit.wire import StoppedClock
from workflows.case.sight import TakenOver
from workflows.engine.delivery import Delivery
from workflows.errors import Transient
from workflows.model import CaseState, Person, PlannedWrite, Ticket, Write, WriteState

HANDING_OVER = build.case(state=CaseState.CLOSING, closing=CaseState.ESCALATED)


def write(seq: int, step: str, part: str, state: WriteState) -> Write:
    key = f"{HANDING_OVER.id}.{HANDING_OVER.round}.{step}.{part}"
    return Write(case_id=HANDING_OVER.id, seq=seq, planned=PlannedWrite(key=key, operation="x"), state=state)


class Desk:
    name = build.REF.desk

    def __init__(self, *seen: Ticket) -> None:
        self._seen = list(seen)

    def glance(self, _ref: object) -> Ticket:
        """Return the ticket as it is seen next; after that, the desk does not answer."""
        if not self._seen:
            raise Transient(self.name, "read the ticket", "HTTP 503")
        return self._seen.pop(0)


def delivered(writes: list[Write], ticket: Ticket, refused: list[str]) -> None:
    """Deliver the writes of a hand-over; `refused` gets the keys of those that the store drops."""
    store = SimpleNamespace(
        writes=lambda _case: writes, write_refused=lambda _lease, key, *_: refused.append(key), now=StoppedClock().now
    )
    ports: Any = SimpleNamespace(store=store, clock=StoppedClock(), desks={build.REF.desk: Desk(ticket)})
    lease: Any = None
    sight: Any = None
    Delivery(ports, 60.0).deliver(lease, HANDING_OVER, sight, writes)


def test_a_hand_over_of_which_only_a_file_was_kept_back_has_not_begun() -> None:
    kept = write(1, "escalated", "kept1", WriteState.KEPT)
    note = write(2, "escalated", "note", WriteState.PENDING)
    refused: list[str] = []
    with pytest.raises(TakenOver):
        delivered([kept, note], build.ticket(assignee=Person(id="agent")), refused)
    assert [note.planned.key] == refused


def test_a_hand_over_that_comes_too_late_is_dropped_once_the_ticket_was_seen() -> None:
    resolved = write(1, "resolved", "note", WriteState.DELIVERED)
    note = write(2, "escalated", "note", WriteState.PENDING)
    begun = write(3, "escalated", "state", WriteState.DELIVERED)
    refused: list[str] = []
    with pytest.raises(Transient):
        delivered([resolved, note, begun], build.ticket(), refused)
    assert [] == refused
