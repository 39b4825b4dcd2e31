"""A person's decision is final: the first one counts, and only for what was shown."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from connectors.sandbox.okta.world import PushStatus
from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, APPROVER, approval_is_asked_for, decide, switch_off, waiting
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP
from tests.e2e.settings import WAITS
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import DESKS, INCIDENT, Place
from tests.e2e.world import World
from worker.cases.choosing import Wanted, chosen
from worker.errors import OperatorError
from worker.sandbox.config import settings_table, write_settings
from worker.syncs.page import sync_show
from worker.syncs.preview import preview
from workflows.model import CaseState, Decision, Directory, MemberPage, StopKind
from workflows.notes.reasons import sentence
from workflows.ports import OktaOrg
from workflows.sync.policy import EVERY_DIRECTORY

pytestmark = pytest.mark.long

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
    once_more = by_worker(world.shown(ticket), "internal")[-1]
    assert "Approval needed once more: the earlier one does not count" in once_more
    assert (
        f"that of {APPROVER} does not count, because it would now change something else than was shown then"
        in once_more
    )
    assert f"{WOULD_CHANGE} 2 of" in once_more
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
    assert f"Why: {sentence(run.because).removeprefix('needs approval: ')}" in asked
    assert f"{WOULD_CHANGE} 2 of " in asked


def fill(world: World, attribute: str, expression: str, push: PushStatus = "PUSH") -> None:
    with world.sandbox.frame.lock:
        world.sandbox.okta.set_mapping(world.sandbox.world.apps[CORP], attribute, expression, push)


def held(world: World, attribute: str) -> list[object]:
    return [user["profile"][attribute] for user in world.sandbox.okta.users()]


LOWERED = 'String.toLowerCase(appuser.samAccountName) + "@newbrand.example.com"'


@pytest.mark.parametrize("place", DESKS, ids=[place[0] for place in DESKS])
@pytest.mark.parametrize("attribute", ["login", "email"])
def test_an_expression_that_may_change_what_needs_approval_needs_it_in_auto_too(
    place: Place, attribute: str, a_world: Make
) -> None:
    world = a_world(policy={"approvers": [APPROVER]})
    fill(world, attribute, LOWERED)
    before = held(world, attribute)
    ticket = approval_is_asked_for(world, place)
    (asked,) = [body for body in by_worker(world.shown(ticket)) if "sync approve" in body]
    members = len(world.sandbox.world.of(CORP))
    assert f"an expression fills {attribute}, so what it would change there cannot be" in asked
    assert re.search(rf"or {members} users, its effect on .*{attribute}.* can't be predicted", asked)
    assert ([], before) == (world.force_syncs(), held(world, attribute))
    decide(world, approved=True)
    world.settle()
    assert [CORP] == world.force_syncs()
    assert world.case(ticket).state is CaseState.RESOLVED


def test_an_approval_covers_by_name_what_cannot_be_predicted_and_the_expression_that_was_shown(a_world: Make) -> None:
    world = a_world(policy={"approvers": [APPROVER]})
    fill(world, "login", LOWERED)
    approval_is_asked_for(world, INCIDENT)
    decide(world, approved=True)
    fill(world, "email", LOWERED)
    world.run_for(minutes=3)
    assert ("proposed", []) == (waiting(world).state, world.force_syncs())
    decide(world, approved=True)
    fill(world, "login", LOWERED.replace("newbrand", "other"))
    world.run_for(minutes=3)
    assert ("proposed", []) == (waiting(world).state, world.force_syncs())
    world.newcomer("later", CORP)  # one user more is covered: the attribute was named
    decide(world, approved=True)
    world.settle()
    assert [CORP] == world.force_syncs()


@pytest.mark.parametrize("attribute", ["displayName", "login created only", "login of Okta"])
def test_an_expression_that_changes_nothing_which_needs_approval_is_left_to_auto(attribute: str, a_world: Make) -> None:
    world = a_world()
    name, _, how = attribute.partition(" ")
    fill(world, name, LOWERED, "DONT_PUSH" if how == "created only" else "PUSH")
    if how == "of Okta":
        with world.sandbox.frame.lock:
            world.sandbox.okta.set_master(name, "OKTA")
    ticket, _ = world.stale_ticket()
    world.settle()
    assert [CORP] == world.force_syncs()
    assert world.case(ticket).state is CaseState.RESOLVED


def test_without_the_look_at_every_user_nothing_runs_unattended(a_world: Make) -> None:
    world = a_world(policy={"approvers": [APPROVER]})
    world.use_ports(replace(world.parts.ports, policy=world.parts.ports.policy.but(scan=False)))
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=8)
    assert ("proposed", []) == (waiting(world).state, world.force_syncs())
    decide(world, approved=True)
    world.settle()
    assert world.case(ticket).state is CaseState.RESOLVED


class Hiding:
    """An org in which one member of the directory cannot be read."""

    def __init__(self, org: OktaOrg) -> None:
        self._org = org

    def __getattr__(self, name: str) -> Any:
        return getattr(self._org, name)

    def directory_users(self, directory: Directory, after: str | None) -> MemberPage:
        page = self._org.directory_users(directory, after)
        *others, last = page.members
        return page.but(members=(*others, last.but(user=None)))


def test_a_member_who_cannot_be_read_is_not_taken_for_unchanged(a_world: Make) -> None:
    world = a_world()
    ports = world.parts.ports
    world.use_ports(replace(ports, orgs={"main": cast(OktaOrg, Hiding(ports.org))}))
    ticket = approval_is_asked_for(world, INCIDENT)
    assert [] == world.force_syncs()
    (asked,) = [body for body in by_worker(world.shown(ticket)) if "sync approve" in body]
    assert "1 user of the directory could not be read" in asked


def test_what_a_proposed_run_would_change_is_shown_once(a_world: Make, capsys: pytest.CaptureFixture[str]) -> None:
    world = a_world(policy=APPROVE)
    approval_is_asked_for(world, INCIDENT)
    config = world.store_file.with_name("forcesync.toml")
    write_settings(config, settings_table(world.sandbox, world.store_file, WAITS))
    sync_show(config, waiting(world).id)
    shown = capsys.readouterr().out
    assert (1, 2) == (shown.count(WOULD_CHANGE), shown.count("needs approval: every Force Sync of this directory does"))


def test_a_pause_holds_the_press_until_it_is_taken_off(a_world: Make) -> None:
    world = a_world()
    switched = switch_off(world)
    reason = f"by robin since {switched:%Y-%m-%d %H:%M} UTC: migration weekend"
    ticket, _ = world.stale_ticket(INCIDENT)
    world.run_for(minutes=6)
    assert world.force_syncs() == []
    assert 1 == headings(world.shown(ticket)).count("Force Sync is paused")
    assert f"it has been paused {reason}." in by_worker(world.shown(ticket), "internal")[-1]
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
    paused = f"Force Sync has been paused by robin since {switched:%Y-%m-%d %H:%M} UTC: migration weekend"
    assert f"Force Sync didn't start in time: {paused}" in note


def test_a_ticket_whose_run_was_never_ready_in_time_is_handed_over_with_that_reason(a_world: Make) -> None:
    world = a_world(policy={"ride_for": 600.0, "gather_for": 3000.0, "gather_at_most": 3000.0})
    ticket, _ = world.stale_ticket(INCIDENT)
    world.run_for(minutes=15)
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert "Force Sync didn't start in time: it was held back or refused" in note
    assert world.case(ticket).state is CaseState.ESCALATED


def test_an_approval_outlasts_a_note_that_the_desk_does_not_take_now(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket = approval_is_asked_for(world, INCIDENT)
    world.fault("servicenow", "status", method="PATCH", path="/incident/", status=503, times=10**9)
    world.run_for(seconds=world.parts.ports.policy.approve_within * 0.6)
    (run,) = world.parts.store.runs(open_only=True)
    assert {world.case(ticket).id} == world.parts.store.unclaimed(run.id, {"servicenow"}), "the reminder is on its way"
    decide(world, approved=True)
    world.run_for(minutes=3)
    assert [run.id] == [item.id for item in world.parts.store.runs(open_only=True)]
    world.clear_faults()
    world.settle()
    assert ([CORP], CaseState.RESOLVED) == (world.force_syncs(), world.case(ticket).state)


@on_both_desks
def test_an_approval_in_time_gives_its_tickets_time_for_the_start(place: Place, a_world: Make) -> None:
    world = a_world(policy=APPROVE | {"ride_for": 1200.0, "approve_within": 7200.0})
    ticket = approval_is_asked_for(world, place)
    world.run_for(minutes=100)
    switch_off(world)
    until = f"before {world.time.now() + timedelta(minutes=20):%Y-%m-%d %H:%M} UTC"
    decide(world, approved=True)
    world.run_for(minutes=15)
    assert CaseState.JOINED == world.case(ticket).state
    assert until in by_worker(world.shown(ticket), "internal")[-1]
    assert [] == [item.late for item in chosen(world.parts.store, Wanted(stuck=True), world.time.now())]
    world.parts.store.resume(StopKind.SWITCH, EVERY_DIRECTORY)
    world.settle()
    assert ([CORP], CaseState.RESOLVED) == (world.force_syncs(), world.case(ticket).state)


@on_both_desks
def test_what_was_approved_and_not_started_in_time_goes_to_a_person(place: Place, a_world: Make) -> None:
    world = a_world(policy=APPROVE | {"ride_for": 1200.0, "approve_within": 7200.0})
    ticket = approval_is_asked_for(world, place)
    world.run_for(minutes=100)
    switch_off(world)
    decide(world, approved=True)
    world.run_for(minutes=30)
    assert ([], CaseState.ESCALATED) == (world.force_syncs(), world.case(ticket).state)


def test_the_drifted_users_go_into_a_file_of_ones_own_without_a_store(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    member, file, config = world.stale_user(), tmp_path / "drift.csv", tmp_path / "forcesync.toml"
    write_settings(config, settings_table(world.sandbox, tmp_path / "none.sqlite3", WAITS))
    preview(config, CORP, file)
    said = capsys.readouterr().err
    assert f"drifted users: wrote {file}\n" in said
    assert "reading the users" not in said, "nobody waits at a terminal"
    assert f"{member.user_id},{member.login},department," in file.read_text().splitlines()
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert not (tmp_path / "none.sqlite3").exists()
    with pytest.raises(OperatorError, match=r"--export: .* exists; name another file, or add --replace"):
        preview(config, "no such directory is looked for", file)
