"""Questions cost the requester's attention: few, specific, reminded once, and never mistaken for an answer."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.stories import asked
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import AGENT, DESKS, Place
from tests.e2e.world import World
from workflows.model import CaseState


@on_both_desks
def test_a_question_is_repeated_once_and_then_a_person_gets_the_story(place: Place, world: World) -> None:
    ticket = asked(world, place)
    world.skip(minutes=28)
    world.run_for(minutes=1)
    assert 1 == len(by_worker(world.shown(ticket), "public"))
    world.run_for(minutes=2)
    shown = world.shown(ticket)
    _, reminder = by_worker(shown, "public")
    assert reminder.startswith("We are still waiting for your reply")
    assert "on_hold" == shown["status_category"]
    world.skip(minutes=29)
    world.run_for(minutes=1)
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert 3 == len(by_worker(shown, "public"))
    story = by_worker(shown, "internal")[-1]
    assert "Asked the requester" in story
    assert "Reminded the requester" in story


@on_both_desks
def test_a_reply_to_the_reminder_goes_on(place: Place, world: World) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    world.skip(minutes=30)
    world.run_for(minutes=1)
    world.change_directory(member, "department", NEW_VALUE)
    world.reply(ticket, member.login, f"Expected: {NEW_VALUE}")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert 3 == len(by_worker(world.shown(ticket), "public"))


@on_both_desks
def test_no_second_question_follows_a_reminder(place: Place, world: World) -> None:
    ticket = world.ticket(place, about="nobody.known@example.com", requester=world.member().login, expected=None)
    world.settle()
    world.skip(minutes=30)
    world.run_for(minutes=1)
    world.reply(ticket, AGENT, f"User: {world.member().login}")
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert 3 == len(by_worker(shown, "public"))


@on_both_desks
@pytest.mark.parametrize("words", ["It works now, thank you!", "Please close this ticket.", "Already fixed."])
def test_a_matter_said_to_be_settled_is_not_resolved_without_a_value(place: Place, words: str, world: World) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    world.reply(ticket, member.login, words)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert shown["resolution"] is None
    assert 2 == len(by_worker(shown, "public"))


def test_the_settings_say_when_to_remind(a_world: Make) -> None:
    world = a_world(policy={"remind_after": 600.0})
    ticket = asked(world, DESKS[0])
    world.skip(minutes=10)
    world.run_for(minutes=1)
    assert 2 == len(by_worker(world.shown(ticket), "public"))
