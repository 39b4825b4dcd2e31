"""Where the directory holds nothing, Force Sync would erase what Okta holds: a person says so first."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVER, decide
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import Place
from tests.e2e.world import World
from workflows.model import CaseState, QuestionKind, RunState


@on_both_desks
@pytest.mark.parametrize("words", ["Attribute: department", "My department is out of date in Okta."])
def test_what_is_asked_is_not_emptied_before_its_requester_has_said_so(words: str, place: Place, world: World) -> None:
    member = world.member()
    world.change_directory(member, "department", "")
    before = world.profile(member)["department"]
    ticket = world.said(place, by=member, text=words)
    world.settle()
    case = world.case(ticket)
    assert (CaseState.ASKED, QuestionKind.OPEN) == (case.state, case.question)
    assert before
    assert before == world.profile(member)["department"]
    assert [] == world.force_syncs()


@on_both_desks
@pytest.mark.parametrize(("attribute", "expression"), [("department", None), ("city", 'appuser.city + ""')])
def test_a_sync_that_would_empty_a_bystanders_value_waits_for_approval(
    attribute: str, expression: str | None, place: Place, a_world: Make
) -> None:
    world = a_world(policy={"default_autonomy": "auto", "approvers": [APPROVER]})
    bystander, member = world.member(), world.stale_user()
    if expression:
        world.sandbox.okta.set_mapping(bystander.app_id, attribute, expression)
    world.change_directory(bystander, attribute, "")
    assert world.profile(bystander)[attribute]
    ticket = world.ticket(place, about=member)
    world.run_for(minutes=10)
    (run,) = world.runs()
    assert (RunState.PROPOSED, []) == (run.state, world.force_syncs())
    assert f"it would empty what Okta holds in {attribute}" in by_worker(world.shown(ticket), "internal")[-1]
    world.sandbox.okta.apps[bystander.app_id].approved.add(attribute)
    decide(world, approved=True)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()
    assert NEW_VALUE == world.profile(member)["department"]
