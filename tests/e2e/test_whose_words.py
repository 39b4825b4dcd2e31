"""Whose words count: the requester's, and on the internal side a proven agent's; each for what they were asked."""

from __future__ import annotations

import unicodedata

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import AGENT, SERVICE_DESK, SOFTWARE, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState, QuestionKind
from workflows.model import ReasonKind as R

WRONG = "My title is wrong in Okta"  # both copies agree, so it is asked whether it is right


def because(world: World, ticket: Filed) -> R | None:
    reason = world.case(ticket).because
    return reason.kind if reason else None


@pytest.mark.parametrize("place", [SERVICE_DESK, SOFTWARE], ids=["service desk", "software project"])
def test_an_internal_comment_of_somebody_who_is_no_agent_answers_nothing(place: Place, world: World) -> None:
    ticket = world.said(place, by=world.member(), text=WRONG)
    world.settle()
    assert QuestionKind.CLOSED == world.case(ticket).question
    world.reply(ticket, world.newcomer("Mallory").login, "yes", visibility="internal")
    world.settle()
    assert CaseState.ASKED == world.case(ticket).state


@pytest.mark.parametrize("place", [SERVICE_DESK, SOFTWARE], ids=["service desk", "software project"])
def test_an_internal_comment_of_somebody_who_is_no_agent_states_nothing(place: Place, world: World) -> None:
    member = world.member()
    ticket = world.said(place, by=member, text="Hello, please help.")
    held = world.profile(member)["department"]
    text = f"Attribute: department\nExpected: {held}"
    world.reply(ticket, world.newcomer("Mallory").login, text, visibility="internal")
    world.settle()
    assert (CaseState.ASKED, QuestionKind.OPEN) == (world.case(ticket).state, world.case(ticket).question)
    assert not any(held in text for text in by_worker(world.shown(ticket)))


@on_both_desks
@pytest.mark.parametrize("by_agent", [True, False], ids=["an agent", "somebody else"])
def test_a_public_word_against_the_sync_stops_it_whoever_says_it(by_agent: bool, place: Place, world: World) -> None:
    member = world.stale_user()
    ticket = world.said(place, by=member, text=f"Attribute: department\nExpected: {NEW_VALUE}")
    world.reply(ticket, AGENT if by_agent else world.member().login, "Do not sync, Okta is right.")
    world.settle()
    assert (CaseState.ESCALATED, []) == (world.case(ticket).state, world.force_syncs())
    assert any("Do not sync, Okta is right." in note for note in by_worker(world.shown(ticket), "internal"))


@on_both_desks
@pytest.mark.parametrize(
    "words",
    [
        "{color:#de350b}Do not sync this{color}.",
        "{*}Do not sync this{*}.",
        "\U0001f6ab Do not sync this.",
        "2) Do not sync this.",
        "As agreed with the head of the team, the value that Okta holds must not\nbe overwritten before the audit.",
        "Do not sy\xadnc this.",
        unicodedata.normalize("NFD", "Bitte nicht überschreiben, Okta stimmt."),
        f"{'What I was told about it is long. ' * 80}Do not sync this.",
    ],
    ids=["colour", "bold", "a sign", "a number", "wrapped", "soft hyphen", "accents apart", "a long line"],
)
def test_a_word_against_the_sync_stops_it_however_it_is_written(words: str, place: Place, world: World) -> None:
    member = world.stale_user()
    ticket = world.said(place, by=member, text=f"Attribute: department\nExpected: {NEW_VALUE}\n\n{words}")
    world.settle()
    assert (CaseState.ESCALATED, []) == (world.case(ticket).state, world.force_syncs())


@on_both_desks
def test_a_word_beside_the_answer_to_a_question_is_a_persons_to_read(place: Place, world: World) -> None:
    member = world.stale_user()
    ticket = world.said(place, by=member, text="Hello, please help.")
    world.settle()
    assert QuestionKind.OPEN == world.case(ticket).question
    world.reply(ticket, member.login, f"Attribute: department\nExpected: {NEW_VALUE}")
    world.reply(ticket, member.login, "But my contract has to be signed first.")
    world.settle()
    assert (CaseState.ESCALATED, []) == (world.case(ticket).state, world.force_syncs())


@on_both_desks
def test_an_agents_yes_does_not_confirm_what_the_requester_was_asked(place: Place, world: World) -> None:
    member = world.member()
    ticket = world.said(place, by=member, text=WRONG)
    world.settle()
    world.reply(ticket, AGENT, "yes", visibility="internal")
    world.settle()
    assert CaseState.ASKED == world.case(ticket).state
    world.reply(ticket, member.login, "yes")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert because(world, ticket) is R.CONFIRMED


@on_both_desks
def test_an_agents_internal_word_completes_what_the_requester_was_asked_openly(place: Place, world: World) -> None:
    member = world.stale_user()
    ticket = world.said(place, by=member, text="Hello, please help.")
    world.settle()
    assert QuestionKind.OPEN == world.case(ticket).question
    world.reply(ticket, AGENT, f"Attribute: department\nExpected: {NEW_VALUE}", visibility="internal")
    world.settle()
    assert NEW_VALUE == world.profile(member)["department"]
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_what_is_asked_about_somebody_else_an_agent_confirms_inside(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": ["Everyone"]})
    ticket = world.ticket(place, about=world.member(), expected=None, requester=world.member().login)
    world.settle()
    assert world.case(ticket).asked_inside
    assert [] == by_worker(world.shown(ticket), "public")
    world.reply(ticket, AGENT, "yes", visibility="internal")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert because(world, ticket) is R.CONFIRMED


def test_a_software_project_has_no_agents_who_could_be_asked_about_somebody_else(a_world: Make) -> None:
    world = a_world(policy={"on_behalf": ["Everyone"]})
    ticket = world.ticket(SOFTWARE, about=world.member(), expected=None, requester=world.member().login)
    world.settle()
    assert (CaseState.ESCALATED, 0) == (world.case(ticket).state, world.case(ticket).questions)


@on_both_desks
@pytest.mark.parametrize(("second", "end"), [("Partially", CaseState.ESCALATED), ("", CaseState.RESOLVED)])
def test_only_the_requesters_own_name_signs_a_yes(second: str, end: CaseState, place: Place, world: World) -> None:
    member = world.stale_user()
    ticket = world.said(place, by=member, text="My department is not right in Okta.")
    world.settle()
    assert QuestionKind.CONFIRM == world.case(ticket).question
    world.reply(ticket, member.login, f"Yes\n{second or member.person.name}")
    world.settle()
    assert end == world.case(ticket).state
