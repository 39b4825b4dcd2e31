"""The article's path to the end: a call without effect, then the console's own button, and only then a Support Case."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta

import pytest

from tests.e2e.conftest import Make
from tests.e2e.decisions import stuck
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.settings import ASSISTED
from tests.e2e.ticket_texts import by_worker, files
from tests.e2e.tickets import AGENT, SERVICE_DESK, SOFTWARE, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState as C
from workflows.model import RunState
from workflows.notes.reasons import sentence

pytestmark = pytest.mark.long

ASKS = "please press the button in the Admin Console"


def asked(world: World, ticket: Filed) -> list[str]:
    return [text for text in by_worker(world.shown(ticket)) if ASKS in text]


def opened(world: World, ticket: Filed) -> dict[str, str]:
    (name,) = files(world.shown(ticket))
    with zipfile.ZipFile(io.BytesIO(world.file(ticket, name))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@on_both_desks
def test_a_call_without_effect_is_followed_by_the_button_and_then_by_a_support_case(place: Place, world: World) -> None:
    ticket, member = stuck(world, place)
    (note,) = asked(world, ticket)
    assert f"{CORP} > Provisioning > To Okta > Okta Attribute Mappings > Force Sync" in note
    assert "Then write “pressed” here" in note
    assert [] == files(world.shown(ticket))
    world.press(member)
    world.reply(ticket, AGENT, "Pressed.\n\nRobin", visibility="internal")
    said = world.time.now().replace(microsecond=0)
    world.settle()
    case = world.case(ticket)
    assert C.ESCALATED == case.state
    called, by_hand = world.runs()
    assert (called.id, True, True) == (by_hand.successor_of, by_hand.assisted, by_hand.by_hand)
    assert by_hand.started_at is not None
    assert timedelta(0) <= by_hand.started_at - said < timedelta(minutes=3)
    members = opened(world, ticket)
    first, second = json.loads(members["attempts.json"])
    assert ("through the API", None) == (first["how"], first["press_written_at"])
    written = datetime.fromisoformat(second["press_written_at"])
    assert ("by a person in the Admin Console", said) == (second["how"], written.replace(microsecond=0))
    assert "pressed in the Admin Console by a person, who wrote so on our ticket at" in members["summary.html"]
    assert "Somebody wrote on the ticket that Force Sync was pressed." in " ".join(
        sentence(entry.what) for entry in case.story
    )
    last = next(text for text in by_worker(world.shown(ticket), "internal") if "had no effect on" in text)
    assert "so far only the API call" not in last
    store = world.parts.store
    kept = [repr(case), repr(world.runs()), repr(store.events("run", by_hand.id)), *members.values(), last]
    assert [] == [text for text in kept if "robin" in text.casefold()], "no agent is named"
    assert [] == world.violations()


def test_where_only_people_press_a_word_tells_of_a_press_without_effect(a_world: Make) -> None:
    world = a_world(okta=ASSISTED)
    ticket, member = world.stale_ticket()
    world.make_stuck(member)
    world.run_for(minutes=8)
    assert (
        "If it hasn't arrived a few minutes after you pressed, write “pressed” here"
        in by_worker(world.shown(ticket))[-1]
    )
    world.press(member)
    world.reply(ticket, AGENT, "pressed", visibility="internal")
    world.settle()
    case = world.case(ticket)
    assert (C.ESCALATED, True) == (case.state, case.said.support_case)
    assert "Force Sync had no effect on department" in by_worker(world.shown(ticket), "internal")[-1]


def test_where_nobody_tells_of_a_press_it_is_not_told_as_left_undone(a_world: Make) -> None:
    world = a_world(okta=ASSISTED)
    ticket, member = world.stale_ticket()
    world.make_stuck(member)
    world.run_for(minutes=8)
    world.press(member)
    world.settle()
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert "No effect was seen, and nobody wrote that Force Sync was pressed" in note
    assert "wasn't started" not in note


def test_a_press_that_helps_is_seen_without_a_word(world: World) -> None:
    ticket, member = stuck(world)
    with world.sandbox.frame.lock:
        world.sandbox.okta.stuck(member.user_id, stuck=False)
    world.press(member)
    world.settle()
    assert C.RESOLVED == world.case(ticket).state
    assert NEW_VALUE == world.profile(member)["department"]
    assert 2 == len(world.force_syncs())


def test_a_button_that_nobody_presses_is_the_first_step_of_the_hand_over(world: World) -> None:
    ticket, _ = stuck(world)
    world.settle()
    case = world.case(ticket)
    assert C.ESCALATED == case.state
    assert "nobody wrote that Force Sync was pressed" in " ".join(sentence(entry.what) for entry in case.story)
    note = next(text for text in by_worker(world.shown(ticket), "internal") if "had no effect on" in text)
    assert "press Force Sync once (Okta Admin Console >" in note
    assert "so far only the API call has been tried. If that has no effect either" in note
    (attempt,) = json.loads(opened(world, ticket)["attempts.json"])
    assert "through the API" == attempt["how"]


def test_tickets_of_one_call_ask_for_one_press_and_only_the_older_gets_the_support_case(world: World) -> None:
    one, member = world.stale_ticket()
    two = world.ticket(SERVICE_DESK, about=member)
    other, another = world.stale_ticket()
    for each in (member, another):
        world.make_stuck(each)
    world.run_for(minutes=14)
    tickets = (one, two, other)
    assert [1, 1, 1] == [len(asked(world, ticket)) for ticket in tickets]
    world.press(member)
    world.reply(other, AGENT, "gedrückt", visibility="internal")
    world.settle()
    assert 2 == len(world.runs())
    assert {C.ESCALATED} == {world.case(ticket).state for ticket in tickets}
    assert [True, False, True] == [world.case(ticket).said.support_case for ticket in tickets]


def test_a_run_that_waits_for_the_button_holds_nobody_back(world: World) -> None:
    stuck(world)
    filed = world.time.now()
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=10)
    assert C.RESOLVED == world.case(ticket).state
    (waiting,) = [run for run in world.runs() if run.state is RunState.REQUESTED]
    assert waiting.assisted
    helped = world.parts.store.run(world.case(ticket).run_id or "")
    assert helped is not None
    assert helped.started_at is not None
    assert helped.started_at - filed < timedelta(minutes=5)


@pytest.mark.parametrize("words", ["not pressed yet", "Should I have pressed it?", "I pressed it and nothing changed"])
def test_other_words_start_nothing(words: str, world: World) -> None:
    ticket, _ = stuck(world)
    world.reply(ticket, AGENT, words, visibility="internal")
    world.run_for(minutes=5)
    assert RunState.REQUESTED == world.runs()[-1].state


@on_both_desks
def test_a_public_word_does_not_count_whoever_writes_it(place: Place, world: World) -> None:
    ticket, member = stuck(world, place)
    for author in (member.login, world.member().login, AGENT):
        world.reply(ticket, author, "Done!")
    world.run_for(minutes=5)
    assert RunState.REQUESTED == world.runs()[-1].state


def test_in_a_software_project_the_requesters_word_does_not_count(world: World) -> None:
    ticket, member = stuck(world, SOFTWARE)
    world.reply(ticket, member.login, "done")
    world.run_for(minutes=5)
    assert RunState.REQUESTED == world.runs()[-1].state


def test_the_press_counts_in_the_daily_cap(a_world: Make) -> None:
    world = a_world(policy={"at_most_per_day": 1})
    ticket, _ = stuck(world)
    assert [] == asked(world, ticket)
    (_, waits) = world.runs()
    assert RunState.GATHERING == waits.state
    assert waits.because is not None
    assert "as many as policy.at_most_per_day allows" in sentence(waits.because)


def test_in_a_software_project_a_comment_of_anybody_but_the_requester_counts(world: World) -> None:
    ticket, member = stuck(world, SOFTWARE)
    world.reply(ticket, AGENT, "done")
    world.run_for(minutes=3)
    assert RunState.STARTED == world.runs()[-1].state
    world.press(member)


def test_a_worker_that_dies_on_the_way_asks_once_and_takes_the_word_once(world: World) -> None:
    ticket, member = stuck(world)
    world.restart_worker()
    world.press(member)
    world.reply(ticket, AGENT, "pressed", visibility="internal")
    world.restart_worker()
    world.run_for(minutes=2)
    world.restart_worker()
    world.settle()
    assert 1 == len(asked(world, ticket))
    assert C.ESCALATED == world.case(ticket).state
    told = " ".join(sentence(entry.what) for entry in world.case(ticket).story)
    assert 1 == told.count("Somebody wrote on the ticket that Force Sync was pressed.")
    assert 2 == len(world.runs())
