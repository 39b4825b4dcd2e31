"""The looks after a start become rarer, are the same for all riders, and end with one at the deadline."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit import builders as build
from tests.unit.builders import NOW, started_run
from workflows.case.watching import MOST, turn, with_look
from workflows.model import Look, Policy, SyncRun

POLICY = Policy(verify_every=20, verify_for=800)
DEADLINE = NOW + timedelta(seconds=800)


def a_run(*, by_hand: bool = False) -> SyncRun:
    return started_run(deadline=DEADLINE, by_hand=by_hand)


def seconds(moment: datetime | None) -> float | None:
    return (moment - NOW).total_seconds() if moment else None


@pytest.mark.parametrize(
    ("now", "due", "next"),
    [(0, None, 20), (20, 20, 40), (59, 40, 80), (160, 160, 260), (259, 160, 260), (795, 760, 800), (800, 800, 800)],
)
def test_each_look_comes_later_than_the_one_before(now: float, due: float | None, next: float) -> None:
    this = turn(a_run(), DEADLINE, POLICY, NOW + timedelta(seconds=now))
    assert (due, next) == (seconds(this.due), seconds(this.next))


def test_an_effect_by_hand_is_looked_at_at_once() -> None:
    assert turn(a_run(by_hand=True), DEADLINE, POLICY, NOW).due == NOW


def seen(minute: int, *lacking: str, updated_at: datetime | None = None) -> Look:
    at, request_id = build.NOW + timedelta(minutes=minute), f"req-{minute}"
    times = {"first_at": at, "first_request_id": request_id, "last_at": at, "last_request_id": request_id}
    return Look(lacking=lacking, updated_at=updated_at, **times)


def all_of(*looks: Look) -> tuple[Look, ...]:
    kept: tuple[Look, ...] = ()
    for look in looks:
        kept = with_look(kept, look)
    return kept


def test_looks_that_saw_the_same_are_one_with_the_first_and_the_last_request() -> None:
    (only,) = all_of(*(seen(minute, "department") for minute in range(9)))
    assert (9, "req-0", "req-8") == (only.count, only.first_request_id, only.last_request_id)
    assert (build.NOW, build.NOW + timedelta(minutes=8)) == (only.first_at, only.last_at)


def test_a_reading_that_served_twice_counts_once() -> None:
    assert 1 == all_of(seen(1, "department"), seen(1, "department"))[0].count


def test_every_change_is_told_also_one_of_the_profiles_last_update_alone() -> None:
    written = build.NOW + timedelta(minutes=2)
    kept = all_of(seen(1, "department"), seen(3, "department", updated_at=written), seen(4, updated_at=written))
    assert [("department",), ("department",), ()] == [look.lacking for look in kept]


def test_a_profile_that_is_written_all_the_time_makes_no_case_grow() -> None:
    looks = [seen(minute, "department", updated_at=build.NOW + timedelta(minutes=minute)) for minute in range(100)]
    kept = all_of(*looks)
    assert (looks[0], looks[-1]) == (kept[0], kept[-1])
    assert MOST == len(kept)
