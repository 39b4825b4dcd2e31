"""Both databases count the same: cases, later looks, runs, stops, what is overdue, who lives; and record an order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.unit.builders import NOW
from worker.store import Store
from worker.store.tables import followups
from workflows.model import Act, Case, OperatorAct, Sighting, Stop, StopKind, TicketRef
from workflows.steps import FOREVER

LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    made = Store.open(store_url)
    yield made
    made.close()


def opened(store: Store, number: int) -> Case:
    found = store.open_case(Sighting(ref=TicketRef(desk="jira", id=str(number), key=f"SUP-{number}"), stamp="1"), NOW)
    assert found is not None
    return found


def test_the_state_is_counted_in_one_reading(store: Store) -> None:
    store.ensure_desk("jira", NOW)
    for number in (1, 2):
        case = opened(store, number)
        looked = {"id": f"{case.id}.1.recheck", "case_id": case.id, "state": "holds", "doc": {"kind": "recheck"}}
        with store._database.writing() as connection:
            connection.execute(sa.insert(followups).values(looked))
    lease = store.lease("case", case.id, NOW, 3600.0)
    for kind, name in (
        (StopKind.SWITCH, ""),
        (StopKind.SWITCH, "0oa1"),
        (StopKind.START, "main"),
        (StopKind.ALERT, "x"),
    ):
        store.pause(Stop(kind=kind, name=name, until=FOREVER, why="a test"))
    store.lead("a scheduler", NOW, 10.0)
    store.enter("host", 1, 60.0)
    found = store.health(LATER)
    assert lease is not None
    assert {("jira", "received"): 2} == found.cases
    assert {("jira", "received"): NOW} == found.oldest
    assert {("recheck", "holds"): 2} == found.followups
    assert {"case": NOW, "desk": NOW} == found.overdue
    assert {(StopKind.SWITCH, ""): 2, (StopKind.START, "main"): 1} == found.stops
    assert ({}, (), {"jira": None}, 1) == (found.runs, found.proposed, found.searched, found.processes)
    assert NOW + timedelta(seconds=10) == found.led_until
    assert (NOW, None) == (store.due_since("case", case.id), store.due_since("run", "none"))
    store.leave()


def test_an_order_to_look_again_wakes_the_case_and_is_in_the_audit(store: Store) -> None:
    case = opened(store, 1)
    lease = store.lease("case", case.id, NOW, 60.0)
    assert lease is not None
    store.defer(lease, FOREVER, "a reply", NOW)
    store.release(lease)
    act = OperatorAct(at=LATER, act=Act.RETRY, target=case.id, by="robin", operator="robin@host", why="it is there now")
    assert store.retry(act, LATER)
    assert [("case", case.id)] == store.due(LATER, 10)
    assert (act,) == store.acts()
    assert not store.retry(act.but(target="another"), LATER)
    assert (act,) == store.acts()
