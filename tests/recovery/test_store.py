"""The store keeps its promises on SQLite and PostgreSQL alike, whoever else writes at the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import pytest

from tests.unit.builders import NOW, asking, directory
from worker.errors import OperatorError
from worker.store import Store
from worker.store.documents import CASE_UPGRADES, upgraded
from workflows.model import (
    Case,
    CaseState,
    DirectoryRef,
    Evidence,
    JoinRequest,
    PlannedWrite,
    Reason,
    ReasonKind,
    Receipt,
    RunState,
    Sighting,
    Stop,
    StopKind,
    Subject,
    SyncRun,
    TicketRef,
    WriteState,
)
from workflows.ports import CaseCommit, Lease, RunCommit

T = TypeVar("T")
SECOND = timedelta(seconds=1)

STOP = Stop(kind=StopKind.SYSTEM, name="okta", until=NOW, why="401")


def opened(store: Store, number: int = 1, desk: str = "desk", now: datetime = NOW) -> Case:
    ref = TicketRef(desk=desk, id=str(number), key=f"T-{number}")
    case = store.open_case(Sighting(ref=ref, stamp="1"), now)
    assert case is not None
    return case


def leased(store: Store, case: Case, now: datetime = NOW, seconds: float = 60) -> Lease:
    lease = store.lease("case", case.id, now, seconds)
    assert lease is not None
    return lease


def write(case: Case, step: str = "claimed") -> PlannedWrite:
    return PlannedWrite(key=f"{case.id}.1.{step}", operation="comment", payload={"body": "ä"}, content=b"\x00\xff")


def claim(store: Store, lease: Lease, case: Case, now: datetime = NOW) -> bool:
    after = case.model_copy(update={"state": CaseState.CLAIMED})
    commit = CaseCommit(before=case, after=after, due_at=now, because="free to take", writes=(write(case),))
    return store.commit_case(lease, commit, now) is not None


def joining(case: Case, app_id: str = "0oa1", type_id: str = "oty1") -> CaseCommit:
    where = directory(ref=DirectoryRef(org="main", app_id=app_id))
    join = JoinRequest(directory=where, target_type_id=type_id, gather_until=NOW + 60 * SECOND)
    after = case.model_copy(update={"state": CaseState.JOINED})
    return CaseCommit(before=case, after=after, due_at=NOW, because="it helps", join=join)


def joined(store: Store, lease: Lease, commit: CaseCommit) -> str | None:
    answer = store.commit_case(lease, commit, NOW)
    return answer.run_id if answer else None


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Do everything at the same moment, each in a thread of its own; returns the answers in order."""
    gate, answers = threading.Barrier(len(acts)), dict[int, T]()

    def run(place: int, act: Callable[[], T]) -> None:
        gate.wait(10)
        answers[place] = act()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [answers[place] for place in range(len(acts))]


def test_a_case_comes_back_as_it_went_in(store: Store) -> None:
    case = opened(store)
    lease = leased(store, case)
    evidence = Evidence(
        what=Reason.of(ReasonKind.PROFILE_READ, user="ünïcode 🦉"), system="okta", at=NOW + timedelta(microseconds=7)
    )
    after = case.model_copy(
        update={"state": CaseState.CLAIMED, "evidence": (evidence,), "because": Reason.of(ReasonKind.CLAIMED)}
    )
    store.commit_case(lease, CaseCommit(before=case, after=after, due_at=NOW, because="b", writes=(write(case),)), NOW)
    assert after == store.case(case.id)
    assert {"1": (case.id, case.stamp, CaseState.CLAIMED, case.known)} == store.seen_before("desk", ["1", "2"])
    (stored,) = store.writes(case.id)
    assert (write(case), WriteState.PENDING) == (stored.planned, stored.state)
    assert (NOW, "received", "claimed", "b") == store.events("case", case.id)[-1]


def test_of_two_stores_one_gets_the_lease(store: Store, store_url: str) -> None:
    case, other = opened(store), Store.open(store_url)
    got = at_once(*(lambda s=s: s.lease("case", case.id, NOW, 60) for s in (store, other)))
    assert 1 == sum(lease is not None for lease in got)
    assert None is other.lease("case", case.id, NOW + 59 * SECOND, 60)
    assert other.lease("case", case.id, NOW + 60 * SECOND, 60)
    other.close()


