"""The values and labels of ServiceNow's choice fields: states, hold reasons, close codes, priorities.

States of incident:
https://www.servicenow.com/docs/r/it-service-management/incident-management/c_IncidentManagementStateModel.html; hold
reasons and close codes as in ServiceNow's own collection for Ansible
(https://github.com/ansible-collections/servicenow.itsm); the other labels as recorded from an instance.
"""

from __future__ import annotations

from connectors.sandbox.servicenow import scoped, tables

INCIDENT_STATES = {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Canceled"}
CATALOGUE_STATES = {
    "-5": "Pending",
    "1": "Open",
    "2": "Work in Progress",
    "3": "Closed Complete",
    "4": "Closed Incomplete",
    "7": "Closed Skipped",
}
STATES = {"incident": INCIDENT_STATES, "sc_req_item": CATALOGUE_STATES, "sc_task": CATALOGUE_STATES}
STATES[scoped.TABLE] = scoped.STAGES
DONE = {"incident": {"6", "7", "8"}, "sc_req_item": {"3", "4", "7"}, "sc_task": {"3", "4", "7"}}
DONE[scoped.TABLE] = scoped.ENDED
INACTIVE = {"incident": {"7", "8"}, "sc_req_item": {"3", "4", "7"}, "sc_task": {"3", "4", "7"}}
INACTIVE[scoped.TABLE] = scoped.ENDED
ON_HOLD = {"incident": "3", "sc_req_item": "-5", "sc_task": "-5", scoped.TABLE: scoped.WAITING}
FIRST = {"incident": "1", "sc_req_item": "1", "sc_task": "1", scoped.TABLE: scoped.FIRST}
HOLD_REASONS = {"1": "Awaiting Caller", "3": "Awaiting Problem", "4": "Awaiting Vendor", "5": "Awaiting Change"}

# New instances have the first set, old ones the second, upgraded ones both.
NEW_CLOSE_CODES = (
    "Duplicate",
    "Known error",
    "No resolution provided",
    "Resolved by caller",
    "Resolved by change",
    "Resolved by problem",
    "Resolved by request",
    "Solution provided",
    "Workaround provided",
    "User error",
)
OLD_CLOSE_CODES = (
    "Solved (Work Around)",
    "Solved (Permanently)",
    "Solved Remotely (Work Around)",
    "Solved Remotely (Permanently)",
    "Not Solved (Not Reproducible)",
    "Not Solved (Too Costly)",
    "Closed/Resolved by Caller",
)

_LEVELS = {"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"}
LABELS = {
    "hold_reason": HOLD_REASONS,
    "impact": _LEVELS,
    "urgency": _LEVELS,
    "severity": _LEVELS,
    "outcome": scoped.OUTCOMES,
    "priority": {"1": "1 - Critical", "2": "2 - High", "3": "3 - Moderate", "4": "4 - Low", "5": "5 - Planning"},
    "sys_class_name": {"incident": "Incident", "sc_req_item": "Requested Item", "sc_task": "Catalog Task"},
    "notify": {"1": "Do Not Notify"},
    "approval": {"not requested": "Not Yet Requested"},
    "upon_reject": {"cancel": "Cancel all future Tasks"},
    "contact_type": {"self-service": "Self-service"},
    "major_incident_state": {
        "proposed": "Proposed",
        "accepted": "Accepted",
        "rejected": "Rejected",
        "canceled": "Canceled",
    },
}

# Choices by table: a table with its own choices for a column ignores those of `task`.
OFFERED = (
    ("task", "state", CATALOGUE_STATES),
    ("incident", "state", INCIDENT_STATES),
    ("incident", "hold_reason", HOLD_REASONS),
    ("task", "impact", _LEVELS),
    ("task", "urgency", _LEVELS),
    (scoped.TABLE, "stage", scoped.STAGES),
    (scoped.TABLE, "outcome", scoped.OUTCOMES),
)

# The platform's own priority lookup: impact and urgency, 1 to 3 each ("Priority data lookup rules").
PRIORITIES = {
    ("1", "1"): "1",
    ("1", "2"): "2",
    ("1", "3"): "3",
    ("2", "1"): "2",
    ("2", "2"): "3",
    ("2", "3"): "4",
    ("3", "1"): "3",
    ("3", "2"): "4",
    ("3", "3"): "5",
}


def category(table: str, state: str) -> str:
    """Return a state's category in the control server's words."""
    if state in DONE[table]:
        return "done"
    if state == ON_HOLD[table]:
        return "on_hold"
    return "new" if state == FIRST[table] else "in_progress"


def label(table: str, column: str, value: str) -> str:
    """Return the display value: a choice's label, or the value itself."""
    if column in {tables.state_of(table), "incident_state"}:
        return STATES.get(table, {}).get(value, value)
    return LABELS.get(column, {}).get(value, value)
