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


RUN_ENDS = frozenset({RunState.ENDED, RunState.CANCELLED, RunState.FAILED})
WITH_A_PERSON = frozenset({RunState.PROPOSED, RunState.REQUESTED})


class Trouble(Value):
    """A fault that keeps a case or a run from its next step, met `count` times without anything else in between.

    `what` is the same for every ticket that meets it, `why` is what a run's riders are told. Times are UTC.
    """

    what: str
    count: int = 1
    since: datetime
    why: Reason | None = None


class Press(Value):
    """A person's word on a ticket that Force Sync was pressed in the Admin Console; `at` (UTC) is when they wrote it.

    When it was pressed is not known, and no agent is named.
    """

    at: datetime


class _Target(Value):
    """What a run re-applies onto whom. `target_type` is the user type's name, "" for the default one.

    `gather_until` is when the window closes. `successor_of` names the run without effect that this one follows: it
    repeats an uncertain call, once, or is `assisted`, left to a person.
    """

    directory: Directory
    target_type_id: str
    target_type: str = ""
    gather_until: datetime
    successor_of: str | None = None
    assisted: bool = False

    @property
    def label(self) -> str:
        """Return what the run re-applies: the directory, and the user type unless it is the default one."""
        return f"{self.directory.label}, user type {self.target_type}" if self.target_type else self.directory.label


class SyncRun(_Target):
    """One Force Sync of one directory, which re-applies its mapping onto one user type. Times are UTC.

    `uncertain` says that the answer to the start was lost. `deadline` ends the current wait: for an approval, for the
    start that was approved, for a person to press the button, for the effect. `scan` is under way, `radius` its result;
    `decision` is a person's, `asked_at` when one was asked for, `asked` how often. `by_hand` means that a person
    pressed the button, `press` that somebody wrote so. `answer` is the product's to the start, or why none was seen.
    `sent_at` is when the start was committed, right before its call, by the store's clock; `refusals` counts the
    product's refusals of it. `faults` counts our own defects in the current state, `trouble` is what a product does to
    it. `objecting` and `waiting` are the ids of the cases of changed users whose tickets may object to it, or are not
    due yet, as the newest scan found them.
    """

    version: int = 5
    id: str
    state: RunState = RunState.GATHERING
    opened_at: datetime
    started_at: datetime | None = None
    sent_at: datetime | None = None
    refusals: int = 0
    uncertain: bool = False
    deadline: datetime | None = None
    request_id: str | None = None
    answer: str = ""
    because: Reason | None = None
    scan: Scan | None = None
    objecting: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    radius: Radius | None = None
    decision: Decision | None = None
    asked_at: datetime | None = None
    asked: int = 0
    by_hand: bool = False
    press: Press | None = None
    faults: int = 0
    trouble: Trouble | None = None

    def awaited_until(self, own: datetime | None) -> datetime | None:
        """Return until when a rider waits for the start; `own` is when its own wait ends.

        While a person is asked, theirs is the time; an approval gives the start a new one.
        """
        if self.state in WITH_A_PERSON:
            return self.deadline
        if self.state in {RunState.GATHERING, RunState.STARTING} and own and self.deadline:
            return max(own, self.deadline)
        return own


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


class JoinRequest(_Target):
    """A case's request to ride: joins the gathering run of directory and user type, or opens one with this window.

    With `assisted`, that is the run that a person starts, which may be joined until the button is pressed.
    """