def test_a_worker_that_lost_its_lease_changes_nothing(store: Store) -> None:
    case = opened(store)
    frozen = leased(store, case, seconds=10)
    assert claim(store, frozen, case)
    later = NOW + 11 * SECOND
    current = leased(store, case, later)
    key = write(case).key
    assert not store.write_sent(frozen, key, later)
    store.write_delivered(frozen, key, Receipt(at=later), later)
    store.write_refused(frozen, key, "no", later)
    store.defer(frozen, None, "never", later)
    assert None is store.extend(frozen, later, 60)
    store.release(frozen)
    claimed = store.case(case.id)
    assert claimed is not None
    assert CaseState.CLAIMED is claimed.state
    assert [WriteState.PENDING] == [item.state for item in store.writes(case.id)]
    assert store.extend(current, later, 60)


def test_a_lease_ends_with_the_last_commit_and_only_with_it(store: Store) -> None:
    case = opened(store)
    lease, later = leased(store, case), NOW + SECOND
    commit = CaseCommit(before=case, after=case, due_at=later, because="b", releases=True)
    assert store.commit_case(lease, commit.but(before=case.but(state=CaseState.ASKED)), NOW) is None
    assert store.lease("case", case.id, NOW, 60) is None
    assert store.commit_case(lease, commit, NOW)
    assert not store.write_sent(lease, write(case).key, NOW)
    again = leased(store, case)
    store.release(lease)  # what the first one had is the second one's now
    assert store.lease("case", case.id, NOW, 60) is None
    store.defer(again, later, "waits", NOW)
    assert store.lease("case", case.id, NOW, 60)


def test_a_step_based_on_an_old_state_is_dropped_whole(store: Store) -> None:
    case = opened(store)
    lease = leased(store, case)
    assert claim(store, lease, case)
    assert not claim(store, lease, case)
    assert 1 == len(store.writes(case.id))
    assert 1 == len(store.events("case", case.id))


def test_a_ticket_seen_by_two_searches_gets_one_case(store: Store, store_url: str) -> None:
    other = Store.open(store_url)
    sighting = Sighting(ref=TicketRef(desk="desk", id="1", key="T-1"), stamp="1")
    got = at_once(*(lambda s=s: s.open_case(sighting, NOW) for s in (store, other)))
    assert 1 == sum(case is not None for case in got)
    other.close()


def test_tickets_seen_at_once_get_one_case_each(store: Store) -> None:
    known = opened(store, 1)
    sightings = [
        Sighting(ref=TicketRef(desk="desk", id=str(number), key=f"T-{number}"), stamp="1") for number in (1, 2, 3)
    ]
    found = store.open_cases("desk", sightings, NOW)
    assert ["2", "3"] == [case.ref.id for case in found]
    assert {known.id, *(case.id for case in found)} == {id for _, id in store.due(NOW, 10)}
    assert () == store.open_cases("desk", sightings, NOW)


def test_a_search_stores_no_older_stamp_over_one_that_came_meanwhile(store: Store) -> None:
    case, other = opened(store, 1), opened(store, 2)
    before = store.seen_before("desk", [case.ref.id, other.ref.id])
    store.note_stamp(case, "3", NOW, wake=True)
    store.note_stamps([(before[case.ref.id], "2"), (before[other.ref.id], "2")])
    assert ["3", "2"] == [stored.stamp for stored in map(store.case, (case.id, other.id)) if stored]


