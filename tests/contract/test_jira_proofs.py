"""What the last reading of an intent proves on Jira: who holds the ticket, and whether anybody else wrote meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.operations import PLACE
from tests.contract.places import AGENT, Place, Stage, note
from workflows.errors import Refused
from workflows.model import Move, Receipt, TicketRef
from workflows.ports import TicketDesk


@pytest.fixture(params=["cloud-service-desk", "cloud-software", "datacenter-service-desk"])
def place(request: pytest.FixtureRequest) -> Place:
    return PLACE[request.param]


@pytest.fixture
def desk(world: Stage, place: Place) -> TicketDesk:
    return world.desk(place)


def stamp_of(desk: TicketDesk, ref: TicketRef) -> str:
    return next(sighting.stamp for sighting in desk.tagged() if sighting.ref.id == ref.id)


def claimed(world: Stage, desk: TicketDesk, ref: TicketRef) -> Receipt:
    """Claim a ticket some time after it was filed, and return the last receipt."""
    writes = world.plan(desk, ref, Move.CLAIMED, internal=note("We look into it."))
    world.time.skip(seconds=3)
    return [desk.deliver(ref, write) for write in writes][-1]


def test_every_view_of_a_ticket_has_the_same_stamp(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    assert {desk.read(ref).stamp, desk.glance(ref).stamp} == {stamp_of(desk, ref)}


def test_stamps_sort_as_texts(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref, stamps = world.file(place), []
    for millis in (250, 750, 1):
        world.comment(place, ref, "Any news?")
        stamps.append(stamp_of(desk, ref))
        world.time.skip(milliseconds=millis)
    assert stamps == sorted(stamps)
    assert len({len(stamp) for stamp in stamps}) == 1


def test_a_glance_has_state_people_and_relations_and_no_words(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    claimed(world, desk, ref)
    read, glance = desk.read(ref), desk.glance(ref)
    wordless: dict[str, Any] = {
        "summary": "",
        "description": "",
        "comments": (),
        "fields": {},
    }
    assert glance == read.but(**wordless, attachments=())


def test_the_stamp_after_our_own_writes_is_the_one_that_the_search_shows(
    world: Stage, place: Place, desk: TicketDesk
) -> None:
    ref = world.file(place)
    assert claimed(world, desk, ref).stamp == stamp_of(desk, ref)


@pytest.mark.parametrize("move", [Move.CLAIMED, None])
def test_a_person_who_writes_in_between_leaves_the_stamp_open(
    world: Stage, place: Place, desk: TicketDesk, move: Move | None
) -> None:
    ref = world.file(place)
    writes = world.plan(desk, ref, move, internal=note("We look into it."))
    world.comment(place, ref, "It is about Ada.")
    assert [desk.deliver(ref, write).stamp for write in writes][-1] is None


def test_a_person_who_relabels_in_between_leaves_the_stamp_open(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    writes = world.plan(desk, ref, Move.CLAIMED, internal=note("We look into it."))
    with world.people(place) as people:
        people.tag(ref.id, add=["vip"], remove=[])
    assert [desk.deliver(ref, write).stamp for write in writes][-1] is None


def test_a_person_who_takes_the_ticket_at_the_same_moment_gets_it_back(cloud: Stage) -> None:
    place = PLACE["cloud-service-desk"]
    ref, desk = cloud.file(place), cloud.desk(place)
    writes = cloud.plan(desk, ref, Move.CLAIMED, internal=note("We look into it."))
    with cloud.sandbox.frame.lock:
        cloud.time.skip(milliseconds=400)
        cloud.sandbox.world.desks["jira"].change(ref.id, by=AGENT, assignee=AGENT)
    with pytest.raises(Refused, match="a person has taken"):
        for write in writes:
            desk.deliver(ref, write)
    assert cloud.shown(place, ref)["assignee"] == AGENT
    assert cloud.sandbox.frame.violations == []
