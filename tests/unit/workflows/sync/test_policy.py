"""When a run may start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.unit import builders as build
from workflows.model import Directory, Policy, Stop, StopKind, SyncRun
from workflows.notes.reasons import sentence
from workflows.ports import DeskPoll
from workflows.sync.policy import EVERY_DIRECTORY, may_start, window_open


class Past:
    """What the store would say is switched off, and when the directory's runs started."""

    def __init__(self, *names: str, starts: Sequence[datetime] = (), under_way: Sequence[SyncRun] = ()) -> None:
        self._names, self._starts, self._under_way = names, starts, tuple(under_way)

    def under_way(self, _directory: Directory) -> tuple[SyncRun, ...]:
        return self._under_way

    def starts(self, _directory: Directory, since: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self._starts if at >= since)

    def paused(self, _kind: StopKind, _name: str, _now: datetime) -> None:
        return None

    def switches(self, now: datetime) -> list[Stop]:
        told = {"until": now + timedelta(days=1), "why": "migration weekend", "by": "robin", "since": now}
        return [Stop(kind=StopKind.SWITCH, name=name, **told) for name in self._names]


POLICY = Policy(gather_for=60, gather_at_most=300, cool_down=900, poll_every=20)
CLOSES = build.NOW + timedelta(seconds=60)


def run() -> SyncRun:
    return build.run(gather_until=CLOSES)


def poll(started: datetime, completed: datetime | None = None) -> DeskPoll:
    return DeskPoll(name="desk", last_started_at=started, last_completed_at=completed or started)


def later(seconds: float) -> datetime:
    return CLOSES + timedelta(seconds=seconds)


def test_the_window_stays_open_for_its_time() -> None:
    wait = window_open(run(), [poll(later(1))], 0, POLICY, CLOSES - timedelta(seconds=1))
    assert wait is not None
    assert wait.due_at == CLOSES


def test_every_desk_is_searched_once_more_after_the_windows_end() -> None:
    early = poll(CLOSES - timedelta(seconds=1), later(1))
    assert window_open(run(), [early], 0, POLICY, later(2)) is not None
    assert window_open(run(), [poll(later(0), later(1))], 0, POLICY, later(2)) is None


def test_a_search_that_did_not_end_does_not_count() -> None:
    assert window_open(run(), [poll(later(2), later(1))], 0, POLICY, later(3)) is not None


def test_what_was_found_in_time_is_judged_first() -> None:
    assert window_open(run(), [poll(later(0))], 3, POLICY, later(2)) is not None


def test_nothing_holds_a_run_back_for_ever() -> None:
    assert window_open(run(), [poll(build.NOW)], 3, POLICY, build.NOW + timedelta(seconds=300)) is None


def test_a_directory_cools_down_after_its_last_sync() -> None:
    past = Past(starts=[build.NOW])
    wait = may_start(run(), past, POLICY, build.NOW + timedelta(seconds=899))
    assert wait is not None
    assert build.NOW + timedelta(seconds=900) == wait.due_at
    assert may_start(run(), past, POLICY, build.NOW + timedelta(seconds=900)) is None
    assert may_start(run(), Past(), POLICY, build.NOW) is None


def test_a_cool_down_of_more_than_a_day_is_kept() -> None:
    past, policy = Past(starts=[build.NOW]), POLICY.model_copy(update={"cool_down": 2 * 86400.0})
    assert may_start(run(), past, policy, build.NOW + timedelta(hours=47)) is not None
    assert may_start(run(), past, policy, build.NOW + timedelta(hours=48)) is None


@pytest.mark.parametrize("allowed", [1, 3, 12])
def test_a_directory_starts_so_many_runs_in_any_24_hours(allowed: int) -> None:
    policy = POLICY.model_copy(update={"at_most_per_day": allowed})
    past = Past(starts=[build.NOW + timedelta(hours=hour) for hour in range(allowed)])
    last = build.NOW + timedelta(hours=allowed)
    wait = may_start(run(), past, policy, last)
    assert wait is not None
    assert build.NOW + timedelta(hours=24) == wait.due_at, "the first of them is a day old then, whatever the date"
    assert f"had {allowed} Force Sync" in sentence(wait.because)
    assert "policy.at_most_per_day" in sentence(wait.because)
    assert may_start(run(), past, policy, wait.due_at) is None
    assert may_start(run(), past, POLICY.model_copy(update={"at_most_per_day": allowed + 1}), last) is None


def test_one_force_sync_of_a_directory_is_under_way_at_a_time() -> None:
    other = build.started_run(id="r2", target_type_id="oty2", target_type="Contractor")
    wait = may_start(run(), Past(under_way=[other]), POLICY, build.NOW)
    assert wait is not None
    assert build.NOW < wait.due_at
    assert "another Force Sync of corp.example.com, user type Contractor was under way" in sentence(wait.because)
    assert may_start(other, Past(under_way=[other]), POLICY, build.NOW) is None, "a run does not wait for itself"


def test_the_switch_holds_every_run() -> None:
    assert may_start(run(), Past(), POLICY.model_copy(update={"force_sync": False}), build.NOW) is not None


@pytest.mark.parametrize("name", [EVERY_DIRECTORY, build.directory().ref.app_id, build.directory().label])
def test_a_pause_holds_runs_and_its_reason_is_told(name: str) -> None:
    wait = may_start(run(), Past(name), POLICY, build.NOW)
    assert wait is not None
    assert "by robin since 2026-03-02 09:00 UTC: migration weekend" in sentence(wait.because)


def test_the_pause_of_another_directory_holds_nothing() -> None:
    assert may_start(run(), Past("0oa2"), POLICY, build.NOW) is None
