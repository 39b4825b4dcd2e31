"""What is written on a ticket while it waits for a Force Sync or its effect counts as if it had been there before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, decide
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import AGENT, INCIDENT, Place
from tests.e2e.world import World
from tests.sampled import sampled
from workflows.model import CaseState, RideState, RunState, VerdictKind

OBJECTION = "Please do not sync. Okta is right, the directory is wrong."
CORRECTION = "Sorry, a typo of mine.\nAttribute: department\nExpected: Marketing"
DOUBT = "Stop, that is wrong. My department should be Marketing, not Treasury Operations."


@on_both_desks
@pytest.mark.parametrize(
    ("words", "verdict"),
    [(OBJECTION, VerdictKind.OBJECTED), (CORRECTION, VerdictKind.STALE_IN_DIRECTORY_COPY)],
    ids=["objection", "correction"],
)
def test_what_is_written_before_the_start_decides_whether_it_is_pressed(
    words: str, verdict: VerdictKind, place: Place, world: World
) -> None:
    ticket, member = world.stale_ticket(place)
    before = world.profile(member)["department"]
    world.run_for(seconds=10)
    assert CaseState.JOINED == world.case(ticket).state
    world.reply(ticket, member.login, words)
    world.settle()
    case = world.case(ticket)
    assert [] == world.force_syncs()
    assert before == world.profile(member)["department"]
    assert CaseState.ESCALATED == case.state
    assert [verdict] == [item.verdict and item.verdict.kind for item in case.subjects]


def test_an_agents_objection_on_the_internal_side_counts_too(world: World) -> None:
    ticket, _ = world.stale_ticket()
    world.run_for(seconds=10)
    world.reply(ticket, AGENT, OBJECTION, visibility="internal")
    world.settle()
    assert [] == world.force_syncs()
    assert CaseState.ESCALATED == world.case(ticket).state


@on_both_desks
def test_an_objection_that_no_search_has_shown_yet_is_seen_right_before_the_start(place: Place, a_world: Make) -> None:
    world = a_world(policy={**APPROVE, "poll_every": 1200.0})
    ticket, member = world.stale_ticket(place)
    world.run_for(minutes=45)
    assert [RunState.PROPOSED] == [run.state for run in world.runs()]
    world.reply(ticket, member.login, OBJECTION)
    decide(world, approved=True)
    world.run_for(minutes=1)
    assert [] == world.force_syncs()
    assert [RunState.CANCELLED] == [run.state for run in world.runs()]
    assert CaseState.ESCALATED == world.case(ticket).state


def test_an_objection_ends_the_wait_for_an_approval(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket, member = world.stale_ticket()
    world.run_for(minutes=8)
    world.reply(ticket, member.login, OBJECTION)
    world.run_for(minutes=2)
    assert CaseState.ESCALATED == world.case(ticket).state
    world.settle()
    assert [] == world.force_syncs()


@on_both_desks
def test_a_ticket_that_was_called_wrong_meanwhile_is_not_resolved_unasked(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.run_for(seconds=70)
    assert CaseState.SYNCED == world.case(ticket).state
    world.reply(ticket, member.login, DOUBT)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert CaseState.ASKED == world.case(ticket).state
    world.reply(ticket, member.login, "No")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert "done" != world.shown(ticket)["status_category"]


@on_both_desks
@pytest.mark.parametrize(
    "words",
    sampled(
        [
            DOUBT,
            "Stop! This was filed by mistake. Please cancel this request.",
            "Force sync must not be run. HR entered the wrong value.",
            "Bitte warten, das war ein Irrtum.",
            "Thanks, but I have to check with HR first.",
            f"Hold on!\nAttribute: department\nExpected: {NEW_VALUE}",
        ],
        every=3,
    ),
)
def test_nothing_is_pressed_over_words_that_may_object(words: str, place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    before = world.profile(member)["department"]
    world.run_for(seconds=10)
    assert CaseState.JOINED == world.case(ticket).state
    world.reply(ticket, member.login, words)
    world.settle()
    assert [] == world.force_syncs()
    assert before == world.profile(member)["department"]
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [VerdictKind.OBJECTED] == [item.verdict and item.verdict.kind for item in world.case(ticket).subjects]
    assert "Service desk" in by_worker(world.shown(ticket), "internal")[-1]


@on_both_desks
def test_nothing_is_pressed_over_an_agents_words_that_may_object(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.run_for(seconds=10)
    world.reply(ticket, AGENT, "Please wait, no force sync! I am talking to HR about it.", visibility="internal")
    world.settle()
    assert [] == world.force_syncs()
    assert CaseState.ESCALATED == world.case(ticket).state


@on_both_desks
def test_whoever_waits_for_an_approval_is_heard_too(place: Place, a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket, member = world.stale_ticket(place)
    world.run_for(minutes=8)
    world.reply(ticket, member.login, "Hold on, please.")
    world.run_for(minutes=2)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()


@on_both_desks
def test_whoever_waits_for_the_day_of_the_change_is_heard_too(place: Place, world: World) -> None:
    member, day = world.stale_user(), world.time.now() + timedelta(days=2)
    form = f"Attribute: department\nExpected: {NEW_VALUE}\nEffective date: {day:%Y-%m-%d}"
    ticket = world.said(place, by=member, text=form)
    world.run_for(minutes=2)
    assert CaseState.CLAIMED == world.case(ticket).state
    world.reply(ticket, member.login, "Hold on, please.")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()


def test_whoever_waits_for_a_visit_to_the_users_page_is_heard_too(a_world: Make) -> None:
    world = a_world(policy={"refresh": {CORP: "profile_page"}})
    ticket, member = world.stale_ticket()
    world.run_for(minutes=3)
    assert CaseState.ASKED == world.case(ticket).state
    world.reply(ticket, member.login, "Hold on, please.")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()


def test_a_correction_just_before_the_effect_is_seen_is_read_before_the_ticket_is_resolved(a_world: Make) -> None:
    world = a_world(policy={"poll_every": 1200.0})
    ticket, member = world.stale_ticket()
    while world.case(ticket).state is not CaseState.SYNCED if world.has_case(ticket) else True:
        world.run_for(seconds=30)
    world.reply(ticket, member.login, CORRECTION)
    world.run_for(minutes=4)
    assert NEW_VALUE == world.profile(member)["department"]
    assert CaseState.ESCALATED == world.case(ticket).state


@on_both_desks
def test_a_correction_after_the_start_is_handed_over_with_what_was_started(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.make_stuck(member)
    world.run_for(seconds=70)
    world.reply(ticket, member.login, CORRECTION)
    world.settle()
    case = world.case(ticket)
    assert [CORP] == world.force_syncs()
    assert [VerdictKind.STALE_IN_DIRECTORY_COPY] == [item.verdict and item.verdict.kind for item in case.subjects]
    assert "forcesync ran Force Sync for corp.example.com at" in by_worker(world.shown(ticket), "internal")[-1]
    (ride,) = world.parts.store.rides(world.runs()[0].id)
    assert RideState.DROPPED == ride.state


@on_both_desks
@pytest.mark.parametrize(
    "words", sampled(["Any news?", "Thank you!", "Hi, gibt es Neuigkeiten? Es ist dringend.", f"Expected: {NEW_VALUE}"])
)
def test_a_word_that_asks_for_nothing_else_changes_nothing(words: str, place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.run_for(seconds=10)
    world.reply(ticket, member.login, words)
    world.settle()
    case = world.case(ticket)
    assert ([CORP], 1) == (world.force_syncs(), len(world.runs()))
    assert (CaseState.RESOLVED, 0) == (case.state, case.questions)


def test_a_reply_that_asks_for_more_is_judged_though_what_was_asked_first_came_right(a_world: Make) -> None:
    world = a_world(policy={"refresh": {CORP: "signin"}, "sign_in_for": 900.0})
    ticket, member = world.stale_ticket(INCIDENT)
    world.run_for(minutes=3)
    world.change_okta(member, "department", NEW_VALUE)
    world.change_directory(member, "title", "Chief Astronomer")
    world.reply(ticket, member.login, "Please do not close this: my title should be Chief Astronomer.")
    world.settle()
    assert "Chief Astronomer" == world.profile(member)["title"]
    assert [CORP] == world.force_syncs()
