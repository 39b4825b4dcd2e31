"""What a step may use (`Ports`) and return (`Advance` or `Wait`), and the checks that steps share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from workflows.errors import FarSideError, Misconfigured, Transient, Uncertain
from workflows.model import (
    Act,
    Case,
    Intent,
    JoinRequest,
    Phase,
    Policy,
    Press,
    Reason,
    Relation,
    RideState,
    Sla,
    Stop,
    StopKind,
    SyncRun,
    Ticket,
    Trouble,
)
from workflows.model import ReasonKind as R
from workflows.model.followup import Followup
from workflows.notes.audience import Reader, Sight
from workflows.notes.public import is_of_others
from workflows.ports import CaseStore, Clock, OktaOrg, Sole, SyncDriver, TicketDesk
from workflows.precheck import wishes
from workflows.precheck.wishes import NOTHING_NEW, Change
from workflows.reading.request import read
from workflows.reading.vocabulary import vocabulary_of
from workflows.support.material import Diagnosis, collect

Met = TypeVar("Met", Case, SyncRun)
Tell = Callable[[str, Mapping[str, object]], None]
STOPPED_FOR = timedelta(minutes=5)  # between two looks whether a stopped desk may be worked again
UNNAMED_FOR = timedelta(hours=1)  # until a desk that the settings no longer name is looked for again
WAITS = (1, 4, 12, 30)  # between looks, in times of `policy.retry_after`: with its default, 30 s to 15 min
BELIEVED = 3  # sightings of a refused read, or of an answer that is not understood
LATELY = timedelta(days=1)  # how long an ended case still counts among those that met a fault
TOLD_AFTER = timedelta(minutes=15)  # of a product's silence towards one ticket or run, or a desk's search
LOOKED_AT = 3  # tickets that the store does not know, looked at for another store's notes: each is read whole
ANOTHER_STORE = "another store"  # the cause of a desk's stop
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
QUIET = timedelta(minutes=10)  # a cause that has not been met for so long is over
LONGEST_SPACING = 40.0  # in times of `policy.retry_after`: longer than a waiting case looks away
LONGEST_NAME = 200  # characters of a stop's name in the store
# What is a single ticket's: ids of records and, also within a file's name, of our cases; keys; numbers.
OF_ONE = re.compile(
    r"HTTP \d{3}|[0-9a-f]{32}|(?<![A-Za-z0-9])[0-9a-f]{12}(?![A-Za-z0-9])|(?<![A-Z0-9_])[A-Z][A-Z0-9_]*-?\d+|\d+"
)
_STATUS = re.compile(r"HTTP \d{3}")
LONGEST_FAULT = 150  # characters of a fault that tell it from others
SOON = timedelta(seconds=1)  # never at once: a product that names a time in the past would be called in a loop


@dataclass(frozen=True)
class Ports:
    """Everything outside the core, by the names in the settings. `tell` reports an event for logs and alerts.

    `readers` has each desk's public texts and time zone. `diagnose` reads what helps the person who gets a ticket.
    """

    clock: Clock
    store: CaseStore
    desks: Mapping[str, TicketDesk]
    orgs: Mapping[str, OktaOrg]
    drivers: Mapping[str, SyncDriver]
    policy: Policy
    readers: Mapping[str, Reader]
    tell: Tell
    diagnose: Callable[[Case, OktaOrg], Diagnosis] = collect

    @property
    def org(self) -> OktaOrg:
        """Return the org that tickets are about."""
        return self.orgs[self.policy.default_org]

    def reader(self, case: Case) -> Reader:
        """Return who reads the notes on the case's ticket."""
        reader = self.readers[case.ref.desk]
        if self.desks[case.ref.desk].has_inside(case.ref):
            return reader
        return replace(reader, sight=Sight.STRANGERS if is_of_others(case) else Sight.EVERYBODY)

    def run_of(self, case: Case) -> SyncRun | None:
        """Return the run that the case rides or rode."""
        return self.store.run(case.run_id) if case.run_id else None

    def after(self, seconds: float) -> datetime:
        """Return the time in so many seconds (UTC)."""
        return self.clock.now() + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Advance:
    """Go to another state. `case` carries the new values and the new state, `because` says why.

    The next step follows at once, or at `due_at` (UTC); `waits` then says what for.
    `press` is a person's word that they pressed Force Sync. With `sole`, the step is committed only if no other case
    about the same users has got a Support Case in the meantime.
    """

    case: Case
    because: Reason
    due_at: datetime | None = None
    waits: Reason | None = None
    intents: tuple[Intent, ...] = ()
    ride: RideState | None = None
    join: JoinRequest | None = None
    press: Press | None = None
    followups: tuple[Followup, ...] = ()
    sole: Sole | None = None


