"""What a reply settles: the users and values that were asked about, as Okta holds them when the reply is read."""

from __future__ import annotations

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE, PLANT
from tests.e2e.stories import NAMES_NO_VALUE, to_be_confirmed
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import AGENT, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState, QuestionKind, VerdictKind
from workflows.notes.titles import TOLD

TAKEN_BACK = "Something Old"


def kinds(world: World, ticket: Filed) -> list[VerdictKind]:
    return [item.verdict.kind for item in world.case(ticket).subjects if item.verdict]


def confirmable(world: World, place: Place) -> tuple[Filed, Member]:
    """Have a user helped whose own words name no value, so that it is asked whether it is right now."""
    member = world.stale_user()
    ticket = world.said(place, by=member, text=NAMES_NO_VALUE)
    world.settle()
    assert QuestionKind.CONFIRM == world.case(ticket).question
    return ticket, member


@on_both_desks
def test_a_yes_about_one_user_leaves_the_others_to_be_served(place: Place, world: World) -> None:
    same, stale = world.member(), world.stale_user()
    ticket = world.ticket(place, about=f"{same.login}, {stale.login}", expected=None, requester=same.login)
    world.settle()
    assert (CaseState.ASKED, True) == (world.case(ticket).state, world.case(ticket).asked_inside)
    world.skip(minutes=2)
    world.reply(ticket, AGENT, "yes", visibility="internal")
    world.settle()
    assert [CORP] == world.force_syncs()
    assert NEW_VALUE == world.profile(stale)["department"]
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [True, True] == [item.right for item in world.case(ticket).subjects]


@on_both_desks
def test_a_no_about_one_user_leaves_the_verdicts_of_the_others(place: Place, world: World) -> None:
    same, stale = world.member(), world.stale_user()
    ticket = world.ticket(place, about=f"{same.login}, {stale.login}", expected=None, requester=same.login)
    world.settle()
    world.reply(ticket, AGENT, "no", visibility="internal")
    world.settle()
    assert {VerdictKind.DENIED, VerdictKind.STALE_IN_OKTA} == set(kinds(world, ticket))
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert f"Directory team: {TOLD[VerdictKind.DENIED].next_step}" in note


@on_both_desks
def test_a_yes_to_what_okta_lost_again_is_judged_again(place: Place, world: World) -> None:
    ticket, member = confirmable(world, place)
    world.skip(minutes=5)
    world.change_okta(member, "department", TAKEN_BACK)
    world.reply(ticket, member.login, "yes")
    world.settle()
    assert (NEW_VALUE, [CORP, CORP]) == (world.profile(member)["department"], world.force_syncs())
    assert (CaseState.ASKED, 2) == (world.case(ticket).state, world.case(ticket).questions)


@on_both_desks
def test_a_yes_to_what_a_person_has_changed_since_goes_to_a_person(place: Place, world: World) -> None:
    ticket, member = confirmable(world, place)
    world.skip(minutes=5)
    with world.sandbox.frame.lock:
        world.sandbox.okta.actors.update(member.user_id, {"department": TAKEN_BACK})
    world.reply(ticket, member.login, "yes")
    world.settle()
    assert (CaseState.ESCALATED, [VerdictKind.OVERWRITTEN]) == (world.case(ticket).state, kinds(world, ticket))
    assert [CORP] == world.force_syncs()


