"""Works one message (kind, id): lease, work, release. A product's fault never propagates.

The store is the truth and a message only a wake-up call, so duplicate, late and unknown messages do no harm.
"""

from __future__ import annotations

from typing import NamedTuple

from workflows.engine.cases import CaseWork
from workflows.engine.discovery import search
from workflows.engine.runs import RunWork
from workflows.engine.trouble import MOST_FAULTS
from workflows.errors import FarSideError, StoreUnavailable
from workflows.followups.looking_again import look_again
from workflows.model import FollowupState, Reason, StopKind
from workflows.model import ReasonKind as R
from workflows.notes.reasons import sentence
from workflows.ports import Kind, Lease
from workflows.steps import UNNAMED_FOR, Ports, alert, report, retry_at, tell_of_silence
from workflows.values.wording import counted

LEASE_SECONDS = 180.0  # twice the longest call to a product with its one quick retry


class Worked(NamedTuple):
    """The result of a message: whether the lease was taken, and how many transitions were made."""

    leased: bool
    transitions: int


class Engine:
    """Works messages one at a time; any number of threads and processes may share the store."""

    def __init__(self, ports: Ports, lease_seconds: float = LEASE_SECONDS) -> None:
        self._ports = ports
        self._lease_seconds = lease_seconds
        self._cases = CaseWork(ports, lease_seconds)
        self._runs = RunWork(ports, lease_seconds)

    def run_once(self, kind: Kind, id: str, *, only_due: bool = False) -> Worked:
        """Work one message until its aggregate waits; with `only_due`, a late duplicate does nothing."""
        now = self._ports.clock.now()
        lease = self._ports.store.lease(kind, id, now, self._lease_seconds, only_due=only_due)
        if lease is None:
            return Worked(leased=False, transitions=0)
        work = {"desk": self._desk, "case": self._cases.work, "run": self._runs.work, "followup": self._followup}
        try:
            return Worked(leased=True, transitions=work[kind](lease))
        finally:
            self._ports.store.release(lease)

    def _desk(self, lease: Lease) -> int:
        """Search a desk once; return how many cases were opened or reopened."""
        ports, begun = self._ports, self._ports.clock.now()
        desk = ports.desks.get(lease.id)
        if desk is None:
            self._tell_of_unnamed(lease.id)
            ports.store.poll_done(lease, None, begun, begun + UNNAMED_FOR)
            return 0
        ports.store.poll_started(lease, begun)
        complete, opened = None, 0
        due_at = ports.after(ports.policy.poll_every)
        try:
            found = search(desk, ports)
            complete, opened = begun, found.opened + found.reopened
            ports.store.resume(StopKind.SYSTEM, desk.name)
            ports.tell("desk searched", {"desk": desk.name, **found._asdict()})
        except FarSideError as error:
            report(error, ports)
            last = next((poll.last_completed_at for poll in ports.store.polls() if poll.name == desk.name), None)
            if last:
                text = f"{error} (no search was complete since {last:%Y-%m-%d %H:%M} UTC)"
                tell_of_silence(desk.name, last, text, ports)
            due_at = max(due_at, retry_at(error, ports))
        ports.store.poll_done(lease, complete, ports.clock.now(), due_at)
        return opened

    def _tell_of_unnamed(self, desk: str) -> None:
        if number := self._ports.store.open_on(desk):
            text = (
                f"{counted(number, 'open case')} of desk {desk}, which the settings do not name: nothing is read or "
                f"written there, and they wait. Name desks.{desk} in the settings again and restart: they go on within "
                f"an hour. If the desk is gone or has another name now, give its tickets to people"
            )
            alert(self._ports, desk, "not in the settings", text, quiet=2 * UNNAMED_FOR)

    def _followup(self, lease: Lease) -> int:
        try:
            return look_again(lease, self._ports)
        except FarSideError as error:
            report(error, self._ports)
            until = retry_at(error, self._ports)
            self._ports.store.defer(lease, until, str(error), self._ports.clock.now())
            return 0
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # our own defect: counted, logged, given up after some retries
            return self._followup_defect(lease, error)

    def _followup_defect(self, lease: Lease, error: Exception) -> int:
        """Try a follow-up again later; after some times it is not made, and the operator is told."""
        ports, now, name = self._ports, self._ports.clock.now(), type(error).__name__
        ports.tell("defect", {"followup": lease.id, "error": error})
        followup = ports.store.followup(lease.id)
        if followup is None:
            return 0
        after, until = followup.but(faults=followup.faults + 1), ports.after(ports.policy.retry_after)
        if after.faults < MOST_FAULTS:
            ports.store.commit_followup(lease, after, until, (), now)
            return 0
        finding = Reason.of(R.RUN_STOPPED_BY_A_DEFECT, name=name)
        text = f"{followup.kind} of case {followup.case_id}: {sentence(finding)}"
        alert(ports, "forcesync", f"followup: {name}", text)
        dropped = after.but(state=FollowupState.DROPPED, finding=finding)
        return int(ports.store.commit_followup(lease, dropped, None, (), now))
