"""Several tickets of one cause and directory within an hour become one: the first stands for those that come later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import Any, cast

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.scenarios.world import Member
from connectors.sandbox.wire.frame import FaultKind
from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, LDAP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker, files, headings, without_repetition
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, SOFTWARE, Filed, Place
from tests.e2e.world import World
from tests.recovery.test_store import at_once
from workflows.engine.engine import Engine
from workflows.model import CaseState, Intent, PlannedWrite, Ticket
from workflows.ports import TicketDesk

pytestmark = pytest.mark.long

MANY = Scenario("empty", users=40)
STANDS = "One cause for 3 tickets: the new value hasn't reached Okta yet"
THREE = {"alarm_from": 3}


@pytest.fixture
def world(a_world: Make) -> World:
    """Make a world in which three tickets of one cause become one."""
    return a_world(scenario=MANY, policy=THREE)


def filed(world: World, place: Place, directory: str = CORP) -> tuple[Filed, Member]:
    """File a ticket about a change that has not been imported."""
    member = world.member(directory)
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    return world.ticket(place, about=member), member


def not_imported(world: World, place: Place = INCIDENT, directory: str = CORP) -> tuple[Filed, Member]:
    """File a ticket about a change that has not been imported, and work it."""
    ticket, member = filed(world, place, directory)
    world.run_for(minutes=3)
    assert CaseState.ESCALATED == world.case(ticket).state
    return ticket, member


def several(world: World, number: int, *places: Place) -> list[Filed]:
    return [not_imported(world, places[count % len(places)])[0] for count in range(number)]


class AtOnce:
    """A desk that plans the last note of so many tickets only when all of them have been judged."""

    def __init__(self, desk: TicketDesk, judged: Barrier) -> None:
        self._desk, self._judged = desk, judged

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    def plan(self, ticket: Ticket, intent: Intent) -> Sequence[PlannedWrite]:
        if intent.key.endswith((".escalated", ".advised")):
            self._judged.wait(30)
        return self._desk.plan(ticket, intent)


def filed_at_once(world: World, place: Place, number: int) -> list[Filed]:
    """File tickets of one cause, have them all judged before the first is written on, and work them to their ends."""
    tickets = [filed(world, place)[0] for _ in range(number)]
    ports, judged = world.parts.ports, Barrier(number)
    desk = cast("TicketDesk", AtOnce(ports.desks[place[0]], judged))
    engine = Engine(replace(ports, desks={**ports.desks, place[0]: desk}))
    engine.run_once("desk", place[0])
    at_once(*(partial(engine.run_once, "case", world.case(ticket).id) for ticket in tickets))
    world.run_for(minutes=1)
    return tickets


def key(world: World, ticket: Filed) -> str:
    return str(world.shown(ticket)["key"])


def alerts(world: World) -> list[str]:
    found = [str(item.facts["text"]) for item in world.reported if item.event == "alert"]
    return [text for text in found if "have one cause" in text]


def points_to(world: World, ticket: Filed) -> list[str]:
    """Return the keys of the tickets that stand for this one, by its notes."""
    begin = "Same cause as "
    told = [line for line in headings(world.shown(ticket)) if line.startswith(begin)]
    return [line.removeprefix(begin).partition(" (")[0] for line in told]


def is_led_by_one(world: World, tickets: list[Filed]) -> bool:
    """Say whether one of the tickets says that it stands for several, and each of the others names it, once."""
    told = {
        ticket: [line for line in headings(world.shown(ticket)) if line.startswith("One cause")] for ticket in tickets
    }
    (first,) = [ticket for ticket, lines in told.items() if lines]
    named = [[] if ticket is first else [key(world, first)] for ticket in tickets]
    return 1 == len(told[first]) and named == [points_to(world, ticket) for ticket in tickets]


@on_both_desks
def test_the_first_names_the_common_factor_and_later_ones_are_linked_to_it(place: Place, world: World) -> None:
    first, second, third, fourth = several(world, 4, place)
    assert [STANDS] == [line for line in headings(world.shown(first)) if line.startswith("One cause")]
    note = by_worker(world.shown(first), "internal")[-1]
    for told in (f"Directory: {CORP}", "Attribute: department", "Mapping of department: appuser.department"):
        assert told in note
    assert all(key(world, other) in note for other in (second, third))
    first_key = key(world, first)
    assert [[], [first_key], [first_key], [first_key]] == [
        points_to(world, it) for it in (first, second, third, fourth)
    ]
    assert [1] * 4 == [len(files(world.shown(ticket))) for ticket in (first, second, third, fourth)]
    assert 1 == len(by_worker(world.shown(fourth), "internal")), "a line, with the file"
    if place is SERVICE_DESK:
        assert [[first_key]] * 3 == [world.shown(ticket)["links"] for ticket in (second, third, fourth)]
    assert 1 == len(alerts(world))


@on_both_desks
def test_of_tickets_that_are_judged_at_the_same_moment_one_stands_for_the_others(place: Place, world: World) -> None:
    tickets = filed_at_once(world, place, 6)
    assert [CaseState.ESCALATED] * 6 == [world.case(ticket).state for ticket in tickets]
    assert is_led_by_one(world, tickets)
    assert 1 == len(alerts(world))


@on_both_desks
def test_tickets_whose_notes_cannot_be_written_yet_count_for_those_that_are_judged_meanwhile(
    place: Place, world: World
) -> None:
    method, path = ("PATCH", None) if place is INCIDENT else ("POST", "/comment$")
    world.fault(place[0], "status", status=503, method=method, path=path, times=10_000)
    tickets = [filed(world, place)[0] for _ in range(6)]
    world.run_for(minutes=2)
    world.clear_faults()
    world.run_for(hours=2)
    assert is_led_by_one(world, tickets)
    of_a_line = [ticket for ticket in tickets if 1 == len(by_worker(world.shown(ticket), "internal"))]
    assert 4 == len(of_a_line), "from the third on, none has a report of its own"
    assert 1 == len(alerts(world))


@on_both_desks
def test_observed_tickets_that_are_judged_at_the_same_moment_give_one_alert(place: Place, a_world: Make) -> None:
    world = a_world(scenario=MANY, policy=THREE | {"default_autonomy": "observe"})
    tickets = filed_at_once(world, place, 6)
    assert [1] * 6 == [len(by_worker(world.shown(ticket))) for ticket in tickets]
    assert 1 == len(alerts(world))


@on_both_desks
def test_a_later_ticket_has_the_same_holder_and_its_requester_the_same_answer(place: Place, world: World) -> None:
    first, _, third = several(world, 3, place)
    assert world.shown(first)["assignee"] == world.shown(third)["assignee"]
    assert world.shown(first)["group"] == world.shown(third)["group"] if "group" in world.shown(first) else True
    one, other = (by_worker(world.shown(ticket), "public")[-1] for ticket in (first, third))
    assert (
        one.replace(key(world, first), "KEY").partition(" until ")[0]
        == (other.replace(key(world, third), "KEY").partition(" until ")[0])
    )
    assert key(world, first) not in other


@pytest.mark.long
def test_nobody_is_named_on_anothers_ticket(world: World) -> None:
    people = [not_imported(world, place) for place in (INCIDENT, SERVICE_DESK, SOFTWARE, INCIDENT)]
    for ticket, member in people:
        texts = " ".join(by_worker(world.shown(ticket)))
        others = [other for _, other in people if other is not member]
        assert [] == [other.login for other in others if other.login in texts or other.person.name in texts]


@pytest.mark.long
@pytest.mark.parametrize(("one", "other"), [(INCIDENT, SERVICE_DESK), (SERVICE_DESK, INCIDENT)])
def test_a_first_ticket_on_the_other_desk_is_named_in_words(one: Place, other: Place, world: World) -> None:
    first, *rest = several(world, 1, one) + several(world, 2, other)
    assert [[key(world, first)]] * 2 == [points_to(world, ticket) for ticket in rest]
    assert f"({one[0]})" in by_worker(world.shown(rest[1]), "internal")[-1]


@on_both_desks
def test_a_later_ticket_that_comes_right_is_noticed_as_ever(place: Place, world: World) -> None:
    several(world, 2, place)
    third, member = not_imported(world, place)
    world.change_okta(member, "department", NEW_VALUE)
    world.run_for(minutes=65)
    assert "Checked again: the value has arrived" in headings(world.shown(third))


@on_both_desks
def test_when_a_person_closes_the_first_the_next_open_one_stands_for_those_that_follow(
    place: Place, world: World
) -> None:
    first, second, third = several(world, 3, place)
    world.set_status(first, "Resolved")
    world.work()
    fourth, _ = not_imported(world, place)
    assert [key(world, second)] == points_to(world, fourth)
    assert [key(world, first), key(world, second)] == points_to(world, third)
    assert [CaseState.ESCALATED] * 3 == [world.case(ticket).state for ticket in (second, third, fourth)]
    stands = [line for line in headings(world.shown(second)) if line.startswith("One cause")]
    assert 1 == len(stands)
    assert 1 == len(alerts(world))


@pytest.mark.parametrize(("one", "other"), [(INCIDENT, SERVICE_DESK), (SERVICE_DESK, INCIDENT)])
def test_a_first_ticket_that_cannot_be_read_for_hours_is_told_the_same_later(
    one: Place, other: Place, world: World
) -> None:
    first, second = several(world, 1, one) + several(world, 1, other)
    world.fault("jira" if one is SERVICE_DESK else "servicenow", "status", status=503, times=10_000)
    third, _ = not_imported(world, other)
    world.run_for(hours=2)
    assert [] == [line for line in headings(world.shown(first)) if line.startswith("One cause")]
    world.clear_faults()
    world.run_for(hours=1)
    assert [STANDS] == [line for line in headings(world.shown(first)) if line.startswith("One cause")]
    note = next(text for text in by_worker(world.shown(first), "internal") if STANDS in text)
    assert all(key(world, ticket) in note for ticket in (second, third))


@pytest.mark.parametrize(("one", "other"), [(INCIDENT, SERVICE_DESK), (SERVICE_DESK, INCIDENT)])
def test_of_more_tickets_than_are_read_the_first_says_how_many_there_are_at_least(
    one: Place, other: Place, a_world: Make
) -> None:
    world = a_world(scenario=MANY, policy={"alarm_from": 2})
    (first,) = several(world, 1, one)
    world.fault("jira" if one is SERVICE_DESK else "servicenow", "status", status=503, times=10_000)
    several(world, 8, other)
    world.clear_faults()
    world.run_for(hours=1)
    (told,) = [line for line in headings(world.shown(first)) if line.startswith("One cause")]
    assert told.startswith("One cause for at least 7 tickets: ")


@pytest.mark.parametrize(("one", "other"), [(INCIDENT, SERVICE_DESK), (SERVICE_DESK, INCIDENT)])
def test_a_first_ticket_is_told_nothing_once_the_settings_ask_for_none(one: Place, other: Place, world: World) -> None:
    first, _ = several(world, 1, one) + several(world, 1, other)
    world.fault("jira" if one is SERVICE_DESK else "servicenow", "status", status=503, times=10_000)
    not_imported(world, other)
    ports = world.parts.ports
    world.use_ports(replace(ports, policy=ports.policy.but(alarm_from=0)))
    world.clear_faults()
    world.run_for(hours=1)
    assert [] == [line for line in headings(world.shown(first)) if line.startswith("One cause")]


@pytest.mark.long
def test_when_a_person_has_closed_all_of_them_the_next_is_handed_over_by_itself(world: World) -> None:
    for ticket in several(world, 3, INCIDENT, SERVICE_DESK):
        world.set_status(ticket, "Resolved")
    last, _ = not_imported(world)
    assert "The new department hasn't reached Okta yet" in headings(world.shown(last))
    assert [] == points_to(world, last)


@pytest.mark.long
def test_tickets_of_another_directory_or_another_hour_do_not_count(world: World) -> None:
    one, _ = not_imported(world)
    other, _ = not_imported(world, directory=LDAP)
    world.skip(minutes=58)
    later = several(world, 2, INCIDENT)
    assert [] == [told for ticket in (one, other, *later) for told in points_to(world, ticket)]
    assert [] == alerts(world)


@pytest.mark.long
def test_several_tickets_about_one_user_are_no_pattern(world: World) -> None:
    ticket, member = not_imported(world)
    more = [world.ticket(place, about=member) for place in (SERVICE_DESK, INCIDENT)]
    world.run_for(minutes=5)
    assert [] == [told for item in (ticket, *more) for told in points_to(world, item)]


def test_a_force_sync_without_effect_for_many_gives_one_support_case(world: World) -> None:
    tickets = []
    for place in (INCIDENT, SERVICE_DESK, INCIDENT, SERVICE_DESK, INCIDENT):
        ticket, member = world.stale_ticket(place)
        world.make_stuck(member)
        tickets.append(ticket)
    world.settle()
    linked = [ticket for ticket in tickets if world.case(ticket).said.pattern]
    assert 3 == len(linked)
    packages = [name for ticket in tickets for name in files(world.shown(ticket)) if name.endswith(".zip")]
    assert 2 == len(packages)
    assert all("has the prepared Support Case" in by_worker(world.shown(it), "internal")[-1] for it in linked)
    assert 1 == len(alerts(world))


def test_an_observed_directory_alerts_and_leaves_each_ticket_its_own_advice(a_world: Make) -> None:
    world = a_world(scenario=MANY, policy=THREE | {"default_autonomy": "observe"})
    tickets = []
    for place in (INCIDENT, SERVICE_DESK, INCIDENT, SERVICE_DESK):
        tickets.append(filed(world, place)[0])
        world.run_for(minutes=2)
    assert [1] * 4 == [len(by_worker(world.shown(ticket))) for ticket in tickets]
    assert ["3 tickets within an hour have one cause"] == [text.partition(":")[0] for text in alerts(world)]


@pytest.mark.long
def test_the_settings_may_ask_for_none(a_world: Make) -> None:
    world = a_world(scenario=MANY, policy={"alarm_from": 0})
    assert [] == [told for ticket in several(world, 4, INCIDENT) for told in points_to(world, ticket)]


@pytest.mark.long
def test_a_site_that_refuses_the_link_gets_the_hand_over_all_the_same(world: World) -> None:
    first, *_ = several(world, 2, SERVICE_DESK)
    world.fault("jira", "status", method="POST", path="/issueLink$", status=404, body={"errorMessages": ["disabled"]})
    third, _ = not_imported(world, SERVICE_DESK)
    assert [key(world, first)] == points_to(world, third)
    assert any("not linked" in str(item.facts["text"]) for item in world.reported if item.event == "alert")


@on_both_desks
def test_agents_that_are_down_are_what_the_tickets_have_in_common_whatever_the_attribute(
    place: Place, world: World
) -> None:
    with world.sandbox.frame.lock:
        world.sandbox.okta.imports.agents(world.sandbox.world.apps[CORP], "DISRUPTED")
    first, _ = not_imported(world, place)
    for attribute, value in (("title", "Conductor"), ("department", NEW_VALUE)):
        member = world.member()
        world.change_directory(member, attribute, value, imported=False)
        world.ticket(place, about=member, attribute=attribute, expected=value)
        world.run_for(minutes=3)
    note = by_worker(world.shown(first), "internal")[-1]
    assert "The directory's agents are DISRUPTED" in note
    assert "Attribute" not in note
    assert "DISRUPTED" in alerts(world)[0]


@pytest.mark.long
@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
@pytest.mark.parametrize("place", [INCIDENT, SERVICE_DESK])
def test_what_was_not_answered_is_written_once(kind: FaultKind, place: Place, world: World) -> None:
    first, second = several(world, 2, place)
    method = "PATCH" if place is INCIDENT else "POST"
    world.fault(place[0], kind, method=method, times=3)
    third, _ = filed(world, place)
    world.run_for(minutes=30)
    for ticket in (first, second, third):
        notes = by_worker(world.shown(ticket))
        assert without_repetition(notes)
    assert [[key(world, first)], [key(world, first)]] == [points_to(world, ticket) for ticket in (second, third)]
    assert 1 == len([line for line in headings(world.shown(first)) if line.startswith("One cause")])
