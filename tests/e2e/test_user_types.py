"""A Force Sync re-applies one mapping, which is onto one user type: runs are of a directory and a user type."""

from __future__ import annotations

from datetime import datetime

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, approver_of, switch_off
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.settings import ASSISTED, SELDOM, WAITS
from tests.e2e.ticket_texts import by_worker, files
from tests.e2e.tickets import DESKS, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from worker.sandbox.config import settings_table, write_settings
from worker.syncs.preview import preview
from workflows.model import CaseState, Decision, RunState, SyncRun

pytestmark = pytest.mark.long

on_both_desks = pytest.mark.parametrize("place", DESKS, ids=[place[0] for place in DESKS])


def contractors(world: World) -> str:
    with world.sandbox.frame.lock:
        return world.sandbox.okta.add_user_type("contractor")


def stale_contractor(world: World, name: str, type_id: str, value: str = NEW_VALUE) -> Member:
    member = world.newcomer(name, CORP, type_id=type_id)
    world.change_directory(member, "department", value)
    return member


def of_type(world: World, type_id: str) -> SyncRun:
    (run,) = [run for run in world.runs() if run.target_type_id == type_id]
    return run


def called(world: World) -> list[str]:
    with world.sandbox.frame.lock:
        return [sync.type_id for sync in world.sandbox.okta.syncing.syncs]


@on_both_desks
def test_each_user_type_gets_its_own_force_sync_and_nobody_hears_of_the_others(place: Place, world: World) -> None:
    kind = contractors(world)
    plain, member = world.stale_ticket(place)
    special = stale_contractor(world, "contra", kind)
    other = world.ticket(place, about=special)
    world.settle()
    assert [CORP, CORP] == world.force_syncs()
    assert 2 == len(set(called(world)))
    assert {CaseState.RESOLVED} == {world.case(plain).state, world.case(other).state}
    assert {NEW_VALUE} == {world.profile(member)["department"], world.profile(special)["department"]}
    assert world.case(plain).run_id != world.case(other).run_id == of_type(world, kind).id
    note = by_worker(world.shown(other), "internal")[-1]
    assert "forcesync ran Force Sync for corp.example.com, user type Contractor at" in note
    assert not [name for ticket in (plain, other) for name in files(world.shown(ticket)) if name.endswith(".zip")]
    assert [] == world.violations()


def test_presses_of_one_directory_keep_apart_whatever_the_user_type(a_world: Make) -> None:
    world = a_world(policy={"cool_down": 600.0})
    kind = contractors(world)
    world.stale_ticket()
    world.ticket(SERVICE_DESK, about=stale_contractor(world, "contra", kind))
    world.settle()
    first, second = sorted(run.started_at for run in world.runs() if run.started_at)
    assert (second - first).total_seconds() >= 600


def test_without_a_cool_down_the_second_type_still_waits_until_the_first_is_done(a_world: Make) -> None:
    world = a_world(policy={"cool_down": 0.0})
    kind = contractors(world)
    _, member = world.stale_ticket()
    world.make_stuck(member)
    world.ticket(SERVICE_DESK, about=stale_contractor(world, "contra", kind))
    world.settle()
    first, second = sorted(
        (run for run in world.runs() if not run.assisted), key=lambda run: run.started_at or run.opened_at
    )
    (ended,) = [at for at, _, to, _ in world.parts.store.events("run", first.id) if to == RunState.ENDED]
    assert second.started_at is not None
    assert second.started_at >= ended
    assert [] == world.violations()


def test_the_day_is_counted_by_directory_and_not_by_type(a_world: Make) -> None:
    world = a_world(policy={"at_most_per_day": 1} | SELDOM)
    kind = contractors(world)
    world.stale_ticket()
    world.ticket(SERVICE_DESK, about=stale_contractor(world, "contra", kind))
    world.run_for(hours=20)
    assert [CORP] == world.force_syncs()
    world.run_for(hours=6)
    assert [CORP, CORP] == world.force_syncs()


def test_a_ticket_about_users_of_two_types_rides_two_runs(world: World) -> None:
    kind = contractors(world)
    member, special = world.stale_user(), stale_contractor(world, "contra", kind)
    lines = "".join(f"\nUser: {one.login}\nDepartment: {NEW_VALUE}" for one in (member, special))
    ticket = world.ticket(about=None, attribute=None, expected=None, requester=member.login)
    world.reply(ticket, member.login, f"Both of us.{lines}".replace("Department:", "New department:"))
    world.settle()
    assert {NEW_VALUE} == {world.profile(one)["department"] for one in (member, special)}, world.shown(ticket)
    assert 2 == len(set(called(world)))


