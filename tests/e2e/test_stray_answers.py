"""Stray, strange and shared answers: nothing is lost, nothing is touched in vain, and each cause is told once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVER, decide
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker, files
from tests.e2e.tickets import AGENT, INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from workflows.errors import Unexpected
from workflows.model import CaseState, PlannedWrite, Receipt, TicketRef
from workflows.model import ReasonKind as R
from workflows.ports import TicketDesk

pytestmark = pytest.mark.long

WITHOUT_END = 10**9
WORDS = {"error": {"message": "No Record found", "detail": "hidden"}, "errorMessages": ["Issue does not exist"]}
KNOWN = {"X-AACCOUNTID": "somebody"}  # without it, Jira would have taken us for an anonymous visitor
PAGE: dict[str, Any] = {
    "headers": KNOWN | {"Content-Type": "text/html"},
    "body": "<html><title>Access Denied</title></html>",
}
NOT_UNDERSTOOD = {"errorCode": "E0000003", "errorSummary": "The request body was not well-formed."}
EXECUTIVES: dict[str, Any] = {
    "policy": {"protected_groups": ["Executives"]},
    "groups": ["Executives"],
    "okta": {"keep_for": 0.0},
}
LOST_ON_THE_WAY = [  # by a run that gathers
    "^/api/v1/",
    "/api/v1/mappings",
    "/meta/schemas/",
    "/apps/[^/]+/users$",
    "/apps/[^/]+/users(/[^/]+)?$",
    "/api/v1/groups$",
    "/groups/[^/]+/users$",
]
NO_RIGHT = {"errorCode": "E0000006", "errorSummary": "You do not have permission to perform the requested action"}


def refuse_reading(
    world: World, ticket: Filed, place: Place, status: int, times: int = WITHOUT_END, **how: Any
) -> None:
    """Let every fresh read of a ticket be refused, in the product's own words unless `how` says otherwise."""
    said = {"headers": KNOWN, "body": WORDS} | how
    world.fault(
        place[0], "status", method="GET", path=f"/(incident|issue)/{ticket.id}$", status=status, times=times, **said
    )


def alerts(world: World) -> list[str]:
    return [str(item.facts["text"]) for item in world.reported if item.event == "alert"]


def touched(world: World, *tickets: Filed) -> list[str]:
    """Return what was written on tickets, files included."""
    shown = [world.shown(ticket) for ticket in tickets]
    return [text for item in shown for text in (*by_worker(item), *files(item))]


