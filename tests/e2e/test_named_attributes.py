"""Attributes named in the settings: one that no schema has is reported at the start, not silently ignored."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.okta.world import SchemaAttribute
from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import INCIDENT, Place
from tests.e2e.ties import child
from tests.e2e.world import World
from workflows.model import CaseState

pytestmark = pytest.mark.long

MISSPELT: list[tuple[dict[str, Any], str, str]] = [
    (
        {"synonyms": {"Kostenstelle": "costCentre"}},
        "policy.synonyms.'Kostenstelle': found 'costCentre'; the org has no attribute of this name; near ones: 'costC",
        "costCentre",
    ),
    (
        {"approve_attributes": ["login", "emial"]},
        "policy.approve_attributes: found 'emial'; the org has no attribute of this name; near ones: 'email'",
        "emial",
    ),
    (
        {"never_attributes": ["employeeNumber", "objectSID"]},
        "policy.never_attributes: found 'objectSID'; the org has no attribute of this name; near ones: 'objectSid'",
        "objectSID",
    ),
]


@pytest.mark.parametrize(("policy", "words", "name"), MISSPELT, ids=lambda value: str(value)[:24])
def test_a_misspelt_attribute_stops_the_work_until_a_schema_has_it(
    policy: dict[str, Any], words: str, name: str, a_world: Make
) -> None:
    world = a_world(checked=True, policy=policy)
    assert any(words in text for text in told(world, "alert"))
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=4)
    assert (CaseState.RECEIVED, ()) == (world.case(ticket).state, world.case(ticket).subjects)
    assert [] == by_worker(world.shown(ticket)), "no ticket is touched before the settings can be used"
    with world.sandbox.frame.lock:
        for kind in world.sandbox.okta.user_types.values():
            kind.schema[name] = SchemaAttribute(name, custom=True)
    world.run_for(minutes=6)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_a_tied_ticket_shows_no_value_that_a_misspelt_name_would_not_withhold(place: Place, a_world: Make) -> None:
    world = a_world(checked=True, policy={"never_attributes": ["departement"]})
    ticket, _ = world.stale_ticket(place)
    child(world, ticket)
    world.run_for(minutes=4)
    assert CaseState.RECEIVED == world.case(ticket).state
    assert [] == by_worker(world.shown(ticket))


def test_an_attribute_of_a_directorys_copy_may_be_withheld(a_world: Make) -> None:
    world = a_world(checked=True, policy={"never_attributes": ["objectSid", "samAccountName", "localityName", "login"]})
    ticket, _ = world.stale_ticket()
    world.settle()
    assert [] == told(world, "alert")
    assert CaseState.RESOLVED == world.case(ticket).state


def test_a_directorys_schema_that_may_not_be_read_leaves_nothing_withheld_by_chance(a_world: Make) -> None:
    world = a_world(checked=True, policy={"never_attributes": ["objectSid"], "poll_every": 600.0})
    world.fault("okta", "status", path=r"/meta/schemas/apps/", status=403, times=50, body={"errorCode": "E0000006"})
    world.restart_worker()
    assert any("needed to check policy.never_attributes" in text for text in told(world, "alert"))
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=15)
    assert [] == by_worker(world.shown(ticket))
    world.clear_faults()
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


def test_a_misspelt_open_attribute_is_warned_of_and_its_value_stays_masked(a_world: Make) -> None:
    world = a_world(checked=True, policy={"open_attributes": ["departement"]})
    (text,) = told(world, "settings")
    assert text.startswith("policy.open_attributes: found 'departement'; the org has no attribute of this name; near")
    assert text.endswith("; values stay masked")
    ticket, _ = world.stale_ticket(INCIDENT)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert not any(NEW_VALUE in note for note in by_worker(world.shown(ticket)))


def test_a_refused_force_sync_token_is_told_at_the_start_and_holds_back_presses_only(a_world: Make) -> None:
    world = a_world(checked=True, okta={"force_sync": {"driver": "reapply", "token": "wr0ng"}})
    (text,) = told(world, "alert")
    assert "could not try the Force Sync credential" in text
    assert "see `okta.main.force_sync.token` in the settings" in text
    assert "wr0ng" not in text
    asked = world.ticket(about=world.member(), expected=None)
    world.run_for(minutes=2)
    assert CaseState.ASKED == world.case(asked).state


def test_a_force_sync_token_that_works_is_tried_without_a_press(a_world: Make) -> None:
    world = a_world(checked=True)
    assert [] == told(world, "alert")
    assert [] == world.force_syncs()
    tried = {call: times for call, times in world.sandbox.frame.calls["okta"].items() if "user/types" in call}
    assert [1] == list(tried.values())


def told(world: World, event: str) -> list[str]:
    return [str(told.facts["text"]) for told in world.reported if told.event == event]
