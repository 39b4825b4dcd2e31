"""A ticket costs Jira the calls that connectors/README.md tells, alone and among others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.contract.calls_page import page_of
from tests.contract.operations import PLACE, REPORT
from tests.contract.places import Place, Stage, note
from workflows.model import Intent, Move, PlannedWrite, Ticket, TicketRef
from workflows.ports import TicketDesk

TOTAL, SOLVED = "**resolved after one Force Sync**", ("read", "claim", "glance", "end")
MOST = {"service project": 15, "software project": 10}  # the bars of a solved ticket
COLUMNS = {
    "cloud-service-desk": "service project",
    "cloud-software": "software project",
    "datacenter-service-desk": "service project",
}
NAMES = {
    "GET /search/jql": "search",
    "GET /search": "search",
    "GET /issue/{issue}": "issue",
    "GET /issue/{issue}/comment": "comments",
    "POST /issue/{issue}/comment": "comment",
    "PUT /issue/{issue}/assignee": "assignee",
    "POST /issue/{issue}/transitions": "transition",
    "POST /issue/{issue}/attachments": "attachment",
    "GET /request/{issue}/approval": "approvals",
    "GET /request/{issue}/sla": "SLA",
    "POST /servicedesk/{desk}/attachTemporaryFile": "upload",
    "POST /request/{issue}/attachment": "attachment",
    "GET /myself": "account",
    "GET /user/search": "account",
    "GET /user/assignable/search": "assignable",
}


@pytest.fixture(params=COLUMNS)
def place(request: pytest.FixtureRequest) -> Place:
    return PLACE[request.param]


@pytest.fixture
def desk(world: Stage, place: Place) -> TicketDesk:
    """Return a desk that has made its check at the start."""
    made = world.desk(place)
    made.check()
    return made


def told(place: Place) -> dict[str, Counter[str]]:
    """Return the calls of each phase as the page tells them."""
    page = page_of("Jira", COLUMNS[place.name])
    if place.deployment == "datacenter":  # as the page says below its table
        for phase in ("claim", "end at once"):
            page[phase] += Counter({"issue": 1})
        page[TOTAL] = Counter([f"**{int(next(iter(page[TOTAL])).strip('*')) + 1}**"])
    return page


class Counted:
    """Counts the calls to Jira, by the page's names for them."""

    def __init__(self, world: Stage) -> None:
        self._calls = world.sandbox.frame.calls["jira"]

    def of(self, act: Callable[[], Any]) -> Counter[str]:
        before = Counter(self._calls)
        act()
        return Counter(map(self._named, (self._calls - before).elements()))

    def _named(self, endpoint: str) -> str:
        return NAMES[re.sub(r"/rest/(api/\{version\}|servicedeskapi)", "", endpoint)]


