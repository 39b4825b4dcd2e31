"""Only an approver of the settings decides, known by the Okta user, and every act of a person is in the audit."""

from __future__ import annotations

import getpass
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.decisions import (
    APPROVE,
    APPROVER,
    approval_is_asked_for,
    approver_of,
    decide,
    switch_off,
    waiting,
)
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.settings import WAITS, write_config
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import INCIDENT, Filed
from tests.e2e.world import World
from worker.audit import audit
from worker.errors import OperatorError
from worker.process.service import prepare
from worker.sandbox.config import settings_table
from worker.settings.model import Settings
from worker.syncs import decisions, switches
from worker.syncs.page import sync_show
from workflows.model import Act, CaseState, RunState, StopKind
from workflows.sync.policy import EVERY_DIRECTORY

pytestmark = pytest.mark.long

SAME_DIRECTORY = "dagny.ashdown@example.com"  # the second user of the directory of most stories
HERE = f"{getpass.getuser()}@{socket.gethostname()}"


def config_of(world: World, **policy: Any) -> Path:
    return write_config(world.sandbox, world.store_file, **(APPROVE | policy))


def refused(world: World, by: str, *, approved: bool = True, **policy: Any) -> str:
    run = waiting(world)
    with pytest.raises(OperatorError) as caught:
        decisions.decide(config_of(world, **policy), run.id, by=by, why="seen", approved=approved)
    assert waiting(world).decision is None
    assert world.parts.store.acts() == ()
    return str(caught.value)


