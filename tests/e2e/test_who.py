"""Nobody is taken for another person: not by a short login, a number, a look-alike name or an empty field."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.scenarios.world import Member
from connectors.sandbox.wire.frame import Person
from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, APPROVER, approver_of, waiting
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.settings import write_config
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from tests.sampled import sampled
from worker.errors import OperatorError
from worker.syncs import decisions
from workflows.model import CaseState, ReasonKind, RunState, VerdictKind

OWN_ONLY: dict[str, Any] = {"on_behalf": []}
DATA_CENTER: dict[str, Any] = {"jira": {"deployment": "datacenter"}}
JOHN = Person("john.smith@example.com", "John", "Smith")
LOOK_ALIKE = [
    ("strasse@example.com", "straße@example.com"),
    ("kofi.k@example.com", "\u212aofi.k@example.com"),
    ("sven@example.com", "\u017fven@example.com"),
]


def newcomer(world: World, person: Person, **profile: str | None) -> Member:
    """Give a person accounts on both desks, an Okta user, and a copy whose department has not arrived."""
    somebody = on_desks(world, person)
    with world.sandbox.frame.lock:
        id = world.sandbox.okta.add_user(somebody, directories=[world.sandbox.world.apps[CORP]], profile=profile)
    return Member(somebody, id, world.sandbox.world.apps[CORP])


def on_desks(world: World, person: Person) -> Person:
    with world.sandbox.frame.lock:
        for desk in world.sandbox.world.desks.values():
            desk.add_person(person)
    return person


def rename(world: World, login: str, user_name: str) -> str:
    """Give an account of ServiceNow another user name than the e-mail address."""
    with world._people("servicenow") as people:
        people.state.one("sys_user", "user_name", login)["user_name"] = user_name
    return user_name


def filed_by(world: World, place: Place, requester: str) -> Filed:
    desk, table = place
    with world._people(desk) as product:
        id = product.create(
            tagged=True,
            requester=requester,
            summary="My profile is not updating",
            description=f"Attribute: department\nExpected: {NEW_VALUE}",
            table=table,
        )
    world.settle()
    return Filed(desk, id)


def users_of(world: World, ticket: Filed) -> list[str | None]:
    return [item.verdict.user_id for item in world.case(ticket).subjects if item.verdict]


@pytest.mark.long
@on_both_desks
@pytest.mark.parametrize("number", ["20001", "john.smith"])
def test_an_address_says_whom_a_short_user_name_means(place: Place, number: str, a_world: Make) -> None:
    world = a_world(policy=OWN_ONLY, desks=DATA_CENTER)
    john = newcomer(world, JOHN)
    other = newcomer(world, Person("john.smith@subsidiary.example", "Jane", "Smith"), employeeNumber=number)
    world.change_directory(other, "department", NEW_VALUE)
    before = world.profile(other)["department"]
    own = rename(world, JOHN.login, "john.smith") if place == INCIDENT else JOHN.login
    ticket = filed_by(world, place, own)
    assert users_of(world, ticket) == [john.user_id]
    assert world.profile(other)["department"] == before
    assert [] == world.force_syncs()


@pytest.mark.parametrize("known", [True, False])
def test_a_user_name_that_is_anothers_login_or_number_is_no_proof_against_the_address(
    known: bool, a_world: Make
) -> None:
    world = a_world(policy=OWN_ONLY)
    if known:
        newcomer(world, JOHN)
    else:
        on_desks(world, JOHN)
    other = newcomer(world, Person("jane@subsidiary.example", "Jane", "Smith"), employeeNumber="10077")
    world.change_directory(other, "department", NEW_VALUE)
    name = "jane@subsidiary.example" if known else "10077"
    rename(world, other.login, "jane")
    ticket = filed_by(world, INCIDENT, rename(world, JOHN.login, name))
    assert users_of(world, ticket) == [None]
    assert CaseState.ASKED == world.case(ticket).state
    assert [] == world.force_syncs()


@on_both_desks
@pytest.mark.parametrize(("login", "like"), sampled(LOOK_ALIKE, apart=True))
def test_a_look_alike_of_the_requester_neither_answers_nor_asks_for_them(
    place: Place, login: str, like: str, a_world: Make
) -> None:
    world = a_world(policy=OWN_ONLY)
    member, other = newcomer(world, Person(login, "Re", "Al")), on_desks(world, Person(like, "Mal", "Lory"))
    world.change_directory(member, "department", NEW_VALUE)
    own = world.said(place, by=member, text="My department is not right in Okta.")
    world.settle()
    before = world.case(own).state
    world.reply(own, other.login, "yes")
    world.run_for(minutes=10)
    assert (CaseState.ASKED, CaseState.ASKED) == (before, world.case(own).state)
    syncs = world.force_syncs()
    ticket = world.ticket(place, about=member, requester=other.login)
    world.run_for(minutes=10)
    kinds = [item.verdict.kind for item in world.case(ticket).subjects if item.verdict]
    assert (CaseState.ESCALATED, [VerdictKind.ON_BEHALF]) == (world.case(ticket).state, kinds)
    assert syncs == world.force_syncs()


@on_both_desks
@pytest.mark.parametrize("word", ["None", "none", "n/a"])
def test_a_managers_field_without_a_manager_makes_nobody_one(place: Place, word: str, a_world: Make) -> None:
    world = a_world(policy=OWN_ONLY)
    subject = world.stale_user()
    world.change_okta(subject, "manager", word)
    world.newcomer("Other", CORP, profile={"employeeNumber": "n/a"})
    asks = world.newcomer("Mallory", CORP, profile={"employeeNumber": "n/a" if word == "n/a" else None})
    ticket = world.ticket(place, about=subject, requester=asks.login)
    world.settle()
    kinds = [item.verdict.kind for item in world.case(ticket).subjects if item.verdict]
    assert (CaseState.ESCALATED, [VerdictKind.ON_BEHALF]) == (world.case(ticket).state, kinds)
    assert [] == world.force_syncs()


@on_both_desks
def test_a_manager_is_known_by_the_copys_distinguished_name_and_by_no_display_name(place: Place, a_world: Make) -> None:
    world = a_world(policy=OWN_ONLY)
    manager, mallory, subject = world.member(), world.member(), world.stale_user()
    with world.sandbox.frame.lock:
        dn = world.sandbox.okta.people[manager.user_id].links[manager.app_id].profile["dn"]
        world.sandbox.okta.people[subject.user_id].links[subject.app_id].profile["manager"] = dn
    world.change_okta(manager, "displayName", "M. B.")
    world.change_okta(mallory, "displayName", manager.person.name)
    refused = world.ticket(place, about=subject, requester=mallory.login)
    world.settle()
    kinds = [item.verdict.kind for item in world.case(refused).subjects if item.verdict]
    assert (CaseState.ESCALATED, [VerdictKind.ON_BEHALF], []) == (world.case(refused).state, kinds, world.force_syncs())
    served = world.ticket(place, about=subject, requester=manager.login)
    world.settle()
    assert (CaseState.RESOLVED, [CORP]) == (world.case(served).state, world.force_syncs())


OPENER = {"servicenow": "opened_by", "jira": "creator"}


def opened_by_the_approver(world: World, place: Place) -> Filed:
    desk, table = place
    about = world.stale_user()
    text = f"User: {about.login}\nAttribute: department\nExpected: {NEW_VALUE}"
    with world._people(desk) as product:
        id = product.create(
            tagged=True,
            requester=about.login,
            summary="My profile is not updating",
            description=text,
            table=table,
            fields={OPENER[desk]: APPROVER},
        )
    return Filed(desk, id)


ABOVE_NONE: dict[str, Any] = {"default_autonomy": "auto", "approvers": [APPROVER], "approve_above": 0}


def decided(world: World, *, approved: bool = True) -> str:
    """Let the approver decide; return why they may not, or ""."""
    world.run_for(minutes=8)
    assert RunState.PROPOSED is waiting(world).state
    config, run = write_config(world.sandbox, world.store_file, **APPROVE), waiting(world)
    try:
        decisions.decide(config, run.id, by=APPROVER, why="seen", approved=approved)
    except OperatorError as error:
        assert waiting(world).decision is None
        return str(error)
    return ""


@on_both_desks
def test_an_approver_does_not_decide_on_what_they_opened_for_somebody(place: Place, a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket = opened_by_the_approver(world, place)
    assert f"{APPROVER} filed or opened {world.shown(ticket)['key']}" in decided(world)


def test_an_approver_is_known_by_the_address_behind_an_unrelated_user_name(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket = world.ticket(INCIDENT, about=world.stale_user(), requester=rename(world, APPROVER, "u4711"))
    assert f"{APPROVER} filed or opened {world.shown(ticket)['key']}" in decided(world)


@pytest.mark.long
def test_a_request_whose_requester_the_desk_hides_waits_for_no_approval(a_world: Make) -> None:
    world = a_world(checked=True, policy=APPROVE)
    with world._people("jira") as people:
        people.state.habits.hides_emails = True
    ticket = world.ticket(SERVICE_DESK, about=world.stale_user(), requester=approver_of(world).login)
    world.settle()
    because = world.case(ticket).because
    assert (CaseState.ESCALATED, ReasonKind.NOT_APPROVABLE) == (world.case(ticket).state, because and because.kind)
    assert () == world.runs()
    assert [] == world.force_syncs()


@pytest.mark.long
@pytest.mark.parametrize("approved", [True, False])
def test_nobody_approves_a_request_whose_requester_the_desk_hides(approved: bool, a_world: Make) -> None:
    world = a_world(checked=True, policy=ABOVE_NONE)
    with world._people("jira") as people:
        people.state.habits.hides_emails = True
    ticket = world.ticket(SERVICE_DESK, about=world.stale_user(), requester=approver_of(world).login)
    why = decided(world, approved=approved)
    assert bool(why) is approved
    assert not approved or f"`forcesync case hand-over {world.case(ticket).id}`" in why


@pytest.mark.long
def test_the_daily_limit_counts_requesters_whose_address_the_desk_hides(a_world: Make) -> None:
    world = a_world(checked=True, policy={"on_behalf": ["Helpers"], "per_requester": 2}, groups=["Helpers"])
    with world._people("jira") as people:
        people.state.habits.hides_emails = True
    asks, states = world.member(), []
    for _ in range(3):
        ticket = world.ticket(SERVICE_DESK, about=world.member(), requester=asks.login, attribute=None, expected=None)
        world.settle()
        because = world.case(ticket).because
        states.append(because.kind if because else None)
    assert [ReasonKind.OVER_BUDGET] == [kind for kind in states if kind is ReasonKind.OVER_BUDGET]
    assert ReasonKind.OVER_BUDGET is states[-1]
