"""When a run may start, and which window a new one gets: pure answers from policy, times and what the store counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from workflows.model import Case, Directory, JoinRequest, Policy, SyncRun, Verdict
from workflows.ports import DeskPoll
from workflows.precheck.verdict_texts import counted, moment


class Pauses(Protocol):
    """What of the store tells that something is paused."""

    def paused(self, system: str, now: datetime) -> tuple[datetime, str] | None:
        """Return until when and why, None if it is not."""


class NotYet(NamedTuple):
    """Why a run must wait, and until when to look again (UTC)."""

    until: datetime
    reason: str


def join_request(verdict: Verdict, policy: Policy, now: datetime, successor_of: str | None = None) -> JoinRequest:
    """Ask for a place on the directory's run; a run opened for it gathers for the policy's time."""
    if verdict.directory is None or verdict.target_type_id is None:
        raise ValueError("a verdict without a directory or a user type cannot ride")
    return JoinRequest(
        directory=verdict.directory,
        target_type_id=verdict.target_type_id,
        gather_until=now + timedelta(seconds=policy.gather_for),
        successor_of=successor_of,
    )


def window_open(run: SyncRun, polls: Sequence[DeskPoll], unjudged: int, policy: Policy, now: datetime) -> NotYet | None:
    """Keep the window open until every ticket tagged before its end is known and judged, within a limit.

    A ticket tagged just before the window's end is found by a search that begins after it; so every desk must have
    been searched to the end once more, and what was found be judged. Desks that cannot be searched, and tickets that
    cannot be judged, hold a run back no longer than `gather_at_most` seconds in all.
    """
    if now < run.gather_until:
        return NotYet(run.gather_until, "gathering riders")
    limit = run.opened_at + timedelta(seconds=max(policy.gather_at_most, policy.gather_for))
    if now >= limit:
        return None
    soon = min(now + timedelta(seconds=max(0.2, min(5.0, policy.poll_every / 4))), limit)
    for poll in polls:
        started, completed = poll.last_started_at, poll.last_completed_at
        if started is None or completed is None or started < run.gather_until or completed < started:
            return NotYet(soon, f"{poll.name} is to be searched once more after the window's end")
    if unjudged:
        return NotYet(soon, f"still to be judged, of those found in time: {counted(unjudged, 'ticket')}")
    return None


SWITCH = "force sync"  # the pause that stops every press; with a directory's app id behind it, that directory's


def switch_of(directory: Directory) -> str:
    """Return the name under which a directory's presses are paused."""
    return f"{SWITCH} of {directory.ref.app_id}"


def switched_off(run: SyncRun, store: Pauses, policy: Policy, now: datetime) -> str | None:
    """Say who has switched a run's Force Sync off, since when and why, as far as it was told; None if nobody has."""
    if not policy.force_sync:
        return "by the settings (policy.force_sync)"
    pauses = (store.paused(name, now) for name in (SWITCH, switch_of(run.directory)))
    return next((pause[1] for pause in pauses if pause), None)


def may_start(
    run: SyncRun, last_started: datetime | None, store: Pauses, policy: Policy, now: datetime
) -> NotYet | None:
    """Hold a run back by the switches (of the settings, of everything, of the directory) and by the cool-down."""
    if paused := switched_off(run, store, policy, now):
        return NotYet(now + timedelta(seconds=policy.retry_after), f"Force Sync is paused {paused}")
    if last_started is not None:
        cool = last_started + timedelta(seconds=policy.cool_down)
        if now < cool:
            return NotYet(cool, f"the directory cools down after its last Force Sync until {moment(cool)}")
    return None


def may_decide(by: str, riders: Iterable[Case]) -> str | None:
    """Say why a person may not decide on a run; None if they may. Nobody approves what they asked for themselves.

    A name without a domain is held against what stands before the `@`.
    """
    name = by.casefold().strip()
    if not name:
        return "a decision needs a name"
    for case in riders:
        concerned = [case.requester, *(subject.verdict.login for subject in case.subjects if subject.verdict)]
        logins = {item.casefold() for item in concerned if item}
        if name in logins | {login.partition("@")[0] for login in logins}:
            return f"{by} filed {case.ref.key} or is its affected user"
    return None
