"""A ticket costs ServiceNow the calls that connectors/README.md tells, alone and among others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.contract.calls_page import page_of
from tests.contract.operations import PLACE, REPORT
from tests.contract.places import AGENT, Place, Stage, note
from tests.contract.test_servicenow_modes import catalogue
from workflows.model import Intent, Move, Ticket, TicketRef
from workflows.ports import TicketDesk

TOTAL, SOLVED = "**resolved after one Force Sync**", ("read", "claim", "glance", "end")
MOST = {"incident": 12, "requested item": 14}  # the bars of a solved ticket
COLUMNS = {"incident": "incident", "requested-item": "requested item"}
CLOSED = "7"  # Closed, of an item Closed Skipped
VARIABLES = {"user": "who", "attribute": "what", "expected": "wanted"}
NAMES = {"GET record": "record", "PATCH record": "update", "POST attachment": "upload", "GET attachment": "attachment"}


@pytest.fixture(params=COLUMNS)
def place(request: pytest.FixtureRequest) -> Place:
    return PLACE[request.param]


def made(world: Stage, place: Place, **changes: Any) -> TicketDesk:
    """Return a desk of one table that has made its check at the start; items have a form of variables."""
    item = {"sc_req_item": catalogue(variables=VARIABLES)}
    return world.desk(place, tables={"incident": {}} if place.table == "incident" else item, **changes)


@pytest.fixture
def desk(world: Stage, place: Place) -> TicketDesk:
    ready = made(world, place)
    ready.check()
    return ready


def told(place: Place) -> dict[str, Counter[str]]:
    """Return the calls of each phase as the page tells them."""
    return page_of("ServiceNow", COLUMNS[place.name])


class Counted:
    """Counts the calls to ServiceNow by the page's names; the sandbox's own count must agree."""

    def __init__(self, world: Stage) -> None:
        self._world = world

    def of(self, act: Callable[[], Any]) -> Counter[str]:
        before = self._world.calls("servicenow")
        with capture_logs() as lines:
            act()
        made = Counter(_named(line["method"], line["path"]) for line in lines if line["event"] == "request")
        assert made.total() == self._world.calls("servicenow") - before
        return made


def _named(method: str, path: str) -> str:
    """Return the page's name of a call: what it does with one record, or the table that it searches."""
    _, kind, table, *record = [*path.removeprefix("/api/now").split("/"), ""]
    searched = kind == "table" and not any(record)
    return table if searched else NAMES[f"{method} {'record' if kind == 'table' else kind}"]


