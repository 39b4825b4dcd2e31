"""When to look whether a Force Sync has reached the Okta profile: soon after its start, then less and less often.

It takes "several minutes" and longer in a large directory
(https://support.okta.com/help/s/article/force-updates-from-active-directory-to-okta). The turns hang on the run's start
alone, so that all its riders look at the same times and one reading serves them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from workflows.model import Policy, SyncRun

SHARE = 8  # the longest time between two looks is this part of the time allowed


class Turn(NamedTuple):
    """The latest time to look that has come, None where none has, and the one that comes next (UTC)."""

    come: datetime | None
    next: datetime


def turn(run: SyncRun, deadline: datetime, policy: Policy, now: datetime) -> Turn:
    """Tell which look's turn it is; at the deadline, whatever came before, it is the last one's."""
    if now >= deadline:
        return Turn(deadline, deadline)
    come = None
    for moment in _moments(run, policy):
        if moment > now:
            return Turn(come, min(moment, deadline))
        come = moment
    raise LookupError("there is always another moment")


def _moments(run: SyncRun, policy: Policy) -> Iterator[datetime]:
    """Yield the times: after `verify_every`, then after twice as long each time.

    A press by hand is known by its effect, so that its riders are looked at at once.
    """
    moment, step = run.started_at or run.opened_at, policy.verify_every
    longest = max(policy.verify_every, policy.verify_for / SHARE)
    if run.by_hand:
        yield moment
    while True:
        moment += timedelta(seconds=step)
        yield moment
        step = min(2 * step, longest)
