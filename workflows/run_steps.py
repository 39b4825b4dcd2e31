"""The run's workflow: one short function per state. Only a run presses Force Sync, after reading its riders again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from workflows.acts import riding
from workflows.errors import Misconfigured, Refused, Transient, Uncertain, Unexpected
from workflows.expectations import still_helps
from workflows.model import Case, CaseState, ProfileMapping, RideState, RunState, SyncRun, Verdict
from workflows.outcome import Ports, RunAdvance, RunOutcome, RunWait
from workflows.ownership import taken_over
from workflows.run_policy import may_start, window_open


def gathering(run: SyncRun, ports: Ports, still_ours: Callable[[], None]) -> RunOutcome:
    """Close the window, read every rider again, and commit to the start if any is left whom it helps.

    `still_ours` is called before each ticket: it prolongs the lease, and raises where that has been lost.
    """
    now, store = ports.clock.now(), ports.store
    if wait := window_open(run, store.polls(), store.unjudged(now), ports.policy, now):
        return RunWait(wait.until, wait.reason)
    if wait := may_start(store.last_started(run.directory), ports.policy, now):
        return RunWait(wait.until, wait.reason)
    riders = [ride.case_id for ride in store.rides(run.id) if ride.state is RideState.OPEN]
    cases = {}
    for case_id in riders:
        still_ours()
        case = store.case(case_id)
        if case is not None and _still_rides(case, ports):
            cases[case_id] = case
    still_ours()
    helped = _still_helped(cases, run, ports)
    dropped = [case_id for case_id in riders if case_id not in helped]
    if len(dropped) == len(riders):
        because = "no rider was left whom it would help"
        after = run.model_copy(update={"state": RunState.CANCELLED, "because": because})
        return RunAdvance(after, because, drop=tuple(dropped))
    now = ports.clock.now()
    because = f"{len(riders) - len(dropped)} riders read again and still helped"
    after = run.model_copy(update={"state": RunState.STARTING, "because": because})
    return RunAdvance(after, because, due_at=now, drop=tuple(dropped))


def starting(run: SyncRun, ports: Ports, *, committed_here: bool) -> RunOutcome:
    """Press, if this very process has just committed to it; a start found here after a crash counts as made."""
    now = ports.clock.now()
    if not committed_here:
        return _started(run, ports, "found after a crash: it may have been sent", uncertain=True)
    system = run.directory.ref.org
    try:
        receipt = ports.drivers[system].start(run.directory, run.target_type_id)
    except Transient as error:
        until = error.until or now + timedelta(seconds=ports.policy.retry_after)
        return _back(run, until, str(error))
    except Misconfigured as error:
        until = now + timedelta(seconds=ports.policy.retry_after)
        if ports.store.pause(f"{error.system} force sync", until, str(error)):
            ports.tell("alert", {"system": error.system, "text": str(error)})
        return _back(run, until, str(error))
    except Refused as error:
        return RunAdvance(
            run.model_copy(update={"state": RunState.FAILED, "because": str(error)}), str(error), wake_riders=True
        )
    except (Uncertain, Unexpected) as error:
        return _started(run, ports, str(error), uncertain=True)
    run = run.model_copy(update={"request_id": receipt.request_id})
    return _started(run, ports, "accepted by Okta", uncertain=False)


def started(run: SyncRun, ports: Ports) -> RunOutcome:
    """End when nobody waits for it any more, or at the deadline."""
    now = ports.clock.now()
    open_riders = sum(ride.state is RideState.OPEN for ride in ports.store.rides(run.id))
    deadline = run.deadline or now
    if open_riders and now < deadline:
        until = min(deadline, now + timedelta(seconds=ports.policy.verify_every))
        return RunWait(until, f"{open_riders} riders wait for its effect")
    because = "the time for its effect is over" if open_riders else "every rider has its answer"
    after = run.model_copy(update={"state": RunState.ENDED, "because": because})
    return RunAdvance(after, because, wake_riders=True)


def _started(run: SyncRun, ports: Ports, because: str, *, uncertain: bool) -> RunAdvance:
    now = ports.clock.now()
    after = run.model_copy(
        update={
            "state": RunState.STARTED,
            "because": because,
            "uncertain": uncertain,
            "started_at": now,
            "deadline": now + timedelta(seconds=ports.policy.verify_for),
        }
    )
    soon = min(ports.policy.verify_every, ports.policy.verify_for)
    return RunAdvance(after, because, due_at=now + timedelta(seconds=soon), wake_riders=True)


def _back(run: SyncRun, until: datetime, because: str) -> RunAdvance:
    after = run.model_copy(update={"state": RunState.GATHERING, "because": because})
    return RunAdvance(after, because, due_at=until)


def _still_rides(case: Case, ports: Ports) -> bool:
    """Read a rider's ticket again: still ours."""
    if case.state is not CaseState.JOINED or not case.subjects:
        return False
    return not taken_over(ports.desks[case.ref.desk].read(case.ref))


def _still_helped(cases: Mapping[str, Case], run: SyncRun, ports: Ports) -> set[str]:
    """Read the riders again, all together: whose app user is still ahead of Okta in this directory."""
    verdicts = {
        case_id: [subject.verdict for subject in riding(case, run.directory)] for case_id, case in cases.items()
    }
    wanted = {item.user_id for found in verdicts.values() for item in found if item and item.user_id}
    members, mappings = ports.org.members(run.directory, sorted(wanted)), _Mappings(run, ports)

    def helps(verdict: Verdict | None) -> bool:
        member = members.get(verdict.user_id) if verdict and verdict.user_id else None
        if verdict is None or verdict.target_type_id is None or member is None or member.user is None:
            return False
        return still_helps(verdict, member.user, member.copy_in_directory, mappings.of(member.user.type_id))

    return {case_id for case_id, found in verdicts.items() if found and all(helps(verdict) for verdict in found)}


class _Mappings:
    """The run's directory's mappings, each read afresh once."""

    def __init__(self, run: SyncRun, ports: Ports) -> None:
        self._run, self._ports = run, ports
        self._read: dict[str, ProfileMapping | None] = {}

    def of(self, type_id: str) -> ProfileMapping | None:
        if type_id not in self._read:
            self._read[type_id] = self._ports.org.mapping(self._run.directory, type_id, fresh=True)
        return self._read[type_id]
