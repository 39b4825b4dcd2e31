"""What happens to a case while somebody works it makes it due again, whatever the work ends with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.recovery.test_store import SECOND, joined, joining, leased, opened, write
from tests.unit.builders import NOW
from worker.store import Store
from workflows.model import Act, Case, CaseState, OperatorAct, Receipt, RideState, RunState
from workflows.ports import CaseCommit, RunCommit

LATER = timedelta(hours=4)


def rider(store: Store, number: int = 1) -> Case:
    case = opened(store, number)
    lease = leased(store, case)
    assert store.commit_case(lease, joining(case), NOW)
    store.release(lease)
    found = store.case(case.id)
    assert found is not None
    return found


def waits(store: Store, case: Case, event: Callable[[], object], waits_for: str | None = None) -> bool:
    """Work a case that ends with a long wait, while something happens; return whether it is due nevertheless."""
    lease = leased(store, case, seconds=600)
    event()
    commit = CaseCommit(before=case, after=case, due_at=NOW + LATER, because="waits", waits_for=waits_for)
    assert store.commit_case(lease, commit, NOW + SECOND)
    store.release(lease)
    again = store.lease("case", case.id, NOW + 2 * SECOND, 60, only_due=True)
    if again is not None:
        store.release(again)
    return again is not None


def moved(store: Store, run_id: str | None, state: RunState) -> None:
    assert run_id
    run, lease = store.run(run_id), store.lease("run", run_id, NOW, 60)
    assert run is not None
    assert lease is not None
    after = run.model_copy(update={"state": state})
    commit = RunCommit(before=run, after=after, due_at=None, because="it goes on", wake_riders=True)
    assert store.commit_run(lease, commit, NOW)
    store.release(lease)


def test_without_an_event_a_case_waits_as_long_as_it_wants(store: Store) -> None:
    assert not waits(store, rider(store), lambda: None)


def test_a_run_that_starts_while_its_rider_is_worked_wakes_it(store: Store) -> None:
    case = rider(store)
    assert waits(store, case, lambda: moved(store, case.run_id, RunState.STARTING))


def test_a_change_that_the_search_finds_while_a_case_is_worked_wakes_it(store: Store) -> None:
    case = rider(store)
    assert waits(store, case, lambda: store.note_stamp(case, "2", NOW, wake=True))
    assert not waits(store, case, lambda: store.note_stamp(case, "3", NOW, wake=False))


def test_a_ticket_that_a_search_misses_is_looked_at_once(store: Store) -> None:
    case = rider(store).model_copy(update={"known": "1"})
    assert not waits(store, case, lambda: None)
    missed: list[int] = []

    def search() -> None:
        missed.append(store.note_missing("desk", set(), NOW + SECOND, NOW))

    assert waits(store, case, search)
    assert not waits(store, case, search)
    assert [1, 0] == missed


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.CANCELLED, RunState.ENDED, RunState.GATHERING])
def test_a_case_does_not_wait_for_what_is_over(state: RunState, store: Store) -> None:
    first, second = rider(store, 1), opened(store, 2)
    if state is not RunState.GATHERING:
        moved(store, first.run_id, state)
    assert waits(store, second, lambda: None, waits_for=first.run_id)


def test_the_end_of_what_a_case_waits_for_wakes_it(store: Store) -> None:
    first, second = rider(store, 1), opened(store, 2)
    moved(store, first.run_id, RunState.STARTING)
    assert not waits(store, second, lambda: None, waits_for=first.run_id)
    moved(store, first.run_id, RunState.STARTED)
    assert store.lease("case", second.id, NOW + 3 * SECOND, 60, only_due=True) is None
    moved(store, first.run_id, RunState.ENDED)
    assert store.lease("case", second.id, NOW + 3 * SECOND, 60, only_due=True) is not None


def test_the_end_of_the_last_ride_makes_the_run_due_while_it_is_worked(store: Store) -> None:
    case = rider(store)
    assert case.run_id
    moved(store, case.run_id, RunState.STARTING)
    run, lease = store.run(case.run_id), store.lease("run", case.run_id, NOW, 600)
    assert run is not None
    assert lease is not None
    ours = leased(store, case)
    settled = case.model_copy(update={"state": CaseState.SYNCED})
    commit = CaseCommit(before=case, after=settled, due_at=None, because="seen", ride=RideState.SEEN)
    assert store.commit_case(ours, commit, NOW)
    store.defer(lease, NOW + LATER, "waits for the effect", NOW + SECOND)
    store.release(lease)
    assert store.lease("run", run.id, NOW + 2 * SECOND, 60, only_due=True) is not None


def test_a_persons_order_to_retry_reaches_a_case_that_is_being_worked(store: Store) -> None:
    case = rider(store)
    order = OperatorAct(at=NOW, act=Act.RETRY, target=case.id, by="eve", operator="eve at desk", why="it was mended")
    assert waits(store, case, lambda: store.retry(order, NOW))
    assert [order.why] == [act.why for act in store.acts()]


def test_a_rider_is_unclaimed_until_its_writes_are_on_the_ticket(store: Store) -> None:
    case = opened(store)
    lease, claim = leased(store, case), write(case)
    run_id = joined(store, lease, joining(case).but(writes=(claim,)))
    assert run_id
    assert frozenset({case.id}) == store.unclaimed(run_id, {"desk"})
    assert frozenset() == store.unclaimed(run_id, {"other"})
    assert store.write_sent(lease, claim.key, NOW)
    assert frozenset({case.id}) == store.unclaimed(run_id, {"desk"})
    assert store.write_delivered(lease, claim.key, Receipt(at=NOW), NOW)
    assert frozenset() == store.unclaimed(run_id, {"desk"})