@dataclass(frozen=True)
class Wait:
    """Stay in this state and step again at `until` (UTC); `case` carries values worth keeping, if any.

    `waits_for` is the run or the case whose end makes the case due before that.
    """

    until: datetime
    reason: Reason
    case: Case | None = None
    waits_for: str | None = None


Outcome = Advance | Wait


@dataclass(frozen=True)
class RunAdvance:
    """Move a run to another state, for its `because`.

    `drop` names the cases whose rides end, `wake_riders` makes the others due now.
    """

    run: SyncRun
    due_at: datetime | None = None
    drop: tuple[str, ...] = ()
    wake_riders: bool = False


@dataclass(frozen=True)
class RunWait:
    """Leave the run in its state and step again at `due_at` (UTC); `run` carries values worth keeping, if any.

    `drop` names the cases whose rides end, `wake_riders` is for what is worth a note on the others' tickets.
    """

    due_at: datetime
    because: Reason
    run: SyncRun | None = None
    drop: tuple[str, ...] = ()
    wake_riders: bool = False


RunOutcome = RunAdvance | RunWait


def taken_over(ticket: Ticket) -> Reason | None:
    """Return why the ticket is not ours (any more), with the group that has it; None if it is free or ours."""
    if not ticket.tagged:
        return Reason.of(R.TAG_REMOVED)
    if ticket.phase is Phase.DONE:
        return Reason.of(R.CLOSED_BY_A_PERSON)
    if ticket.assignee is not None and not ticket.assigned_to_worker:
        return Reason.of(R.ASSIGNED, holder=ticket.group)
    return None


def change_in(case: Case, ticket: Ticket, ports: Ports) -> Change:
    """Return how a ticket's words, read whole, differ from those that the case was judged by.

    What an older version has judged is taken for the same.
    """
    verdicts = [item.verdict for item in case.subjects if item.verdict]
    if case.heard is None or not verdicts:
        return NOTHING_NEW
    vocabulary = vocabulary_of(ports.policy.synonyms)
    day = ports.reader(case).day(max(item.judged_at for item in verdicts))
    values = [item.value for verdict in verdicts for item in (*verdict.expectations, *verdict.carried)]
    values += [value for verdict in verdicts for item in verdict.observations for value in (item.okta, item.app_user)]
    return wishes.change_in(read(ticket, vocabulary, day), ticket, case.heard, values, vocabulary)


def in_public(ticket: Ticket) -> Ticket:
    """Return a ticket without its internal side."""
    return ticket.but(comments=tuple(item for item in ticket.comments if item.public))


def tied(ticket: Ticket) -> Reason | None:
    """Return how the ticket is tied to others; None if it is not."""
    return None if ticket.relation is Relation.NONE else Reason.of(R(ticket.relation.value))  # named alike


def too_late(sla: Sla | None) -> Reason | None:
    """Return that a person must take over because of the SLA; None while there is time, or without an SLA."""
    if sla is None or sla.used < sla.limit:
        return None
    return Reason.of(R.SLA, used=f"{sla.used:.0f}", sla=sla.name, limit=f"{sla.limit:g}")


def retry_at(error: FarSideError, ports: Ports) -> datetime:
    """Return when to try again (UTC): the product's own time if it gave one, else the policy's."""
    until = error.until if isinstance(error, Transient) else None
    return max(until or ports.after(ports.policy.retry_after), ports.clock.now() + SOON)


def noted_cases(ticket: Ticket) -> dict[str, datetime]:
    """Return the cases that our notes on a ticket name, each with the time of its last note (UTC)."""
    return {item.marker.partition(".")[0]: item.created for item in ticket.comments if item.marker}


def noted_elsewhere(ticket: Ticket, ports: Ports) -> str | None:
    """Return a case that our notes on a ticket name and the store does not know; None if it knows all of them.

    Notes that stood there when a person resumed the desk are accepted.
    """
    unknown = {case: at for case, at in noted_cases(ticket).items() if ports.store.case(case) is None}
    if not unknown:
        return None
    acts = ports.store.acts()
    resumed = [act.at for act in acts if act.act is Act.RESUME and act.target == ticket.ref.desk]
    return next((case for case, at in unknown.items() if not resumed or at > max(resumed)), None)


def stop_if_worked_elsewhere(ticket: Ticket, ports: Ports) -> None:
    """Stop a desk, and tell the operator once, if our notes on a ticket are of a case that the store does not know.

    Another store works the desk then, or a newer copy of this one did.
    """
    desk, key = ticket.ref.desk, ticket.ref.key
    unknown = noted_elsewhere(ticket, ports)
    if unknown is None:
        return
    why = (
        f"{key} carries a note of our account about case {unknown}, which this store does not know: another store "
        "works this desk, or worked it, or this store is an older copy. The desk is left alone. Use one store for each "
        "desk account: if the cases are in another one, stop this process, set store.url to that one or move it here, "
        f"and start again. Else give {key}, and whatever else the other store worked, to people: then the desk goes on "
        f"by itself. `forcesync resume {desk}` accepts the notes that are there now"
    )
    ours = ports.store.seen_before(desk, [ticket.ref.id]).get(ticket.ref.id)
    ports.store.pause(Stop(kind=StopKind.INTAKE, name=desk, until=FOREVER, why=why, by=ours.case_id if ours else ""))
    alert(ports, desk, ANOTHER_STORE, why)
    refuse_stopped(desk, ports)


