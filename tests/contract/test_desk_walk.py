"""One ticket walked through every move but the resolve, on the sandbox and, under `make test-live`, on a real desk."""

from __future__ import annotations

import secrets

import pytest

from tests.contract.desk_side import DeskSide, live_ticket, places, the_ticket
from tests.contract.okta_side import NotReadyError
from tests.contract.places import Place, note
from workflows.model import File, Intent, Move, Phase, PlannedWrite, Ticket


class Walk:
    """Makes moves on one ticket; each is then found by its marker."""

    def __init__(self, side: DeskSide) -> None:
        self.desk, self.ref = side.desk, side.ref
        self._case = secrets.token_hex(6)
        self.made: list[PlannedWrite] = []

    def go(self, move: Move, **parts: object) -> Ticket:
        """Plan and deliver a move; return the ticket afterwards."""
        intent = Intent.model_validate({"key": f"{self._case}.1.{move}", "move": move} | parts)
        for write in self.desk.plan(self.desk.read(self.ref), intent):
            receipt = self.desk.deliver(self.ref, write)
            if write.operation != "transition":  # skip a status that the project does not have
                assert self.desk.find(self.ref, write) is not None
            assert receipt.at is not None
            self.made.append(write)
        return self.desk.read(self.ref)


@pytest.mark.parametrize("place", places(), ids=lambda place: place.name if place else "live")
def test_a_ticket_is_walked_and_given_back(place: Place | None) -> None:
    with the_ticket(place) as side:
        side.desk.check()
        assert side.ref.id in {item.ref.id for item in side.desk.tagged()}
        walk = Walk(side)
        claimed = walk.go(Move.CLAIMED, internal=note("forcesync tries this desk; nothing is asked of you."))
        assert (claimed.assigned_to_worker, claimed.phase) == (True, Phase.IN_PROGRESS)
        asked = walk.go(Move.ASKED, public=note("This is a test question; please do not reply."))
        assert any(item.by_worker and item.marker for item in asked.comments)
        walk.go(Move.RESUMED)
        report = File(name="try.json", content_type="application/json", content=b'{"try": true}')
        handed = walk.go(Move.ESCALATED, internal=note("This is a test hand-over."), files=(report,))
        assert not handed.assigned_to_worker
        internal = [item for item in handed.comments if item.by_worker and "test hand-over" in item.body]
        assert [item.public for item in internal] == [not side.hidden]
        assert len({write.key for write in walk.made}) == len(walk.made)


@pytest.mark.parametrize("ticket", ["", "INC0010001", "nowhere:INC1"])
def test_a_ticket_that_is_not_named_rightly_is_not_touched(ticket: str) -> None:
    named = {"FORCESYNC_LIVE_CONFIG": "", "FORCESYNC_LIVE_TICKET": ticket}
    with pytest.raises(NotReadyError, match="FORCESYNC_LIVE"), live_ticket(named):
        pass
