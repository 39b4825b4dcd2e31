"""In observe mode, advice is compared with what people did: the ticket's end, and both copies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.edges import OBSERVE
from tests.e2e.okta_users import CORP, NEW_VALUE, PLANT
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import INCIDENT, Filed, Place
from tests.e2e.world import World
from worker.cases.page import told_of
from worker.cases.records import case_line
from workflows.model import CaseState, FollowupState


@pytest.fixture
def observing(a_world: Make) -> World:
    """Make a world whose directories are in observe mode."""
    return a_world(policy=OBSERVE)


def told(world: World, ticket: Filed) -> dict[str, Any]:
    """Return the ticket's line of `case list --json`."""
    case = world.case(ticket)
    lines = (case_line(record, world.settings.policy) for record in world.parts.store.records())
    return next(item for item in lines if item["case"] == case.id)


def people_close(world: World, ticket: Filed) -> None:
    world.take(ticket)
    world.set_status(ticket, "Resolved")


def a_day_later(world: World, days: int = 1) -> None:
    for _ in range(days):
        world.skip(hours=24, minutes=1)
        world.run_for(seconds=5)


@on_both_desks
def test_advice_to_press_is_seen_to_be_right_once_people_have_pressed(place: Place, observing: World) -> None:
    ticket, member = observing.stale_ticket(place)
    observing.settle()
    assert ("force_sync", None) == (told(observing, ticket)["advice"], told(observing, ticket)["afterwards"])
    with observing.sandbox.frame.lock:
        observing.sandbox.okta.syncing.reapply(member.app_id, "by hand")
    observing.skip(minutes=5)
    people_close(observing, ticket)
    before = by_worker(observing.shown(ticket))
    a_day_later(observing)
    found = told(observing, ticket)["afterwards"]
    assert found["closed"]
    assert found["held_by"] in {"Service Desk", "a person"}, "the group, and never the agent"
    assert (True, True) == (found["profile_right"], found["copy_right"])
    assert before == by_worker(observing.shown(ticket))
    assert CaseState.ADVISED == observing.case(ticket).state
    page = dict(told_of(observing.parts.store.record(observing.case(ticket).id), observing.settings.policy))
    assert "run Force Sync" == page["advice"]
    assert f"assigned to {found['held_by']}; Okta profile as expected, directory's copy as expected" in page["later"]


def test_a_value_that_people_wrote_into_okta_tells_that_the_copy_stayed_old(observing: World) -> None:
    member = observing.member(PLANT)
    observing.change_directory(member, "department", NEW_VALUE, imported=False)
    ticket = observing.ticket(INCIDENT, about=member)
    observing.settle()
    observing.change_okta(member, "department", NEW_VALUE)
    people_close(observing, ticket)
    a_day_later(observing)
    shown = told(observing, ticket)
    assert ("hand_over", "directory_team") == (shown["advice"], shown["advice_for"])
    assert (True, False) == (shown["afterwards"]["profile_right"], shown["afterwards"]["copy_right"])


def test_a_ticket_that_people_close_with_nothing_done_tells_that_the_value_never_came(observing: World) -> None:
    ticket, _ = observing.stale_ticket(INCIDENT)
    observing.settle()
    people_close(observing, ticket)
    a_day_later(observing)
    found = told(observing, ticket)["afterwards"]
    assert (True, False, True) == (found["closed"], found["profile_right"], found["copy_right"])


def test_what_the_ticket_stated_is_looked_at_where_nothing_could_be_predicted(observing: World) -> None:
    member = observing.member(CORP)
    ticket = observing.ticket(INCIDENT, about=member, attribute="displayName", expected="Somebody Else")
    observing.settle()
    observing.change_okta(member, "displayName", "Somebody Else")
    people_close(observing, ticket)
    a_day_later(observing)
    shown = told(observing, ticket)
    assert ["not_predictable"] == [subject["verdict"] for subject in shown["subjects"]]
    assert (True, None) == (shown["afterwards"]["profile_right"], shown["afterwards"]["copy_right"])


def test_a_ticket_that_stays_open_is_looked_at_daily_for_two_weeks_and_then_told_as_it_stands(observing: World) -> None:
    ticket, _ = observing.stale_ticket(INCIDENT)
    observing.settle()
    a_day_later(observing, days=13)
    assert told(observing, ticket)["afterwards"] is None
    a_day_later(observing, days=2)
    found = told(observing, ticket)["afterwards"]
    assert (False, False, "Service Desk") == (found["closed"], found["profile_right"], found["held_by"])
    case = observing.case(ticket)
    followup = observing.parts.store.followup(f"{case.id}.{case.round}.afterwards")
    assert followup is not None
    assert FollowupState.MISSED == followup.state
