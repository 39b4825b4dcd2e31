"""The looks after a start become rarer, are the same for all riders, and end with one at the deadline."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit.builders import NOW, started_run
from workflows.case.watching import turn
from workflows.model import Policy, SyncRun

POLICY = Policy(verify_every=20, verify_for=800)
DEADLINE = NOW + timedelta(seconds=800)


def a_run(*, by_hand: bool = False) -> SyncRun:
    return started_run(deadline=DEADLINE, by_hand=by_hand)


def seconds(moment: datetime | None) -> float | None:
    return (moment - NOW).total_seconds() if moment else None


@pytest.mark.parametrize(
    ("now", "come", "next"),
    [(0, None, 20), (20, 20, 60), (59, 20, 60), (140, 140, 240), (239, 140, 240), (795, 740, 800), (800, 800, 800)],
)
def test_each_look_comes_later_than_the_one_before(now: float, come: float | None, next: float) -> None:
    this = turn(a_run(), DEADLINE, POLICY, NOW + timedelta(seconds=now))
    assert (come, next) == (seconds(this.come), seconds(this.next))


def test_an_effect_by_hand_is_looked_at_at_once() -> None:
    assert turn(a_run(by_hand=True), DEADLINE, POLICY, NOW).come == NOW
