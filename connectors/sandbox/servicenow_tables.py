"""The tables of the simulated ServiceNow: columns, references, states, choices and numbers.

States of incident: https://www.servicenow.com/docs/, "Incident management state model"; hold reasons and close codes as
in ServiceNow's own collection for Ansible (https://github.com/ansible-collections/servicenow.itsm).
"""

from __future__ import annotations

TAG = "profile not updating"
TASKS = ("incident", "sc_req_item", "sc_task")
NUMBERS = {"incident": ("INC", 10001), "sc_req_item": ("RITM", 10001), "sc_task": ("SCTASK", 10001)}

_SYSTEM = "sys_id sys_created_on sys_created_by sys_updated_on sys_updated_by sys_mod_count"
_TASK = (
    f"{_SYSTEM} number short_description description state active assigned_to assignment_group opened_by opened_at "
    "close_notes correlation_id correlation_display impact urgency priority parent sys_tags sys_class_name work_notes "
    "comments u_affected_user u_attribute u_expected_value"
)
COLUMNS: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in {
        "incident": f"{_TASK} caller_id hold_reason close_code resolved_at resolved_by reopen_count parent_incident "
        "child_incidents major_incident_state incident_state",
        "sc_req_item": f"{_TASK} requested_for request cat_item",
        "sc_task": f"{_TASK} requested_for request_item request",
        "label": f"{_SYSTEM} name owner viewable_by type active",
        "label_entry": f"{_SYSTEM} label table table_key title read id_type id_display",
        "sys_user": f"{_SYSTEM} user_name name first_name last_name email active",
        "sys_user_group": f"{_SYSTEM} name active manager",
        "sys_journal_field": f"{_SYSTEM} element element_id name value",
        "sys_choice": f"{_SYSTEM} name element value label inactive sequence",
        "sys_properties": f"{_SYSTEM} name value",
        "sys_attachment": f"{_SYSTEM} file_name content_type size_bytes hash state table_name table_sys_id",
    }.items()
}
REFERENCES = {
    "caller_id": "sys_user",
    "opened_by": "sys_user",
    "requested_for": "sys_user",
    "assigned_to": "sys_user",
    "resolved_by": "sys_user",
    "owner": "sys_user",
    "assignment_group": "sys_user_group",
    "parent_incident": "incident",
    "request_item": "sc_req_item",
    "label": "label",
}
DISPLAYED_BY = {"sys_user": "name", "sys_user_group": "name", "label": "name"}  # others: their number
TIMES = frozenset({"sys_created_on", "sys_updated_on", "opened_at", "resolved_at"})
JOURNALS = {"work_notes": "Work notes", "comments": "Additional comments"}

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
DONE = {"incident": {"6", "7", "8"}, "sc_req_item": {"3", "4", "7"}, "sc_task": {"3", "4", "7"}}
INACTIVE = {"incident": {"7", "8"}, "sc_req_item": {"3", "4", "7"}, "sc_task": {"3", "4", "7"}}
ON_HOLD = {"incident": "3", "sc_req_item": "-5", "sc_task": "-5"}
HOLD_REASONS = {"1": "Awaiting Caller", "3": "Awaiting Problem", "4": "Awaiting Vendor", "5": "Awaiting Change"}

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
    "Not Solved (Not Reproducible)",
    "Closed/Resolved by Caller",
)
NEUTRAL_FIELDS = {"user": "u_affected_user", "attribute": "u_attribute", "expected": "u_expected_value"}


def category(table: str, state: str) -> str:
    """Return a state's category in the control server's words."""
    if state in DONE[table]:
        return "done"
    if state == ON_HOLD[table]:
        return "on_hold"
    return "new" if state == "1" else "in_progress"