def test_cases_that_join_at_the_same_moment_share_one_run(store: Store, store_url: str) -> None:
    others = [store, *(Store.open(store_url) for _ in range(3))]
    for round_number in range(5):
        cases = [opened(store, 10 * round_number + number) for number in range(4)]
        leases = [leased(store, case) for case in cases]

        commits = [joining(case, f"0oa{round_number}") for case in cases]
        run_ids = at_once(*(partial(joined, *parts) for parts in zip(others, leases, commits, strict=True)))
        assert 1 == len(set(run_ids)), run_ids
        assert run_ids[0] is not None
        assert {case.id for case in cases} == {ride.case_id for ride in store.rides(run_ids[0])}
        assert {case.id for case in cases} == {case.id for case in store.riders(run_ids[0], open_only=True)}
    assert dict.fromkeys([run.id for run in store.runs(open_only=True)], 4) == store.rides_by_run()
    assert 5 == len(store.rides_by_run())
    for other in others[1:]:
        other.close()


def test_a_run_that_no_longer_gathers_takes_no_rider(store: Store) -> None:
    first, second = opened(store, 1), opened(store, 2)
    run_id = joined(store, leased(store, first), joining(first))
    assert run_id is not None
    run, lease = store.run(run_id), store.lease("run", run_id, NOW, 60)
    assert run is not None
    assert lease is not None
    starting = run.but(state=RunState.STARTING, deadline=NOW + timedelta(hours=4))
    assert store.commit_run(lease, RunCommit(before=run, after=starting, due_at=NOW, because="go"), NOW)
    blocked = store.commit_case(leased(store, second), joining(second), NOW)
    assert blocked is not None
    assert (run.id, None) == (blocked.blocked_by, blocked.blocked_until), "it may gather again at any time"
    assert second == store.case(second.id)


def gathering(store: Store, number: int, type_id: str) -> SyncRun:
    case = opened(store, number)
    run_id = joined(store, leased(store, case), joining(case, type_id=type_id))
    run = store.run(run_id or "")
    assert run is not None
    return run


def test_the_riders_of_two_user_types_ride_two_runs_of_a_directory(store: Store) -> None:
    first, second, third = (gathering(store, number, f"oty{number % 2}") for number in range(3))
    assert first.id == third.id != second.id
    assert {"oty0", "oty1"} == {run.target_type_id for run in store.runs(open_only=True)}


def test_of_two_runs_of_a_directory_only_one_is_being_started(store: Store, store_url: str) -> None:
    others = [Store.open(store_url) for _ in range(4)]
    runs = [gathering(store, number, f"oty{number}") for number in range(4)]
    acts = []
    for other, run in zip(others, runs, strict=True):
        lease = other.lease("run", run.id, NOW, 60)
        assert lease is not None
        commit = RunCommit(before=run, after=run.but(state=RunState.STARTING), due_at=NOW, because="go")
        acts.append(partial(other.commit_run, lease, commit, NOW))
    assert [False, False, False, True] == sorted(at_once(*acts))
    (started,) = store.under_way(directory())
    assert RunState.STARTING == started.state
    assert 3 == sum(run.state is RunState.GATHERING for run in store.runs())
    for other in others:
        other.close()


def test_what_is_due_is_woken_once_by_whichever_scheduler_asks(store: Store, store_url: str) -> None:
    cases = {opened(store, number).id for number in range(40)}
    other = Store.open(store_url)
    got = at_once(*(lambda s=s: s.due(NOW, 100) for s in (store, other)))
    woken = Counter(id for found in got for _, id in found)
    assert cases == set(woken)
    assert {1} == set(woken.values())
    other.close()


def test_a_message_that_was_lost_is_sent_again(store: Store) -> None:
    case = opened(store)
    assert [("case", case.id)] == store.due(NOW, 10)
    assert [] == store.due(NOW + 29 * SECOND, 10)
    assert [("case", case.id)] == store.due(NOW + 30 * SECOND, 10)


def test_a_late_duplicate_finds_nothing_due(store: Store) -> None:
    case = opened(store)
    lease = store.lease("case", case.id, NOW, 60, only_due=True)
    assert lease is not None
    store.defer(lease, NOW + 60 * SECOND, "waiting", NOW)
    store.release(lease)
    assert None is store.lease("case", case.id, NOW + 59 * SECOND, 60, only_due=True)
    assert store.lease("case", case.id, NOW + 60 * SECOND, 60, only_due=True)


