"""Starts Force Sync for a run, and ends the run when every rider is settled or the time is over.

`gathering` has the step before the start, `decisions` those that wait for a person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected
from workflows.model import Reason, RideState, RunState, Stop, StopKind, SyncRun
from workflows.model import ReasonKind as R
from workflows.steps import BELIEVED, WAITS, Ports, RunAdvance, RunOutcome, RunWait, alert, same_for_all
from workflows.sync.faults import noted
from workflows.sync.policy import may_start
from workflows.values.wording import counted

LOOK_EVERY = timedelta(minutes=1)  # at the rides: two that end at the same moment may each miss the other
TRY_AGAIN = timedelta(minutes=15)  # after Okta refused Force Sync to our account: administrators take their time


def found_starting(run: SyncRun, ports: Ports) -> RunAdvance:
    """Treat a start that an earlier message committed as made: its process crashed and may have sent the call."""
    run = run.but(answer="none was seen: the process ended before it came")
    return _started(run, ports, Reason.of(R.FOUND_AFTER_CRASH), uncertain=True)


def start(run: SyncRun, ports: Ports) -> RunOutcome:
    """Start Force Sync, right after this very process has committed the decision."""
    if wait := may_start(run, ports.store, ports.policy, ports.clock.now()):
        return _back(run, wait.due_at, wait.because)
    return _call_driver(run, ports)


def _call_driver(run: SyncRun, ports: Ports) -> RunOutcome:
    now = ports.clock.now()
    try:
        receipt = ports.drivers[run.directory.ref.org].start(run.directory, run.target_type_id)
    except Transient as error:
        until = error.until or now + timedelta(seconds=ports.policy.retry_after)
        return _back(noted(run, error, ports), until, _words(error))
    except Misconfigured as error:
        until = now + max(TRY_AGAIN, timedelta(seconds=ports.policy.retry_after))
        ports.store.pause(Stop(kind=StopKind.START, name=error.system, until=until, why=str(error), by=error.cause))
        alert(ports, error.system, error.cause, str(error))
        return _back(run, now + timedelta(seconds=ports.policy.retry_after), _words(error), wake_riders=True)
    except Refused as error:
        return _refused(run, error, ports)
    except Unexpected as error:  # of the reads before the call; what the call itself answers is never this
        alert(ports, error.system, error.operation, f"Force Sync could not be started: {error}")
        return _back(noted(run, error, ports), now + TRY_AGAIN, _words(error), wake_riders=True)
    except Uncertain as error:
        run = run.but(request_id=error.request_id, answer=error.said)
        return _started(run, ports, _words(error), uncertain=True)
    ports.store.resume(StopKind.START, run.directory.ref.org)
    answer = f"HTTP {receipt.status}" if receipt.status else "accepted"
    run = run.but(request_id=receipt.request_id, answer=answer)
    return _started(run, ports, Reason.of(R.ACCEPTED), uncertain=False)


def _refused(run: SyncRun, error: Refused, ports: Ports) -> RunAdvance:
    """Try again after a refusal in Okta's own words, which proves that nothing was started; the third is believed."""
    after = run.but(refusals=run.refusals + 1)
    if after.refusals < BELIEVED:
        until = ports.after(WAITS[run.refusals] * ports.policy.retry_after)
        return _back(noted(after, error, ports), until, _words(error))
    text = f"the Force Sync of {run.label} was refused {after.refusals} times, so that people get its tickets: {error}"
    alert(ports, error.system, f"start refused: {same_for_all(error.detail)}", text)
    because = Reason.of(R.START_REFUSED, words=error.said)
    return RunAdvance(after.but(state=RunState.FAILED, because=because), wake_riders=True)


def started(run: SyncRun, ports: Ports) -> RunOutcome:
    """End the run when no rider waits for it any more, or at the deadline."""
    now = ports.clock.now()
    open_riders = sum(ride.state is RideState.OPEN for ride in ports.store.rides(run.id))
    deadline = run.deadline or now
    if open_riders and now < deadline:
        waits = Reason.of(R.RUN_WAITS_FOR_EFFECT, tickets=counted(open_riders, "ticket"))
        return RunWait(min(deadline, now + LOOK_EVERY), waits)
    because = Reason.of(R.EFFECT_TIME_OVER if open_riders else R.ALL_RIDERS_SETTLED)
    return RunAdvance(run.but(state=RunState.ENDED, because=because), wake_riders=True)


def _started(run: SyncRun, ports: Ports, because: Reason, *, uncertain: bool) -> RunAdvance:
    now = ports.clock.now()
    deadline = now + timedelta(seconds=ports.policy.verify_for)
    soon = min(now + timedelta(seconds=ports.policy.verify_every), deadline)
    after = run.but(state=RunState.STARTED, because=because, uncertain=uncertain, started_at=now, deadline=deadline)
    return RunAdvance(after, due_at=soon, wake_riders=True)


def _back(run: SyncRun, until: datetime, because: Reason, *, wake_riders: bool = False) -> RunAdvance:
    return RunAdvance(run.but(state=RunState.GATHERING, because=because), due_at=until, wake_riders=wake_riders)


def _words(error: FarSideError) -> Reason:
    return Reason.of(R.PRODUCT_FAULT, words=str(error))
