"""Once a Force Sync has worked, no end says that it had no effect, whatever keeps the ticket from being resolved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.stories import NAMES_NO_VALUE
from tests.e2e.ticket_texts import by_worker, files, headings
from tests.e2e.tickets import INCIDENT, Filed, Place
from tests.e2e.ties import child
from tests.e2e.world import World
from workflows.errors import Refused, Transient
from workflows.model import CaseState as C
from workflows.notes.handovers import HANDOVERS, Ending
from workflows.ports import TicketDesk

RIGHT = "Okta holds the expected value"
REFUSED_FOR_GOOD = 2  # sightings of a refused write
NEEDED = "The following fields are mandatory: Subcategory"
FAILURES = ("no effect", "not taken effect", "n't reached", "Support Case", "would help", "out of date", "is behind")


def synced(world: World, place: Place, text: str | None = None) -> Filed:
    """File a ticket and work until its Force Sync has started; what comes next on the desk is its end."""
    member = world.stale_user()
    ticket = world.said(place, by=member, text=text) if text else world.ticket(place, about=member)
    for _ in range(60):
        world.run_for(seconds=5)
        if C.SYNCED == world.case(ticket).state:
            return ticket
    raise AssertionError("no Force Sync has started")


def refuse(world: World, place: Place, **how: Any) -> None:
    """Let the desk refuse such a call, and its repetition, as it does when a field that it needs is empty."""
    words = {
        "error": {"message": "Operation Failed", "detail": f"Data Policy Exception: {NEEDED}"},
        "status": "failure",
    }
    body = words if place[0] == "servicenow" else {"errorMessages": [NEEDED], "errors": {}}
    status = 403 if place[0] == "servicenow" else 400
    world.fault(place[0], "status", status=status, body=body, times=2, **how)


def refuse_the_resolution(world: World, ticket: Filed, place: Place) -> None:
    if place[0] == "servicenow":
        refuse(world, place, method="PATCH", path=f"/incident/{ticket.id}")
    else:
        refuse(world, place, method="POST", path=f"/{ticket.id}/transitions")


def refuse_the_question(world: World, ticket: Filed, place: Place) -> None:
    if place[0] == "servicenow":
        refuse_the_resolution(world, ticket, place)
    else:
        refuse(world, place, method="POST", path=f"/{ticket.id}/comment")


def is_told_as_right(world: World, ticket: Filed) -> None:
    shown = world.shown(ticket)
    (note,) = (text for text in by_worker(shown, "internal") if RIGHT in text)
    assert C.ESCALATED == world.case(ticket).state
    assert "Okta has shown the expected department since 2026-" in note
    assert "Service desk: " in note
    assert [] == [words for words in FAILURES for text in (note, *by_worker(shown, "public")) if words in text]
    assert not any(name.endswith(".zip") for name in files(shown))
    assert [CORP] == world.force_syncs()
    assert {"done", "resolved"}.isdisjoint({shown["status_category"]})


@on_both_desks
def test_a_refused_resolution_is_told_with_the_desks_words_and_since_when_the_value_is_right(
    place: Place, world: World
) -> None:
    ticket = synced(world, place)
    refuse_the_resolution(world, ticket, place)
    world.settle()
    is_told_as_right(world, ticket)
    notes = by_worker(world.shown(ticket), "internal")
    assert "The ticket system didn't let forcesync resolve the ticket" in notes[-1]
    assert NEEDED in notes[-1]
    assert not any(note.lstrip("*").startswith("Resolved") for note in notes)


@on_both_desks
def test_a_question_that_cannot_be_put_is_told_with_the_desks_words(place: Place, world: World) -> None:
    ticket = synced(world, place, NAMES_NO_VALUE)
    refuse_the_question(world, ticket, place)
    world.settle()
    is_told_as_right(world, ticket)
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert "The ticket system didn't let forcesync ask its question" in note
    assert NEEDED in note


@on_both_desks
def test_a_desk_that_refuses_the_hand_over_too_gets_it_once_more(place: Place, world: World) -> None:
    ticket = synced(world, place)
    refuse_the_resolution(world, ticket, place)
    method, path = ("POST", "/attachment/file") if place[0] == "servicenow" else ("POST", "/attachment")
    refuse(world, place, method=method, path=path)
    world.settle()
    assert C.ESCALATED == world.case(ticket).state
    notes = by_worker(world.shown(ticket), "internal")
    assert 1 == sum(RIGHT in note for note in notes)
    assert NEEDED in notes[-1]
    assert [] == [item.facts for item in world.reported if "could not be handed over" in str(item.facts.get("text"))]


@on_both_desks
def test_a_product_that_answers_nonsense_after_the_sync_takes_nothing_back(place: Place, world: World) -> None:
    ticket = synced(world, place, NAMES_NO_VALUE)
    world.settle()
    assert C.ASKED == world.case(ticket).state
    signed_in = {"X-AACCOUNTID": "somebody"}  # without it, the answer would look like a refused credential
    path = rf"/(incident|issue)/{ticket.id}$"
    world.fault(place[0], "status", method="GET", path=path, status=200, headers=signed_in, body=["no ticket"], times=9)
    world.skip(minutes=5)
    world.run_for(minutes=1)
    world.clear_faults()
    world.skip(minutes=61)
    world.settle()
    shown = world.shown(ticket)
    assert [] == [words for words in FAILURES[:4] for text in by_worker(shown) if words in text]
    assert not any(name.endswith(".zip") for name in files(shown))


@on_both_desks
def test_a_sync_that_another_fault_interrupts_is_not_told_as_one_without_effect(place: Place, world: World) -> None:
    ticket = synced(world, place)
    world.make_stuck(world.stale_user())
    world.fault("okta", "status", method="GET", path="^/api/v1/users", status=200, body=["no user"], times=9)
    world.settle()
    shown = world.shown(ticket)
    assert C.ESCALATED == world.case(ticket).state
    assert HANDOVERS[Ending.STARTED].title in headings(shown, "internal")
    assert "had no effect" not in " ".join(by_worker(shown))
    assert not any(name.endswith(".zip") for name in files(shown))


@on_both_desks
def test_a_ticket_that_is_tied_when_the_value_comes_is_left_as_right(place: Place, world: World) -> None:
    ticket = synced(world, place, NAMES_NO_VALUE)
    child(world, ticket)
    world.settle()
    shown = world.shown(ticket)
    note = by_worker(shown, "internal")[-1]
    assert C.ADVISED == world.case(ticket).state
    assert "Okta has shown the expected department since 2026-" in note
    assert [] == [words for words in FAILURES if words in note]
    assert [] == by_worker(shown, "public")


def test_a_sla_that_runs_out_while_it_is_confirmed_changes_nothing_about_the_value(world: World) -> None:
    ticket = synced(world, INCIDENT, NAMES_NO_VALUE)  # Jira's SLA stands still while the requester is waited for
    world.run_sla(ticket, minutes=1)
    world.settle()
    world.run_for(minutes=10)
    shown, case = world.shown(ticket), world.case(ticket)
    assert (C.RESOLVED, True) == (case.state, case.unconfirmed)
    assert [] == [words for words in FAILURES for text in by_worker(shown, "public") if words in text]


@pytest.mark.long
@on_both_desks
def test_only_what_did_not_come_is_named_as_missing(place: Place, world: World) -> None:
    member = world.member()
    world.make_stuck(member)
    for name, value in (("department", NEW_VALUE), ("title", "Bosun")):
        world.change_directory(member, name, value)
    ticket = world.said(place, by=member, text=f"Department should be: {NEW_VALUE}\nTitle should be: Bosun")
    world.run_for(minutes=5)
    world.sandbox.okta.set_user(member.user_id, profile={"title": "Bosun"})
    world.settle()
    note = next(text for text in by_worker(world.shown(ticket), "internal") if "had no effect on" in text)
    assert "Okta still didn't show the expected department (checked" in note


@on_both_desks
def test_a_value_that_comes_while_the_sync_waits_for_approval_is_not_handed_over_as_missing(
    place: Place, a_world: Make
) -> None:
    world = a_world(policy=APPROVE)
    ticket, member = world.stale_ticket(place)
    world.run_for(minutes=5)
    assert C.JOINED == world.case(ticket).state
    world.change_okta(member, "department", NEW_VALUE)  # an administrator has pressed the button, say
    world.settle()
    shown = world.shown(ticket)
    assert C.RESOLVED == world.case(ticket).state
    assert [] == world.force_syncs()
    assert [] == [words for words in FAILURES for text in by_worker(shown, "public") if words in text]


class Dazed:
    """A desk that cannot be read once, just after it has refused a change for good."""

    def __init__(self, desk: Any) -> None:
        self._desk, self._refused, self.hit = desk, 0, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    def deliver(self, ref: Any, write: Any) -> Any:
        try:
            return self._desk.deliver(ref, write)
        except Refused:
            self._refused += 1
            raise

    def glance(self, ref: Any) -> Any:
        if self._refused == REFUSED_FOR_GOOD and not self.hit:
            self.hit = True
            raise Transient(self._desk.name, "read the ticket", "HTTP 503")
        return self._desk.glance(ref)


@on_both_desks
def test_a_refusal_is_followed_though_the_desk_fails_just_after_it(place: Place, world: World) -> None:
    ticket = synced(world, place)
    refuse_the_resolution(world, ticket, place)
    ports = world.parts.ports
    dazed = Dazed(ports.desks[ticket.desk])
    world.use_ports(replace(ports, desks={**ports.desks, ticket.desk: cast("TicketDesk", dazed)}))
    world.settle()
    assert dazed.hit
    is_told_as_right(world, ticket)


@on_both_desks
def test_our_own_resolution_that_arrives_after_all_is_no_persons(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    writing = {"servicenow": "PATCH", "jira": "POST"}[place[0]]
    path = {"servicenow": f"/incident/{ticket.id}$", "jira": "/transitions$"}[place[0]]
    world.run_for(seconds=90)
    world.fault(place[0], "status", method=writing, path=path, status=429, times=3, retry_after=600)
    world.run_for(minutes=8)
    assert C.CLOSING == world.case(ticket).state
    said = {"headers": {"X-AACCOUNTID": "us"}, "body": {"error": {"message": "No"}, "errorMessages": ["No"]}}
    world.fault(place[0], "status", method="GET", path=f"/(incident|issue)/{ticket.id}", status=403, times=3, **said)
    world.settle()
    assert C.RESOLVED == world.case(ticket).state
    assert "done" == world.shown(ticket)["status_category"]
