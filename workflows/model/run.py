"""The sync run: one Force Sync of a directory and user type, which serves many cases, and the rides that join them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from workflows.model.approval import Decision, Radius, Scan
from workflows.model.identity import Directory
from workflows.model.reasons import Reason
from workflows.model.values import Value


class RunState(StrEnum):
    """The states of a run; the last three are ends."""

    GATHERING = "gathering"
    PROPOSED = "proposed"
    REQUESTED = "requested"
    STARTING = "starting"
    STARTED = "started"
    ENDED = "ended"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Press(Value):
    """A person's word on a ticket that Force Sync was pressed in the Admin Console; `at` (UTC) is when they wrote it.

    `by` is the ticket's group, or "a person": no agent is named.
    """

    by: str
    at: datetime


RUN_ENDS = frozenset({RunState.ENDED, RunState.CANCELLED, RunState.FAILED})


class SyncRun(Value):
    """One Force Sync of one directory, which re-applies its mapping onto one user type. Times are UTC.

    `gather_until` is when the window closes. `uncertain` says that the answer to the start was lost. `successor_of`
    names the run without effect that this one follows: it repeats an uncertain call, once, or is `assisted`, left to a
    person. `deadline` ends the current wait: for an approval, for a person to press the button, for the effect. `scan`
    is under way, `radius` its result; `decision` is a person's, `asked_at` when one was asked for, `asked` how often.
    `by_hand` means that a person pressed the button, `press` that somebody wrote so. `answer` is the product's to the
    start, or why none was seen. `target_type` is the user type's name, "" for the default one. `sent_at` is when
    the start was committed, right before its call, by the store's clock. `faults` counts our own defects in the
    current state.
    """

    version: int = 4
    id: str
    directory: Directory
    target_type_id: str
    target_type: str = ""
    state: RunState = RunState.GATHERING
    opened_at: datetime
    gather_until: datetime
    started_at: datetime | None = None
    sent_at: datetime | None = None
    uncertain: bool = False
    deadline: datetime | None = None
    successor_of: str | None = None
    request_id: str | None = None
    answer: str = ""
    because: Reason | None = None
    scan: Scan | None = None
    radius: Radius | None = None
    decision: Decision | None = None
    asked_at: datetime | None = None
    asked: int = 0
    by_hand: bool = False
    assisted: bool = False
    press: Press | None = None
    faults: int = 0

    @property
    def label(self) -> str:
        """Return what the run re-applies: the directory, and the user type unless it is the default one."""
        return _label(self.directory, self.target_type)


def _label(directory: Directory, target_type: str) -> str:
    return f"{directory.label}, user type {target_type}" if target_type else directory.label


class RideState(StrEnum):
    """The states of a case's ride on a run."""

    OPEN = "open"
    SEEN = "seen"  # an effect of the run was seen for this case
    UNSEEN = "unseen"  # the deadline passed without one
    DROPPED = "dropped"  # judged again: Force Sync would not help it any more, or the ticket asks for something else


class Ride(Value):
    """A case's place on a run."""

    run_id: str
    case_id: str
    state: RideState = RideState.OPEN


class JoinRequest(Value):
    """A case's request to ride: joins the gathering run of directory and user type, or opens one with this window.

    With `assisted`, that is the run that a person starts, which may be joined until the button is pressed.
    """

    directory: Directory
    target_type_id: str
    target_type: str = ""
    gather_until: datetime
    successor_of: str | None = None
    assisted: bool = False

    @property
    def label(self) -> str:
        """Return what the run will re-apply, as `SyncRun.label`."""
        return _label(self.directory, self.target_type)
