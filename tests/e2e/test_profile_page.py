"""One user before all: where the settings say so, the user's page comes before Force Sync and the directory team."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.conftest import Make
from tests.e2e.decisions import PAGE_FIRST, not_imported_by_a_visit, old_copy
from tests.e2e.desks import on_both_desks
from tests.e2e.edges import OBSERVE
from tests.e2e.okta_users import CORP, LDAP, PLANT
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import AGENT, SOFTWARE, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState as C
from workflows.model import VerdictKind as V
from workflows.notes.reasons import sentence

pytestmark = pytest.mark.long

DIRECTORY_TEAM = "Directory team"


@pytest.fixture
def world(a_world: Make) -> World:
    return a_world(policy=PAGE_FIRST)


def story(world: World, ticket: Filed) -> str:
    return " ".join(sentence(entry.what) for entry in world.case(ticket).story)


def asked(world: World, ticket: Filed) -> bool:
    return any("Opening it makes Okta import just this user" in text for text in by_worker(world.shown(ticket)))


@on_both_desks
def test_the_users_page_is_a_link_on_the_ticket(place: Place, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    console = "https://example-admin.okta.com"
    for module in ("workflows.notes.console", "workflows.engine.cases"):
        monkeypatch.setattr(f"{module}.admin_console", lambda _url: console)
    ticket, _ = old_copy(world, place)
    assert f"{console}/admin/user/profile/view/" in by_worker(world.shown(ticket))[-1]


@on_both_desks
def test_a_visit_that_brings_the_value_spares_force_sync_and_directory_team(place: Place, world: World) -> None:
    ticket, member = old_copy(world, place)
    note = by_worker(world.shown(ticket))[-1]
    assert note.strip("*").startswith("The new department hasn't reached Okta yet")
    assert f"Directory > People > {member.login}" in note
    assert C.ASKED == world.case(ticket).state
    world.open_page(member)
    world.run_for(minutes=3)
    assert C.RESOLVED == world.case(ticket).state
    assert "after forcesync asked to open the user's page" in story(world, ticket)
    assert "Your Okta profile has been updated." in by_worker(world.shown(ticket), "public")[-1]
    assert [] == world.force_syncs()
    assert [] == world.violations()


def test_a_lone_rider_whose_visit_changes_nothing_goes_on_to_force_sync_at_once(world: World) -> None:
    ticket, member = world.stale_ticket()
    world.run_for(minutes=3)
    assert asked(world, ticket)
    assert () == world.runs()
    world.open_page(member)
    world.run_for(minutes=4)
    assert "was refreshed at" in story(world, ticket)
    world.settle()
    assert C.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()
    assert [] == world.violations()


def test_without_a_visit_a_lone_rider_waits_no_longer_than_the_settings_say(world: World) -> None:
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=14)
    assert () == world.runs()
    world.run_for(minutes=10)
    world.settle()
    assert C.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()


def test_without_a_visit_the_directory_team_gets_an_old_copy_after_it_was_offered(world: World) -> None:
    ticket, _ = old_copy(world)
    world.run_for(minutes=11)
    assert C.ASKED == world.case(ticket).state
    world.run_for(minutes=3)
    assert C.ESCALATED == world.case(ticket).state
    assert DIRECTORY_TEAM in by_worker(world.shown(ticket))[-2]
    assert "user's page once" not in by_worker(world.shown(ticket))[-2]
    assert "The requester has been told to expect an answer here." in by_worker(world.shown(ticket))[-2]
    assert "No visit to the user's page brought the value in time" in story(world, ticket)


@on_both_desks
def test_the_reason_for_which_okta_cannot_import_the_user_is_the_verdict(place: Place, world: World) -> None:
    ticket = not_imported_by_a_visit(world, place)
    case = world.case(ticket)
    assert C.ESCALATED == case.state
    verdict = case.subjects[0].verdict
    assert verdict is not None
    assert V.NOT_IMPORTED == verdict.kind
    notes = "\n".join(by_worker(world.shown(ticket)))
    assert "Okta could not import this user from corp.example.com" in notes
    assert "firstName" in notes
    assert [] == world.force_syncs()
    assert [] == world.violations()


def test_a_copy_that_an_import_brings_meanwhile_leads_to_force_sync(world: World) -> None:
    ticket, member = old_copy(world)
    with world.sandbox.frame.lock:
        world.sandbox.okta.imports.run(member.app_id)
    world.run_for(minutes=3)
    world.settle()
    assert "The directory's copy in Okta changed" in story(world, ticket)
    assert C.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()


def test_a_second_rider_of_the_directory_ends_the_wait_of_the_first_and_is_not_held_back(world: World) -> None:
    first, _ = world.stale_ticket()
    world.run_for(minutes=3)
    assert asked(world, first)
    second, _ = world.stale_ticket()
    filed = world.time.now()
    world.run_for(minutes=6)
    world.settle()
    assert not asked(world, second)
    assert "Other tickets need the same Force Sync" in story(world, first)
    (run,) = world.runs()
    assert run.started_at is not None
    assert run.started_at - filed < timedelta(minutes=5)
    for ticket in (first, second):
        assert C.RESOLVED == world.case(ticket).state
        assert run.id == world.case(ticket).run_id


def test_two_tickets_about_one_user_wait_for_the_same_visit(world: World) -> None:
    first, member = world.stale_ticket()
    second = world.ticket(about=member)
    world.run_for(minutes=3)
    assert asked(world, first)
    assert asked(world, second)
    assert () == world.runs()
    world.open_page(member)
    world.run_for(minutes=4)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert {C.RESOLVED} == {world.case(ticket).state for ticket in (first, second)}


def test_an_agents_word_ends_the_wait(world: World) -> None:
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=3)
    world.reply(ticket, AGENT, "I can't open that page.", visibility="internal")
    world.run_for(minutes=2)
    assert 1 == len(world.runs())


@on_both_desks
def test_a_requester_who_only_asks_for_news_leaves_the_wait_as_it_is(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.run_for(minutes=3)
    world.reply(ticket, member.login, "Any news?")
    world.run_for(minutes=9)
    assert C.ASKED == world.case(ticket).state
    assert () == world.runs()
    world.open_page(member)
    world.run_for(minutes=4)
    assert "was refreshed at" in story(world, ticket)


@on_both_desks
def test_a_requester_who_now_wants_something_else_ends_the_wait(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.run_for(minutes=3)
    world.reply(ticket, member.login, "Attribute: title\nExpected: Conductor")
    world.run_for(minutes=2)
    assert C.ASKED != world.case(ticket).state


def test_nobody_is_asked_of_another_directory_or_of_several_people(world: World) -> None:
    alone, _ = world.stale_ticket(directory=LDAP)
    users = f"{world.stale_user().login}, {world.stale_user().login}"
    several = world.ticket(about=users, requester=AGENT)
    world.settle()
    assert not asked(world, alone)
    assert not asked(world, several)
    assert {C.RESOLVED} == {world.case(ticket).state for ticket in (alone, several)}


@on_both_desks
def test_nobody_is_asked_where_no_agent_could_import_the_user(place: Place, world: World) -> None:
    with world.sandbox.frame.lock:
        world.sandbox.okta.imports.agents(world.sandbox.world.apps[CORP], "DISRUPTED")
    ticket, _ = old_copy(world, place)
    assert C.ESCALATED == world.case(ticket).state
    assert not asked(world, ticket)
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert "1. Bring the directory's agents back online; Okta shows them as DISRUPTED" in note
    assert "3. Have an Okta administrator run an import (" in note
    assert "open the user's page" not in note


def test_one_agent_that_is_down_keeps_no_visit_from_helping(world: World) -> None:
    with world.sandbox.frame.lock:
        world.sandbox.okta.imports.agents(world.sandbox.world.apps[CORP], "DEGRADED")
    ticket, _ = old_copy(world)
    assert asked(world, ticket)


@on_both_desks
def test_whoever_is_only_advised_hears_of_the_page_first(place: Place, a_world: Make) -> None:
    world = a_world(policy=PAGE_FIRST | OBSERVE)
    rider, _ = world.stale_ticket(place)
    old, _ = old_copy(world, place)
    for ticket, told in ((rider, "first open the user's page once"), (old, "administrator open the user's page once")):
        assert C.ADVISED == world.case(ticket).state
        assert told in by_worker(world.shown(ticket), "internal")[-1]


def test_in_a_software_project_an_agents_comment_ends_the_wait(world: World) -> None:
    ticket, _ = world.stale_ticket(SOFTWARE)
    world.run_for(minutes=3)
    world.reply(ticket, AGENT, "I can't open that page.")
    world.run_for(minutes=2)
    assert 1 == len(world.runs())


def test_a_person_who_takes_the_ticket_meanwhile_has_it(world: World) -> None:
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=3)
    world.take(ticket)
    world.run_for(minutes=3)
    assert C.WITHDRAWN == world.case(ticket).state


def test_a_killed_worker_asks_only_once(world: World) -> None:
    ticket, member = old_copy(world)
    world.restart_worker()
    world.run_for(minutes=3)
    assert 1 == sum("Opening it makes Okta import just this user" in text for text in by_worker(world.shown(ticket)))
    world.open_page(member)
    world.run_for(minutes=3)
    assert C.RESOLVED == world.case(ticket).state


def test_the_setting_is_refused_for_a_directory_that_is_not_ad(a_world: Make) -> None:
    world = a_world(policy={"refresh": {LDAP: "profile_page"}})
    ticket, _ = world.stale_ticket(directory=LDAP)
    world.run_for(minutes=3)
    (alert,) = {item.facts["text"] for item in world.reported if item.event == "alert"}
    assert "policy.refresh.'ldap.example.com': found 'profile_page'" in alert
    assert "allowed: 'signin'" in alert
    assert [] == by_worker(world.shown(ticket))


@pytest.mark.long
def test_half_of_single_ad_users_need_no_force_sync_and_each_hand_over_was_offered_a_visit(a_world: Make) -> None:
    both = {CORP: "profile_page", PLANT: "profile_page"}
    world = a_world(scenario=Scenario("singles", tickets=6), policy={"refresh": both, "profile_page_for": 900.0})
    world.run_for(hours=2.3)
    expected = world.sandbox.script.expected
    cases = {place: world.case(Filed(*place)) for place in expected}
    assert 6 == len(cases)
    assert expected == {place: case.state.value for place, case in cases.items()}
    without = [case for case in cases.values() if case.run_id is None]
    assert len(without) >= len(cases) / 2
    assert len(world.force_syncs()) == len(cases) - len(without)
    assert all(case.said.profile_page for case in cases.values() if case.state is C.ESCALATED)
