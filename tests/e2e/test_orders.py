"""What a person orders about one case is done as the case's own step, on the ticket and in the audit."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import Filed, Place
from tests.e2e.world import World
from worker.errors import OperatorError
from worker.everyday.orders import carried_out
from workflows.engine.machine import CASE_EDGES
from workflows.model import Act, CaseState, OperatorAct

WHY = "the user has left"


def act(world: World, ticket: Filed, kind: Act) -> OperatorAct:
    at = world.time.now()
    return OperatorAct(at=at, act=kind, target=world.case(ticket).id, by="robin", operator="robin@host", why=WHY)


def ordered(world: World, ticket: Filed, kind: Act) -> str:
    return carried_out(world.parts.ports, world.parts.store, act(world, ticket, kind))


def waiting(world: World, place: Place) -> Filed:
    """Return a ticket whose case waits for its Force Sync."""
    ticket, _ = world.stale_ticket(place)
    world.work()
    assert CaseState.JOINED == world.case(ticket).state
    return ticket


@on_both_desks
def test_a_case_is_handed_over_with_its_reason_and_its_ride_is_dropped(place: Place, world: World) -> None:
    ticket = waiting(world, place)
    assert "is handed over: escalated" in ordered(world, ticket, Act.HAND_OVER)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert f"robin had it handed over: {WHY}" in by_worker(world.shown(ticket), "internal")[-1]
    assert [(Act.HAND_OVER, world.case(ticket).id)] == [(item.act, item.target) for item in world.parts.store.acts()]
    world.settle()
    assert ["cancelled"] == [run.state for run in world.runs()]
    allowed = {(edge.source, edge.target) for edge in CASE_EDGES}
    assert set(world.case_edges(ticket)) <= {(str(source), str(target)) for source, target in allowed}


@on_both_desks
def test_a_ticket_is_left_alone_and_stays_so(place: Place, world: World) -> None:
    ticket = waiting(world, place)
    notes = by_worker(world.shown(ticket))
    assert "is left alone: withdrawn" in ordered(world, ticket, Act.LEAVE)
    world.settle()
    world.run_for(minutes=10)
    assert (CaseState.WITHDRAWN, 1) == (world.case(ticket).state, world.case(ticket).round)
    assert notes == by_worker(world.shown(ticket))
    assert world.shown(ticket)["assignee"] is None


def test_an_observed_ticket_only_gets_a_note(a_world: Make) -> None:
    world = a_world(policy={"default_autonomy": "observe", "autonomy": {}, "retry_after": 600.0})
    ticket, _ = world.stale_ticket()
    world.fault("okta", "status", status=503, times=10**9)
    world.work()
    world.clear_faults()
    assert not world.case(ticket).ended
    assert "is handed over: advised" in ordered(world, ticket, Act.HAND_OVER)


def test_a_ticket_that_a_person_has_taken_is_not_handed_over(world: World) -> None:
    ticket = waiting(world, ("servicenow", "incident"))
    world.take(ticket)
    with pytest.raises(OperatorError, match="could not be handed over now; it is withdrawn"):
        ordered(world, ticket, Act.HAND_OVER)


def test_a_case_that_a_process_has_or_that_has_ended_is_not_ordered_about(world: World) -> None:
    ticket = waiting(world, ("servicenow", "incident"))
    lease = world.parts.store.lease("case", world.case(ticket).id, world.time.now(), 60.0)
    assert lease is not None
    with pytest.raises(OperatorError, match="a process is working on"):
        ordered(world, ticket, Act.LEAVE)
    world.parts.store.release(lease)
    assert () == world.parts.store.acts()
    world.settle()
    with pytest.raises(OperatorError, match="is resolved: nothing is left to order"):
        ordered(world, ticket, Act.LEAVE)
    assert not world.parts.store.retry(act(world, ticket, Act.RETRY), world.time.now())


def test_a_retry_reads_the_ticket_at_once_whatever_it_waits_for(world: World) -> None:
    ticket = waiting(world, ("servicenow", "incident"))
    assert world.parts.store.due(world.time.now(), 10) == []
    assert world.parts.store.retry(act(world, ticket, Act.RETRY), world.time.now())
    assert "" == world.case(ticket).known
    world.work()
    assert "" != world.case(ticket).known
    assert [Act.RETRY] == [item.act for item in world.parts.store.acts()]
