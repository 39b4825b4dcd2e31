"""When a run may start."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit import builders as build
from workflows.model import Policy, SyncRun
from workflows.ports import DeskPoll
from workflows.sync.policy import SWITCH, may_decide, may_start, switch_of, window_open


class Pauses:
    """What the store would say is paused."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def paused(self, system: str, now: datetime) -> tuple[datetime, str] | None:
        return (now + timedelta(days=1), "by robin: migration weekend") if system in self._names else None


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
    wait = may_start(run(), build.NOW, Pauses(), POLICY, build.NOW + timedelta(seconds=899))
    assert wait is not None
    assert build.NOW + timedelta(seconds=900) == wait.until
    assert may_start(run(), build.NOW, Pauses(), POLICY, build.NOW + timedelta(seconds=900)) is None
    assert may_start(run(), None, Pauses(), POLICY, build.NOW) is None


def test_the_switch_holds_every_run() -> None:
    assert may_start(run(), None, Pauses(), POLICY.model_copy(update={"force_sync": False}), build.NOW) is not None


@pytest.mark.parametrize("name", [SWITCH, switch_of(build.directory())])
def test_a_pause_holds_runs_and_its_reason_is_told(name: str) -> None:
    wait = may_start(run(), None, Pauses(name), POLICY, build.NOW)
    assert wait is not None
    assert "migration weekend" in wait.reason


def test_the_pause_of_another_directory_holds_nothing() -> None:
    assert may_start(run(), None, Pauses(f"{SWITCH} of 0oa2"), POLICY, build.NOW) is None


@pytest.mark.parametrize("by", ["ada@example.com", " ADA@example.com", "Ada", ""])
def test_nobody_approves_what_they_asked_for(by: str) -> None:
    riders = [build.case(requester="ada@example.com")]
    assert may_decide(by, riders) is not None
    assert may_decide("robin.agent@example.com", riders) is None
