"""What every desk must do to be tried on past tickets: one set of tests for `PastTickets`, over both products."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest

from tests.contract.places import Place, Stage, note
from workflows.model import Move, TicketRef
from workflows.ports import PastTickets, TicketDesk


@pytest.fixture
def desk(world: Stage, place: Place) -> TicketDesk:
    return world.desk(place, page_size=2)


@pytest.fixture
def past(desk: TicketDesk) -> PastTickets:
    return cast("PastTickets", desk)


def filed(world: Stage, place: Place, number: int) -> list[TicketRef]:
    found = []
    for _ in range(number):
        world.time.skip(minutes=1)
        found.append(world.file(place))
    return found


def test_past_tickets_are_found_newest_first_closed_ones_too(
    world: Stage, place: Place, desk: TicketDesk, past: PastTickets
) -> None:
    world.time.skip(minutes=1)  # the stage is shared
    since = world.time.now()
    refs = filed(world, place, 5)
    untagged = world.file(place, tagged=False)
    world.do(desk, refs[1], Move.RESOLVED, close_text="Done.", internal=note("Done."))
    found = [ref.id for ref in past.past(since, 100)]
    assert untagged.id not in found
    assert [ref.id for ref in reversed(refs)] == found


def test_no_more_are_read_than_asked_for(world: Stage, place: Place, past: PastTickets) -> None:
    since = world.time.now()
    refs = filed(world, place, 9)
    before = world.calls(place.product)
    assert [ref.key for ref in reversed(refs)][:3] == [ref.key for ref in past.past(since, 3)]
    assert world.calls(place.product) - before <= 10  # two pages, three calls for each other table, and the tag


def test_what_was_opened_and_closed_before_is_not_found(
    world: Stage, place: Place, desk: TicketDesk, past: PastTickets
) -> None:
    old, closed_since = filed(world, place, 2)
    world.do(desk, old, Move.RESOLVED, close_text="Done.", internal=note("Done."))
    world.time.skip(days=3)
    since = world.time.now() - timedelta(days=1)
    world.do(desk, closed_since, Move.RESOLVED, close_text="Done.", internal=note("Done."))
    found = {ref.id for ref in past.past(since, 100)}
    assert old.id not in found
    assert closed_since.id in found


def test_a_ticket_is_found_by_what_people_call_it(world: Stage, place: Place, past: PastTickets) -> None:
    ref, untagged = world.file(place), world.file(place, tagged=False)
    assert [(ref.id, ref.key), (untagged.id, untagged.key)] == [
        (found.id, found.key) for key in (ref.key, untagged.key.lower()) if (found := past.named(key))
    ]


@pytest.mark.parametrize("key", ["INC9999999", "SUP-999999", "NOPE-1", "x^ORactive=true", "../../myself", "", "a b"])
def test_a_ticket_that_is_not_there_is_not_found(past: PastTickets, key: str) -> None:
    assert past.named(key) is None
