"""When a run may start."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.unit import builders as build
from workflows.model import Policy, SyncRun
from workflows.ports import DeskPoll
from workflows.run_policy import may_start, window_open

POLICY = Policy(gather_for=60, gather_at_most=300, cool_down=900, poll_every=20)
CLOSES = build.NOW + timedelta(seconds=60)


def run() -> SyncRun:
    return SyncRun(
        id="r1", directory=build.directory(), target_type_id="oty1", opened_at=build.NOW, gather_until=CLOSES
    )


def poll(started: datetime, completed: datetime | None = None) -> DeskPoll:
    return DeskPoll(name="desk", last_started_at=started, last_completed_at=completed or started)


def later(seconds: float) -> datetime:
    return CLOSES + timedelta(seconds=seconds)


def test_the_window_stays_open_for_its_time() -> None:
    wait = window_open(run(), [poll(later(1))], 0, POLICY, CLOSES - timedelta(seconds=1))
    assert wait is not None
    assert wait.until == CLOSES


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
    wait = may_start(build.NOW, POLICY, build.NOW + timedelta(seconds=899))
    assert wait is not None
    assert build.NOW + timedelta(seconds=900) == wait.until
    assert may_start(build.NOW, POLICY, build.NOW + timedelta(seconds=900)) is None
    assert may_start(None, POLICY, build.NOW) is None


def test_the_switch_holds_every_run() -> None:
    assert may_start(None, POLICY.model_copy(update={"force_sync": False}), build.NOW) is not None
