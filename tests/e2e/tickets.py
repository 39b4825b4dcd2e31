"""The tickets of a story's world: where they are filed in ServiceNow and Jira, and what people do with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from connectors.sandbox.scenarios.world import AGENTS, FRONT_DESK, Member
from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Target
from tests.e2e.okta_users import NEW_VALUE

Place = tuple[Literal["servicenow", "jira"], str]  # a desk and its table or project
INCIDENT: Place = ("servicenow", "incident")
REQUESTED_ITEM: Place = ("servicenow", "sc_req_item")
SERVICE_DESK: Place = ("jira", "SUP")
SOFTWARE: Place = ("jira", "ENG")
DESKS = (INCIDENT, SERVICE_DESK)
PLACES = (INCIDENT, REQUESTED_ITEM, SERVICE_DESK, SOFTWARE)
AGENT = AGENTS[0].login
ESCALATION_ASSIGNEE = AGENTS[1].login
# A refusal in the own form of each product
FORBIDDEN = {"error": {"message": "Forbidden", "detail": ""}, "errorMessages": ["Forbidden"], "errorCode": "E0000001"}

Shown = dict[str, Any]  # a ticket as the control server shows it


class Filed(NamedTuple):
    """A ticket that someone has filed."""

    desk: str
    id: str


class Tickets:
    """The tickets of both simulated desks; the ServiceNow and Jira half of `World`."""

    sandbox: Sandbox

    def ticket(
        self,
        place: Place = INCIDENT,
        *,
        about: Member | str | None = None,
        attribute: str | None = "department",
        expected: str | None = NEW_VALUE,
        requester: str | None = None,
        tagged: bool = True,
        form: bool = False,
    ) -> Filed:
        """File a ticket; by default tagged, by the affected user, with labelled lines that state what is wrong."""
        user = about.login if isinstance(about, Member) else about
        said = {"user": user, "attribute": attribute, "expected": expected}
        named = {name: text for name, text in said.items() if text is not None}
        lines = "" if form else "\n".join(f"{name.capitalize()}: {text}" for name, text in named.items())
        desk, table = place
        with self._people(desk) as product:
            id = product.create(
                tagged=tagged,
                requester=requester or user or FRONT_DESK.login,
                summary="My profile is not updating",
                description=f"My profile in Okta is out of date.\n{lines}",
                table=table,
                fields=named if form else None,
            )
        return Filed(desk, id)

    def said(self, place: Place, *, by: Member, text: str) -> Filed:
        """File a tagged ticket in a person's own words."""
        desk, table = place
        with self._people(desk) as product:
            summary = "My profile is not updating"
            id = product.create(tagged=True, requester=by.login, summary=summary, description=text, table=table)
        return Filed(desk, id)

    def reply(
        self, ticket: Filed, author: str, body: str, *, visibility: Literal["public", "internal"] = "public"
    ) -> None:
        """Post a comment as a person."""
        with self._people(ticket.desk) as product:
            product.comment(ticket.id, author=author, visibility=visibility, body=body)

    def take(self, ticket: Filed, by: str = AGENT) -> None:
        """Assign the ticket to a person, by that person."""
        with self._people(ticket.desk) as product:
            product.change(ticket.id, by=by, assignee=by)

    def untag(self, ticket: Filed) -> None:
        """Remove the tag."""
        with self._people(ticket.desk) as product:
            product.tag(ticket.id, add=[], remove=[""])

    def tag_again(self, ticket: Filed) -> None:
        """Unassign the ticket, remove its tag and add it again."""
        with self._people(ticket.desk) as product:
            product.change(ticket.id, by=AGENT, assignee="")
            product.tag(ticket.id, add=[], remove=[""])
            product.tag(ticket.id, add=[""], remove=[])

    def run_sla(self, ticket: Filed, *, target: Target = "resolution", **goal: float) -> None:
        """Start an SLA on a ticket; `goal` is passed to `timedelta`."""
        with self._people(ticket.desk) as product:
            product.start_sla(ticket.id, target=target, minutes=timedelta(**goal) / timedelta(minutes=1))

    def set_status(self, ticket: Filed, status: str) -> None:
        """Set the status as a person."""
        with self._people(ticket.desk) as product:
            product.change(ticket.id, by=AGENT, status=status)

    def reopen(self, ticket: Filed) -> None:
        """Reopen a resolved ticket as a person."""
        self.set_status(ticket, "In Progress")

    def shown(self, ticket: Filed) -> Shown:
        """Return a ticket as the control server shows it."""
        with self.sandbox.frame.lock:
            tickets = self.sandbox.world.desks[ticket.desk].tickets()
        return next(item for item in tickets if item["id"] == ticket.id)

    def file(self, ticket: Filed, name: str) -> bytes:
        """Return an attachment's bytes."""
        with self.sandbox.frame.lock:
            return self.sandbox.world.desks[ticket.desk].attachment(ticket.id, name)[0]

    @contextmanager
    def _people(self, desk: str) -> Iterator[Any]:
        """Hold the world still while a person acts on a desk."""
        with self.sandbox.frame.lock:
            yield self.sandbox.world.desks[desk]