class Walk:
    """One ticket on its way, phase by phase."""

    def __init__(self, world: Stage, place: Place, desk: TicketDesk) -> None:
        self.world, self.place, self.desk = world, place, desk
        member = world.sandbox.world.members[0]
        person = world.sandbox.servicenow.state.one("sys_user", "email", member.login)["sys_id"]
        form = {"variables.who": person, "variables.what": "title", "variables.wanted": "Head"}
        self.ref: TicketRef = world.file(place, fields=form if place.table == "sc_req_item" else {})
        self.ticket: Ticket | None = None

    def search(self) -> None:
        assert self.ref.id in {sighting.ref.id for sighting in self.desk.tagged()}

    def read(self) -> None:
        self.ticket = self.desk.read(self.ref)

    def glance(self) -> None:
        self.ticket = self.desk.glance(self.ref)

    def write(self, move: Move | None, **parts: Any) -> None:
        assert self.ticket
        for write in self.desk.plan(self.ticket, Intent(key=self.world.key(), move=move, **parts)):
            receipt = self.desk.deliver(self.ref, write)
            assert receipt.stamp or write.operation == "attach"

    def claim(self) -> None:
        self.write(Move.CLAIMED, internal=note("We look into it."))

    def end(self) -> None:
        self.write(
            Move.RESOLVED, internal=note("Evidence."), public=note("It came right."), close_text="It came right."
        )

    def question(self) -> None:
        self.write(Move.ASKED, public=note("Please name the person."))

    def hand_over(self) -> None:
        self.write(Move.ESCALATED, internal=note("Please look."))

    def file(self) -> None:
        self.write(None, files=(REPORT,))

    def sla(self) -> None:
        assert self.ticket
        self.desk.sla(self.ticket)

    def agent(self) -> None:
        assert self.ticket
        (comment,) = (item for item in self.ticket.comments if not item.by_worker)
        assert self.desk.is_agent(self.ticket, comment.author)

    def solved(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield a solved ticket's phases, in order, with what happens while nobody looks at the ticket."""
        yield from (("read", self.read), ("claim", self.claim))
        self.world.time.skip(minutes=3)
        yield from (("glance", self.glance), ("end", self.end))


def test_a_solved_ticket_costs_what_the_page_tells_each_time(world: Stage, place: Place, desk: TicketDesk) -> None:
    page, counted = told(place), Counted(world)
    walks = [Walk(world, place, desk) for _ in range(5)]
    list(desk.tagged())
    for walk in walks:
        spent = Counter[str]()
        for name, act in walk.solved():
            made = counted.of(act)
            assert (name, made) == (name, page[name])
            spent += made
        assert {f"**{spent.total()}**": 1} == page[TOTAL]
        assert spent.total() <= MOST[COLUMNS[place.name]]
        assert world.shown(place, walk.ref)["status_category"] == "done"


def test_everything_else_costs_what_the_page_tells(world: Stage, place: Place, desk: TicketDesk) -> None:
    page, counted, walk = told(place), Counted(world), Walk(world, place, desk)
    assert counted.of(walk.search) == page["search, each cycle"] + page["search, new tickets"]
    for name, act in (("search, each cycle", walk.search), ("read", walk.read), ("claim", walk.claim)):
        assert (name, counted.of(act)) == (name, page[name])
    walk.glance()
    for name, act in (("SLA", walk.sla), ("question", walk.question)):
        assert (name, counted.of(act)) == (name, page[name])
    world.comment(place, walk.ref, "It is about Ada.")
    assert counted.of(walk.search) == page["search, each cycle"]
    assert counted.of(walk.read) == page["reply"]
    for cost in (page["who is an agent"], Counter[str]()):  # whoever comments in public while agents are asked
        assert counted.of(walk.agent) == cost
    for name, act in (("file", walk.file), ("hand-over", walk.hand_over)):
        assert (name, counted.of(act)) == (name, page[name])


def test_what_another_process_found_costs_the_tags_time_once(world: Stage, place: Place) -> None:
    page, counted, desk = told(place), Counted(world), made(world, place)
    first, second = Walk(world, place, desk), Walk(world, place, desk)
    cold = Counter({"label": 1, "label_entry": 1})
    assert counted.of(first.read) == page["read"] + cold
    assert counted.of(second.read) == page["read"] + Counter({"label_entry": 1})
    assert counted.of(second.claim) == page["claim"] + Counter({"sys_user": 1})
    world.time.skip(hours=3)
    assert counted.of(second.glance) == page["glance"]


def test_what_a_person_did_in_between_shows_in_the_stamps(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    ticket = desk.read(ref)
    (claim,) = desk.plan(ticket, Intent(key=world.key(), move=Move.CLAIMED, internal=note("We look into it.")))
    assert desk.deliver(ref, claim).stamp == desk.glance(ref).stamp == stamps(desk)[ref.id]
    world.comment(place, ref, "Any news?")
    (ended,) = desk.plan(ticket, Intent(key=world.key(), internal=note("Still at it.")))
    assert desk.deliver(ref, ended).stamp is None
    assert ticket.stamp < desk.read(ref).stamp == stamps(desk)[ref.id]


def test_closed_tickets_add_nothing_to_a_search(world: Stage, place: Place, desk: TicketDesk) -> None:
    page, counted = told(place), Counted(world)
    world.file(place)
    list(desk.tagged())
    requester = world.sandbox.world.members[0].login
    with world.people(place) as people:
        for number in range(200):
            text = {"summary": f"Old {number}", "description": "Long ago.", "requester": requester}
            people.change(people.create(tagged=True, table=place.table, **text), by=AGENT, status=CLOSED)
    world.time.skip(minutes=10)  # what is remembered of tags has to be read anew
    assert counted.of(lambda: list(desk.tagged())) == page["search, each cycle"] + Counter(
        {"label": 1, "label_entry": 1}
    )
    assert counted.of(lambda: list(desk.tagged())) == page["search, each cycle"]


def stamps(desk: TicketDesk) -> dict[str, str]:
    return {sighting.ref.id: sighting.stamp for sighting in desk.tagged()}
