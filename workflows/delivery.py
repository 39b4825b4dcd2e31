"""Bring a case's stored writes to its desk; what was in flight is looked for first, so that nothing is doubled."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from workflows.errors import Refused, Transient, Unexpected
from workflows.model import Case, CaseState, Write, WriteState
from workflows.outcome import Ports
from workflows.ownership import taken_over
from workflows.ports import Lease, TicketDesk

CALL_SECONDS = 90.0  # a lease must outlast one far-side write: connect and read timeouts together stay below this


class Progress(StrEnum):
    """How a delivery went."""

    DONE = "done"  # everything stands on the ticket
    REFUSED = "refused"  # the desk said no to one write; those behind it were dropped
    TAKEN = "taken"  # a person took the ticket before anything was sent; the writes were dropped
    LOST = "lost"  # the lease has been lost: somebody else goes on


class Delivery:
    """Delivers the open writes of one case at a time, in order."""

    def __init__(self, ports: Ports, lease_seconds: float) -> None:
        self._ports = ports
        self._lease_seconds = lease_seconds
        self._call_seconds = min(CALL_SECONDS, lease_seconds / 2)

    def deliver(self, lease: Lease, case: Case, *, just_committed: bool) -> Progress:
        """Deliver what is open. `Transient` and `Uncertain` pass through, with the store saying how far it came."""
        writes = self._ports.store.writes(case.id, open_only=True)
        if not writes:
            return Progress.DONE
        desk = self._ports.desks[case.ref.desk]
        pending = [write for write in writes if not self._found(lease, case, desk, write)]
        if pending and not just_committed and self._taken(case, desk, pending):
            self._ports.store.write_refused(
                lease, pending[0].planned.key, "a person took over", self._ports.clock.now()
            )
            return Progress.TAKEN
        for write in pending:
            kept = self._keep(lease)
            if kept is None or not self._ports.store.write_sent(kept, write.planned.key, self._ports.clock.now()):
                return Progress.LOST
            lease = kept
            if not self._send(lease, case, desk, write):
                return Progress.REFUSED
        return Progress.DONE

    def _found(self, lease: Lease, case: Case, desk: TicketDesk, write: Write) -> bool:
        """Look for a write that may have been made; note it if it stands there."""
        if write.state is not WriteState.SENT:
            return False
        receipt = desk.find(case.ref, write.planned)
        if receipt is None:
            return False
        self._ports.store.write_delivered(lease, write.planned.key, receipt, self._ports.clock.now())
        return True

    def _taken(self, case: Case, desk: TicketDesk, pending: list[Write]) -> bool:
        """Say whether a person came before our writes; once a closing has begun to show, it is finished."""
        ticket = desk.read(case.ref)
        if case.ended:
            return ticket.assignee is not None and not ticket.assigned_to_worker
        if case.state is CaseState.CLOSING:
            intent = ".".join(pending[0].planned.key.split(".")[:3])  # as closing.marker makes it
            written = self._ports.store.writes(case.id)
            if any(w.state is WriteState.DELIVERED and w.planned.key.startswith(intent) for w in written):
                return False
        return taken_over(ticket) is not None

    def _send(self, lease: Lease, case: Case, desk: TicketDesk, write: Write) -> bool:
        """Send one write; False if the desk refused it."""
        store, clock, key = self._ports.store, self._ports.clock, write.planned.key
        try:
            receipt = desk.deliver(case.ref, write.planned)
        except Transient:
            store.write_unsent(lease, key, clock.now())
            raise
        except Refused as error:
            store.write_refused(lease, key, str(error), clock.now())
            return False
        except Unexpected as error:
            found = desk.find(case.ref, write.planned)
            if found is None:
                store.write_refused(lease, key, str(error), clock.now())
                return False
            receipt = found
        store.write_delivered(lease, key, receipt, clock.now())
        return True

    def _keep(self, lease: Lease) -> Lease | None:
        now = self._ports.clock.now()
        if lease.until - now > timedelta(seconds=self._call_seconds):
            return lease
        return self._ports.store.extend(lease, now, self._lease_seconds)
