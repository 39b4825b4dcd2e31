"""Implements `TicketDesk` and `PastTickets`: searches by state, fresh reads, and one stored call at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from http import HTTPStatus
from itertools import islice
from typing import Any

from connectors.http.statuses import of_the_system
from connectors.http.totals import Totals
from connectors.jira.checks.forms import unread
from connectors.jira.checks.probes import Looks
from connectors.jira.checks.start import check_site, whole_site
from connectors.jira.client import JiraClient
from connectors.jira.limits import Limits
from connectors.jira.lookups import AccountLookup
from connectors.jira.reading.discovery import Hits, past_jql, tagged_jql
from connectors.jira.reading.fields import PAST_FIELDS, SEARCH_FIELDS, read_fields, request_type_fields, state_fields
from connectors.jira.reading.relations import lacks_approval
from connectors.jira.reading.sla import Slas
from connectors.jira.reading.tickets import ISSUE_ID, ISSUE_KEY, IssueReader, is_cut
from connectors.jira.settings import JiraSettings
from connectors.jira.writing import delivery
from connectors.jira.writing.linking import Linker
from connectors.jira.writing.memory import Memory
from connectors.jira.writing.moving import Mover
from connectors.jira.writing.payloads import Call
from connectors.jira.writing.planning import planned
from connectors.jira.writing.posting import Poster
from connectors.jira.writing.proving import Prover
from workflows.errors import Refused
from workflows.model import Intent, Person, Phase, PlannedWrite, Receipt, Relation, Sighting, Sla, Ticket, TicketRef
from workflows.ports import Clock, Copies, PartOf, Probe, Unread


class JiraDesk:
    """One Jira site, Cloud or Data Center, with the projects that the settings name; threads may share it.

    A ticket's id is the issue's number, which stays the same when the issue moves to another project and key.
    """

    def __init__(self, name: str, settings: JiraSettings, *, clock: Clock) -> None:
        self.name = name
        self._settings = settings
        self._clock = clock
        self._reader = IssueReader(name, settings)
        self._own = threading.local()  # the library's client is not thread-safe: each thread has its own
        self._limits, self._totals = Limits(clock), Totals(name)
        self._accounts = AccountLookup(settings, clock)
        self._slas = Slas(settings)
        self._hits = Hits(name, settings.page_size)
        self._memory = Memory(clock)
        self._moved: dict[str, str] = {}  # the projects of issues that have left the one of their first key

    def check(self) -> None:
        """Prove the credential, the permissions, and every name that the settings use; no side effects."""
        check_site(self._client(), self._settings, self._accounts)

    def identity(self) -> str:
        """Prove the credential by asking who we are."""
        return self._looks().identity()

    def probes(self) -> tuple[Probe, ...]:
        """Return a look for each thing that the work needs of the site."""
        return tuple(self._looks().probes())

    def unread_fields(self, part_of: PartOf) -> list[Unread]:
        """Return the fields that open tagged tickets hold, fit a part of our form and are read by no setting."""
        with whole_site():
            return unread(self._client(), self._settings, part_of)

    def _looks(self) -> Looks:
        return Looks(self.name, self._client, self._settings, self._accounts)

    def tagged(self) -> Iterator[Sighting]:
        """Yield every open issue with the label in the projects of the settings, oldest first."""
        seen: set[str] = set()  # pages shift while we read, so an issue may come twice
        fields = (*SEARCH_FIELDS, *request_type_fields(self._settings))
        try:
            found = self._client().search(tagged_jql(self._settings), fields)
            for sighting in self._hits.read(found, self._reader.sighting):
                if sighting.ref.id not in seen:
                    seen.add(sighting.ref.id)
                    yield sighting
        except Refused as error:  # a refused search concerns no single issue
            raise of_the_system(error) from error

    def past(self, since: datetime, most: int) -> Iterator[TicketRef]:
        """Yield the newest issues with the label that were opened or closed since then."""
        fields = (*PAST_FIELDS, *request_type_fields(self._settings))
        try:
            found = self._client().search(past_jql(self._settings, since), fields)
            refs = self._hits.read(found, partial(self._reader.past, since=since))
            yield from islice(_each_once(refs), most)
        except Refused as error:
            raise of_the_system(error) from error

    def named(self, key: str) -> TicketRef | None:
        """Return the issue with this key, by whatever key it goes now, if it is in a project of the settings."""
        key = key.upper()
        if not ISSUE_KEY.fullmatch(key) or key.rpartition("-")[0] not in self._settings.projects:
            return None
        try:
            return self._reader.ref(self._client().issue(key, SEARCH_FIELDS))
        except Refused as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def read(self, ref: TicketRef) -> Ticket:
        """Read an issue with its changelog and all its comments, straight from the issue."""
        client, number = self._client(), _number(self.name, ref)
        issue, project = self._issue(client, ref, read_fields(self._settings))
        ticket = self._reader.ticket(
            issue,
            client.comments(number, self._accounts.worker(client)),
            worker=self._accounts.worker(client),
            handed_to=self._accounts.handed_to(client, project),
        )
        ticket = self._with_agents(client, ticket, project)
        return ticket if ticket.assigned_to_worker else self._with_approvals(client, ticket, project)

    def glance(self, ref: TicketRef) -> Ticket:
        """Read an issue's state, people and relations, and of a request whether somebody has to approve it."""
        client = self._client()
        issue, project = self._issue(client, ref, state_fields(self._settings))
        worker, handed_to = self._accounts.worker(client), self._accounts.handed_to(client, project)
        return self._with_approvals(client, self._reader.ticket(issue, (), worker, handed_to), project)

    def _issue(self, client: JiraClient, ref: TicketRef, fields: list[str]) -> tuple[Mapping[str, Any], str]:
        """Read an issue with its whole changelog and its transitions; return it with its project's key."""
        number = _number(self.name, ref)
        at, issue = self._clock.now(), client.issue(number, fields, expand="changelog,transitions")
        project, _ = self._reader.project(issue)
        if project != _project_of(ref):
            self._moved[ref.id] = project
        else:
            self._moved.pop(ref.id, None)
        if self._settings.is_cloud and is_cut(issue):
            issue = {**issue, "changelog": {"histories": list(client.changes(number))}}
        self._memory.keep(number, issue, at)
        return issue, project

    def _with_agents(self, client: JiraClient, ticket: Ticket, project: str) -> Ticket:
        """Return a ticket with who of those who commented internally is an agent; a software project has none.

        Collaborators without an agent's licence may comment internally, too, as Atlassian's help has it.
        """
        if not self._settings.projects[project].is_service_desk:
            return ticket
        comments = (
            item.but(by_agent=self._accounts.is_agent(client, project, item.author.id))
            if item.author.id and not (item.public or item.by_worker)
            else item
            for item in ticket.comments
        )
        return ticket.but(comments=tuple(comments))

    def _with_approvals(self, client: JiraClient, ticket: Ticket, project: str) -> Ticket:
        """Return a request's ticket with whether it lacks an approval; a done or related one is not asked about."""
        free = ticket.relation is Relation.NONE and ticket.phase is not Phase.DONE
        asked = free and self._settings.projects[project].is_service_desk
        lacks = asked and lacks_approval(client, ticket.ref.id, project)
        return ticket.but(relation=Relation.APPROVAL) if lacks else ticket

    def sla(self, ticket: Ticket) -> Sla | None:
        """Read how much of a request's resolution SLA is used; issues of software projects have no SLA."""
        project = self._settings.projects[ticket.context["project"]]
        asked = project.is_service_desk and ticket.assigned_to_worker
        return self._slas.of_request(self._client(), _number(self.name, ticket.ref)) if asked else None

    def plan(self, ticket: Ticket, intent: Intent) -> tuple[PlannedWrite, ...]:
        """Render an intent as calls: internal comment, files, public comment, assignee, and the status last."""
        key = ticket.context["project"]
        project = self._settings.projects[key].of_type(ticket.context.get("issue_type", ""))
        project = project.model_copy(update={"routes": self._settings.routes_of(key)})
        return tuple(
            planned(
                ticket,
                intent,
                project,
                attach_diagnostics=self._settings.attach_diagnostics,
                marked_in_text=self._settings.marker == "text",
                link_type=self._settings.link_type,
            )
        )

    def find(self, ref: TicketRef, write: PlannedWrite) -> Receipt | None:
        """Look for a write by its marker, its file name, or the state that it should have set."""
        return delivery.find(self._writers(), _number(self.name, ref), write)

    def deliver(self, ref: TicketRef, write: PlannedWrite) -> Receipt:
        """Make one write once and verify it; a comment or file with the wrong visibility is deleted and refused."""
        try:
            return delivery.deliver(self._writers(), _number(self.name, ref), write)
        except Refused:
            if write.operation == Call.ASSIGN:
                self._accounts.forget()
            raise

    def is_agent(self, ticket: Ticket, person: Person) -> bool:
        """Look whether somebody is an agent of the ticket's service project; a software project has none."""
        project = ticket.context["project"]
        if not self._settings.projects[project].is_service_desk:
            return False
        return self._accounts.is_agent(self._client(), project, person.id)

    def has_inside(self, ref: TicketRef) -> bool:
        """Return whether the issue is in a service project; in any other, everybody who sees it reads all comments.

        Of one that was moved, what it was last read in counts.
        """
        project = self._settings.projects.get(self._moved.get(ref.id) or _project_of(ref))
        return project is not None and project.is_service_desk

    def attaches(self, *, own: bool) -> bool:  # noqa: ARG002  # on a service project, files are kept inside
        """Return whether the settings want files."""
        return self._settings.attach_diagnostics

    def take_back_copies(self, ref: TicketRef, write: PlannedWrite) -> Copies:
        """Remove all but the oldest comment or file of a write; assignee and status cannot be duplicated."""
        return delivery.take_back_copies(self._writers(), _number(self.name, ref), write)

    def _writers(self) -> delivery.Writers:
        client = self._client()
        worker = self._accounts.worker(client)
        prover = Prover(client, self._reader, self._memory, self._clock, worker)
        return delivery.Writers(
            Poster(client, self._reader, self._memory, self._clock, worker),
            Mover(client, self._reader, prover, self._memory, self._clock, worker),
            Linker(client, self._clock),
            prover,
            self._memory,
        )

    def _client(self) -> JiraClient:
        client: JiraClient | None = getattr(self._own, "client", None)
        if client is None:
            client = self._own.client = JiraClient(self.name, self._settings, self._clock, self._limits, self._totals)
        return client


def _each_once(refs: Iterable[TicketRef]) -> Iterator[TicketRef]:
    """Leave out what comes again: pages shift while they are read."""
    seen = set[str]()
    for ref in refs:
        if ref.id not in seen:
            seen.add(ref.id)
            yield ref


def _number(desk: str, ref: TicketRef) -> str:
    """Return the issue's number; anything else must not get into a URL."""
    if not ISSUE_ID.fullmatch(ref.id):
        raise Refused(desk, "address the issue", f"{ref.id[:40]!r} is not an issue's number")
    return ref.id


def _project_of(ref: TicketRef) -> str:
    """Return the project that an issue was in when it was first seen."""
    return ref.key.rpartition("-")[0]
