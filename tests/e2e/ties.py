"""Links that people make between tickets: parents and children, major incidents, problems."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.jira.records import Approval
from tests.e2e.tickets import AGENT, INCIDENT, REQUESTED_ITEM, SERVICE_DESK, Filed, Place
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


def of_a_change(world: World, ticket: Filed) -> None:
    """Link an incident to a change request that is being worked."""
    _incident(world, ticket, rfc=record(world, "change_request", short_description="Move the agents"))


def with_a_task_elsewhere(world: World, ticket: Filed) -> None:
    """Open a change request below the ticket."""
    record(world, "change_request", short_description="Move the agents", parent=ticket.id)


def below_another_record(world: World, ticket: Filed) -> None:
    """Hang an incident below a record of another table."""
    _incident(world, ticket, parent=record(world, "change_request", short_description="Move the agents"))


def with_a_catalogue_task(world: World, ticket: Filed) -> None:
    """Open a catalogue task of a requested item."""
    record(world, "sc_task", short_description="Hand out a badge", request_item=ticket.id)


def refused_an_approval(world: World, ticket: Filed) -> None:
    """Let somebody refuse to approve the request."""
    waiting_for_approval(world, ticket, "rejected" if ticket.desk == "servicenow" else "declined")


def waiting_for_approval(world: World, ticket: Filed, decision: str = "") -> None:
    """Ask somebody to approve the request, who may have decided."""
    if ticket.desk == "servicenow":
        with world.sandbox.frame.lock:
            table, _ = _state(world, "servicenow").ticket(ticket.id)
            _state(world, "servicenow").update(table, ticket.id, {"approval": decision or "requested"}, AGENT)
        return
    with world.sandbox.frame.lock:
        issue = _state(world, "jira").issues[ticket.id]
        issue.approvals.append(Approval("1", "Approval needed", [], world.time.now(), decision or "pending"))


def of_a_request_waiting_for_approval(world: World, ticket: Filed, approval: str = "requested") -> None:
    """Put a requested item into a request that somebody has to approve."""
    request = record(world, "sc_request", short_description="Everything for a new colleague", approval=approval)
    set_columns(world, "sc_req_item", ticket, request=request)


def of_a_refused_request(world: World, ticket: Filed) -> None:
    """Put a requested item into a request that somebody has refused to approve."""
    of_a_request_waiting_for_approval(world, ticket, "rejected")


TIES = [(child, INCIDENT), (child, SERVICE_DESK), (parent, INCIDENT), (parent, SERVICE_DESK)]
TIES += [(major_incident, INCIDENT), (of_a_problem, INCIDENT), (of_a_change, INCIDENT)]
TIES += [(with_a_task_elsewhere, INCIDENT), (with_a_task_elsewhere, REQUESTED_ITEM), (below_another_record, INCIDENT)]
TIES += [(with_a_catalogue_task, REQUESTED_ITEM), (of_a_request_waiting_for_approval, REQUESTED_ITEM)]
TIES += [(waiting_for_approval, place) for place in (INCIDENT, REQUESTED_ITEM, SERVICE_DESK)]
TIES += [(refused_an_approval, REQUESTED_ITEM), (refused_an_approval, SERVICE_DESK)]
TIES += [(of_a_refused_request, REQUESTED_ITEM)]


def record(world: World, table: str, **values: str) -> str:
    """Add a record to a table, and return its sys_id."""
    with world.sandbox.frame.lock:
        return str(_state(world, "servicenow").insert(table, values, AGENT)["sys_id"])


def _other(world: World, ticket: Filed) -> Filed:
    place: Place = INCIDENT if ticket.desk == "servicenow" else SERVICE_DESK
    return world.ticket(place, about=world.member(), tagged=False)


def _hang(world: World, ticket: Filed, *, under: Filed) -> None:
    if ticket.desk == "servicenow":
        _incident(world, ticket, parent_incident=under.id)
        return
    with world.sandbox.frame.lock:
        issues = _state(world, "jira").issues
        issues[ticket.id].put_under(issues[under.id])


def _incident(world: World, ticket: Filed, **changes: str) -> None:
    with world.sandbox.frame.lock:
        _state(world, "servicenow").update("incident", ticket.id, changes, AGENT)


def _state(world: World, desk: str) -> Any:
    product: Any = world.sandbox.world.desks[desk]
    return product.state


def set_columns(world: World, table: str, ticket: Filed, **values: str) -> None:
    """Change a record's columns as an agent."""
    with world.sandbox.frame.lock:
        _state(world, "servicenow").update(table, ticket.id, values, AGENT)