@on_both_desks
def test_silence_resolves_nothing_that_okta_lost_again(place: Place, world: World) -> None:
    ticket, member = confirmable(world, place)
    world.change_okta(member, "department", TAKEN_BACK)
    world.skip(minutes=31)
    world.run_for(minutes=1)
    world.skip(minutes=30)
    world.settle()
    assert (NEW_VALUE, [CORP, CORP]) == (world.profile(member)["department"], world.force_syncs())
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_a_yes_to_a_value_that_has_changed_since_the_question_is_judged_again(place: Place, world: World) -> None:
    member = world.member()
    asked_about = world.profile(member)["department"]
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    world.skip(minutes=5)
    world.change_okta(member, "department", TAKEN_BACK)
    world.reply(ticket, member.login, "yes")
    world.settle()
    assert (asked_about, [CORP]) == (world.profile(member)["department"], world.force_syncs())
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
@pytest.mark.parametrize("second", ["no, sorry, still wrong", "something else", "Hm, I see the old one in the app."])
def test_replies_that_say_different_things_go_to_a_person_who_reads_them(
    second: str, place: Place, world: World
) -> None:
    ticket = to_be_confirmed(world, place)
    who = world.shown(ticket)["requester"]
    world.skip(minutes=2)
    world.reply(ticket, who, "yes")
    world.skip(seconds=20)
    world.reply(ticket, who, second)
    world.settle()
    assert (CaseState.ESCALATED, [VerdictKind.UNCONFIRMED]) == (world.case(ticket).state, kinds(world, ticket))
    assert f"yes {second}" in by_worker(world.shown(ticket), "internal")[-1]


@on_both_desks
def test_a_yes_said_twice_is_a_yes(place: Place, world: World) -> None:
    ticket = to_be_confirmed(world, place)
    who = world.shown(ticket)["requester"]
    for text in ("yes", NEW_VALUE):
        world.skip(seconds=20)
        world.reply(ticket, who, text)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_a_question_to_agents_is_not_answered_by_who_filed_the_ticket(place: Place, world: World) -> None:
    boss = world.member()
    ticket = world.ticket(place, about=world.member(), expected=None, requester=boss.login)
    world.settle()
    case = world.case(ticket)
    assert (CaseState.ASKED, QuestionKind.CLOSED, True) == (case.state, case.question, case.asked_inside)
    world.skip(minutes=2)
    world.reply(ticket, boss.login, "Yes, thanks!")
    world.settle()
    assert CaseState.ASKED == world.case(ticket).state
    world.reply(ticket, AGENT, "yes", visibility="internal")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_a_value_confirms_only_the_attribute_that_it_is_given_for(place: Place, world: World) -> None:
    ticket = to_be_confirmed(world, place)
    world.skip(minutes=2)
    world.reply(ticket, world.shown(ticket)["requester"], f"Title: {NEW_VALUE}")
    world.settle()
    assert (CaseState.ESCALATED, [VerdictKind.DENIED]) == (world.case(ticket).state, kinds(world, ticket))


@on_both_desks
def test_a_value_confirms_only_the_user_that_it_is_given_for(place: Place, world: World) -> None:
    one, other = world.stale_user(), world.stale_user(PLANT)
    world.change_directory(other, "department", "Polar Research")
    text = f"User: {one.login}\nUser: {other.login}\nThe department of both has not been updated in Okta."
    ticket = world.said(place, by=one, text=text)
    world.settle()
    assert 2 == len(world.case(ticket).asked_about)
    world.reply(ticket, AGENT, NEW_VALUE, visibility="internal")
    world.settle()
    assert (CaseState.ESCALATED, [VerdictKind.DENIED] * 2) == (world.case(ticket).state, kinds(world, ticket))


@on_both_desks
def test_somebody_unknown_in_a_reply_does_not_count_as_the_requester_who_was_helped(
    place: Place, a_world: Make
) -> None:
    world = a_world(policy={"refresh": {CORP: "signin"}})
    member = world.stale_user()
    ticket = world.said(place, by=member, text=NAMES_NO_VALUE)
    world.run_for(minutes=2)
    assert CaseState.ASKED == world.case(ticket).state
    world.change_okta(member, "department", NEW_VALUE)
    world.reply(ticket, member.login, "The person is nobody.at.all@example.com.")
    world.skip(minutes=2)  # by now a look at the profile is due too, and finds the value
    world.settle()
    assert CaseState.RESOLVED != world.case(ticket).state
    assert [False] == [item.right for item in world.case(ticket).subjects]
