"""Implements `TicketDesk` and `PastTickets`: discovery by tag, fresh reads, and writes verified by their echo."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from types import MappingProxyType

from connectors.servicenow.answers import Row, plain
from connectors.servicenow.checks.forms import unread
from connectors.servicenow.checks.probes import Looks
from connectors.servicenow.checks.start import check_instance
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.reading import relations, tickets
from connectors.servicenow.reading.discovery import TaggedTickets
from connectors.servicenow.reading.fields import read_fields, state_fields
from connectors.servicenow.reading.journals import Journals
from connectors.servicenow.reading.sla import Slas
from connectors.servicenow.settings import ServiceNowSettings
from connectors.servicenow.writing import planning
from connectors.servicenow.writing.delivery import Delivery
from workflows.errors import Refused
from workflows.model import Comment, Intent, Person, PlannedWrite, Receipt, Sighting, Sla, Ticket, TicketRef
from workflows.ports import Clock, Copies, PartOf, Probe, Unread

NUMBER = re.compile(r"[A-Z0-9_-]{1,40}", re.ASCII)  # of a ticket: a prefix and digits, as the instance sets it up


class ServiceNowDesk:
    """Implements `TicketDesk` and `PastTickets`; safe to share between threads. A ticket's id is `table/sys_id`."""

    def __init__(self, name: str, settings: ServiceNowSettings, *, clock: Clock) -> None:
        self.name = name
        self._settings, self._clock = settings, clock
        self._client = ServiceNowClient(name, settings, clock)
        self._lookups = Lookups(self._client, settings, clock)
        self._tagged_tickets = TaggedTickets(self._client, settings, self._lookups, clock)
        self._journals = Journals(self._client, settings, self._lookups, clock)
        self._slas = Slas(self._client, settings.sla_percent)
        self._delivery = Delivery(
            self._client, settings, self._lookups, self._journals, clock, after=self._tagged_tickets.follow
        )

    def check(self) -> None:
        """Prove the account, and every name and value that the settings use; no side effects."""
        check_instance(self._client, self._settings, self._lookups)
        self._tagged_tickets.prove()
        self._slas.check()

    def identity(self) -> str:
        """Prove the credential by finding our own account."""
        self._lookups.worker()
        return self._settings.user

    def probes(self) -> tuple[Probe, ...]:
        """Return a look for each thing that the work needs of the instance."""
        looks = Looks(self._client, self._settings, self._lookups, self._tagged_tickets, self._slas)
        return tuple(looks.probes())

    def unread_fields(self, part_of: PartOf) -> list[Unread]:
        """Return the catalogue variables that open tagged tickets hold, fit a part of our form and no setting reads."""
        return unread(self._client, self._settings, self._tagged_tickets, part_of)

    def tagged(self) -> Iterator[Sighting]:
        """Yield every open ticket with the tag."""
        for table in self._settings.tables:
            for row, stamp in self._tagged_tickets.open_tickets(table):
                sys_id = plain(row.get("sys_id"))
                yield Sighting(ref=self._ref(table, sys_id, plain(row.get("number")) or sys_id), stamp=stamp)

    def past(self, since: datetime, most: int) -> Iterator[TicketRef]:
        """Yield the newest tickets with the tag that were opened or closed since then, of all tables together."""
        rows = [
            (row, table)
            for table in self._settings.tables
            for row in islice(self._tagged_tickets.past(table, since), most)
        ]
        for row, table in sorted(rows, key=lambda item: plain(item[0].get("opened_at")), reverse=True)[:most]:
            yield self._ref(table, plain(row.get("sys_id")), plain(row.get("number")))

    def named(self, key: str) -> TicketRef | None:
        """Return the ticket with this number, in whichever table has it."""
        key = key.upper()
        if not NUMBER.fullmatch(key):
            return None
        for table in self._settings.tables:
            for row in self._client.lists.first("find the ticket", table, f"number={key}", ["sys_id", "number"]):
                if row.get("number") == key:  # a condition that an instance does not know is ignored
                    return self._ref(table, plain(row.get("sys_id")), key)
        return None

    def read(self, ref: TicketRef) -> Ticket:
        """Read a ticket with its tag, journals, variables and relations."""
        table, sys_id = self._parts(ref)
        record = self._record("read the ticket", ref, read_fields(self._settings, table))
        return self._ticket(
            ref,
            record,
            comments=self._journals.of_ticket(table, sys_id, record),
            variables=tickets.variables(self._client, self._lookups, self._settings, table, record),
        )

    def glance(self, ref: TicketRef) -> Ticket:
        """Read the record without its words, and whether it has open children."""
        fields = state_fields(self._settings, self._parts(ref)[0])
        return self._ticket(ref, self._record("read the ticket's state", ref, fields))

    def _record(self, operation: str, ref: TicketRef, fields: list[str]) -> Row:
        table, sys_id = self._parts(ref)
        return self._client.read(operation, table, sys_id, fields).fields

    def _ticket(
        self,
        ref: TicketRef,
        record: Row,
        *,
        comments: tuple[Comment, ...] = (),
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> Ticket:
        table, sys_id = self._parts(ref)
        related = tickets.RelatedRecords(
            tag=self._tagged_tickets.tag_of(table, record),
            comments=comments,
            variables=variables,
            open_children=relations.has_open_children(self._client, table, sys_id),
            hears_requester=self._journals.hears(tickets.person(record, self._settings.tables[table].requester)),
        )
        return tickets.ticket_of(record, related, ref=ref, table=table, settings=self._settings)

    def is_agent(self, ticket: Ticket, person: Person) -> bool:  # noqa: ARG002  # agents are those of the instance
        """Look whether somebody is in one of the agents' groups."""
        return self._lookups.is_agent(person)

    def sla(self, ticket: Ticket) -> Sla | None:
        """Read how much of the resolution SLA is used, as the instance last computed it."""
        return self._slas.of_ticket(self._parts(ticket.ref)[1]) if ticket.assigned_to_worker else None

    def plan(self, ticket: Ticket, intent: Intent) -> tuple[PlannedWrite, ...]:
        """Render an intent: notes and state in one PATCH, then files."""
        return planning.plan(ticket, intent, self._settings)

    def find(self, ref: TicketRef, write: PlannedWrite) -> Receipt | None:
        """Look for a write that may have been made."""
        return self._delivery.find(*self._parts(ref), write)

    def deliver(self, ref: TicketRef, write: PlannedWrite) -> Receipt:
        """Make one write; ServiceNow must afterwards show the values that were sent."""
        return self._delivery.deliver(*self._parts(ref), ref.key, write)

    def has_inside(self, ref: TicketRef) -> bool:  # noqa: ARG002  # every table has work notes
        """Return that there are work notes."""
        return True

    def attaches(self, *, own: bool) -> bool:
        """Return whether the settings want files: whoever may see a ticket may see its attachments, callers included.

        https://www.servicenow.com/docs/r/api-reference/rest-apis/c_AttachmentAPI.html: an attachment has no internal
        side.
        """
        return own if self._settings.attach_diagnostics == "own" else self._settings.attach_diagnostics

    def take_back_copies(self, ref: TicketRef, write: PlannedWrite) -> Copies:
        """Remove all but the oldest file of a write, and count the copies of a note."""
        return self._delivery.take_back_copies(*self._parts(ref), write)

    def _parts(self, ref: TicketRef) -> tuple[str, str]:
        table, _, sys_id = ref.id.partition("/")
        if table not in self._settings.tables:
            raise Refused(self.name, "address the ticket", f"table {table[:40]!r} is not in the settings")
        return table, self._client.checked("address the ticket", sys_id)

    def _ref(self, table: str, sys_id: str, number: str) -> TicketRef:
        url = f"{self._settings.url.rstrip('/')}/nav_to.do?uri={table}.do?sys_id={sys_id}"
        return TicketRef(desk=self.name, id=f"{table}/{sys_id}", key=number, url=url)
