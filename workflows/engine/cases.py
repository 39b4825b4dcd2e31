"""Works one leased case: reconciles and delivers its writes, then steps and commits until it waits.

A step's new state and its writes are committed together before anything is sent; the next step begins only when they
are delivered. So a crash at any point loses nothing: the next worker looks for what was in flight, and continues.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from workflows.case.closing import of_round
from workflows.case.sight import Sight, TakenOver, Unreadable
from workflows.case.steps import STEPS, let_go
from workflows.engine import machine
from workflows.engine.delivery import Delivery
from workflows.engine.faults import (
    Follows,
    Later,
    after_fault,
    after_refusal,
    after_unreadable,
    is_handing_over,
    wait_out,
)
from workflows.engine.trouble import LeaseLost
from workflows.errors import FarSideError, StoreUnavailable
from workflows.model import Case, CaseState, PlannedWrite, Reason, Ticket, Write, WriteState, keeping
from workflows.model import ReasonKind as R
from workflows.notes.console import admin_console
from workflows.notes.reasons import sentence
from workflows.ports import CaseCommit, Joined, Lease
from workflows.steps import Advance, Outcome, Ports, refuse_stopped
from workflows.values.case_values import hidden

MOST_STEPS = 12  # per message; a case that needs more continues in the next, so that none starves the others
BLOCKED = timedelta(minutes=5)  # until a case looks again at an open run without a deadline, which wakes it at its end


class Advanced(NamedTuple):
    """A case as its last step left it, and whether that step planned writes, which go out before the next one.

    `rests`: until when the case waits and what for, once those writes are delivered. `stored` has every write of a case
    that an earlier message left.
    """

    case: Case
    writes: bool
    rests: tuple[datetime, str] | None = None
    stored: Sequence[Write] | None = None


class CaseWork:
    """Works cases, one at a time."""

    def __init__(self, ports: Ports, lease_seconds: float) -> None:
        self._ports = ports
        self._delivery = Delivery(ports, lease_seconds)

    def work(self, lease: Lease) -> int:
        """Advance the case until it waits; return the number of transitions made."""
        found = self._ports.store.case_with_writes(lease.id)
        if found is None:
            return 0
        case, stored = found
        sight, last = Sight(case, self._ports), Advanced(case, writes=False, stored=stored)
        for transitions in range(MOST_STEPS):
            try:
                lease = self._delivery.keep(lease)
                advanced = self._guarded_step(lease, last, sight)
            except LeaseLost:
                return transitions
            if advanced is None:
                return transitions
            last = advanced
            if last.case.ended and not last.writes:
                return transitions + 1
        return MOST_STEPS

    def _guarded_step(self, lease: Lease, last: Advanced, sight: Sight) -> Advanced | None:
        """Run one step, and turn every fault into what the case does about it; None if it goes on later."""
        try:
            if last.stored is None:
                return self._next_step(lease, last, sight)
            return self._first_step(lease, last.case, sight, last.stored)
        except TakenOver as taken:
            return self._let_go(lease, last.case, taken)
        except (StoreUnavailable, LeaseLost):
            raise  # nothing can be recorded now; the next worker finds the stored state
        except Exception as error:  # noqa: BLE001  # a product's fault, or our own defect
            return self._follow(lease, last.case, after_fault(lease, last.case, error, self._ports))

    def _follow(self, lease: Lease, case: Case, follows: Follows) -> Advanced | None:
        """Commit what follows from a fault; what keeps the ticket from being handed over is waited out."""
        if isinstance(follows, Later):
            after, until, because = follows
            store, now = self._ports.store, self._ports.clock.now()
            if case.ended:
                store.defer(lease, until, because, now)
            else:
                commit = CaseCommit(before=case, after=after, due_at=until, because=because, releases=True)
                store.commit_case(lease, commit, now)
            return None
        try:
            return self._commit(lease, case, follows)
        except TakenOver as taken:
            return self._let_go(lease, case, taken)
        except Unreadable as error:
            return self._follow(lease, case, after_unreadable(case, error.refused, self._ports))
        except FarSideError as error:
            again = is_handing_over(case)  # where the operator is told that nobody has the ticket yet
            then = after_fault(lease, case, error, self._ports) if again else wait_out(case, error, self._ports)
            return self._follow(lease, case, then)

    def _first_step(self, lease: Lease, case: Case, sight: Sight, writes: Sequence[Write]) -> Advanced | None:
        """Deliver what an earlier message left open; then step."""
        refuse_stopped(case.ref.desk, self._ports)
        delivered = self._delivery.deliver(lease, case, sight, writes)
        return self._step(lease, case, sight, refused=not delivered or (not case.ended and _was_refused(case, writes)))

    def _next_step(self, lease: Lease, last: Advanced, sight: Sight) -> Advanced | None:
        """Deliver what the step before has planned; then step."""
        delivered = not last.writes or self._delivery.deliver_new(lease, last.case, sight)
        if delivered and last.rests and not sight.overtaken:
            self._ports.store.defer(lease, *last.rests, self._ports.clock.now())
            return None
        return self._step(lease, last.case, sight, refused=not delivered)

    def _step(self, lease: Lease, case: Case, sight: Sight, *, refused: bool) -> Advanced | None:
        ports = self._ports
        if refused:
            follows = after_refusal(case, ports)
            return self._follow(lease, case, follows) if follows else None
        if case.ended:
            ports.store.defer(lease, None, "", ports.clock.now())
            return None
        if case.state is CaseState.CLOSING:
            self._delivery.take_back_copies(case)
        return self._commit(lease, case, STEPS[case.state](case, sight, ports), sight)

    def _let_go(self, lease: Lease, case: Case, taken: TakenOver) -> Advanced | None:
        return self._commit(lease, case, let_go(case, taken.ticket, self._ports, taken.reason), taken.ticket)

    def _commit(
        self, lease: Lease, before: Case, outcome: Outcome, seen: Sight | Ticket | None = None
    ) -> Advanced | None:
        if isinstance(outcome, Advance):
            return self._advance(lease, before, outcome, seen)
        after = _noted(outcome.case or before, seen).but(trouble=None)
        now, until = self._ports.clock.now(), _until(outcome.until, after, self._ports.clock.now())
        commit = CaseCommit(
            before=before,
            after=after,
            due_at=until,
            because=sentence(outcome.reason),
            waits_for=outcome.waits_for,
            releases=True,
        )
        self._ports.store.commit_case(lease, commit, now)
        return None

    def _advance(self, lease: Lease, before: Case, outcome: Advance, seen: Sight | Ticket | None) -> Advanced | None:
        writes = self._planned(outcome, seen)
        ports, now, after = self._ports, self._ports.clock.now(), _noted(outcome.case, seen)
        machine.check(machine.CASE_EDGES, before.state, after.state)
        due_at, waiting = _until(outcome.due_at or now, after, now), sentence(outcome.waits) if outcome.waits else ""
        gone = after.state is CaseState.WITHDRAWN  # a ticket that is gone has no trouble left
        trouble = after.trouble if after.ended and not gone else None  # kept for others that meet the same
        rests = (due_at, waiting) if writes and due_at > now and isinstance(seen, Sight) else None
        waits = not writes and (after.ended or due_at > now)
        commit = CaseCommit(
            before=before,
            after=after.but(faults=0, trouble=trouble),
            due_at=None if after.ended else now if rests else due_at,  # at once, should this process end
            because=sentence(outcome.because),
            waiting=waiting,
            releases=waits,
            writes=writes,
            ride=outcome.ride,
            join=outcome.join,
            press=outcome.press,
            followups=outcome.followups,
            sole=outcome.sole,
        )
        joined = ports.store.commit_case(lease, commit, now)
        if joined is None:
            ports.tell("stale step dropped", {"case": before.id, "state": before.state})
            return None
        if joined.blocked_by:
            return self._blocked(lease, before, after, joined, writes)
        facts = {"case": after.id, "ticket": after.ref.key, "from": before.state, "to": after.state}
        ports.tell("case", facts | {"because": hidden(after, ports.policy, names=True)(sentence(outcome.because))})
        if waits and not after.ended:
            return None
        stored = commit.after.but(run_id=joined.run_id) if joined.run_id else commit.after
        return Advanced(stored, bool(writes), rests)

    def _blocked(
        self, lease: Lease, before: Case, judged: Case, joined: Joined, writes: tuple[PlannedWrite, ...]
    ) -> Advanced | None:
        """Wait for the open run's end; keep the claim and the verdicts, as that run may fix the profile anyway."""
        ports, now = self._ports, self._ports.clock.now()
        until = max(joined.blocked_until or now + BLOCKED, now + timedelta(seconds=ports.policy.verify_every))
        because = sentence(Reason.of(R.OPEN_RUN_FIRST, run=joined.blocked_by))
        said = before.said.but(claimed=judged.said.claimed, older_ticket=judged.said.older_ticket)
        kept = before.but(org=judged.org, subjects=judged.subjects, said=said, known=judged.known, sla_at=judged.sla_at)
        until = _until(until, kept, now)
        commit = CaseCommit(
            before=before,
            after=kept.but(trouble=None),
            due_at=now if writes else until,
            because=because,
            waits_for=joined.blocked_by,
            releases=not writes,
            writes=writes,
        )
        ports.store.commit_case(lease, commit, now)
        return Advanced(commit.after, writes=True, rests=(until, because)) if writes else None

    def _planned(self, outcome: Advance, seen: Sight | Ticket | None) -> tuple[PlannedWrite, ...]:
        if not outcome.intents:
            return ()
        desk = self._ports.desks[outcome.case.ref.desk]
        ticket = seen if isinstance(seen, Ticket) else (seen or Sight(outcome.case, self._ports)).state()
        console = admin_console(self._ports.reader(outcome.case).org_url)
        intents = [intent.but(console=console) for intent in outcome.intents]
        return tuple(write for intent in intents for write in (*keeping(intent), *desk.plan(ticket, intent)))


def _was_refused(case: Case, writes: Sequence[Write]) -> bool:
    """Return whether this round's last write was refused, and a fault or a crash kept it from having followed."""
    return any(item.state is WriteState.REFUSED for item in of_round(case, writes)[-1:])


def _noted(case: Case, seen: Sight | Ticket | None) -> Case:
    return seen.noted(case) if isinstance(seen, Sight) else case


def _until(wanted: datetime, case: Case, now: datetime) -> datetime:
    """Return when a waiting case is due: earlier than it wants where its SLA is to be looked at before."""
    return min(wanted, case.sla_at) if case.sla_at and now < case.sla_at else wanted