def _approval(world: World, at: datetime, digest: str) -> Decision:
    who = approver_of(world)
    return Decision(approved=True, by=who.login, user_id=who.user_id, why="seen", at=at, digest=digest)


@on_both_desks
def test_an_approval_is_asked_and_given_for_each_type_with_its_own_numbers(place: Place, a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    kind = contractors(world)
    plain, _ = world.stale_ticket(place)
    world.stale_user()
    other = world.ticket(place, about=stale_contractor(world, "contra", kind))
    world.run_for(minutes=8)
    run = of_type(world, kind)
    (asked,) = [body for body in by_worker(world.shown(other)) if "sync approve" in body]
    assert f"sync approve {run.id}" in asked
    assert "the Force Sync of corp.example.com, user type Contractor by" in asked
    assert "It would change 1 of 1 Okta profile (department: 1)." in asked
    (asked,) = [body for body in by_worker(world.shown(plain)) if "sync approve" in body]
    assert "It would change 2 of 4 Okta profiles (department: 2)." in asked
    now = world.time.now()
    digest = run.radius.digest if run.radius else ""
    assert world.parts.store.decide(run.id, _approval(world, now, digest), now)
    world.run_for(minutes=5)
    assert [kind] == called(world), "the approval of one type is not that of another"
    assert (CaseState.RESOLVED, CaseState.JOINED) == (world.case(other).state, world.case(plain).state)


@on_both_desks
def test_a_person_is_shown_the_user_types_mapping_where_it_is_not_the_default_one(place: Place, a_world: Make) -> None:
    world = a_world(okta=ASSISTED)
    kind = contractors(world)
    plain, _ = world.stale_ticket(place)
    other = world.ticket(place, about=stale_contractor(world, "contra", kind))
    world.run_for(minutes=8)
    assert "Okta Attribute Mappings, user type Contractor > Force Sync" in pressing(world, other)
    assert "every user of this directory who is of the user type Contractor" in pressing(world, other)
    assert "Okta Attribute Mappings > Force Sync" in pressing(world, plain)
    assert "user type" not in pressing(world, plain)
    with world.sandbox.frame.lock:
        app_id = world.sandbox.world.apps[CORP]
        world.sandbox.okta.syncing.reapply(app_id, "by hand", kind)
    world.run_for(minutes=10)
    assert CaseState.RESOLVED == world.case(other).state
    assert CaseState.JOINED == world.case(plain).state, "nobody has pressed for its type"


def pressing(world: World, ticket: Filed) -> str:
    (asked,) = [body for body in by_worker(world.shown(ticket)) if "Please press Force Sync" in body]
    return asked.replace("\\", "")


def test_a_user_who_got_another_type_meanwhile_is_judged_again_and_rides_the_right_run(world: World) -> None:
    kind = contractors(world)
    ticket, member = world.stale_ticket()
    world.run_for(seconds=30)
    assert CaseState.JOINED == world.case(ticket).state
    with world.sandbox.frame.lock:
        world.sandbox.okta.people[member.user_id].type_id = kind
    world.settle()
    assert [kind] == called(world)
    assert CaseState.RESOLVED == world.case(ticket).state


def test_one_pause_holds_every_type_of_a_directory(world: World) -> None:
    kind = contractors(world)
    switch_off(world, world.sandbox.world.apps[CORP])
    world.stale_ticket()
    world.ticket(SERVICE_DESK, about=stale_contractor(world, "contra", kind))
    world.run_for(minutes=10)
    assert [] == called(world)
    assert [RunState.GATHERING] * 2 == [run.state for run in world.runs()]


def test_the_preview_tells_each_user_type_by_its_name(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    kind = contractors(world)
    world.stale_user()
    stale_contractor(world, "contra", kind)
    config = world.store_file.with_name("forcesync.toml")
    write_settings(config, settings_table(world.sandbox, world.store_file, WAITS))
    preview(config, CORP)
    told = capsys.readouterr().out
    app_id = world.sandbox.world.apps[CORP]
    assert f"{CORP} ({app_id}): It would change 1 of 4 Okta profiles (department: 1)." in told
    assert f"{CORP}, user type Contractor ({app_id}): It would change 1 of 1 Okta profile " in told
