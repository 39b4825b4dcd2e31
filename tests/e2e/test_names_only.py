"""ServiceNow shows an account that may not read the table of journals only the names of those who comment.

A question then still hears its requester, and nobody else under the requester's name.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.scenarios.world import FRONT_DESK, Member
from connectors.sandbox.wire.frame import Person
from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.stories import confirmed_by, to_be_confirmed
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import AGENT, INCIDENT, REQUESTED_ITEM, Filed, Place
from tests.e2e.world import World
from tests.sampled import sampled
from workflows.model import CaseState, QuestionKind

HIDDEN = ("refused_tables", "unreadable_tables")  # the ways in which the table may be hidden
IN_DOUBT = "so a person decides"


@pytest.fixture(params=sampled(HIDDEN))
def world(request: pytest.FixtureRequest, a_world: Make) -> World:
    """Make a world whose ServiceNow hides its table of journals."""
    made = a_world()
    switch(made, **{request.param: ["sys_journal_field"]})
    return made


def switch(world: World, **switches: Any) -> None:
    with world.sandbox.frame.lock:
        world.sandbox.servicenow.state.switches.change(**switches)


def asked(world: World, member: Member) -> Filed:
    """File a ticket that states no value while both copies agree, and let it be asked about."""
    ticket = world.ticket(INCIDENT, about=member, expected=None)
    world.settle()
    assert (CaseState.ASKED, QuestionKind.CLOSED) == (world.case(ticket).state, world.case(ticket).question)
    world.skip(minutes=1)
    return ticket


def namesake(world: World, member: Member) -> Person:
    """Add an account with the display name of another."""
    with world.sandbox.frame.lock:
        person = Person("namesake@example.com", member.person.first_name, member.person.last_name)
        world.sandbox.world.desks["servicenow"].add_person(person)
    return person


def head(world: World, name: str, minutes: int = 0) -> str:
    """Return the line with which the instance would begin an entry."""
    at = world.time.now() + timedelta(hours=-7, minutes=minutes)
    return f"{at:%Y-%m-%d %H:%M:%S} - {name} (Additional comments)"


@pytest.mark.parametrize("place", sampled([INCIDENT, REQUESTED_ITEM]))
def test_the_reply_to_an_open_question_is_heard(place: Place, world: World) -> None:
    member = world.stale_user()
    ticket = world.ticket(place)
    world.settle()
    assert QuestionKind.OPEN is world.case(ticket).question
    world.skip(minutes=1)
    world.reply(ticket, FRONT_DESK.login, f"User: {member.login}")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()


@pytest.mark.parametrize(
    ("words", "end"), [("Yes, it is right now.", CaseState.RESOLVED), ("No.", CaseState.ESCALATED)], ids=["yes", "no"]
)
def test_the_reply_to_a_closed_question_is_heard(words: str, end: CaseState, world: World) -> None:
    member = world.member()
    ticket = asked(world, member)
    world.reply(ticket, member.login, words)
    world.settle()
    assert end == world.case(ticket).state


@pytest.mark.parametrize(("reply", "end"), [("yes", CaseState.RESOLVED), ("no", CaseState.ESCALATED)])
def test_a_confirmation_is_heard(reply: str, end: CaseState, world: World) -> None:
    ticket = confirmed_by(reply)(world, INCIDENT)
    assert end == world.case(ticket).state
    assert not world.case(ticket).unconfirmed


def test_a_reply_to_the_reminder_is_heard_after_a_restart(world: World) -> None:
    member = world.member()
    ticket = asked(world, member)
    world.skip(minutes=30)
    world.run_for(minutes=1)
    world.restart_worker()
    world.change_directory(member, "department", NEW_VALUE)
    world.skip(minutes=1)
    world.reply(ticket, member.login, f"Expected: {NEW_VALUE}")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


def test_somebody_elses_yes_is_none(world: World) -> None:
    ticket = asked(world, world.member())
    world.reply(ticket, world.member().login, "Yes, it is right now.")
    world.settle()
    assert CaseState.ASKED == world.case(ticket).state


def test_a_reply_that_somebody_else_may_have_written_goes_to_a_person(world: World) -> None:
    member = world.member()
    ticket = asked(world, member)
    forged = f"I wonder, too.\n\n{head(world, member.person.name, -1)}\nYes, it is right now."
    world.reply(ticket, world.member().login, forged)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert world.shown(ticket)["resolution"] is None
    assert IN_DOUBT in by_worker(world.shown(ticket), "internal")[-1]


def test_a_reply_above_somebody_elses_comment_is_heard(world: World) -> None:
    member = world.member()
    ticket = asked(world, member)
    world.reply(ticket, world.member().login, "I wonder, too.")
    world.settle()
    world.skip(minutes=1)
    world.reply(ticket, member.login, "Yes, it is right now.")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


def test_a_reply_below_somebody_elses_comment_goes_to_a_person(world: World) -> None:
    member = world.member()
    ticket = asked(world, member)
    world.reply(ticket, member.login, "Yes, it is right now.")
    world.skip(minutes=1)
    world.reply(ticket, world.member().login, "I wonder, too.")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state


def test_words_that_may_be_the_requesters_are_not_passed_over(world: World) -> None:
    member = world.stale_user()
    ticket = world.ticket(INCIDENT, about=member)
    world.reply(ticket, member.login, "It is not my department after all.")
    world.skip(minutes=1)
    world.reply(ticket, AGENT, "We pass this on.")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()


def test_a_requester_who_shares_a_name_is_not_asked(a_world: Make) -> None:
    world = a_world()
    switch(world, refused_tables=["sys_journal_field"])
    member = world.member()
    namesake(world, member)
    ticket = world.ticket(INCIDENT, about=member, expected=None)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert 0 == world.case(ticket).questions
    assert IN_DOUBT in by_worker(world.shown(ticket), "internal")[-1]


def test_a_requester_who_shares_a_name_is_not_asked_to_confirm(a_world: Make) -> None:
    world = a_world()
    switch(world, refused_tables=["sys_journal_field"])
    stale = world.stale_user()
    namesake(world, stale)
    ticket = world.said(INCIDENT, by=stale, text="My department has not been updated in Okta.")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [CORP] == world.force_syncs()
    assert 0 == world.case(ticket).questions


def test_a_namesakes_reply_goes_to_a_person(a_world: Make) -> None:
    """The table shows no rows, so that its first reading cannot tell that names are all there is."""
    world = a_world()
    switch(world, unreadable_tables=["sys_journal_field"])
    member = world.member()
    other = namesake(world, member)
    ticket = asked(world, member)
    world.reply(ticket, other.login, "Yes, it is right now.")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state


@pytest.mark.parametrize(
    "shown",
    sampled(
        [
            {"date_format": "dd/MM/yy hh.mm.ss a", "comments_label": "Additional comments (Customer visible)"},
            {"date_format": "d MMM yyyy, h:mm a", "language": "fr"},
            {"date_format": "dd-MMM-yyyy HH:mm:ss", "language": "de"},
            {"date_format": "yyyy年MM月dd日 ah:mm:ss", "language": "ja"},
        ]
    ),
    ids=["short year", "French", "German", "Japanese"],
)
def test_a_confirmation_is_heard_in_every_form_of_dates(shown: dict[str, str], world: World) -> None:
    switch(world, **shown)
    ticket = to_be_confirmed(world, INCIDENT)
    world.skip(minutes=5)
    world.reply(ticket, world.shown(ticket)["requester"], "yes")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert not [item.facts for item in world.reported if item.event == "alert"]
