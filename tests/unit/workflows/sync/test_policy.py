"""When a run may start."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit import builders as build
from workflows.model import Policy, Stop, StopKind, SyncRun
from workflows.notes.reasons import sentence
from workflows.ports import DeskPoll
from workflows.sync.policy import EVERY_DIRECTORY, may_start, window_open


class Switches:
    """What the store would say is switched off."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def paused(self, kind: StopKind, name: str, now: datetime) -> Stop | None:
        until = now + timedelta(days=1)
        stop = Stop(kind=kind, name=name, until=until, why="migration weekend", by="robin", since=now)
        return stop if kind is StopKind.SWITCH and name in self._names else None


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
    wait = may_start(run(), build.NOW, Switches(), POLICY, build.NOW + timedelta(seconds=899))
    assert wait is not None
    assert build.NOW + timedelta(seconds=900) == wait.until
    assert may_start(run(), build.NOW, Switches(), POLICY, build.NOW + timedelta(seconds=900)) is None
    assert may_start(run(), None, Switches(), POLICY, build.NOW) is None


def test_the_switch_holds_every_run() -> None:
    assert may_start(run(), None, Switches(), POLICY.model_copy(update={"force_sync": False}), build.NOW) is not None


@pytest.mark.parametrize("name", [EVERY_DIRECTORY, build.directory().ref.app_id])
def test_a_pause_holds_runs_and_its_reason_is_told(name: str) -> None:
    wait = may_start(run(), None, Switches(name), POLICY, build.NOW)
    assert wait is not None
    assert "by robin since 2026-03-02 09:00 UTC: migration weekend" in sentence(wait.reason)


def test_the_pause_of_another_directory_holds_nothing() -> None:
    assert may_start(run(), None, Switches("0oa2"), POLICY, build.NOW) is None