class Walk:
    """One ticket on its way, phase by phase."""

    def __init__(self, world: Stage, place: Place, desk: TicketDesk) -> None:
        self.world, self.place, self.desk = world, place, desk
        self.ref: TicketRef = world.file(place)
        self.ticket: Ticket | None = None

    def read(self) -> None:
        self.ticket = self.desk.read(self.ref)

    def glance(self) -> None:
        self.ticket = self.desk.glance(self.ref)

    def writes(self, move: Move | None, **parts: Any) -> tuple[PlannedWrite, ...]:
        assert self.ticket
        return self.desk.plan(self.ticket, Intent(key=self.world.key(), move=move, **parts))

    def write(self, move: Move | None, **parts: Any) -> None:
        for write in self.writes(move, **parts):
            self.desk.deliver(self.ref, write)

    def claim(self) -> None:
        self.write(Move.CLAIMED, internal=note("We look into it."), only_inside=True)

    def end(self) -> None:
        self.write(Move.RESOLVED, internal=note("Evidence."), public=note("It came right."))

    def question(self) -> None:
        self.write(Move.ASKED, public=note("Please name the person."))

    def file(self) -> None:
        (write,) = self.writes(None, files=(REPORT,))
        self.desk.deliver(self.ref, write.model_copy(update={"payload": without_proof(write)}))

    def search(self) -> None:
        assert self.ref.id in {sighting.ref.id for sighting in self.desk.tagged()}

    def sla(self) -> None:
        assert self.ticket
        self.desk.sla(self.ticket)

    def agent(self, *, proven: bool) -> None:
        assert self.ticket
        (comment,) = (item for item in self.ticket.comments if not item.by_worker)
        assert proven == self.desk.is_agent(self.ticket, comment.author)

    def phases(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield a solved ticket's phases, in order."""
        yield from (("read", self.read), ("claim", self.claim), ("glance", self.glance), ("end", self.end))


def without_proof(write: PlannedWrite) -> dict[str, Any]:
    """Return what a file among other writes sends: only the last one of an intent is followed by a reading."""
    return {name: value for name, value in write.payload.items() if name != "proof"}


def test_a_solved_ticket_costs_what_the_page_tells_each_time(world: Stage, place: Place, desk: TicketDesk) -> None:
    page, counted = told(place), Counted(world)
    for _ in range(5):
        walk, spent = Walk(world, place, desk), Counter[str]()
        for name, act in walk.phases():
            made = counted.of(act)
            assert (name, made) == (name, page[name])
            spent += made
        assert {f"**{spent.total()}**": 1} == page[TOTAL]
        assert spent.total() <= MOST[COLUMNS[place.name]]
        shown = world.shown(place, walk.ref)
        assert (shown["status_category"], shown["assignee"]) == ("done", world.sandbox.frame.credentials.jira_email)


def test_everything_else_costs_what_the_page_tells(world: Stage, place: Place, desk: TicketDesk) -> None:
    page, counted = told(place), Counted(world)
    walk = Walk(world, place, desk)
    for name, act in (("search, each cycle", walk.search), ("read", walk.read), ("claim", walk.claim)):
        assert (name, counted.of(act)) == (name, page[name])
    walk.glance()
    for name, act in (("SLA", walk.sla), ("question", walk.question)):
        assert (name, counted.of(act)) == (name, page[name])
    world.comment(place, walk.ref, "It is about Ada.")
    assert counted.of(walk.read) == page["reply"]
    for cost in (page["who is an agent"], Counter[str]()):  # whoever comments in public while agents are asked
        assert counted.of(lambda: walk.agent(proven=bool(page["who is an agent"]))) == cost
    assert counted.of(walk.file) == page["file"]


def test_a_ticket_that_ends_at_once_is_not_claimed_before(world: Stage, place: Place, desk: TicketDesk) -> None:
    page, counted, walk = told(place), Counted(world), Walk(world, place, desk)
    walk.read()
    assert counted.of(walk.end) == page["end at once"]
    shown = world.shown(place, walk.ref)
    assert (shown["status_category"], shown["assignee"]) == ("done", world.sandbox.frame.credentials.jira_email)


def test_a_process_that_has_read_nothing_asks_once_for_the_accounts(world: Stage, place: Place) -> None:
    page, counted, desk = told(place), Counted(world), world.desk(place)
    first, second = Walk(world, place, desk), Walk(world, place, desk)
    assert counted.of(first.read) == page["read"] + Counter({"account": 2})
    assert counted.of(second.read) == page["read"]


def test_what_was_read_a_while_ago_is_read_again_before_a_write(world: Stage, place: Place, desk: TicketDesk) -> None:
    page, counted, walk = told(place), Counted(world), Walk(world, place, desk)
    walk.read()
    world.time.skip(minutes=1)
    assert counted.of(walk.claim) == page["claim"] + Counter({"issue": place.deployment == "cloud"})
    walk.glance()
    world.time.skip(minutes=1)
    assert counted.of(walk.end) == page["end"]


def test_closed_issues_add_nothing_to_a_search(world: Stage, place: Place, desk: TicketDesk) -> None:
    counted, before = Counted(world), world.desk(place, page_size=2)
    cost = counted.of(lambda: list(before.tagged()))
    for _ in range(4):
        world.do(desk, world.file(place), Move.RESOLVED, internal=note("Done."))
    assert counted.of(lambda: list(before.tagged())) == cost
