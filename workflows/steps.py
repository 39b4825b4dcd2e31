"""What a step may return, and what it may use: exactly one of `Advance` or `Wait`, and the ports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from workflows.model import Case, Intent, JoinRequest, Policy, RideState, SyncRun
from workflows.model.followup import Followup
from workflows.notes.audience import Reader
from workflows.ports import CaseStore, Clock, OktaOrg, Sole, SyncDriver, TicketDesk

Tell = Callable[[str, Mapping[str, object]], None]


@dataclass(frozen=True)
class Ports:
    """Every door of the core, by the names in the settings. `tell` reports an event for logs and alerts.

    `readers` says for each desk how its people read.
    """

    clock: Clock
    store: CaseStore
    desks: Mapping[str, TicketDesk]
    orgs: Mapping[str, OktaOrg]
    drivers: Mapping[str, SyncDriver]
    policy: Policy
    readers: Mapping[str, Reader]
    tell: Tell

    @property
    def org(self) -> OktaOrg:
        """Return the org that tickets are about."""
        return self.orgs[self.policy.default_org]

    def reader(self, case: Case) -> Reader:
        """Return who reads the case's ticket."""
        return self.readers[case.ref.desk]


@dataclass(frozen=True)
class Advance:
    """Go to another state. `case` carries the new values and the new state, `because` says why in one sentence.

    With `sole`, the step is taken only if no other case about the same users has said that word meanwhile.
    """

    case: Case
    because: str
    due_at: datetime | None = None
    intents: tuple[Intent, ...] = ()
    ride: RideState | None = None
    join: JoinRequest | None = None
    followups: tuple[Followup, ...] = ()
    sole: Sole | None = None


@dataclass(frozen=True)
class Wait:
    """Stay and look again at `until` (UTC); `case` carries values worth keeping, if any."""

    until: datetime
    reason: str
    case: Case | None = None


Outcome = Advance | Wait


@dataclass(frozen=True)
class RunAdvance:
    """Take a run to another state; `drop` names the cases whose rides end, `wake_riders` lets the others look."""

    run: SyncRun
    because: str
    due_at: datetime | None = None
    drop: tuple[str, ...] = ()
    wake_riders: bool = False


@dataclass(frozen=True)
class RunWait:
    """Leave the run in its state and look again at `until` (UTC); `run` carries values worth keeping, if any."""

    until: datetime
    reason: str
    run: SyncRun | None = None


RunOutcome = RunAdvance | RunWait