@on_both_desks
@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_stray_refusal_of_a_read_costs_a_ticket_nothing(status: int, place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    refuse_reading(world, ticket, place, status, times=2)
    world.settle()
    assert (CaseState.RESOLVED, []) == (world.case(ticket).state, alerts(world))


@on_both_desks
@pytest.mark.parametrize("status", [403, 404])
def test_a_page_in_front_of_the_desk_never_ends_a_ticket_and_is_told_once(
    status: int, place: Place, world: World
) -> None:
    first, _ = world.stale_ticket(place)
    second, _ = world.stale_ticket(place)
    for ticket in (first, second):
        refuse_reading(world, ticket, place, status, **PAGE)
    world.run_for(minutes=45)
    assert [] == touched(world, first, second)
    (text,) = alerts(world)
    assert "not the product's own words: a page" in text
    world.clear_faults()
    world.settle()
    assert [CaseState.RESOLVED] * 2 == [world.case(ticket).state for ticket in (first, second)]


@pytest.mark.parametrize(
    "answer",
    [
        {"errorMessages": ["It took too long."], "comments": [], "total": 0},
        {"comments": [{"id": "1", "body": "Hello", "author": {"accountId": "somebody"}}], "total": 2},
    ],
    ids=["an error beside them", "the same page again"],
)
def test_comments_that_did_not_all_come_hide_no_objection(answer: dict[str, Any], world: World) -> None:
    ticket, member = world.stale_ticket(SERVICE_DESK)
    world.reply(ticket, member.login, "Do not sync, Okta is right.")
    path = rf"/issue/{ticket.id}/comment$"
    world.fault("jira", "status", method="GET", path=path, status=200, headers=KNOWN, body=answer, times=2)
    world.settle()
    assert ([], CaseState.ESCALATED) == (world.force_syncs(), world.case(ticket).state)


@on_both_desks
def test_a_ticket_that_is_found_but_not_readable_waits_and_is_told_once(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    refuse_reading(world, ticket, place, 403)
    world.run_for(hours=3)
    assert CaseState.RECEIVED == world.case(ticket).state
    (text,) = alerts(world)
    assert world.shown(ticket)["key"] in text
    world.clear_faults()
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


def hidden(world: World, place: Place) -> Filed:
    """File a ticket that the worker finds, cannot read and then no longer finds."""
    ticket, _ = world.stale_ticket(place)
    refuse_reading(world, ticket, place, 404)
    world.work()
    world.untag(ticket)
    return ticket


@on_both_desks
def test_a_ticket_that_is_gone_is_withdrawn_after_some_looks_and_starts_again_when_it_is_back(
    place: Place, world: World
) -> None:
    ticket = hidden(world, place)
    world.run_for(minutes=2)
    assert CaseState.RECEIVED == world.case(ticket).state, "one look proves nothing"
    world.run_for(minutes=20)
    case = world.case(ticket)
    assert (CaseState.WITHDRAWN, R.TICKET_UNREADABLE) == (case.state, case.because and case.because.kind)
    assert 1 == len(alerts(world))
    world.clear_faults()
    world.tag_again(ticket)
    world.settle()
    assert (CaseState.RESOLVED, 2) == (world.case(ticket).state, world.case(ticket).round)


@on_both_desks
def test_a_ticket_that_was_hidden_between_two_searches_starts_again_though_nobody_changed_it(
    place: Place, world: World
) -> None:
    ticket = hidden(world, place)
    world.run_for(minutes=22)
    case, ports = world.case(ticket), world.parts.ports
    assert CaseState.WITHDRAWN == case.state
    world.clear_faults()
    world.tag_again(ticket)
    stamp = next(item.stamp for item in ports.desks[ticket.desk].tagged() if item.ref.id == case.ref.id)
    ports.store.note_stamp(case, stamp, world.time.now(), wake=False)  # as if every search had found it like this
    world.settle()
    assert (CaseState.RESOLVED, 2) == (world.case(ticket).state, world.case(ticket).round)


def test_a_right_that_okta_lacks_stops_the_work_before_a_ticket_is_touched(world: World) -> None:
    world.fault("okta", "status", path="^/api/v1/apps", status=403, times=WITHOUT_END, body=NO_RIGHT)
    tickets = [world.stale_ticket(place)[0] for place in (INCIDENT, SERVICE_DESK, INCIDENT)]
    world.run_for(minutes=30)
    assert [] == touched(world, *tickets)
    (text,) = alerts(world)
    assert "the account of `okta.main.token` was accepted and lacks okta.apps.read" in text
    world.clear_faults()
    world.settle()
    assert {CaseState.RESOLVED} == {world.case(ticket).state for ticket in tickets}


@pytest.mark.parametrize("path", LOST_ON_THE_WAY)
def test_a_right_that_is_lost_on_the_way_hands_no_ticket_over(path: str, a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    tickets = [world.stale_ticket()[0] for _ in range(3)]
    world.work()
    world.fault("okta", "status", path=path, status=403, times=WITHOUT_END, body=NO_RIGHT)
    world.run_for(seconds=1.5 * world.settings.policy.ride_for)
    assert {CaseState.JOINED} == {world.case(ticket).state for ticket in tickets}
    (text,) = alerts(world)
    assert "the account of `okta.main.token` was accepted and lacks okta." in text
    world.clear_faults()
    world.settle()
    assert {CaseState.RESOLVED} == {world.case(ticket).state for ticket in tickets}


def test_what_is_refused_of_each_of_several_users_hands_their_tickets_over(a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    world.fault("okta", "status", path="/users/[^/]+/groups$", status=403, times=WITHOUT_END, body=NO_RIGHT)
    tickets = [world.stale_ticket(place)[0] for place in (INCIDENT, SERVICE_DESK, INCIDENT)]
    world.run_for(hours=2)
    assert {CaseState.ESCALATED} == {world.case(ticket).state for ticket in tickets}
    assert [] == world.force_syncs()
    (text,) = alerts(world)
    assert "read the user's groups" in text


def test_a_run_that_could_not_start_says_what_kept_it(a_world: Make) -> None:
    world = a_world(okta={"keep_for": 0.0})
    ticket, _ = world.stale_ticket()
    world.work()
    world.fault("okta", "status", path="/apps/[^/]+/users$", status=503, times=WITHOUT_END, body=NOT_UNDERSTOOD)
    world.run_for(seconds=1.5 * world.settings.policy.ride_for)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert "HTTP 503" in by_worker(world.shown(ticket), "internal")[-1]
    assert 1 == len(alerts(world)), alerts(world)


SCANS = ["/apps/[^/]+/users$", "/api/v1/groups$", "/groups/[^/]+/users$"]


@pytest.mark.parametrize("status", [400, 404, 409, 410])
@pytest.mark.parametrize("path", SCANS)
def test_a_stray_refusal_of_the_scan_asks_for_no_approval(path: str, status: int, a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    ticket, _ = world.stale_ticket()
    world.work()
    world.fault("okta", "status", path=path, status=status, times=2, body=NOT_UNDERSTOOD)
    world.settle()
    assert (CaseState.RESOLVED, []) == (world.case(ticket).state, alerts(world))
    assert any(NOT_UNDERSTOOD["errorSummary"] in str(item.facts.get("text")) for item in world.reported)


@pytest.mark.parametrize("path", SCANS)
def test_a_refusal_of_the_scan_that_lasts_is_told_with_the_request_for_approval(path: str, a_world: Make) -> None:
    world = a_world(**EXECUTIVES | {"policy": {**EXECUTIVES["policy"], "approvers": [APPROVER]}})
    ticket, _ = world.stale_ticket()
    world.work()
    world.fault("okta", "status", path=path, status=400, times=WITHOUT_END, body=NOT_UNDERSTOOD)
    world.run_for(minutes=20)
    assert 1 == len(alerts(world)), alerts(world)
    (note,) = (text for text in by_worker(world.shown(ticket), "internal") if "Approval needed" in text)
    assert "could not be looked up: could not" in note
    assert NOT_UNDERSTOOD["errorSummary"] in note
    decide(world, approved=True)
    world.run_for(minutes=1)
    assert [CORP] == world.force_syncs(), "what was refused is still believed"


def test_a_refused_search_for_the_escalation_assignee_touches_no_ticket(world: World) -> None:
    world.fault("jira", "status", path="/user", status=403, times=WITHOUT_END, headers=KNOWN, body=WORDS)
    world.restart_worker()
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    world.run_for(minutes=30)
    assert [] == touched(world, ticket)
    (text,) = alerts(world)
    assert "'Browse users and groups'" in text
    world.clear_faults()
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_an_account_that_may_only_read_touches_no_ticket_and_is_told_once(place: Place, world: World) -> None:
    acl = {"error": {"message": "Operation Failed", "detail": "ACL Exception Update Failed"}, "errorMessages": ["No"]}
    for method in ("PATCH", "POST", "PUT"):
        world.fault(place[0], "status", method=method, status=403, times=WITHOUT_END, headers=KNOWN, body=acl)
    tickets = [world.stale_ticket(place)[0] for _ in range(4)]
    world.run_for(hours=2)
    assert [] == touched(world, *tickets)
    assert 1 == len(alerts(world)), alerts(world)
    assert not any(world.case(ticket).ended for ticket in tickets)
    world.clear_faults()
    world.settle()
    assert {CaseState.RESOLVED} == {world.case(ticket).state for ticket in tickets}


@on_both_desks
def test_an_account_that_may_not_attach_hands_nothing_over_without_its_file_and_is_told_once(
    place: Place, a_world: Make
) -> None:
    world = a_world(scenario=Scenario("empty", users=20))
    no = {"error": {"message": "Operation Failed", "detail": "ACL Exception Insert Failed"}, "errorMessages": ["No"]}
    world.fault(place[0], "status", method="POST", path="attach", status=403, times=WITHOUT_END, headers=KNOWN, body=no)
    tickets = list[Filed]()
    for _ in range(4):
        member = world.member(CORP)
        world.change_directory(member, "department", NEW_VALUE, imported=False)
        tickets.append(world.ticket(place, about=member))
    world.run_for(hours=1)
    [text] = alerts(world)
    assert "could not attach the file: HTTP 403" in text
    assert {CaseState.CLOSING} == {world.case(ticket).state for ticket in tickets}
    world.clear_faults()
    world.run_for(hours=1)
    assert {CaseState.ESCALATED} == {world.case(ticket).state for ticket in tickets}
    assert all(files(world.shown(ticket)) for ticket in tickets)


@on_both_desks
def test_an_account_that_may_only_read_asks_nobody_and_asks_when_it_may_write(place: Place, world: World) -> None:
    acl = {"error": {"message": "Operation Failed", "detail": "ACL Exception Update Failed"}, "errorMessages": ["No"]}
    for method in ("PATCH", "POST", "PUT"):
        world.fault(place[0], "status", method=method, status=403, times=WITHOUT_END, headers=KNOWN, body=acl)
    tickets = [world.said(place, by=world.stale_user(), text="It does not work!!") for _ in range(4)]
    world.run_for(hours=2)
    assert [] == touched(world, *tickets)
    assert not any(world.case(ticket).ended for ticket in tickets)
    world.clear_faults()
    world.run_for(minutes=30)
    assert [CaseState.ASKED] * 4 == [world.case(ticket).state for ticket in tickets]
    assert all(by_worker(world.shown(ticket), "public") for ticket in tickets)


def test_a_claim_that_the_desk_did_not_take_ends_with_the_hand_over_at_once(world: World) -> None:
    ticket, _ = world.stale_ticket(INCIDENT)
    odd = {"mutation": "unknown_enum", "field_name": "state"}
    world.fault("servicenow", "mutate", method="PATCH", path="/incident/", times=1, **odd)
    world.run_for(minutes=1)
    assert CaseState.ESCALATED == world.case(ticket).state


def test_a_ticket_whose_comments_are_not_understood_goes_to_a_person(world: World) -> None:
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    odd = {"comments": ["odd"], "startAt": 0, "maxResults": 50, "total": 1}
    path = f"/issue/{ticket.id}/comment$"
    world.fault("jira", "status", method="GET", path=path, status=200, times=WITHOUT_END, headers=KNOWN, body=odd)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    (text,) = alerts(world)
    assert "goes to a person" in text


def test_an_anonymous_comment_keeps_no_ticket_from_being_worked(a_world: Make) -> None:
    world = a_world(desks={"jira": {"deployment": "datacenter"}})
    ticket, member = world.stale_ticket(SERVICE_DESK)
    world.reply(ticket, member.login, "me too")
    for field_name in ("author", "created", "id"):
        world.fault("jira", "mutate", method="GET", path="/comment$", mutation="null", field_name=field_name, times=3)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


class RuledDesk:
    """A desk with a rule that takes every ticket from us as soon as we have claimed it."""

    def __init__(self, desk: TicketDesk, world: World, tickets: list[Filed], holder: str) -> None:
        self._desk, self._world, self._tickets, self._holder = desk, world, tickets, holder

    def __getattr__(self, name: str) -> object:
        return getattr(self._desk, name)

    def deliver(self, ref: TicketRef, write: PlannedWrite) -> Receipt:
        """Deliver a write; after a claim, the rule assigns the ticket."""
        receipt = self._desk.deliver(ref, write)
        if ".claimed." not in write.key:
            return receipt
        (ticket,) = (item for item in self._tickets if ref.id.endswith(item.id))
        with self._world.sandbox.frame.lock:
            self._world.sandbox.world.desks["servicenow"].change(ticket.id, by=AGENT, assignee=self._holder)
        held = self._desk.read(ref).assignee
        return receipt.but(holder=held.id if held else "", warning="a rule of the instance changes the assignee")


@pytest.mark.parametrize(("holder", "end"), [("", CaseState.RESOLVED), ("agent", CaseState.ADVISED)])
def test_a_rule_that_undoes_our_assignment_leaves_no_ticket_unjudged(holder: str, end: CaseState, world: World) -> None:
    tickets = [world.stale_ticket(INCIDENT)[0] for _ in range(3)]
    ports = world.parts.ports
    ruled = RuledDesk(ports.desks["servicenow"], world, tickets, AGENT if holder else "")
    world.use_ports(replace(ports, desks={**ports.desks, "servicenow": cast(TicketDesk, ruled)}))
    world.settle()
    assert {end} == {world.case(ticket).state for ticket in tickets}
    assert all(subject.verdict for ticket in tickets for subject in world.case(ticket).subjects)
    assert 1 == len(alerts(world))


class OddDesk:
    """A desk whose answer to a question's first deliveries is not understood, and nothing is written."""

    def __init__(self, desk: TicketDesk, odd: int) -> None:
        self._desk, self.odd = desk, odd

    def __getattr__(self, name: str) -> object:
        return getattr(self._desk, name)

    def deliver(self, ref: TicketRef, write: PlannedWrite) -> Receipt:
        """Deliver a write, unless it is a question and some odd answers are left."""
        if ".asked" in write.key and self.odd:
            self.odd -= 1
            raise Unexpected(ref.desk, "see who has the ticket", "HTTP 302: Found; only this call is redirected")
        return self._desk.deliver(ref, write)


@on_both_desks
@pytest.mark.parametrize(("odd", "state"), [(1, CaseState.ASKED), (10, CaseState.ESCALATED)])
def test_an_odd_answer_to_a_write_is_seen_several_times_before_a_person_gets_the_ticket(
    odd: int, state: CaseState, place: Place, world: World
) -> None:
    ports = world.parts.ports
    desk = cast(TicketDesk, OddDesk(ports.desks[place[0]], odd))
    world.use_ports(replace(ports, desks={**ports.desks, place[0]: desk}))
    ticket = world.ticket(place, about=world.member(), expected=None)
    world.run_for(minutes=15)
    assert state is world.case(ticket).state
