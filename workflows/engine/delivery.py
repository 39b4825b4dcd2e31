"""Delivers a case's stored writes. A write that may have been sent is looked up first, so that none is made twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from workflows.case.closing import has_resolved, marker
from workflows.case.sight import Sight, TakenOver
from workflows.engine.trouble import LeaseLost, doubted, let_end
from workflows.errors import Refused, Transient, Unexpected
from workflows.model import Case, CaseState, Reason, Receipt, Write, WriteState
from workflows.model import ReasonKind as R
from workflows.ports import Lease, TicketDesk
from workflows.steps import BELIEVED, Ports, alert, same_for_all, taken_over, times

NEVER_THERE = frozenset({WriteState.REFUSED, WriteState.KEPT})  # on the ticket
UNDELIVERED = frozenset({WriteState.PENDING, WriteState.SENT})
CALL_SECONDS = 90.0  # a lease must outlast one write: connect and read timeouts together stay below this


class Delivery:
    """Delivers the open writes of one case at a time, in order; raises `LeaseLost` if another worker took over."""

    def __init__(self, ports: Ports, lease_seconds: float) -> None:
        self._ports = ports
        self._lease_seconds = lease_seconds
        self._call_seconds = min(CALL_SECONDS, lease_seconds / 2)

    def deliver(self, lease: Lease, case: Case, sight: Sight, writes: Sequence[Write]) -> bool:
        """Deliver those of a case's writes that an earlier message left open, unless a person took the ticket since.

        Returns False if the desk refused one; the later ones were dropped then.
        `Transient` and `Uncertain` pass through; the store records how far the delivery got. Raises `TakenOver` if a
        person did, and drops the writes.
        """
        pending = self._pending(lease, case, writes)
        on_ticket = {
            write.planned.intent for write in writes if write not in pending and write.state not in NEVER_THERE
        }
        if pending and (taken := self._taken(case, begun=pending[0].planned.intent in on_ticket)):
            key, why = pending[0].planned.key, "a person took over"
            self._ports.store.write_refused(lease, key, why, self._ports.clock.now())
            if not case.ended:
                raise taken
            return True
        return self._send_all(lease, case, pending, sight)

    def deliver_new(self, lease: Lease, case: Case, sight: Sight) -> bool:
        """Deliver the writes that were just committed, on a ticket that was seen just before.

        One that is open from before goes first: the hand-over may have been planned because looking for it failed.
        """
        writes = self._ports.store.writes(case.id, open_only=True)
        return self._send_all(lease, case, self._pending(lease, case, writes), sight)

    def _pending(self, lease: Lease, case: Case, writes: Sequence[Write]) -> list[Write]:
        """Return the open writes that are not on the ticket."""
        undelivered = [write for write in writes if write.state in UNDELIVERED]
        return [write for write in undelivered if not self._found(lease, case, write)]

    def _send_all(self, lease: Lease, case: Case, pending: Sequence[Write], sight: Sight) -> bool:
        late: bool | None = None  # asked after the resolution, which goes first
        for write in pending:
            desk = self._ports.desks[case.ref.desk]
            if late is None and write.planned.intent != marker(case, "resolved"):
                late = self._comes_too_late(case)
            if late:
                taken = TakenOver(desk.glance(case.ref), Reason.of(R.CLOSED_BY_A_PERSON))
                self._ports.store.write_refused(lease, write.planned.key, "it is resolved", self._ports.clock.now())
                raise taken
            if write.state is WriteState.SENT:  # looked for just now, and again before it is sent
                what = "see whether a change was made that was not answered"
                detail = "it is not on the ticket yet and may still come"
                let_end(write.sent_at, desk.name, what, detail, self._ports)
            lease = self.keep(lease)
            if not self._ports.store.write_sent(lease, write.planned.key, self._ports.clock.now()):
                raise LeaseLost(lease.id)
            sight.written()
            if not self._send(lease, case, desk, write, sight):
                return False
        return True

    def _comes_too_late(self, case: Case) -> bool:
        """Say whether a hand-over would open again what its round's resolution has closed after all."""
        handed_over = case.state is CaseState.CLOSING and case.closing is CaseState.ESCALATED
        return handed_over and has_resolved(case, self._ports)

    def take_back_copies(self, case: Case) -> None:
        """Remove duplicates of writes that were sent more than once: a worker may have frozen right before its write.

        That worker removes its duplicate itself when it notices; this covers one that has died since.
        """
        for write in self._ports.store.writes(case.id):
            if write.attempts > 1:
                self._take_back(case, self._ports.desks[case.ref.desk], write)

    def _found(self, lease: Lease, case: Case, write: Write) -> bool:
        """Look for a write that may have been made, and record it as delivered if it is there."""
        desk = self._ports.desks[case.ref.desk]
        receipt = desk.find(case.ref, write.planned) if write.state is WriteState.SENT else None
        if receipt is None:
            return False
        self._warn(case, receipt)
        self._ports.store.write_delivered(lease, write.planned.key, receipt, self._ports.clock.now())
        return True

    def _taken(self, case: Case, *, begun: bool) -> TakenOver | None:
        """Return that a person took the ticket before our writes; a closing that has `begun` to arrive is completed."""
        ticket = self._ports.desks[case.ref.desk].glance(case.ref)
        if case.ended:
            released = case.state is CaseState.WITHDRAWN  # a follow-up's note goes to whoever has the ticket now
            others = ticket.assignee is not None and not ticket.assigned_to_worker
            return TakenOver(ticket, Reason.of(R.TAKEN_OVER)) if released and others else None
        reason = None if case.state is CaseState.CLOSING and begun else taken_over(ticket)
        return TakenOver(ticket, reason) if reason else None

    def _send(self, lease: Lease, case: Case, desk: TicketDesk, write: Write, sight: Sight) -> bool:
        """Send one write; return False if the desk refused it."""
        store, clock, key = self._ports.store, self._ports.clock, write.planned.key
        try:
            receipt = desk.deliver(case.ref, write.planned)
        except Transient:
            store.write_unsent(lease, key, clock.now())
            raise
        except Refused as error:
            if doubted(case, error, self._ports):
                raise  # it stays sent: looked for first, then sent again
            store.write_refused(lease, key, error.told, clock.now())
            return False
        except Unexpected as error:
            found = desk.find(case.ref, write.planned)
            if found is None and not case.ended and times(case, error) + 1 < BELIEVED:
                raise  # one odd answer ends nothing: it stays sent, is looked for, then sent again
            if found is None:
                store.write_refused(lease, key, error.told, clock.now())
                return False
            receipt = found
        self._warn(case, receipt)
        if receipt.holder is not None:
            sight.forget()
        if not store.write_delivered(lease, key, receipt, clock.now()):
            self._take_back(case, desk, write)
            raise LeaseLost(lease.id)
        return True

    def _warn(self, case: Case, receipt: Receipt) -> None:
        if receipt.warning:
            alert(self._ports, case.ref.desk, same_for_all(receipt.warning), f"{case.ref.key}: {receipt.warning}")

    def _take_back(self, case: Case, desk: TicketDesk, write: Write) -> None:
        copies = desk.take_back_copies(case.ref, write.planned)
        if copies.found:
            facts = {"case": case.id, "ticket": case.ref.key, "write": write.planned.key}
            self._ports.tell("doubled write", facts | copies._asdict())

    def keep(self, lease: Lease) -> Lease:
        """Extend a lease that does not outlast one call any more."""
        now = self._ports.clock.now()
        if lease.until - now > timedelta(seconds=self._call_seconds):
            return lease
        kept = self._ports.store.extend(lease, now, self._lease_seconds)
        if kept is None:
            raise LeaseLost(lease.id)
        return kept
