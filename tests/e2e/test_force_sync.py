"""One Force Sync per directory serves every ticket tagged in time; none is pointless, none is repeated twice."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, LDAP, NEW_VALUE, PLANT, REAPPLY
from tests.e2e.ticket_texts import by_worker, files, headings
from tests.e2e.tickets import INCIDENT, PLACES, REQUESTED_ITEM, SERVICE_DESK, SOFTWARE, Place
from tests.e2e.world import World
from workflows.model import CaseState, RunState


def test_one_force_sync_of_a_directory_serves_all_its_tickets(a_world: Make) -> None:
    world = a_world(scenario=Scenario("empty", users=24))
    tickets = [world.stale_ticket(place) for place in PLACES]
    tickets += [world.stale_ticket(place, LDAP) for place in (INCIDENT, SOFTWARE)]
    world.settle()
    assert [CORP, LDAP] == sorted(world.force_syncs())
    assert {"done"} == {world.shown(ticket)["status_category"] for ticket, _ in tickets}
    assert {NEW_VALUE} == {world.profile(member)["department"] for _, member in tickets}


def test_a_ticket_tagged_in_the_last_second_of_the_window_rides_along(world: World) -> None:
    first, _ = world.stale_ticket(INCIDENT)
    world.run_for(seconds=59)
    last, _ = world.stale_ticket(SERVICE_DESK)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert world.case(first).run_id == world.case(last).run_id
    assert "done" == world.shown(last)["status_category"]


def test_a_change_that_comes_too_late_waits_for_the_directory_to_cool_down(a_world: Make) -> None:
    world = a_world(policy={"cool_down": 600.0})
    world.stale_ticket(INCIDENT)
    world.settle()
    late, _ = world.stale_ticket(SERVICE_DESK)
    world.settle()
    assert [CORP, CORP] == world.force_syncs()
    first, second = (started(run.started_at) for run in world.runs())
    assert (second - first).total_seconds() >= 600
    assert "done" == world.shown(late)["status_category"]


def test_what_a_run_under_way_mends_before_the_next_one_is_resolved_unasked(a_world: Make) -> None:
    world = a_world(policy={"poll_every": 10.0})
    world.stale_ticket()
    world.run_for(seconds=75)
    assert [RunState.STARTED] == [run.state for run in world.runs()]
    late = world.ticket(SERVICE_DESK, about=world.stale_user(), expected=None)
    world.run_for(seconds=15)
    assert CaseState.CLAIMED == world.case(late).state, "the directory's run has started without it"
    world.settle()
    assert [CORP] == world.force_syncs()
    assert (CaseState.RESOLVED, 0) == (world.case(late).state, world.case(late).questions)
    assert "done" == world.shown(late)["status_category"]


@pytest.mark.long
def test_a_ticket_that_waits_for_its_directorys_run_keeps_no_other_directory_waiting(a_world: Make) -> None:
    world = a_world(policy={"poll_every": 10.0, "gather_at_most": 1800.0})
    _, member = world.stale_ticket()
    world.make_stuck(member)
    world.run_for(seconds=130)  # the sync is done; its run waits for the user it skipped
    waiting, _ = world.stale_ticket(SERVICE_DESK)
    world.run_for(seconds=15)
    assert CaseState.CLAIMED == world.case(waiting).state, "the directory's run has started without it"
    world.stale_ticket(INCIDENT, LDAP)
    world.run_for(seconds=90)
    assert [CORP, LDAP] == world.force_syncs()
    assert CaseState.CLAIMED == world.case(waiting).state
    world.settle()
    assert [CORP, LDAP, CORP] == world.force_syncs()
    assert "done" == world.shown(waiting)["status_category"]


def test_a_value_that_is_named_meanwhile_counts_more_than_what_a_run_under_way_mends(a_world: Make) -> None:
    world = a_world(policy={"poll_every": 10.0})
    world.stale_ticket()
    world.run_for(seconds=75)
    member = world.stale_user()
    late = world.ticket(SERVICE_DESK, about=member, expected=None)
    world.run_for(seconds=15)
    assert CaseState.CLAIMED == world.case(late).state, "the directory's run has started without it"
    world.skip(seconds=60)  # the sync is done before the next check
    world.reply(late, member.login, "Expected: Corporate Travel")
    world.settle()
    assert NEW_VALUE == world.profile(member)["department"]
    assert CaseState.ESCALATED == world.case(late).state


def test_an_untagged_ticket_is_left_alone(world: World) -> None:
    member = world.stale_user(PLANT)
    before = world.profile(member)["department"]
    untagged = [world.ticket(place, about=member, tagged=False) for place in PLACES]
    unseen = [world.shown(ticket) for ticket in untagged]
    world.stale_ticket()
    world.settle()
    assert unseen == [world.shown(ticket) for ticket in untagged]
    assert [False] * 4 == [world.has_case(ticket) for ticket in untagged]
    assert before == world.profile(member)["department"]


def test_force_sync_is_not_pressed_while_the_directorys_copy_is_old(world: World) -> None:
    member = world.member()
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    ticket = world.ticket(about=member)
    world.settle()
    assert [] == world.force_syncs()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert "Force Sync can't help" in by_worker(world.shown(ticket), "internal")[-1]


def test_a_rider_whose_change_is_taken_back_does_not_cost_a_force_sync(world: World) -> None:
    member = world.member()
    before = world.profile(member)["department"]
    world.change_directory(member, "department", NEW_VALUE)
    world.ticket(about=member)
    world.run_for(seconds=30)
    world.change_directory(member, "department", before)
    world.settle()
    assert [] == world.force_syncs()


@pytest.mark.parametrize("place", [REQUESTED_ITEM, SOFTWARE], ids=["requested item", "software project"])
def test_an_ldap_user_is_helped_like_any_other(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place, LDAP)
    world.settle()
    assert [LDAP] == world.force_syncs()
    assert NEW_VALUE == world.profile(member)["department"]
    assert "done" == world.shown(ticket)["status_category"]


@pytest.mark.parametrize("place", [SERVICE_DESK, SOFTWARE], ids=["service desk", "software project"])
def test_jira_data_center_is_worked_like_the_cloud(place: Place, a_world: Make) -> None:
    world = a_world(desks={"jira": {"deployment": "datacenter"}})
    fixed, _ = world.stale_ticket(place)
    member = world.member()
    asked = world.ticket(place, about=world.member(), expected=None)
    handed = world.ticket(place, about=member, attribute="shoeSize", expected="44")
    world.settle()
    assert ("done", "Done") == (world.shown(fixed)["status_category"], world.shown(fixed)["resolution"])
    assert CaseState.ASKED == world.case(asked).state
    assert CaseState.ESCALATED == world.case(handed).state
    assert 1 == len(files(world.shown(handed)))
    assert [CORP] == world.force_syncs()


def test_a_lost_answer_with_an_effect_is_not_repeated(world: World) -> None:
    world.fault("okta", "reset_after", path=REAPPLY)
    ticket, _ = world.stale_ticket()
    world.settle()
    assert [CORP] == world.force_syncs()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert "its answer was lost" in by_worker(world.shown(ticket), "internal")[-1]


def test_a_lost_answer_without_an_effect_is_repeated_once_for_all_riders(world: World) -> None:
    world.fault("okta", "reset_before", path=REAPPLY)
    tickets = [world.stale_ticket(place)[0] for place in (INCIDENT, SERVICE_DESK)]
    world.settle()
    assert [CORP] == world.force_syncs()
    lost, repeated = world.runs()
    assert lost.id == repeated.successor_of
    assert [CaseState.RESOLVED] * 2 == [world.case(ticket).state for ticket in tickets]


@pytest.mark.long
def test_there_is_never_a_second_successor(world: World) -> None:
    world.fault("okta", "reset_before", path=REAPPLY, times=5)
    ticket, _ = world.stale_ticket()
    world.settle()
    assert [] == world.force_syncs()
    *calls, button = world.runs()
    assert [RunState.ENDED, RunState.ENDED] == [run.state for run in calls]
    assert (True, RunState.FAILED) == (button.assisted, button.state)
    assert CaseState.ESCALATED == world.case(ticket).state
    (name,) = files(world.shown(ticket))
    with zipfile.ZipFile(io.BytesIO(world.file(ticket, name))) as archive:
        told = json.loads(archive.read("attempts.json"))
    assert [(run.id, "lost") for run in calls] == [(item["run"], item["answer"]) for item in told]


@pytest.mark.long
def test_a_lost_answer_that_helped_one_rider_is_not_repeated_for_another(world: World) -> None:
    world.fault("okta", "reset_after", path=REAPPLY)
    helped, _ = world.stale_ticket(INCIDENT)
    stuck, member = world.stale_ticket(SERVICE_DESK)
    world.make_stuck(member)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert CaseState.RESOLVED == world.case(helped).state
    assert CaseState.ESCALATED == world.case(stuck).state


@pytest.mark.long
def test_a_force_sync_without_effect_is_handed_over_for_a_support_case(world: World) -> None:
    ticket, member = world.stale_ticket()
    world.make_stuck(member)
    world.settle()
    shown = world.shown(ticket)
    assert [CORP] == world.force_syncs()
    working, asked, reminded, handed_over, _ = headings(shown)
    assert "Out of date in Okta: department; Force Sync comes next" == working
    assert "Force Sync through the API had no effect; please press the button in the Admin Console" == asked
    assert "Still waiting for somebody to press Force Sync" == reminded
    assert "Force Sync had no effect on department" == handed_over
    assert "Get Support > Open a Case" in by_worker(shown, "internal")[-1]
    (name,) = files(shown)
    assert name == f"forcesync-{world.case(ticket).id}.1.escalated-okta-support-case.zip"
    with zipfile.ZipFile(io.BytesIO(world.file(ticket, name))) as archive:
        form = archive.read("form.txt").decode()
    (sync,) = world.sandbox.okta.force_syncs()
    assert sync["request_id"] in form
    assert member.login not in form


def started(at: datetime | None) -> datetime:
    assert at is not None
    return at


def test_an_odd_answer_before_the_press_is_no_press(world: World) -> None:
    ticket, _ = world.stale_ticket()
    world.fault("okta", "status", path="/user/types$", status=200, body={}, times=1)
    world.run_for(minutes=5)
    assert [] == world.force_syncs()
    assert CaseState.JOINED == world.case(ticket).state
    assert 1 == sum("could not be started" in str(item.facts.get("text")) for item in world.reported)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert CaseState.RESOLVED == world.case(ticket).state
