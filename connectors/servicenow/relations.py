"""Reads how a ticket relates to others, and whether it has open children."""

from __future__ import annotations

from connectors.servicenow.answers import Row, plain
from connectors.servicenow.client import ServiceNowClient
from workflows.model import Relation


def has_open_children(client: ServiceNowClient, table: str, sys_id: str) -> bool:
    """Say whether resolving this ticket would also resolve others."""
    columns = ("parent_incident", "parent") if table == "incident" else ("parent",)
    query = "^OR".join(f"{column}={sys_id}" for column in columns) + "^active=true"
    rows = client.first("look for children", table, query, ["sys_id", "active", *columns], limit=10)
    return any(
        plain(row.get("active")) == "true" and sys_id in {plain(row.get(column)) for column in columns} for row in rows
    )


def relation_of(record: Row, table: str, *, open_children: bool) -> Relation:
    """Return the ticket's relation to others; `major_incident_state` is set by Major Incident Management (inferred).

    A `parent` counts only if it is in the same table: a catalogue task always has its item as the parent.
    """
    if plain(record.get("major_incident_state")) in {"proposed", "accepted"}:
        return Relation.MAJOR_INCIDENT
    same = plain(record.get("parent")) and plain(record.get("parent.sys_class_name")) == table
    if plain(record.get("parent_incident")) or same:
        return Relation.CHILD
    if open_children:
        return Relation.PARENT
    return Relation.PROBLEM if plain(record.get("problem_id")) else Relation.NONE
