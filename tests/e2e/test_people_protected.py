"""Users in protected groups are left to people: no Force Sync for them, and no public comment."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.settings import ASSISTED
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import SOFTWARE, Place
from tests.e2e.world import World
from workflows.model import CaseState, RunState
from workflows.model import ReasonKind as R

EXPECTED = "The requester has been told to expect an answer here."
EXECUTIVES: dict[str, Any] = {"policy": {"protected_groups": ["executives"]}, "groups": ["Executives"]}


@on_both_desks
def test_a_protected_user_gets_a_person_with_the_verdict(place: Place, a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    ticket, member = world.stale_ticket(place)
    world.put_in_group(member, "Executives")
    before = world.profile(member)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()
    assert before == world.profile(member)
    assert [] == by_worker(shown, "public")
    note = by_worker(shown, "internal")[-1]
    assert "forcesync's settings leave this decision to a person." in note
    assert "policy.protected_groups" in "".join(
        event["because"] for event in world.parts.store.record(world.case(ticket).id)["events"]
    )
    assert "The Okta profile is behind the directory's copy" in note
    assert EXPECTED not in note, "nothing was written to the requester"


@on_both_desks
def test_a_protected_user_is_asked_nothing(place: Place, a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    member = world.member()
    world.put_in_group(member, "Executives")
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == by_worker(world.shown(ticket), "public")


def test_who_is_in_other_groups_is_helped_as_usual(a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    ticket, member = world.stale_ticket()
    world.put_in_group(member, "Executives of the sports club")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()


@on_both_desks
def test_where_groups_cannot_be_read_nobody_is_taken_for_unprotected(place: Place, a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    ticket, _ = world.stale_ticket(place)
    refusal = {"errorCode": "E0000006", "errorSummary": "You do not have permission to perform the requested action"}
    world.fault("okta", "status", path="/users/[^/]+/groups$", status=403, body=refusal, times=5)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert "forcesync couldn't read the user's groups" == headings(world.shown(ticket))[-1]
    assert "could not be read" in note


def test_a_misspelt_group_stops_the_work_until_the_org_has_it(a_world: Make) -> None:
    world = a_world(checked=True, policy={"protected_groups": ["Exeuctives"]}, groups=["Executives"])
    words = "policy.protected_groups: found 'Exeuctives'; the org has no group of this name or id; near ones: 'Exec"
    assert any(told.event == "alert" and words in str(told.facts["text"]) for told in world.reported)
    ticket, member = world.stale_ticket()
    world.run_for(minutes=4)
    assert CaseState.RECEIVED == world.case(ticket).state
    assert [] == by_worker(world.shown(ticket))
    world.put_in_group(member, "Exeuctives")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()


def test_a_group_is_protected_by_its_id_too(a_world: Make) -> None:
    world = a_world(groups=["Executives"])
    id = next(group.id for group in world.sandbox.okta.groups.values() if group.name == "Executives")
    world.settings = world.settings.model_copy(
        update={"policy": world.settings.policy.model_copy(update={"protected_groups": frozenset({id})})}
    )
    world.restart_worker()
    ticket, member = world.stale_ticket()
    world.put_in_group(member, "Executives")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()


def test_a_misspelt_directory_stops_the_work_too(a_world: Make) -> None:
    world = a_world(checked=True, policy={"autonomy": {"crop.example.com": "observe"}})
    words = "policy.autonomy: found 'crop.example.com'; the org has no directory of this name or id; near ones: 'corp."
    assert any(told.event == "alert" and words in str(told.facts["text"]) for told in world.reported)
    world.stale_ticket()
    world.run_for(minutes=4)
    assert [] == world.force_syncs()


@on_both_desks
def test_who_became_protected_after_the_judgement_is_left_to_people(place: Place, a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    ticket, member = world.stale_ticket(place)
    world.work()
    assert CaseState.JOINED == world.case(ticket).state
    world.put_in_group(member, "Executives")
    world.settle()
    because = world.case(ticket).because
    assert (CaseState.ESCALATED, R.PROTECTED) == (world.case(ticket).state, because and because.kind)
    assert RunState.CANCELLED == world.runs()[0].state
    assert [] == world.force_syncs()
    assert NEW_VALUE != world.profile(member)["department"]


def protected_bystander(world: World) -> Member:
    """Return a protected user of the directory whose title a Force Sync would change."""
    member = world.stale_user(attribute="title", value="Vice President")
    world.put_in_group(member, "Executives")
    return member


@on_both_desks
def test_a_force_sync_that_would_change_a_protected_bystander_waits_for_approval(place: Place, a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    bystander = protected_bystander(world)
    ticket, _ = world.stale_ticket(place)
    world.run_for(minutes=5)
    (run,) = world.runs()
    assert (RunState.PROPOSED, []) == (run.state, world.force_syncs())
    assert "Vice President" != world.profile(bystander)["title"]
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert "It would change 1 user in protected groups" in note
    assert "it would change the Okta profiles of 1 user in protected groups" in note
    assert bystander.login not in note


@pytest.mark.parametrize(
    ("how", "asks"),
    [({}, "Approval needed"), ({"okta": ASSISTED}, "please press Force Sync")],
    ids=["approval", "by hand"],
)
def test_where_everybody_reads_the_ticket_nothing_tells_of_protected_users(
    how: dict[str, Any], asks: str, a_world: Make
) -> None:
    world = a_world(**EXECUTIVES | how)
    protected_bystander(world)
    ticket, _ = world.stale_ticket(SOFTWARE)
    world.run_for(minutes=5)
    assert [] == world.force_syncs()
    (note,) = by_worker(world.shown(ticket))
    assert asks in note
    assert "protected" not in note


def test_who_became_protected_after_the_scan_is_found_before_the_start(a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    bystander = world.stale_user(attribute="title", value="Vice President")
    ticket, _ = world.stale_ticket()
    world.work()
    world.fault("servicenow", "status", method="GET", path=ticket.id, status=503, times=10**9)
    while not any(run.radius for run in world.runs()):
        world.run_for(seconds=5)
    assert [] == world.force_syncs()
    world.put_in_group(bystander, "Executives")
    world.clear_faults()
    world.run_for(minutes=5)
    assert (RunState.PROPOSED, []) == (world.runs()[0].state, world.force_syncs())


@pytest.mark.parametrize("how", [{"policy": APPROVE | {"scan": False}}, {"okta": ASSISTED}], ids=["no scan", "by hand"])
def test_where_nobody_looked_the_note_says_that_protected_users_are_not_known(
    how: dict[str, Any], a_world: Make
) -> None:
    world = a_world(**how | {"policy": {**EXECUTIVES["policy"], **how.get("policy", {})}, "groups": ["Executives"]})
    protected_bystander(world)
    ticket, _ = world.stale_ticket()
    world.run_for(minutes=5)
    assert [] == world.force_syncs()
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert any(
        text in note for text in ("nor whether protected users are among them", "protected_groups) is not known")
    )
