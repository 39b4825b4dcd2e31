"""When a run may start, which window a new one gets, and what an open one is waiting for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from workflows.model import RUN_ENDS, Case, Directory, JoinRequest, Policy, RunState, SyncRun, Verdict
from workflows.ports import DeskPoll, Standing
from workflows.values.masking import plain
from workflows.values.wording import counted, moment

LONGEST = 200  # characters of a reason
TAKEN_WITHIN = timedelta(seconds=60)  # what is due for longer than this is taken by nobody: it is woken twice a minute


class Pauses(Protocol):
    """What of the store's `Pauses` a start depends on."""

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


def standing_of(
    run: SyncRun, stands: Standing, last_started: datetime | None, pauses: Pauses, policy: Policy, now: datetime
) -> str:
    """Say why a run stands as it does; an ended one, why it ended."""
    if run.state in RUN_ENDS:
        return plain(run.because, LONGEST) or "-"
    held_back = may_start(run, last_started, pauses, policy, now) if run.state is RunState.GATHERING else None
    told = [_waits_for(run, stands, held_back.reason if held_back else "", now), *_held_by(run, stands, now)]
    return "; ".join(told)


def _waits_for(run: SyncRun, stands: Standing, held_back: str, now: datetime) -> str:
    until = moment(run.deadline)
    if run.state is RunState.PROPOSED:
        if run.decision:
            return "decided on, and taken up at its next turn"
        return f"waits for a person's approval until {until} (forcesync sync approve {run.id}, or reject)"
    if run.state is RunState.REQUESTED:
        return f"waits until {until} for a person to press Force Sync in the Okta Admin Console"
    if run.state is RunState.STARTING:
        return "about to press, or pressing now"
    if run.state is RunState.STARTED:
        return f"pressed at {moment(run.started_at)}; its effect is looked for until {until}"
    return _gathers(run, stands, held_back, now)


def _gathers(run: SyncRun, stands: Standing, held_back: str, now: datetime) -> str:
    """Say what a run waits for before its start: its window, a pause, the cool-down, or what its last turn said."""
    if now < run.gather_until:
        window = f"gathers tickets until {moment(run.gather_until)}"
        return f"{window}; {held_back}" if held_back else window
    last = plain(stands.waiting or run.because, LONGEST)
    return held_back or last or "its window is over; it reads its tickets again and presses at its next turn"


def _held_by(run: SyncRun, stands: Standing, now: datetime) -> Iterator[str]:
    """Say if a process has the run, may have died with it, or if none comes."""
    leased, due = stands.leased_until, stands.due_at
    lost = " (a press whose answer was not seen counts as made)" if run.state is RunState.STARTING else ""
    if leased and leased > now:
        yield f"a process has it in hand; if that one died, another goes on at {moment(leased)}{lost}"
    elif leased:
        yield f"the process that had it died, its lease ended at {moment(leased)}; another goes on{lost}"
    elif due and due + TAKEN_WITHIN < now:
        yield f"due since {moment(due)}, and no process took it: is `forcesync run`, or scheduler and worker, running?"
    elif due and due > now:
        yield f"next turn at {moment(due)}"
