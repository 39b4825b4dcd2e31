"""Where the words do not say which value is wanted, the requester says whether what came right is what was meant."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE, PLANT
from tests.e2e.stories import NAMES_NO_VALUE, confirmed_by, never_confirmed, to_be_confirmed
from tests.e2e.ticket_texts import by_worker, files, headings
from tests.e2e.tickets import AGENT, DESKS, INCIDENT, Filed, Place
from tests.e2e.world import World
from tests.sampled import sampled
from workflows.model import CaseState, FollowupState, RideState, RunState, VerdictKind
from workflows.notes.titles import TOLD

ASKS = "Is it correct now?"
WORDS = "It is better than last week, but who is my new cost centre lead?"
YES = ("yes", "Yes, thanks!", "Ja", "Oui.", "sí")
NO = ("no", "No.", "Nein", "non", "Polar Research")  # the last one is another value


def for_somebody_else(world: World, place: Place) -> Filed:
    text = f"User: {world.stale_user().login}\n{NAMES_NO_VALUE}"
    ticket = world.said(place, by=world.member(), text=text)
    world.settle()
    return ticket


def state_and_kinds(world: World, ticket: Filed) -> tuple[CaseState, list[VerdictKind]]:
    case = world.case(ticket)
    return case.state, [item.verdict.kind for item in case.subjects if item.verdict]


@on_both_desks
def test_what_came_right_is_asked_about_once_and_without_a_value(place: Place, world: World) -> None:
    ticket = to_be_confirmed(world, place)
    shown = world.shown(ticket)
    (question,) = by_worker(shown, "public")
    assert ASKS in question
    assert "department" in question
    assert NEW_VALUE not in question
    assert ("on_hold", None) == (shown["status_category"], shown["resolution"])
    assert [CORP] == world.force_syncs()


@on_both_desks
def test_the_run_is_over_while_the_reply_is_waited_for(place: Place, world: World) -> None:
    ticket = to_be_confirmed(world, place)
    (run,) = world.runs()
    assert RunState.ENDED == run.state
    assert [RideState.SEEN] == [ride.state for ride in world.parts.store.rides(run.id)]
    assert CaseState.ASKED == world.case(ticket).state


@on_both_desks
def test_a_value_that_the_words_name_beside_its_attribute_is_not_asked_about(place: Place, world: World) -> None:
    ticket = world.said(place, by=world.stale_user(), text=f"My department is {NEW_VALUE} now.")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert not any(ASKS in text for text in by_worker(world.shown(ticket), "public"))


@on_both_desks
@pytest.mark.parametrize("reply", sampled(YES, every=4))
def test_a_yes_resolves_the_ticket(reply: str, place: Place, world: World) -> None:
    ticket = confirmed_by(reply)(world, place)
    shown = world.shown(ticket)
    assert (CaseState.RESOLVED, [VerdictKind.STALE_IN_OKTA]) == state_and_kinds(world, ticket)
    assert "done" == shown["status_category"]
    assert not world.case(ticket).unconfirmed
    assert 2 == len(by_worker(shown, "public"))
    assert [CORP] == world.force_syncs()


@on_both_desks
@pytest.mark.parametrize("reply", sampled(NO, every=4))
def test_a_no_or_another_value_goes_to_the_directory_team(reply: str, place: Place, world: World) -> None:
    ticket = confirmed_by(reply)(world, place)
    shown = world.shown(ticket)
    assert (CaseState.ESCALATED, [VerdictKind.DENIED]) == state_and_kinds(world, ticket)
    assert "in_progress" == shown["status_category"]
    note = by_worker(shown, "internal")[-1]
    assert f"Directory team: {TOLD[VerdictKind.DENIED].next_step}" in note
    assert "no effect" not in note
    assert [CORP] == world.force_syncs(), "nothing is pressed a second time"


@on_both_desks
def test_a_reply_that_it_is_about_something_else_goes_to_the_service_desk(place: Place, world: World) -> None:
    ticket = confirmed_by("something else")(world, place)
    assert (CaseState.ESCALATED, [VerdictKind.SOMETHING_ELSE]) == state_and_kinds(world, ticket)
    assert "Service desk: " in by_worker(world.shown(ticket), "internal")[-1]


@on_both_desks
def test_other_words_go_to_a_person_quoted_and_prove_nothing_about_the_sync(place: Place, world: World) -> None:
    ticket = confirmed_by(WORDS)(world, place)
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    note = by_worker(shown, "internal")[-1]
    assert WORDS in note
    assert "no effect" not in note
    assert not any(name.endswith(".zip") for name in files(shown)), "no Support Case: the value was seen"
    assert not any(WORDS in text for text in by_worker(shown, "public"))
    assert "been able to update" not in by_worker(shown, "public")[-1]


@on_both_desks
def test_without_a_reply_what_was_named_is_resolved_as_unconfirmed(place: Place, world: World) -> None:
    ticket = never_confirmed(world, place)
    shown, case = world.shown(ticket), world.case(ticket)
    assert (CaseState.RESOLVED, True) == (case.state, case.unconfirmed)
    assert "done" == shown["status_category"]
    note = by_worker(shown, "internal")[-1]
    assert "The right value is in Okta" in note
    assert "Nobody confirmed that this is what was meant." in note
    question, reminder, _ = by_worker(shown, "public")
    told = f"we'll treat your request {shown['key']} as resolved"
    assert [True, True] == [told in text for text in (question, reminder)], "what silence does"


@on_both_desks
def test_what_nobody_confirmed_is_closed_under_a_name_of_its_own(place: Place, a_world: Make) -> None:
    projects = {"SUP": {"service_desk_id": "1", "unconfirmed_resolution": "Cannot Reproduce"}}
    tables = {"incident": {"unconfirmed_close_code": "Workaround provided"}}
    world = a_world(desks={"servicenow": {"tables": tables}, "jira": {"projects": projects}})
    unconfirmed = world.shown(never_confirmed(world, place))["resolution"]
    confirmed = world.shown(confirmed_by("yes")(world, place))["resolution"]
    assert {"servicenow": ("Workaround provided", "Solution provided"), "jira": ("Cannot Reproduce", "Done")}[
        place[0]
    ] == (unconfirmed, confirmed)


@on_both_desks
def test_without_a_reply_nothing_named_is_no_resolution(place: Place, a_world: Make) -> None:
    world = a_world(policy={"unspecific": "sync"})
    ticket = world.said(place, by=world.stale_user(), text="It does not work!!")
    world.settle()
    assert ASKS in by_worker(world.shown(ticket), "public")[-1]
    world.skip(minutes=30)
    world.run_for(minutes=1)
    question, reminder = by_worker(world.shown(ticket), "public")
    assert "our support team will get back to you" in question
    assert "our support team will take over" in reminder
    world.skip(minutes=31)
    world.settle()
    assert (CaseState.ESCALATED, [VerdictKind.UNCONFIRMED]) == state_and_kinds(world, ticket)
    assert not any("as resolved" in text for text in by_worker(world.shown(ticket), "public"))
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert TOLD[VerdictKind.UNCONFIRMED].title in note
    assert "no effect" not in note


def names_nothing(world: World, place: Place) -> Filed:
    return world.said(place, by=world.stale_user(), text="It does not work!!")


@on_both_desks
def test_a_ticket_that_only_comes_along_causes_no_run(place: Place, a_world: Make) -> None:
    world = a_world(policy={"unspecific": "ride"})
    ticket = names_nothing(world, place)
    world.settle()
    assert (CaseState.ASKED, [VerdictKind.UNSPECIFIC]) == state_and_kinds(world, ticket)
    assert [] == world.force_syncs()


@on_both_desks
@pytest.mark.parametrize("unspecific", ["ride", "sync"])
def test_what_a_person_changed_in_okta_is_not_served_unnamed(unspecific: str, place: Place, a_world: Make) -> None:
    world = a_world(policy={"unspecific": unspecific, "gather_for": 180.0})
    world.stale_ticket(place)
    world.work()
    member = world.stale_user()
    world.skip(seconds=2)
    with world.sandbox.frame.lock:
        world.sandbox.okta.actors.update(member.user_id, {"department": "Set By Hand"})
    ticket = world.said(place, by=member, text="It does not work!!")
    world.run_for(seconds=60)
    assert (CaseState.ASKED, [VerdictKind.UNSPECIFIC]) == state_and_kinds(world, ticket)


@on_both_desks
def test_a_ticket_that_names_nothing_rides_along_on_a_run_that_another_justifies(place: Place, a_world: Make) -> None:
    world = a_world(policy={"unspecific": "ride"})
    named, _ = world.stale_ticket(place)
    world.work()
    ticket = names_nothing(world, place)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert CaseState.RESOLVED == world.case(named).state
    assert ASKS in by_worker(world.shown(ticket), "public")[-1]


@on_both_desks
def test_without_the_ticket_that_justified_it_a_run_does_not_start(place: Place, a_world: Make) -> None:
    world = a_world(policy={"unspecific": "ride", "gather_for": 180.0})
    named, _ = world.stale_ticket(place)
    world.work()
    ticket = names_nothing(world, place)
    world.run_for(seconds=90)
    assert CaseState.JOINED == world.case(ticket).state
    world.untag(named)
    world.settle()
    assert [] == world.force_syncs()
    assert (CaseState.ASKED, [VerdictKind.UNSPECIFIC]) == state_and_kinds(world, ticket)


@on_both_desks
def test_somebody_elses_profile_is_asked_about_inside_only(place: Place, world: World) -> None:
    ticket = for_somebody_else(world, place)
    shown = world.shown(ticket)
    assert CaseState.ASKED == world.case(ticket).state
    assert [] == by_worker(shown, "public")
    assert "Please confirm: is the department in this profile correct now?" in headings(shown, "internal")
    assert "no answer counts as yes" in by_worker(shown, "internal")[-1]


@on_both_desks
def test_an_agents_no_on_the_inside_goes_to_the_directory_team(place: Place, world: World) -> None:
    ticket = for_somebody_else(world, place)
    world.reply(ticket, AGENT, "no", visibility="internal")
    world.settle()
    assert (CaseState.ESCALATED, [VerdictKind.DENIED]) == state_and_kinds(world, ticket)


@on_both_desks
def test_a_requesters_own_no_after_the_confirmation_reaches_a_person(place: Place, world: World) -> None:
    ticket = confirmed_by("yes")(world, place)
    world.skip(minutes=5)
    world.reopen(ticket)
    world.settle()
    assert (2, CaseState.ESCALATED) == (world.case(ticket).round, world.case(ticket).state)
    assert [CORP] == world.force_syncs()


@on_both_desks
def test_a_person_who_takes_the_ticket_keeps_it_while_it_is_asked_about(place: Place, world: World) -> None:
    ticket = to_be_confirmed(world, place)
    world.take(ticket)
    world.skip(minutes=61)
    world.settle()
    assert CaseState.WITHDRAWN == world.case(ticket).state
    assert AGENT == world.shown(ticket)["assignee"]


def test_advice_says_what_would_be_asked_and_asks_nothing(a_world: Make) -> None:
    world = a_world(policy={"default_autonomy": "observe"})
    ticket = to_be_confirmed(world, INCIDENT)
    shown = world.shown(ticket)
    assert CaseState.ADVISED == world.case(ticket).state
    assert [] == world.force_syncs()
    assert [] == by_worker(shown, "public")


@on_both_desks
def test_a_value_that_is_lost_a_day_after_it_was_confirmed_is_told_inside(place: Place, world: World) -> None:
    ticket = confirmed_by("yes")(world, place)
    (subject,) = world.case(ticket).subjects
    assert subject.verdict is not None
    world.sandbox.okta.set_user(str(subject.verdict.user_id), profile={"department": "Something Else"})
    world.skip(days=1, minutes=10)
    world.run_for(minutes=1)
    assert FollowupState.CHANGED == world.recheck(ticket).state


@pytest.mark.parametrize("place", DESKS, ids=[desk for desk, _ in DESKS])
def test_a_confirmation_of_two_peoples_run_comes_when_both_are_settled(place: Place, world: World) -> None:
    one, other = world.stale_user(), world.stale_user(PLANT)
    text = f"User: {one.login}\nUser: {other.login}\nThe department of both has not been updated in Okta."
    ticket = world.said(place, by=one, text=text)
    world.settle()
    assert sorted(world.force_syncs()) == [CORP, PLANT]
    assert CaseState.ASKED == world.case(ticket).state
    assert 1 == world.case(ticket).questions, "one confirmation a case"
    assert [True, True] == [subject.right for subject in world.case(ticket).subjects]


def test_the_words_of_these_stories_state_no_value() -> None:
    assert NEW_VALUE not in NAMES_NO_VALUE


@on_both_desks
@pytest.mark.parametrize(
    "words", sampled(["Attribute: city\nExpected: Quality {}", "| Attribute | Expected |\n| city | Quality {} |"])
)
@pytest.mark.parametrize("behind", sampled(["and not this", "but only until May"]))
def test_silence_is_no_yes_where_the_ticket_states_some_other_value(
    words: str, behind: str, place: Place, world: World
) -> None:
    member = world.member()
    world.change_directory(member, "city", "Quality")
    ticket = world.said(place, by=member, text=words.format(behind))
    world.settle()
    world.run_for(seconds=2 * world.parts.ports.policy.ask_for)
    assert (CaseState.ESCALATED, False) == (world.case(ticket).state, world.shown(ticket)["status_category"] == "done")
