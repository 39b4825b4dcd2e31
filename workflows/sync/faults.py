"""What a product's fault makes of a run: it is tried again, and no time counts where our account lacks a right.

The last fault stays with the run, because it is why its riders wait.
"""

from __future__ import annotations

from datetime import timedelta

from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Unexpected
from workflows.model import Reason, RunState, SyncRun
from workflows.model import ReasonKind as R
from workflows.steps import BELIEVED, Ports, RunWait, alert, met, next_look, report, tell_of_silence, times, what


def interrupted(run: SyncRun, fault: FarSideError, ports: Ports) -> RunWait:
    """Try a step again later; what is met again and again is told to the operator.

    Time in which the system cannot be used as configured does not count against the riders of a run that gathers: what
    is amiss concerns none of their tickets.
    """
    until, after = next_look(run, fault, ports), told(run, fault, ports)
    if isinstance(fault, Misconfigured) and run.state is RunState.GATHERING:
        start_by = until + timedelta(seconds=ports.policy.ride_for)
        after = after.but(deadline=max(start_by, run.deadline or start_by))
    return RunWait(until, Reason.of(R.PRODUCT_FAULT, words=str(fault)), after)


def noted(run: SyncRun, fault: FarSideError, ports: Ports) -> SyncRun:
    """Return a run with one more sighting of a fault, in the words that its riders' tickets get."""
    after = met(run, fault, ports.clock.now())
    if after.trouble is None or after.trouble.what != what(fault):
        return after
    why = Reason.of(R.PRODUCT_FAULT, words=fault.told, operation=fault.operation)
    return after.but(trouble=after.trouble.but(why=why))


def told(run: SyncRun, fault: FarSideError, ports: Ports) -> SyncRun:
    """Report a fault, and alert of one that is met again and again; return the run with it."""
    report(fault, ports)
    after = noted(run, fault, ports)
    if isinstance(fault, Refused | Unexpected) and times(after, fault) >= BELIEVED:
        alert(ports, fault.system, what(fault), f"the Force Sync of {run.label} can't go on as it should: {fault}")
    if isinstance(fault, Transient) and after.trouble and times(after, fault):
        since = after.trouble.since
        text = f"{fault} (so since {since:%Y-%m-%d %H:%M} UTC for the Force Sync of {run.label})"
        tell_of_silence(fault.system, since, text, ports)
    return after