def test_a_desk_at_its_limit_lets_no_more_cases_be_worked(store_url: str) -> None:
    store = Store.open(store_url, {"narrow": 2})
    narrow = [opened(store, number, "narrow") for number in range(3)]
    wide = [opened(store, number, "wide") for number in range(3)]
    leases = [store.lease("case", case.id, NOW, 60) for case in (*narrow, *wide)]
    assert [True, True, False, True, True, True] == [lease is not None for lease in leases]
    assert leases[0] is not None
    store.release(leases[0])
    assert store.lease("case", narrow[2].id, NOW, 60)
    assert store.lease("case", narrow[0].id, NOW + 60 * SECOND, 60), "leases that ran out count no more"
    store.close()


def test_a_case_counts_as_to_be_judged_until_its_subjects_were(store: Store) -> None:
    case = opened(store)
    assert [0, 1] == [store.unjudged({"desk"}, NOW - SECOND), store.unjudged({"desk"}, NOW)]
    assert [0, 0] == [store.unjudged(desks, NOW) for desks in ({"other"}, frozenset[str]())]
    claimed = case.model_copy(update={"state": CaseState.CLAIMED})
    lease = leased(store, case)
    assert store.commit_case(lease, CaseCommit(before=case, after=claimed, due_at=NOW, because="free"), NOW)
    assert 1 == store.unjudged({"desk"}, NOW)
    judged = claimed.model_copy(update={"subjects": (Subject(request=asking("title")),)})
    assert store.commit_case(lease, CaseCommit(before=claimed, after=judged, due_at=NOW, because="must wait"), NOW)
    assert 0 == store.unjudged({"desk"}, NOW)


def test_one_scheduler_leads_and_a_hung_one_is_replaced(store: Store, store_url: str) -> None:
    other = Store.open(store_url)
    assert [1, None] == [store.lead("a", NOW, 10), other.lead("b", NOW, 10)]
    assert 1 == store.lead("a", NOW + 9 * SECOND, 10)
    assert None is other.lead("b", NOW + 18 * SECOND, 10)
    assert 2 == other.lead("b", NOW + 19 * SECOND, 10)
    opened(store)
    assert [] == store.due(NOW + 20 * SECOND, 10, fence=1), "the old leader wakes nothing"
    assert 1 == len(other.due(NOW + 20 * SECOND, 10, fence=2))
    assert None is store.lead("a", NOW + 20 * SECOND, 10)
    other.close()


def test_of_two_new_schedulers_one_leads(store: Store, store_url: str) -> None:
    other = Store.open(store_url)
    fences = at_once(lambda: store.lead("a", NOW, 10), lambda: other.lead("b", NOW, 10))
    assert [1, None] == sorted(fences, key=lambda fence: fence is None)
    other.close()


def test_two_processes_may_make_the_same_rows_at_once(store: Store, store_url: str) -> None:
    other = Store.open(store_url)
    at_once(lambda: store.ensure_desk("desk", NOW), lambda: other.ensure_desk("desk", NOW))
    said = at_once(lambda: store.pause(STOP), lambda: other.pause(STOP))
    assert ["desk"] == [poll.name for poll in store.polls()]
    assert [False, True] == sorted(said), "it is told once"
    other.close()


def test_documents_of_an_older_version_are_read_and_of_a_newer_one_refused() -> None:
    steps = (lambda doc: {"b": doc["a"]}, lambda doc: {"c": doc["b"]})
    assert {"c": 1, "version": 3} == upgraded({"a": 1, "version": 1}, steps, "case x")
    assert {"c": 1, "version": 3} == upgraded({"b": 1, "version": 2}, steps, "case x")
    with pytest.raises(OperatorError, match="case x has document version 4, this program knows 1 to 3"):
        upgraded({"version": 4}, steps, "case x")


@pytest.mark.parametrize(("state", "claimed"), [("received", False), ("claimed", True), ("asked", True)])
def test_a_case_of_the_version_that_claimed_before_it_judged_is_not_claimed_twice(state: str, claimed: bool) -> None:
    old = {"version": 4, "state": state, "said": {"reminded": [1]}}
    assert {"claimed": claimed, "reminded": [1]} == upgraded(old, CASE_UPGRADES, "case x")["said"]
