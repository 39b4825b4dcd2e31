"""When a run may start, which window a new one gets, and what an open one is waiting for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from workflows.model import Directory, JoinRequest, Policy, Reason, Stop, StopKind, SyncRun, Verdict
from workflows.model import ReasonKind as R
from workflows.ports import DeskPoll
from workflows.steps import RunWait
from workflows.values.wording import counted


class Starts(Protocol):
    """The part of the store that a start depends on."""

    def paused(self, kind: StopKind, name: str, now: datetime) -> Stop | None:
        """Return the stop that applies now, if any."""

    def switches(self, now: datetime) -> Sequence[Stop]:
        """Return every switch that is off."""

    def starts(self, directory: Directory, since: datetime) -> tuple[datetime, ...]:
        """Return when runs of the directory started since then (UTC), oldest first."""

    def under_way(self, directory: Directory) -> tuple[SyncRun, ...]:
        """Return the directory's runs that are being started, or whose effect is looked for."""


def join_request(
    verdict: Verdict, policy: Policy, now: datetime, successor_of: str | None = None, *, assisted: bool = False
) -> JoinRequest:
    """Build the request to join the run of directory and user type; a run opened for it gathers for `gather_for`."""
    if verdict.directory is None or verdict.target_type_id is None:
        raise ValueError("a verdict without a directory or a user type cannot ride")
    return JoinRequest(
        directory=verdict.directory,
        target_type_id=verdict.target_type_id,
        target_type=verdict.target_type,
        gather_until=now + timedelta(seconds=policy.gather_for),
        successor_of=successor_of,
        assisted=assisted,
    )


def window_open(
    run: SyncRun, polls: Sequence[DeskPoll], unjudged: int, policy: Policy, now: datetime
) -> RunWait | None:
    """Keep the window open until every ticket tagged before its end is known and judged, within a limit.

    A ticket tagged just before the window's end is found by a search that begins after it; so every desk must be
    searched to the end once more, and the new cases must be judged. Desks that cannot be searched and tickets that
    cannot be judged delay a run by at most `gather_at_most` seconds in all.
    """
    if now < run.gather_until:
        return RunWait(run.gather_until, Reason.of(R.GATHERING))
    limit = run.opened_at + timedelta(seconds=max(policy.gather_at_most, policy.gather_for))
    if now >= limit:
        return None
    soon = min(now + timedelta(seconds=max(0.2, min(5.0, policy.poll_every / 4))), limit)
    for poll in polls:
        started, completed = poll.last_started_at, poll.last_completed_at
        if started is None or completed is None or started < run.gather_until or completed < started:
            return RunWait(soon, Reason.of(R.SEARCH_OUTSTANDING, desk=poll.name))
    if unjudged:
        return RunWait(soon, Reason.of(R.JUDGEMENT_OUTSTANDING, tickets=counted(unjudged, "ticket")))
    return None


EVERY_DIRECTORY = ""  # the name of the switch that stops every Force Sync; a directory's has its app id or its label


def turned_off(stop: Stop) -> Reason:
    """Return who turned a switch off, since when and why."""
    return Reason.of(R.BY_A_PERSON, by=stop.by, since=stop.since, why=stop.why)


def is_held_back(directory: Directory, store: Starts, policy: Policy, now: datetime) -> bool:
    """Return whether a directory's Force Sync is switched off, or refused to our account."""
    refused = store.paused(StopKind.START, directory.ref.org, now)
    return refused is not None or switched_off(directory, store, policy, now) is not None


def switched_off(directory: Directory, store: Starts, policy: Policy, now: datetime) -> Reason | None:
    """Return who switched a directory's Force Sync off, since when and why, as far as known; None if nobody did."""
    if not policy.force_sync:
        return Reason.of(R.BY_SETTINGS)
    off = {stop.name: stop for stop in store.switches(now)}
    names = (EVERY_DIRECTORY, directory.ref.app_id, directory.label)
    return next((turned_off(off[name]) for name in names if name in off), None)


DAY = timedelta(hours=24)


def may_start(run: SyncRun, store: Starts, policy: Policy, now: datetime) -> RunWait | None:
    """Return why a run must wait: a switch, a call that Okta refuses or does not know, or the other runs.

    One Force Sync of a directory is under way at a time, whatever the user type, its starts keep apart, and so many are
    made in 24 hours. None if it may start.
    """
    if paused := switched_off(run.directory, store, policy, now):
        return RunWait(now + timedelta(seconds=policy.retry_after), Reason.of(R.OFF, paused))
    if refused := store.paused(StopKind.START, run.directory.ref.org, now):
        until = min(refused.until, now + timedelta(seconds=policy.retry_after))  # a person or a check may lift it
        return RunWait(until, Reason.of(R.PRESS_REFUSED, words=refused.why))
    if other := next((item for item in store.under_way(run.directory) if item.id != run.id), None):
        until = now + timedelta(seconds=policy.verify_every)
        return RunWait(until, Reason.of(R.ANOTHER_UNDER_WAY, run=other.id, label=other.label))
    return _too_soon(run, store, policy, now)


def _too_soon(run: SyncRun, store: Starts, policy: Policy, now: datetime) -> RunWait | None:
    cool_down = timedelta(seconds=policy.cool_down)
    starts = store.starts(run.directory, now - max(DAY, cool_down))
    if starts and now < (cool := starts[-1] + cool_down):
        return RunWait(cool, Reason.of(R.COOLS_DOWN, until=cool))
    today = [at for at in starts if at > now - DAY]
    if len(today) < policy.at_most_per_day:
        return None
    free = today[-policy.at_most_per_day] + DAY
    told = counted(len(today), "Force Sync")
    return RunWait(free, Reason.of(R.DAY_IS_FULL, label=run.directory.label, starts=told, until=free))
