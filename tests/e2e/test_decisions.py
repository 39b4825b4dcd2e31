"""A person's decision is final: the first one counts, and only for what was shown."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, APPROVER, approval_is_asked_for, decide, switch_off, waiting
from tests.e2e.okta_users import CORP
from tests.e2e.settings import WAITS
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import INCIDENT
from worker.commands import syncs
from worker.commands.sandbox_config import settings_table, write_settings
from workflows.model import CaseState, Decision, StopKind
from workflows.notes.reasons import sentence
from workflows.sync.policy import EVERY_DIRECTORY

WOULD_CHANGE = "It would change"


def test_a_rejection_cannot_be_overturned_by_a_later_approval(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket = approval_is_asked_for(world, INCIDENT)
    decide(world, approved=False)
    now = world.time.now()
    late = Decision(approved=True, by=APPROVER, why="after all", at=now, digest="")
    assert not world.parts.store.decide(waiting(world).id, late, now)
    world.settle()
    assert world.case(ticket).state is CaseState.ESCALATED
    assert world.force_syncs() == []


def test_an_approval_is_void_when_more_would_change_than_was_seen(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket = approval_is_asked_for(world, INCIDENT)
    decide(world, approved=True)
    world.stale_user()
    world.run_for(minutes=3)
    assert world.force_syncs() == []
    assert waiting(world).state == "proposed"
    decide(world, approved=True)
    world.settle()
    assert world.force_syncs() == [CORP]
    assert world.case(ticket).state is CaseState.RESOLVED


def test_more_changes_than_the_settings_allow_need_a_person_in_auto_too(a_world: Make) -> None:
    world = a_world(policy={"approve_above": 1})
    world.stale_user()
    ticket = approval_is_asked_for(world, INCIDENT)
    run = waiting(world)
    assert run.radius is not None
    assert (run.radius.changed, run.radius.by_attribute) == (2, {"department": 2})
    (asked,) = [body for body in by_worker(world.shown(ticket)) if "sync approve" in body]
    assert f"needs approval: {sentence(run.because).removeprefix('needs approval: ')} {WOULD_CHANGE} 2 of " in asked


def test_what_a_proposed_run_would_change_is_shown_once(a_world: Make, capsys: pytest.CaptureFixture[str]) -> None:
    world = a_world(policy=APPROVE)
    approval_is_asked_for(world, INCIDENT)
    config = world.store_file.with_name("forcesync.toml")
    write_settings(config, settings_table(world.sandbox, world.store_file, WAITS))
    syncs.sync_show(config, waiting(world).id)
    shown = capsys.readouterr().out
    assert (1, 2) == (shown.count(WOULD_CHANGE), shown.count("needs approval: the settings ask for it"))


def test_a_pause_holds_the_press_until_it_is_taken_off(a_world: Make) -> None:
    world = a_world()
    switched = switch_off(world)
    reason = f"by robin since {switched:%Y-%m-%d %H:%M} UTC: migration weekend"
    ticket, _ = world.stale_ticket(INCIDENT)
    world.run_for(minutes=6)
    assert world.force_syncs() == []
    assert 1 == headings(world.shown(ticket)).count("Force Sync is paused")
    assert f"it is paused {reason}. Nothing to do on this ticket" in by_worker(world.shown(ticket), "internal")[-1]
    world.parts.store.resume(StopKind.SWITCH, EVERY_DIRECTORY)
    world.settle()
    assert world.force_syncs() == [CORP]
    assert world.case(ticket).state is CaseState.RESOLVED


def test_a_ticket_handed_over_under_a_pause_says_who_paused(a_world: Make) -> None:
    world = a_world(policy={"ride_for": 600.0})
    switched = switch_off(world)
    ticket, _ = world.stale_ticket(INCIDENT)
    world.run_for(minutes=20)
    assert world.case(ticket).state is CaseState.ESCALATED
    note = by_worker(world.shown(ticket), "internal")[-1]
    paused = f"Force Sync is paused by robin since {switched:%Y-%m-%d %H:%M} UTC: migration weekend."
    assert f"Force Sync did not start in time: {paused}" in note


def test_a_ticket_whose_run_was_never_ready_in_time_is_handed_over_with_that_reason(a_world: Make) -> None:
    world = a_world(policy={"ride_for": 600.0, "gather_for": 3000.0, "gather_at_most": 3000.0})
    ticket, _ = world.stale_ticket(INCIDENT)
    world.run_for(minutes=15)
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert "Force Sync did not start in time: it was held back or refused." in note
    assert world.case(ticket).state is CaseState.ESCALATED
