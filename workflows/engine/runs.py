"""Works one leased run: steps and commits until it waits. Force Sync starts right after its decision is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workflows.engine import machine
from workflows.engine.trouble import MOST_FAULTS, LeaseLost, let_end
from workflows.errors import FarSideError, StoreUnavailable
from workflows.model import RUN_ENDS, Reason, RunState, SyncRun
from workflows.model import ReasonKind as R
from workflows.notes.reasons import sentence
from workflows.ports import Lease, RunCommit
from workflows.steps import Ports, RunAdvance, RunOutcome, RunWait
from workflows.sync.decisions import NOT_STARTED, proposed, requested, ruled_out
from workflows.sync.faults import interrupted
from workflows.sync.gathering import gathering
from workflows.sync.starting import found_starting, start, started

GIVEN_UP = NOT_STARTED | {RunState.STARTED: RunState.ENDED}
RunStep = Callable[[SyncRun, Ports], RunOutcome]


class RunWork:
    """Works runs, one at a time."""

    def __init__(self, ports: Ports, lease_seconds: float) -> None:
        self._ports = ports
        self._lease_seconds = lease_seconds

    def work(self, lease: Lease) -> int:
        """Advance the run until it waits; return the number of transitions made."""
        transitions, store = 0, self._ports.store
        starting: RunStep = found_starting
        while (run := store.run(lease.id)) is not None and run.state not in RUN_ENDS:
            try:
                self._keep(lease)
                outcome = self._step(lease, run, starting)
            except LeaseLost:
                break
            except FarSideError as error:
                self._wait(lease, run, interrupted(run, error, self._ports))
                break
            except StoreUnavailable:
                raise  # nothing can be recorded now; the next worker finds the stored state
            except Exception as error:  # noqa: BLE001  # our own defect
                return transitions + self._defect(lease, run, error)
            if isinstance(outcome, RunWait):
                self._wait(lease, run, outcome)
                break
            if outcome.run.state is RunState.STARTING:
                starting, outcome = start, replace(outcome, run=outcome.run.but(sent_at=store.now()))
            if not self._commit(lease, run, outcome):
                break
            transitions += 1
            if outcome.run.state is not RunState.STARTING:
                break  # its due time says when to continue
        return transitions

    def _step(self, lease: Lease, run: SyncRun, starting: RunStep) -> RunOutcome:
        if stopped := ruled_out(run, self._ports):
            return stopped
        if run.state is RunState.GATHERING:
            return gathering(run, self._ports, lambda: self._keep(lease))
        if run.state is RunState.STARTING:
            if starting is found_starting:
                detail = "the process that started it ended; its call may still arrive"
                let_end(run.sent_at, run.directory.ref.org, "see whether Force Sync was started", detail, self._ports)
            return starting(run, self._ports)
        waiting = {RunState.PROPOSED: proposed, RunState.REQUESTED: requested, RunState.STARTED: started}
        return waiting[run.state](run, self._ports)

    def _wait(self, lease: Lease, before: SyncRun, outcome: RunWait) -> None:
        because = sentence(outcome.because)
        if outcome.run is None or self._store(lease, before, outcome.run, outcome, because):
            self._ports.store.defer(lease, outcome.due_at, because, self._ports.clock.now())

    def _defect(self, lease: Lease, run: SyncRun, error: Exception) -> int:
        """Try again later; after some times end the run, so that people get its tickets. Return the transitions made.

        One that is being started may have been: its effect is looked for.
        """
        ports, name = self._ports, type(error).__name__
        ports.tell("defect", {"run": run.id, "directory": run.label, "state": run.state, "error": error})
        if run.faults + 1 < MOST_FAULTS:
            until, because = ports.after(ports.policy.retry_after), Reason.of(R.DEFECT, name=name)
            self._wait(lease, run, RunWait(until, because, run.but(faults=run.faults + 1)))
            return 0
        if run.state is RunState.STARTING:
            return int(self._commit(lease, run, found_starting(run, ports)))
        because = Reason.of(R.RUN_STOPPED_BY_A_DEFECT, name=name)
        ended = RunAdvance(run.but(state=GIVEN_UP[run.state], because=because), wake_riders=True)
        return int(self._commit(lease, run, ended))

    def _store(self, lease: Lease, before: SyncRun, after: SyncRun, outcome: RunOutcome, because: str) -> bool:
        commit = RunCommit(
            before=before,
            after=after,
            due_at=outcome.due_at,
            because=because,
            drop=outcome.drop,
            wake_riders=outcome.wake_riders,
        )
        return self._ports.store.commit_run(lease, commit, self._ports.clock.now())

    def _keep(self, lease: Lease) -> None:
        if self._ports.store.extend(lease, self._ports.clock.now(), self._lease_seconds) is None:
            raise LeaseLost(lease.id)

    def _commit(self, lease: Lease, before: SyncRun, outcome: RunAdvance) -> bool:
        machine.check(machine.RUN_EDGES, before.state, outcome.run.state)
        because = sentence(outcome.run.because)
        if not self._store(lease, before, outcome.run.but(faults=0), outcome, because):
            return False
        facts = {"run": before.id, "directory": before.label, "from": before.state, "to": outcome.run.state}
        self._ports.tell("run", facts | {"because": because})
        return True
