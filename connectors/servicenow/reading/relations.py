"""Reads how a ticket relates to records of its own and of other tables, and whether it has open children."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.servicenow.answers import Row, plain
from connectors.servicenow.client import ServiceNowClient
from workflows.model import Relation

# What a record tells of its relations. A requested item's request, and a task's item, may wait for an approval too.
COLUMNS = (
    "parent",
    "parent.sys_class_name",
    "parent_incident",
    "problem_id",
    "major_incident_state",
    "rfc",
    "rfc.active",
    "approval",
    "request.approval",
    "request_item.approval",
)
APPROVALS = ("approval", "request.approval", "request_item.approval")
UNAPPROVED = frozenset({"requested", "rejected"})
TIES = ("parent", "approval")  # those that every task has
TASK = "task"  # the table that all others extend
NEWEST, LOOKED_AT = "ORDERBYDESCsys_created_on", 5  # records: access rules may hide columns of some
# Where children of a table's records are that another column than `parent` may name, and those columns.
CHILDREN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "incident": ("incident", ("parent_incident", "parent")),
    "sc_req_item": ("sc_task", ("request_item", "parent")),
}
# The call or request that a record came from, whatever its table, and what catalogue records hang on by their nature.
ORIGINS = frozenset({"interaction", "universal_request"})
NATURAL_PARENTS = {
    "incident": ORIGINS,
    "sc_task": ORIGINS | {"sc_req_item"},
    "sc_req_item": ORIGINS | {"sc_request"},
}


def has_open_children(client: ServiceNowClient, table: str, sys_id: str) -> bool:
    """Return whether there are open tasks of any kind below this record."""
    looks = [CHILDREN[table]] if table in CHILDREN else []
    return any(_any_open(client, where, columns, sys_id) for where, columns in (*looks, (TASK, ("parent",))))


def _any_open(client: ServiceNowClient, table: str, columns: tuple[str, ...], sys_id: str) -> bool:
    query = "^OR".join(f"{column}={sys_id}" for column in columns) + "^active=true"
    rows = client.lists.records("look for children", table, query, ["active", *columns], held=False)
    return any(_may_be_open_below(row, columns, sys_id) for row in rows)  # read until the first one


def _may_be_open_below(row: Row, columns: tuple[str, ...], sys_id: str) -> bool:
    """Return whether a row is an open child, as the query says, unless what it shows denies that.

    An access rule may hide its columns; hidden ones are missing or empty (inferred).
    """
    parents = {plain(row.get(column)) for column in columns}
    hidden = not all(column in row for column in columns) or parents == {""}
    return plain(row.get("active")) != "false" and (hidden or sys_id in parents)


def hidden_columns(client: ServiceNowClient, tables: Iterable[str]) -> list[str]:
    """Return the columns by which tickets are tied to others that no record shows to this account, as `table.column`.

    Every table that extends `task` has them. Of an empty table, nothing is known.
    """
    wanted = {table: set(TIES) for table in tables}
    for table in (TASK, *wanted.copy()):
        children, parents = CHILDREN.get(table, (table, ("parent",)))
        wanted[children] = wanted.get(children, set()) | {"active", *parents}
    found = []
    for table, columns in wanted.items():
        rows = client.lists.first("look at relations", table, NEWEST, sorted(columns), LOOKED_AT)
        shown = {name for row in rows for name in row if name != "active" or plain(row[name])}
        found += [f"{table}.{name}" for name in sorted(columns - shown)] if rows else []
    return found


def relation_of(record: Row, table: str, *, open_children: bool) -> Relation:
    """Return the ticket's relation to others; `major_incident_state` is set by Major Incident Management (inferred).

    A change request counts while it is active. That `approval` is "requested" while approvers are asked and "rejected"
    once one has refused, as on every table that extends `task`, is inferred from the column's choices.
    """
    if plain(record.get("major_incident_state")) in {"proposed", "accepted"}:
        return Relation.MAJOR_INCIDENT
    if plain(record.get("parent_incident")) or _is_child(record, table):
        return Relation.CHILD
    if any(plain(record.get(column)) in UNAPPROVED for column in APPROVALS):
        return Relation.APPROVAL
    if open_children:
        return Relation.PARENT
    if plain(record.get("rfc")) and plain(record.get("rfc.active")) != "false":
        return Relation.CHANGE
    return Relation.PROBLEM if plain(record.get("problem_id")) else Relation.NONE


def _is_child(record: Row, table: str) -> bool:
    """Return whether `parent` ties the record; of a table of one's own, only a parent in the same table does."""
    kind = plain(record.get("parent.sys_class_name"))
    if not plain(record.get("parent")):
        return False
    return kind not in NATURAL_PARENTS[table] if table in NATURAL_PARENTS else kind == table
