"""Links that people make between tickets: parents and children, major incidents, problems."""

from __future__ import annotations

from typing import Any

from tests.e2e.tickets import AGENT, INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World


def child(world: World, ticket: Filed) -> None:
    """Make a ticket the child of another open, untagged one."""
    _hang(world, ticket, under=_other(world, ticket))


def parent(world: World, ticket: Filed) -> None:
    """Make another open ticket the child of this one."""
    _hang(world, _other(world, ticket), under=ticket)


def major_incident(world: World, ticket: Filed) -> None:
    """Propose an incident as a major one."""
    _incident(world, ticket, major_incident_state="proposed")


def of_a_problem(world: World, ticket: Filed) -> None:
    """Link an incident to a problem, whose owners work on the cause."""
    with world.sandbox.frame.lock:
        problem = _state(world, "servicenow").insert(
            "problem", {"short_description": "Imports stand still", "active": "true"}, "admin"
        )
    _incident(world, ticket, problem_id=problem["sys_id"])


TIES = [(child, INCIDENT), (child, SERVICE_DESK), (parent, INCIDENT), (parent, SERVICE_DESK)]
TIES += [(major_incident, INCIDENT), (of_a_problem, INCIDENT)]


def _other(world: World, ticket: Filed) -> Filed:
    place: Place = INCIDENT if ticket.desk == "servicenow" else SERVICE_DESK
    return world.ticket(place, about=world.member(), tagged=False)


def _hang(world: World, ticket: Filed, *, under: Filed) -> None:
    if ticket.desk == "servicenow":
        _incident(world, ticket, parent_incident=under.id)
        return
    with world.sandbox.frame.lock:
        _state(world, "jira").issues[ticket.id].parent = under.id


def _incident(world: World, ticket: Filed, **changes: str) -> None:
    with world.sandbox.frame.lock:
        _state(world, "servicenow").update("incident", ticket.id, changes, AGENT)


def _state(world: World, desk: str) -> Any:
    product: Any = world.sandbox.world.desks[desk]
    return product.state
