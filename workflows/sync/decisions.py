"""A run that waits for a person: for approval, or for a click in the console (assisted).

A click is seen by its effect. One value that came may have been typed, or brought by a sign-in; several were not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from workflows.errors import NotAllowed, Refused
from workflows.model import Autonomy, Case, CaseState, Reason, RunState, Subject, SyncRun
from workflows.model import ReasonKind as R
from workflows.precheck.schema_refusal import PEOPLE, UPDATED
from workflows.precheck.verdicts import riding
from workflows.steps import Ports, RunAdvance, RunOutcome, RunWait
from workflows.values.comparing import holds
from workflows.values.masking import plain

NOT_STARTED = {  # where a run goes that will not start
    RunState.GATHERING: RunState.CANCELLED,
    RunState.PROPOSED: RunState.CANCELLED,
    RunState.REQUESTED: RunState.FAILED,
}


def ruled_out(run: SyncRun, ports: Ports) -> RunAdvance | None:
    """End a run that has not started of an org that the settings do not name, or a directory that they only observe.

    Its riders are judged again, by the settings as they are. None where they still let it run.
    """
    if run.state not in NOT_STARTED:
        return None
    if run.directory.ref.org not in ports.drivers:
        why = Reason.of(R.ORG_UNNAMED, org=run.directory.ref.org)
    elif ports.policy.autonomy_of(run.directory) is Autonomy.OBSERVE:
        why = Reason.of(R.ONLY_OBSERVED)
    else:
        return None
    ended = _ended(run, NOT_STARTED[run.state], why)
    return replace(ended, drop=tuple(case.id for case in ports.store.riders(run.id, open_only=True)))


def proposed(run: SyncRun, ports: Ports) -> RunOutcome:
    """Apply a person's decision, or end the run when nobody decided in time.

    Whether an approval counts is seen right before the start.
    """
    now, decision = ports.clock.now(), run.decision
    deadline = run.deadline or now
    if decision is None:
        if now >= deadline:
            return _ended(run, RunState.CANCELLED, Reason.of(R.NOT_APPROVED))
        until = min(deadline, now + timedelta(seconds=ports.policy.ask_every))
        return RunWait(until, Reason.of(R.WAITS_FOR_APPROVAL))
    by, reason = plain(decision.by, 80), plain(decision.why, 200)
    if not decision.approved:
        return _ended(run, RunState.CANCELLED, Reason.of(R.REJECTED, by=by, why=reason))
    because = Reason.of(R.APPROVED, by=by, why=reason)
    start_by = now + timedelta(seconds=ports.policy.ride_for)  # the riders' time may be over, waiting for this
    return RunAdvance(run.but(state=RunState.GATHERING, because=because, deadline=start_by), due_at=now)


def requested(run: SyncRun, ports: Ports) -> RunOutcome:
    """Start the wait for the effect once a person pressed the button, or end the run when nobody did in time.

    Several users' values tell that, or somebody's word on a ticket: a press without effect changes no value. The value
    of one among several ends that ticket's ride alone.
    """
    now = ports.clock.now()
    riders = joined(run, ports)
    if not riders:
        return _ended(run, RunState.FAILED, Reason.of(R.NO_TICKET_WAITS))
    looks = {case.id: [_looked(item, ports) for item in riding(case, run)] for case in riders}
    arrived = _shows_a_press([look for looked in looks.values() for look in looked], run, ports)
    if arrived or run.press:
        because = Reason.of(R.PRESSED_BY_A_PERSON)
        if run.press and not arrived:
            because = Reason.of(R.PRESSED_BY, at=run.press.at)
        deadline = now + timedelta(seconds=ports.policy.verify_for)
        after = run.but(state=RunState.STARTED, started_at=now, deadline=deadline, by_hand=True, because=because)
        return RunAdvance(after, due_at=deadline, wake_riders=True)
    deadline = run.deadline or now
    if now >= deadline:
        return _ended(run, RunState.FAILED, Reason.of(R.NOT_PRESSED))
    until = min(deadline, now + timedelta(seconds=ports.policy.verify_every))
    settled = tuple(id for id, looked in looks.items() if looked and all(look.all for look in looked))
    return RunWait(until, Reason.of(R.WAITS_FOR_A_PERSON), run, drop=settled)


def joined(run: SyncRun, ports: Ports) -> list[Case]:
    """Return the riders that wait for the run, as it is now: some may have joined since it was last looked at."""
    return [case for case in ports.store.riders(run.id, open_only=True) if case.state is CaseState.JOINED]


class _Look(NamedTuple):
    """Which of a rider's expected values Okta holds by now: any, or all; `names` are those attributes."""

    user_id: str
    names: tuple[str, ...]
    all: bool


def _looked(subject: Subject, ports: Ports) -> _Look:
    verdict = subject.verdict
    if verdict is None or verdict.user_id is None:
        raise LookupError("a subject without a judged user cannot have ridden")
    profile = ports.org.user(verdict.user_id).profile
    held = tuple(item.attribute for item in verdict.expectations if holds(profile, item))
    return _Look(verdict.user_id, held, len(held) == len(verdict.expectations))


def _shows_a_press(looks: Sequence[_Look], run: SyncRun, ports: Ports) -> bool:
    """Say whether what came can have come by a Force Sync alone: to several users, or to the only one by Okta's job."""
    came = {look.user_id: look.names for look in looks if look.names}
    if len(came) > 1:
        return True
    return len({look.user_id for look in looks}) == 1 and any(_by_a_job(*item, run, ports) for item in came.items())


def _by_a_job(user_id: str, names: tuple[str, ...], run: SyncRun, ports: Ports) -> bool:
    """Say whether the System Log tells that no person changed one of these attributes since the press was asked for."""
    since = run.asked_at or run.opened_at
    try:
        events = ports.org.log(user_id, since, types=(UPDATED,))
    except (Refused, NotAllowed):
        return False
    own = [event for event in events if event.published >= since and set(names) & set(event.changed)]
    return bool(own) and own[-1].actor_kind not in PEOPLE


def _ended(run: SyncRun, state: RunState, because: Reason) -> RunAdvance:
    return RunAdvance(run.but(state=state, because=because), wake_riders=True)
