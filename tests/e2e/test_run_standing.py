"""The list of Force Sync runs says what each is waiting for: window, pause, cool-down, person, dead process."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, APPROVER, switch_off
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP
from tests.e2e.settings import SELDOM, write_config
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Place
from tests.e2e.world import World
from worker.status import status
from worker.syncs.listing import standing_line, stop_lines
from workflows.model import CaseState
from workflows.values.wording import moment, utc


def told(world: World) -> str:
    store, policy, now = world.parts.store, world.settings.policy, world.time.now()
    runs = (f"{run.id} of {run.label}: {standing_line(run, store, policy, now)}" for run in store.runs(open_only=True))
    return "\n".join([*runs, *stop_lines(store, policy, now)])


def test_a_window_is_told_with_its_end(world: World) -> None:
    world.stale_ticket(INCIDENT)
    world.work()
    (run,) = world.runs()
    assert f"{run.id} of {CORP}: gathers tickets until {moment(run.gather_until)}; next turn at" in told(world)


def test_a_paused_directory_is_told_with_who_paused_it_and_why(world: World) -> None:
    world.stale_ticket(INCIDENT)
    world.work()
    (run,) = world.runs()
    switched = switch_off(world, run.directory.ref.app_id)
    reason = f"by robin since {switched:%Y-%m-%d %H:%M} UTC: migration weekend"
    world.run_for(minutes=3)
    assert f"{CORP}: Force Sync has been paused {reason}" in told(world)
    assert told(world).splitlines()[-1] == f"paused: {CORP} ({run.directory.ref.app_id}), {reason}"


def test_the_switch_of_the_settings_is_told(a_world: Make) -> None:
    world = a_world(policy={"force_sync": False})
    world.stale_ticket(INCIDENT)
    world.run_for(minutes=3)
    assert f"{CORP}: Force Sync has been paused by the settings (policy.force_sync)" in told(world)
    assert "switched off: every Force Sync, by policy.force_sync" in told(world)


def test_a_cool_down_is_told_with_its_end(a_world: Make) -> None:
    world = a_world(policy={"cool_down": 3600.0})
    world.stale_ticket(INCIDENT)
    world.settle()
    world.stale_ticket(INCIDENT)
    world.run_for(minutes=4)
    started = world.runs()[0].started_at
    assert started is not None
    assert f"cools down after its last Force Sync until {utc(started + timedelta(hours=1))}" in told(world)


@pytest.mark.long
def test_a_full_day_is_told_with_its_end_and_holds_the_run_until_then(a_world: Make) -> None:
    world = a_world(policy={"at_most_per_day": 2} | SELDOM)
    for _ in range(2):
        world.stale_ticket(INCIDENT)
        world.settle()
    late, _ = world.stale_ticket(SERVICE_DESK)
    world.run_for(hours=20)
    first = world.runs()[0].started_at
    assert first is not None
    assert f"{CORP} had 2 Force Syncs in the last 24 hours, as many as policy.at_most_per_day allows" in told(world)
    assert f"the next may start at {utc(first + timedelta(days=1))}" in told(world)
    assert [CORP, CORP] == world.force_syncs()
    world.run_for(hours=5)
    assert [CORP, CORP, CORP] == world.force_syncs()
    assert CaseState.RESOLVED == world.case(late).state


def test_an_approval_is_told_with_its_deadline_and_its_command(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    world.stale_ticket(INCIDENT)
    world.run_for(minutes=8)
    (run,) = world.runs()
    approve = f"forcesync sync approve {run.id} --by YOUR-LOGIN --why REASON"
    wanted = f"waits for a person's approval until {moment(run.deadline)} ({approve}, or reject)"
    assert wanted in told(world)


@on_both_desks
def test_whoever_reads_of_an_approval_learns_the_command_where_it_is_run_and_who_may(
    place: Place, a_world: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(policy=APPROVE)
    ticket, _ = world.stale_ticket(place)
    world.run_for(minutes=8)
    (run,) = world.runs()
    command = f"forcesync sync approve {run.id} --by"
    (note,) = [text for text in by_worker(world.shown(ticket), "internal") if command in text]
    assert "on forcesync's machine, or ask its operator to run it with your Okta login" in note
    assert f"Who may approve: {APPROVER} (policy.approvers)" in note.replace("\\", "")
    assert "If nobody does, the ticket is assigned to you." in note
    capsys.readouterr()
    assert 1 == status(write_config(world.sandbox, world.store_file), as_json=False)
    shown = capsys.readouterr().out
    assert command in shown
    assert "then its tickets go to people" in shown


def test_a_press_is_told_with_until_when_its_effect_is_looked_for(world: World) -> None:
    _, member = world.stale_ticket(INCIDENT)
    world.make_stuck(member)
    world.run_for(minutes=3)
    (run,) = world.runs()
    assert f"started at {moment(run.started_at)}; its effect is looked for until {moment(run.deadline)}" in told(world)


def test_a_process_that_died_is_told_with_the_time_when_another_goes_on(world: World) -> None:
    world.stale_ticket(INCIDENT)
    world.work()
    (run,) = world.runs()
    world.skip(minutes=2)
    lease = world.parts.store.lease("run", run.id, world.time.now(), 180.0)
    assert lease is not None
    assert f"a process has it in hand; if that one died, another goes on at {moment(lease.until)}" in told(world)
    world.skip(minutes=4)
    assert f"the process that had it died, its lease ended at {moment(lease.until)}; another goes on" in told(world)


def test_a_run_that_no_process_takes_asks_for_one(world: World) -> None:
    world.stale_ticket(INCIDENT)
    world.work()
    assert "no process took it" not in told(world)
    world.skip(minutes=30)
    assert "no process took it: is `forcesync run`, or scheduler and worker, running?" in told(world)
