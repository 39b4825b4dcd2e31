"""Where tickets can be: every connector and every kind of table or project, each with its sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from connectors.http.governance import Network, Timeouts
from connectors.jira import JiraDesk, JiraSettings
from connectors.okta import OktaConnector, ReapplyDriver
from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.scenarios.world import AGENTS
from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Product
from connectors.servicenow import ServiceNowDesk, ServiceNowSettings
from worker.sandbox.config import settings_table
from workflows.model import Intent, Move, Note, PlannedWrite, Text, Ticket, TicketRef
from workflows.ports import TicketDesk

AGENT, HAND_OVER = AGENTS[0].login, AGENTS[1].login
PATIENCE = 20.0  # seconds for an answer, unless a test is about timeouts


class Time:
    """The clock of sandbox and connectors."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def skip(self, **duration: float) -> None:
        self._now += timedelta(**duration)


@dataclass(frozen=True)
class Place:
    """One kind of ticket: the product, its table or project, and its special features."""

    name: str
    product: Literal["servicenow", "jira"]
    table: str
    deployment: Literal["cloud", "datacenter"] = "cloud"
    hidden_comments: bool = True  # comments can be internal
    waits: bool = True  # there is a status for waiting on the requester


PLACES = (
    Place("incident", "servicenow", "incident"),
    Place("requested-item", "servicenow", "sc_req_item"),
    Place("cloud-service-desk", "jira", "SUP"),
    Place("cloud-software", "jira", "ENG", hidden_comments=False, waits=False),
    Place("datacenter-service-desk", "jira", "SUP", deployment="datacenter"),
)


class Stage:
    """A running sandbox, its clock, and the connectors to it."""

    def __init__(self, sandbox: Sandbox, time: Time) -> None:
        self.sandbox, self.time = sandbox, time
        self._keys = 0

    def desk(self, place: Place, **changes: Any) -> TicketDesk:
        """Return a desk of the place's product."""
        table = settings_table(self.sandbox, Path("unused"))["desks"][place.product]
        options = {name: value for name, value in table.items() if name != "kind"}
        options |= {"read_timeout": PATIENCE} | changes
        if place.product == "servicenow":
            return ServiceNowDesk("desk", ServiceNowSettings(**options), clock=self.time)
        return JiraDesk("desk", JiraSettings(**options), clock=self.time)

    def org(self, read_timeout: float = PATIENCE) -> OktaConnector:
        """Return the org."""
        token = SecretStr(self.sandbox.frame.credentials.okta_token)
        network = Network(Timeouts(read=read_timeout))
        return OktaConnector("okta", self.sandbox.okta_url, token, clock=self.time, network=network)

    def driver(self, read_timeout: float = PATIENCE) -> ReapplyDriver:
        """Return the driver that runs Force Sync."""
        token = SecretStr(self.sandbox.frame.credentials.okta_sync_token)
        network = Network(Timeouts(read=read_timeout))
        return ReapplyDriver("okta", self.sandbox.okta_url, token, clock=self.time, network=network)

    def force_syncs(self) -> int:
        """Return the number of Force Syncs."""
        with self.sandbox.frame.lock:
            return len(self.sandbox.okta.force_syncs())

    def file(self, place: Place, *, tagged: bool = True, **texts: Any) -> TicketRef:
        """File a ticket as a person; return its reference."""
        said = {"summary": "My profile is not updating", "description": "Attribute: title"} | texts
        with self.people(place) as people:
            requester = self.sandbox.world.members[0].login
            id = people.create(tagged=tagged, requester=requester, table=place.table, **said)
            key = str(people.ticket(id)["key"])
        return TicketRef(desk="desk", id=f"{place.table}/{id}" if place.product == "servicenow" else id, key=key)

    def file_for(self, place: Place, by: str = AGENT) -> TicketRef:
        """File a ticket for a person as somebody else, by default an agent."""
        return self.file(place, fields={"opened_by" if place.product == "servicenow" else "creator": by})

    def shown(self, place: Place, ref: TicketRef) -> Mapping[str, Any]:
        """Return a ticket as the control server shows it."""
        with self.people(place) as people:
            found: dict[str, Any] = people.ticket(inside(ref))
            return found

    def take(self, place: Place, ref: TicketRef) -> None:
        """Take the ticket as an agent."""
        with self.people(place) as people:
            people.change(inside(ref), by=AGENT, assignee=AGENT)

    def comment(self, place: Place, ref: TicketRef, body: str) -> None:
        """Post a public comment as the agent."""
        with self.people(place) as people:
            people.comment(inside(ref), author=AGENT, visibility="public", body=body)

    def file_bytes(self, place: Place, ref: TicketRef, name: str) -> bytes:
        """Return an attachment's bytes."""
        with self.people(place) as people:
            content: bytes = people.attachment(inside(ref), name)[0]
            return content

    def calls(self, product: Product) -> int:
        """Return the number of requests to a product."""
        with self.sandbox.frame.lock:
            return sum(self.sandbox.frame.calls[product].values())

    def key(self) -> str:
        """Return a unique intent key."""
        self._keys += 1
        return f"{self._keys:012x}.1.step"

    def plan(self, desk: TicketDesk, ref: TicketRef, move: Move | None, **parts: Any) -> tuple[PlannedWrite, ...]:
        """Plan an intent on the ticket as it is now."""
        return desk.plan(desk.read(ref), Intent(key=self.key(), move=move, **parts))

    def do(self, desk: TicketDesk, ref: TicketRef, move: Move | None, **parts: Any) -> Ticket:
        """Plan and deliver an intent; return the ticket afterwards."""
        for write in self.plan(desk, ref, move, **parts):
            desk.deliver(ref, write)
        return desk.read(ref)

    @contextmanager
    def people(self, place: Place) -> Iterator[Any]:
        """Hold the world while people act; a second passes first, so that it is later than anything before."""
        self.time.skip(seconds=1)
        with self.sandbox.frame.lock:
            yield self.sandbox.world.desks[place.product]
        self.time.skip(seconds=1)


@contextmanager
def stage(deployment: Literal["cloud", "datacenter"]) -> Iterator[Stage]:
    """Serve a world without tickets."""
    time = Time()
    with Sandbox(Scenario("empty", users=3), jira=deployment, clock=time.now, act=False) as sandbox:
        sandbox.frame.settings.limits = False
        yield Stage(sandbox, time)


def inside(ref: TicketRef) -> str:
    """Return the product's own id of a ticket."""
    return ref.id.rpartition("/")[2]


def note(text: str) -> Note:
    """Return a note with one sentence."""
    return Note(blocks=(Text(text=text),))
