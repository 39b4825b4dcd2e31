"""What the platform does when a ticket is written: data policies, business rules and lookups.

https://www.servicenow.com/docs/r/it-service-management/incident-management/c_IncidentManagementStateModel.html,
https://www.servicenow.com/docs/r/it-service-management/incident-management/resolve-and-close-an-incident.html,
https://www.servicenow.com/docs/r/it-service-management/incident-management/create-an-incident.html (priority,
assignment group), https://www.servicenow.com/docs/r/it-service-management/incident-management/reopening-incident.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.servicenow import choices, scoped, tables
from connectors.sandbox.servicenow.errors import SnowError, mandatory, not_allowed
from connectors.sandbox.servicenow.records import Record, ServiceNowRecords

RESOLVED, CLOSED, ON_HOLD, IN_PROGRESS = "6", "7", "3", "2"


def prioritise(values: Record) -> str:
    """Return the priority for an impact and an urgency; it replaces whatever the client wrote."""
    return choices.PRIORITIES.get((values["impact"], values["urgency"]), "5")


def ruled(held: ServiceNowRecords, table: str, record: Record, changes: Record, notes: Record, by: str) -> Record:
    """Return the requested changes plus those the platform adds, or refuse them."""
    changes = dict(changes)
    column = tables.state_of(table)
    target = changes.get(column, record[column])
    moved = target != record[column]
    if target not in choices.STATES[table]:
        raise SnowError(403, "Operation Failed", f"{target} is not a state of {table}")
    if table == "incident":
        _incident(held, record, changes, notes, by)
    if table == scoped.TABLE and moved and target in scoped.ENDED:
        _need(record | changes, scoped.NEEDED_AT_THE_END)
    if moved and target in choices.DONE[table]:
        wanted = sorted(held.switches.mandatory_at_the_end & tables.COLUMNS[table])
        _need(record | changes, {name: name.replace("_", " ").capitalize() for name in wanted})
    if moved:
        changes["active"] = "false" if target in choices.INACTIVE[table] else "true"
    if "impact" in changes or "urgency" in changes or "priority" in changes:
        changes["priority"] = prioritise(record | changes)
    _group(held, tables.group_of(table), record, changes)
    if held.switches.assignment_rule_clears and changes.get("assigned_to") == held.worker:
        changes["assigned_to"] = ""
    return changes


def _need(asked: Record, labels: Record) -> None:
    if missing := [label for name, label in labels.items() if not asked[name]]:
        raise mandatory(*missing)


def _group(held: ServiceNowRecords, column: str, record: Record, changes: Record) -> None:
    group = changes.get(column)
    if group is None or group == record[column]:
        return
    if group in held.switches.hidden_records:
        raise not_allowed("Update")  # the itil role may not assign to groups that hold an admin role
    if record[column]:
        changes["reassignment_count"] = str(int(record["reassignment_count"] or "0") + 1)
    if held.switches.group_clears_assignee and "assigned_to" not in changes:
        changes["assigned_to"] = ""
    if (member := held.switches.assignment_rule_gives_to) and not changes.get("assigned_to", record["assigned_to"]):
        changes["assigned_to"] = held.user_id(member)


def _incident(held: ServiceNowRecords, record: Record, changes: Record, notes: Record, by: str) -> None:
    before, after = record["state"], changes.get("state", record["state"])
    if before == CLOSED and changes:
        raise SnowError(403, "Operation Failed", "A closed incident cannot be changed")
    if before == after:
        return
    changes["incident_state"] = after
    if after == CLOSED and by == held.frame.credentials.servicenow_user:
        held.frame.violate("servicenow", "incident closed", f"{record['number']} was set to Closed")
        raise SnowError(403, "Operation Failed", "Closing needs itil_admin")
    if after == CLOSED:
        changes |= {"closed_at": held.now(), "closed_by": held.user_id(by)}
    if after == RESOLVED:
        _resolve(held, record | changes)
        changes |= {"resolved_at": held.now(), "resolved_by": held.user_id(by)}
    if after == ON_HOLD:
        _hold(changes, notes)
    else:
        changes["hold_reason"] = ""
    if before == RESOLVED and after in {"1", IN_PROGRESS}:
        count = str(int(record["reopen_count"] or "0") + 1)
        changes |= {"reopen_count": count, "reopened_time": held.now(), "reopened_by": held.user_id(by)}


def _resolve(held: ServiceNowRecords, asked: Record) -> None:
    _need(asked, {"close_code": "Resolution code", "close_notes": "Resolution notes"})
    if held.switches.close_codes_checked and asked["close_code"] not in held.close_codes():
        raise SnowError(403, "Operation Failed", f"{asked['close_code']} is not a resolution code")


def _hold(changes: Record, notes: Record) -> None:
    reason = changes.get("hold_reason", "")
    if reason not in choices.HOLD_REASONS:
        raise mandatory("On hold reason")
    if reason == "1" and "comments" not in notes:
        raise mandatory("Additional comments")


def resolved_along(held: ServiceNowRecords, table: str, record: Record, before: Record) -> Iterator[tuple[str, Record]]:
    """Yield the sys_id and changes of each open child that is resolved with its parent."""
    if table != "incident" or record["state"] != RESOLVED or before["state"] == RESOLVED:
        return
    close = {name: record[name] for name in ("close_code", "close_notes")}
    words = f"Resolved with the parent incident {record['number']}."
    for child in held.children(record["sys_id"]):
        if child["state"] not in choices.DONE["incident"]:
            yield child["sys_id"], {"state": RESOLVED, "work_notes": words} | close


def count_children(held: ServiceNowRecords, table: str, record: Record, before: Record) -> None:
    """Recount the children of the parents that an incident joined or left."""
    if table != "incident" or record["parent_incident"] == before.get("parent_incident", ""):
        return
    for parent_id in (record["parent_incident"], before.get("parent_incident", "")):
        if parent := held.records["incident"].get(parent_id):
            parent["child_incidents"] = str(len(held.children(parent_id)))


def answered(held: ServiceNowRecords, record: Record, by: str) -> Record:
    """Return the changes caused by a public comment: the caller's reply takes a waiting incident off hold."""
    caller = held.records["sys_user"].get(record.get("caller_id", ""), {}).get("user_name")
    waiting = record["state"] == ON_HOLD and record.get("hold_reason") == "1"
    if by == caller and waiting:
        return {"state": IN_PROGRESS, "incident_state": IN_PROGRESS, "hold_reason": ""}
    return {}
