"""Questions cost the requester's attention: few, specific, reminded once, and never mistaken for an answer."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.stories import asked
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import DESKS, Place
from tests.e2e.world import World
from workflows.model import CaseState, QuestionKind, VerdictKind


@on_both_desks
def test_a_question_is_repeated_once_and_then_a_person_gets_the_story(place: Place, world: World) -> None:
    ticket = asked(world, place)
    world.skip(minutes=28)
    world.run_for(minutes=1)
    assert 1 == len(by_worker(world.shown(ticket), "public"))
    world.run_for(minutes=2)
    shown = world.shown(ticket)
    _, reminder = by_worker(shown, "public")
    assert reminder.startswith("We're still waiting for your answer to our question above.")
    assert "on_hold" == shown["status_category"]
    world.skip(minutes=29)
    world.run_for(minutes=1)
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert 3 == len(by_worker(shown, "public"))
    story = by_worker(shown, "internal")[-1]
    assert "Asked on the ticket" in story
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
    requester = world.member().login
    ticket = world.ticket(place, about="nobody.known@example.com", requester=requester, expected=None)
    world.settle()
    world.skip(minutes=30)
    world.run_for(minutes=1)
    world.reply(ticket, requester, f"User: {world.member().login}")
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert 3 == len(by_worker(shown, "public"))


@on_both_desks
def test_a_german_desk_asks_in_german_and_reads_a_reply_in_the_questions_own_words(place: Place, a_world: Make) -> None:
    german = {"language": "de", "zone": "Europe/Berlin"}
    world = a_world(desks={"servicenow": german, "jira": german})
    user = world.stale_user()
    ticket = world.said(place, by=user, text="It does not work!!")
    world.settle()
    (question,) = by_worker(world.shown(ticket), "public")
    assert "Angabe: (zum Beispiel Abteilung)" in question
    assert "bis zum 2. März 2026, 11:00 Uhr (MEZ)" in question
    world.reply(ticket, user.login, f"Angabe: Abteilung\nRichtiger Wert: {NEW_VALUE}")
    world.settle()
    assert NEW_VALUE == world.profile(user)["department"]
    assert CaseState.RESOLVED == world.case(ticket).state
    assert by_worker(world.shown(ticket), "public")[-1].startswith("Ihr Okta-Profil wurde aktualisiert.")


@on_both_desks
def test_a_closed_question_says_how_it_can_be_answered(place: Place, world: World) -> None:
    ticket = asked(world, place)
    assert QuestionKind.CLOSED is world.case(ticket).question
    (question,) = by_worker(world.shown(ticket), "public")
    assert '"yes"' in question
    assert '"no"' in question


@on_both_desks
@pytest.mark.parametrize("words", ["It works now, or so they say.", "Seems better.", "Who closed the other?"])
def test_words_that_are_no_plain_yes_resolve_nothing(place: Place, words: str, world: World) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    world.reply(ticket, member.login, words)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert shown["resolution"] is None
    assert 2 == len(by_worker(shown, "public"))


@on_both_desks
@pytest.mark.parametrize(
    ("words", "end"), [("Yes, it is right now.", CaseState.RESOLVED), ("No.", CaseState.ESCALATED)], ids=["yes", "no"]
)
def test_a_plain_reply_to_the_closed_question_decides(place: Place, words: str, end: CaseState, world: World) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    world.reply(ticket, member.login, words)
    world.settle()
    assert end == world.case(ticket).state
    assert [] == world.force_syncs()
    _, last = by_worker(world.shown(ticket), "public")
    assert "has been updated" not in last
    assert "showed the expected at" not in by_worker(world.shown(ticket), "internal")[-1]


@on_both_desks
def test_the_value_that_both_hold_is_no_denial(place: Place, world: World) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    world.reply(ticket, member.login, f"Expected: {world.profile(member)['department']}")
    world.settle()
    (subject,) = world.case(ticket).subjects
    assert subject.verdict is not None
    assert VerdictKind.DENIED is not subject.verdict.kind


@on_both_desks
def test_a_question_that_both_hold_the_same_goes_to_the_directory_team_with_the_value(
    place: Place, world: World
) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    world.reply(ticket, member.login, f"Expected: {NEW_VALUE}")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert "Directory team: " in by_worker(world.shown(ticket), "internal")[-1]


def test_the_settings_say_when_to_remind(a_world: Make) -> None:
    world = a_world(policy={"remind_after": 600.0})
    ticket = asked(world, DESKS[0])
    world.skip(minutes=10)
    world.run_for(minutes=1)
    assert 2 == len(by_worker(world.shown(ticket), "public"))
