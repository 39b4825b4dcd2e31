"""What a step sees of its ticket: read whole at most once a message, and glanced at where the sight has grown old.

A case that waits reads nothing, because the search tells by its stamp which tickets changed. Before a write, one glance
proves that the ticket is still ours.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from workflows.errors import NotAllowed, Refused, Transient, Unexpected
from workflows.model import Case, CaseState, Reason, Sla, Ticket, TicketRef
from workflows.steps import Ports, taken_over

FRESH = timedelta(seconds=5)  # a sight of the ticket that is older proves nothing before a write
SLA_EVERY = timedelta(minutes=5)  # how often a running SLA is read, whatever the case waits for
NO_SLA_FOR = timedelta(minutes=30)  # until one is looked for again, where none ran


class TakenOver(Exception):  # noqa: N818  # it names the fact
    """The ticket is not ours (any more); `ticket` is the sight that shows it."""

    def __init__(self, ticket: Ticket, reason: Reason) -> None:
        super().__init__(ticket.ref.key)
        self.ticket, self.reason = ticket, reason


class Unreadable(Exception):  # noqa: N818  # it names the fact
    """The desk refuses to show the ticket: it is gone, or hidden from us."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(str(refused))
        self.refused = refused


class Sight:
    """The ticket of one case during one message.

    `news`: the search has found it changed since it was last seen, or does not show it, and so tells of no change.
    `overtaken`: a rule of the desk has changed the ticket in answer to our write.

    Every method raises `TakenOver` if the ticket is not ours, `Unreadable` if it is gone or hidden.
    """

    def __init__(self, case: Case, ports: Ports) -> None:
        self._ref, self._ports = case.ref, ports
        self.news = not case.known or not case.stamp or case.stamp > case.known
        self.overtaken = False
        self._words: Ticket | None = None
        self._state: Ticket | None = None
        self._at: datetime | None = None
        self._sla: Sla | None = None
        self._sla_read, self._next_sla = False, SLA_EVERY

    def words(self) -> Ticket:
        """Return the ticket as it was read whole in this message."""
        if self._words is None:
            self._words = self._see(self._ports.desks[self._ref.desk].read)
        return self._words

    def state(self) -> Ticket:
        """Return the ticket's state, people and relations as they were seconds ago; the words may be missing."""
        if self._state is None or self._at is None or self._ports.clock.now() - self._at > FRESH:
            return self._see(self._ports.desks[self._ref.desk].glance)
        return self._state

    def changed(self, case: Case) -> Ticket | None:
        """Return the ticket, read whole, if anybody has changed it since the case last saw or wrote it."""
        if case.known and case.stamp > case.known:
            return self.words()
        return self.words() if self.state().stamp != case.known else None

    def sla(self, case: Case) -> Sla | None:
        """Return the SLA that is running, if it is time to look at it; else None, and where it cannot be read."""
        if not self._sla_read and (self.news or case.sla_at is None or self._ports.clock.now() >= case.sla_at):
            seen = self._words or self.state()  # read before our claim, it does not show yet that it is ours
            try:
                self._sla = self._ports.desks[self._ref.desk].sla(seen.but(assigned_to_worker=True))
                self._next_sla = SLA_EVERY if self._sla else NO_SLA_FOR
            except (Refused, NotAllowed, Unexpected, Transient):
                self._next_sla = SLA_EVERY
            self._sla_read = True
        return self._sla

    def written(self) -> None:
        """Take what was seen for old, because we have just written on the ticket."""
        self._state = None

    def forget(self) -> None:
        """Read the ticket again before the next step: a rule of the desk has changed it in answer to our write."""
        self._words = self._state = None
        self.news = self.overtaken = True

    def noted(self, case: Case) -> Case:
        """Return the case with what was seen of its ticket, and when its SLA is to be read next."""
        seen = self._words  # what was written since they were read is still to be read
        if seen is None and case.state is not CaseState.ASKED:
            seen = self._state
        if seen is not None:
            case = case.but(known=seen.stamp, tagged_at=seen.tagged_at or case.tagged_at)
        if self._sla_read:
            case = case.but(sla_at=self._ports.clock.now() + self._next_sla)
        return case

    def _see(self, look: Callable[[TicketRef], Ticket]) -> Ticket:
        at = self._ports.clock.now()
        try:
            ticket = look(self._ref)
        except Refused as error:
            raise Unreadable(error) from error
        self._state, self._at = ticket, at
        if reason := taken_over(ticket):
            raise TakenOver(ticket, reason)
        return ticket
