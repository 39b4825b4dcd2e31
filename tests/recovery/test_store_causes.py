"""Cases that ended for one cause are found, and a follow-up that several of them make is made once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.recovery.test_store import at_once, leased, opened
from tests.unit.builders import NOW
from worker.store import Store
from workflows.model import Case, CaseState, Followup, FollowupKind
from workflows.ports import CaseCommit, Lease

MINUTE = timedelta(minutes=1)


def ending(case: Case, cause: str, at: datetime = NOW, *, told: Case | None = None) -> CaseCommit:
    """Return the end of a case; `told` gets a follow-up."""
    after = case.but(state=CaseState.ESCALATED, cause=cause, ended_at=at)
    made: tuple[Followup, ...] = ()
    if told:
        id = f"{told.id}.1.pattern"
        made = (Followup(id=id, case_id=told.id, round=1, kind=FollowupKind.PATTERN, due_at=at, other=told.id),)
    return CaseCommit(before=case, after=after, due_at=None, because="it is stale", followups=made)


def closing(case: Case, cause: str) -> CaseCommit:
    """Return the step that hands a case over: its writes are not delivered yet."""
    after = case.but(state=CaseState.CLOSING, closing=CaseState.ESCALATED, cause=cause)
    return CaseCommit(before=case, after=after, due_at=NOW, because="it is stale")


def end(store: Store, lease: Lease, commit: CaseCommit) -> bool:
    return store.commit_case(lease, commit, NOW) is not None


def test_the_newest_of_one_cause_are_found(store: Store) -> None:
    for number, (cause, minutes) in enumerate([("stale", 1), ("stale", 2), ("other", 3), ("stale", 4), ("stale", 70)]):
        case = opened(store, number)
        assert end(store, leased(store, case), ending(case, cause, NOW - minutes * MINUTE))
    found = store.of_cause("stale", NOW - 60 * MINUTE, 2)
    assert ["T-0", "T-1"] == [case.ref.key for case in found]
    assert 3 == len(store.of_cause("stale", NOW - 60 * MINUTE, 10))


def test_those_that_are_closing_for_it_are_found_before_those_that_ended(store: Store) -> None:
    ended, other, about_to = (opened(store, number) for number in range(3))
    assert end(store, leased(store, ended), ending(ended, "stale"))
    assert end(store, leased(store, other), closing(other, "other"))
    assert end(store, leased(store, about_to), closing(about_to, "stale"))
    assert ["T-2", "T-0"] == [case.ref.key for case in store.of_cause("stale", NOW - 60 * MINUTE, 10)]
    assert ["T-2"] == [case.ref.key for case in store.of_cause("stale", NOW - 60 * MINUTE, 1)]


@pytest.mark.long
def test_two_cases_that_end_at_once_tell_the_first_one_once(store: Store, store_url: str) -> None:
    first, one, two = (opened(store, number) for number in range(3))
    assert end(store, leased(store, first), ending(first, "stale"))
    other = Store.open(store_url)
    acts = [
        partial(end, place, leased(place, case), ending(case, "stale", told=first))
        for place, case in ((store, one), (other, two))
    ]
    assert [True, True] == at_once(*acts)
    assert store.followup(f"{first.id}.1.pattern") is not None
    other.close()