def stopped(desk: str, ports: Ports) -> Transient | None:
    """Return why a desk is not worked: the settings do not name it, or another store works it too; None if it is."""
    now, operation = ports.clock.now(), "work its tickets"
    if desk not in ports.desks:
        return Transient(desk, operation, "the settings do not name this desk", until=now + UNNAMED_FOR)
    stop = ports.store.paused(StopKind.INTAKE, desk, now)
    return Transient(desk, operation, stop.why, until=now + STOPPED_FOR) if stop else None


def refuse_stopped(desk: str, ports: Ports) -> None:
    """Raise `Transient` if a desk is not worked."""
    if why := stopped(desk, ports):
        raise why


def report(error: FarSideError, ports: Ports) -> None:
    """Report a fault; a system that cannot be used as configured is paused, and each cause is alerted once."""
    if not isinstance(error, Misconfigured):
        ports.tell("far side", {"system": error.system, "text": str(error)})
        return
    ports.store.pause(Stop(kind=StopKind.SYSTEM, name=error.system, until=retry_at(error, ports), why=str(error)))
    alert(ports, error.system, error.cause, str(error))


def alert(ports: Ports, system: str, cause: str, text: str, quiet: timedelta = QUIET) -> None:
    """Alert the operator, once a cause: again only after it has not been met for a while."""
    now = ports.clock.now()
    quiet = max(quiet, timedelta(seconds=LONGEST_SPACING * ports.policy.retry_after))
    name = f"{system}: {cause}"[:LONGEST_NAME]
    if ports.store.pause(Stop(kind=StopKind.ALERT, name=name, until=now + quiet, why=text, since=now)):
        ports.tell("alert", {"system": system, "text": text})


def what(error: FarSideError) -> str:
    """Return which fault it is, in the same words for every ticket."""
    if isinstance(error, Transient | Uncertain):
        return silence(error.system)
    return same_for_all(f"{error.operation}: {error.detail}")


def silence(system: str) -> str:
    """Return the name of the trouble that a product gives no answer of its own."""
    return f"{system} does not answer"


def same_for_all(text: str) -> str:
    """Return a text without the ids and keys of single tickets; HTTP statuses stay."""
    return re.sub(OF_ONE, lambda found: found[0] if _STATUS.fullmatch(found[0]) else "#", text)[:LONGEST_FAULT]


def times(one: Case | SyncRun, error: FarSideError) -> int:
    """Return how often the case or the run met this fault before."""
    return one.trouble.count if one.trouble and one.trouble.what == what(error) else 0


def believed(case: Case, error: FarSideError, ports: Ports) -> bool:
    """Say whether a refusal is believed of one ticket: met again and again. The operator is told."""
    if times(case, error) + 1 < BELIEVED:
        return False
    alert(ports, error.system, what(error), f"{case.ref.key} goes to a person: {error}")
    return True


def met(one: Met, error: FarSideError, now: datetime) -> Met:
    """Return a case or a run with one more sighting of a fault.

    Silence in between does not end a refusal, nor does a system that cannot be used as configured: neither tells
    anything about the record. What says so is silent no more.
    """
    name, before = what(error), one.trouble
    if before and before.what == name:
        return one.but(trouble=before.but(count=before.count + 1))
    if before and isinstance(error, Transient | Uncertain | Misconfigured) and before.what != silence(error.system):
        return one
    return one.but(trouble=Trouble(what=name, since=now))


def next_look(one: Case | SyncRun, error: FarSideError, ports: Ports) -> datetime:
    """Return when to look again (UTC): when the product says, else later with each sighting that `one` knows of."""
    if isinstance(error, Transient | Misconfigured):
        return retry_at(error, ports)
    wait = WAITS[min(times(one, error), len(WAITS) - 1)] * ports.policy.retry_after
    return max(retry_at(error, ports), ports.after(wait))


def tell_of_silence(system: str, since: datetime, text: str, ports: Ports) -> None:
    """Alert the operator of a product that has not answered for long; of a stop, and one not named, they know."""
    now, stops = ports.clock.now(), (StopKind.SYSTEM, StopKind.INTAKE)
    named = system in ports.desks or system in ports.orgs
    if named and now - since >= TOLD_AFTER and not any(ports.store.paused(kind, system, now) for kind in stops):
        alert(ports, system, silence(system), text)