def test_an_approver_of_the_settings_decides_and_it_is_in_the_audit(
    a_world: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(policy=APPROVE)
    approval_is_asked_for(world, INCIDENT)
    config = config_of(world)
    decisions.decide(config, waiting(world).id, by=APPROVER.upper(), why="seen and discussed", approved=True)
    decision = waiting(world).decision
    assert decision is not None
    assert (APPROVER, approver_of(world).user_id, HERE) == (decision.by, decision.user_id, decision.operator)
    capsys.readouterr()
    audit(config, as_json=True)
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert {"label": CORP, "app_id": world.sandbox.world.apps[CORP]} == said["directory"]
    assert ("approve", APPROVER, HERE, "seen and discussed") == (
        said["act"],
        said["by"],
        said["operator"],
        said["why"],
    )


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize(
    "by", ["robin", "nobody@example.com", "front.desk@example.com", "adela", "identity operations"]
)
def test_an_invented_name_is_refused(a_world: Make, by: str, approved: bool) -> None:
    world = a_world(policy=APPROVE)
    approval_is_asked_for(world, INCIDENT)
    assert f"Okta has no user with the login {by!r}" in refused(world, by, approved=approved)


def test_a_user_who_is_no_approver_is_refused(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    approval_is_asked_for(world, INCIDENT)
    other = world.member("ldap.example.com")
    assert f"{other.login} is not among the approvers" in refused(world, other.login)


def asked_by(world: World, requester: Member, about: Member) -> Filed:
    ticket = world.ticket(INCIDENT, about=about, requester=requester.login)
    world.run_for(minutes=8)
    assert RunState.PROPOSED is waiting(world).state
    return ticket


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("spelt", [str, str.upper, str.title])
def test_an_approver_decides_on_no_request_of_their_own(a_world: Make, spelt: Any, approved: bool) -> None:
    world = a_world(policy=APPROVE)
    asked_by(world, approver_of(world), world.stale_user())
    text = refused(world, spelt(APPROVER), approved=approved)
    assert f"{APPROVER} filed or opened INC" in text


def test_an_approver_whom_a_ticket_is_about_does_not_decide(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    affected = world.stale_user()
    asked_by(world, world.member(), affected)
    text = refused(world, affected.login, approvers=[affected.login])
    assert "or is its affected user" in text


def test_a_member_of_a_group_of_approvers_decides(a_world: Make) -> None:
    policy: dict[str, Any] = APPROVE | {"approvers": ["Change Board"]}
    world = a_world(policy=policy, groups=["Change Board"])
    with world.sandbox.frame.lock:
        world.sandbox.okta.actors.group("Change Board", [approver_of(world).user_id])
    approval_is_asked_for(world, INCIDENT)
    outsider = world.member("ldap.example.com")
    assert "is not among the approvers" in refused(world, outsider.login, **policy)
    decisions.decide(config_of(world, **policy), waiting(world).id, by=APPROVER, why="seen", approved=True)
    decision = waiting(world).decision
    assert decision is not None
    assert approver_of(world).user_id == decision.user_id


ONCE_MORE = "Approval needed once more: the earlier one does not count"


def asked_again(world: World, ticket: Filed) -> str:
    """Return the one note that asks for an approval anew."""
    world.run_for(minutes=30)
    assert (RunState.PROPOSED, None, 2) == (waiting(world).state, waiting(world).decision, waiting(world).asked)
    [note] = [text for text in by_worker(world.shown(ticket), "internal") if ONCE_MORE in text]
    assert [] == world.force_syncs()
    return note


def shown(world: World, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    sync_show(config_of(world), waiting(world).id)
    return " ".join(capsys.readouterr().out.split())


def test_an_approval_is_void_for_a_ticket_of_the_approver(a_world: Make, capsys: pytest.CaptureFixture[str]) -> None:
    world = a_world(policy=APPROVE)
    ticket = asked_by(world, approver_of(world), world.stale_user())
    decide(world, approved=True)  # as a program would that does not ask the command
    note = asked_again(world, ticket)
    why = f"that of {APPROVER} does not count, because {APPROVER} filed or opened {world.shown(ticket)['key']}"
    assert why in note
    assert f"because needs approval again: {why}" in shown(world, capsys)


def locked_out(world: World) -> str:
    with world.sandbox.frame.lock:
        world.sandbox.okta.people[approver_of(world).user_id].status = "LOCKED_OUT"
    return f"the Okta user {APPROVER} can't approve at the moment"


def taken_off_the_list(world: World) -> str:
    policy: dict[str, Any] = APPROVE | {"approvers": [SAME_DIRECTORY]}
    world.settings = Settings(**settings_table(world.sandbox, world.store_file, WAITS | policy))
    world.restart_worker()
    return f"{APPROVER} is not among the approvers"


def too_late(world: World) -> str:
    world.skip(minutes=11)
    return "longer ago than policy.approval_valid_for"


@pytest.mark.parametrize("happens", [locked_out, taken_off_the_list, too_late])
def test_an_approval_that_lost_its_ground_is_told_and_asked_for_once(a_world: Make, happens: Any) -> None:
    world = a_world(policy=APPROVE | {"approval_valid_for": 600.0})
    ticket = approval_is_asked_for(world, INCIDENT)
    decide(world, approved=True)
    why = happens(world)
    assert why in asked_again(world, ticket)


@pytest.mark.parametrize("named", ["nobody@example.com", "No Such Group"])
def test_an_approver_who_does_not_exist_stops_the_org_at_the_start(a_world: Make, named: str) -> None:
    world = a_world(policy=APPROVE)
    policy: dict[str, Any] = APPROVE | {"approvers": [named]}
    world.settings = Settings(**settings_table(world.sandbox, world.store_file, policy))
    world.start_worker()
    (text,) = prepare(world.parts)
    assert f"policy.approvers: found {named!r}; the org has no user and no group of this name" in text


def test_pause_and_resume_leave_their_traces(a_world: Make, capsys: pytest.CaptureFixture[str]) -> None:
    world = a_world()
    config = config_of(world)
    switches.pause(config, None, by="robin", why="migration weekend")
    switches.resume(config, None, by="sasha", why="migration done")
    switches.pause(config, CORP.upper(), by="robin", why="agents down")
    capsys.readouterr()
    acts = world.parts.store.acts()
    app_id = world.sandbox.world.apps[CORP]
    assert [
        (Act.PAUSE, app_id, "robin", "agents down", HERE),
        (Act.RESUME, "", "sasha", "migration done", HERE),
        (Act.PAUSE, "", "robin", "migration weekend", HERE),
    ] == [(act.act, act.target, act.by, act.why, act.operator) for act in acts]
    audit(config, as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    words = ("pause", "resume", "robin", "sasha", "migration done", "every Force Sync", app_id, HERE)
    assert [] == [word for word in words if word not in shown]


def test_an_approval_does_not_cover_the_approvers_own_ticket_that_joins_while_the_run_waits(a_world: Make) -> None:
    world = a_world(policy=APPROVE | {"approvers": [APPROVER, SAME_DIRECTORY]})
    approval_is_asked_for(world, INCIDENT)
    own = world.member()
    assert SAME_DIRECTORY == own.login
    switch_off(world)
    decide(world, approved=True, by=own)
    world.run_for(minutes=2)
    world.change_directory(own, "department", NEW_VALUE)
    world.ticket(INCIDENT, about=own)
    world.run_for(minutes=4)
    world.parts.store.resume(StopKind.SWITCH, EVERY_DIRECTORY)
    world.run_for(minutes=4)
    assert (RunState.PROPOSED, None) == (waiting(world).state, waiting(world).decision)
    assert [] == world.force_syncs()


def test_an_approver_who_is_locked_out_later_keeps_no_ticket_from_being_judged(a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    with world.sandbox.frame.lock:
        world.sandbox.okta.people[approver_of(world).user_id].status = "LOCKED_OUT"
    ticket = world.ticket(INCIDENT, about=world.member(), expected=None)
    world.run_for(minutes=3)
    assert CaseState.ASKED == world.case(ticket).state
