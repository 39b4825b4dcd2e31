"""The tables of the simulated ServiceNow: columns, references, numbers, and dot-walking.

Columns of incident and of attachments as recorded from an instance; those of catalogue variables as in
https://www.servicenow.com/docs/r/api-reference/scripts/c_UsingGlideRecordToQueryTables.html.
"""

from __future__ import annotations

from connectors.sandbox.servicenow import scoped

TAG = "profile not updating"
TASKS = ("incident", "sc_req_item", "sc_task", scoped.TABLE)
TASK = "task"  # the table that the others extend: their records, with the columns that they share
EXTEND_TASK = (*TASKS, "sc_request", "change_request")
NUMBERS = {
    "incident": ("INC", 10001),
    "sc_req_item": ("RITM", 10001),
    "sc_task": ("SCTASK", 10001),
    "sc_request": ("REQ", 10001),
    "problem": ("PRB", 40001),
    "change_request": ("CHG", 30001),
    scoped.TABLE: ("IDR", 10001),
}

_SYSTEM = "sys_id sys_created_on sys_created_by sys_updated_on sys_updated_by sys_mod_count sys_tags"
_TASK = (
    f"{_SYSTEM} number short_description description state active assigned_to assignment_group opened_by opened_at "
    "close_notes correlation_id correlation_display impact urgency priority parent sys_class_name work_notes "
    "comments comments_and_work_notes u_affected_user u_attribute u_expected_value made_sla watch_list upon_reject "
    "approval_history task_effective_number user_input sys_domain sys_domain_path route_reason knowledge order "
    "closed_at closed_by cmdb_ci delivery_plan contract work_notes_list business_service time_worked expected_start "
    "business_duration group_list work_end approval_set universal_request delivery_task work_start "
    "additional_assignee_list calendar_duration service_offering follow_up contact_type company reassignment_count "
    "activity_due approval sla_due due_date escalation upon_approval location"
)
COLUMNS: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in {
        "incident": f"{_TASK} caller_id hold_reason close_code resolved_at resolved_by reopen_count reopened_by "
        "reopened_time parent_incident child_incidents major_incident_state incident_state problem_id rfc caused_by "
        "cause origin_id origin_table calendar_stc business_stc business_impact subcategory category severity notify",
        "sc_req_item": f"{_TASK} requested_for request cat_item stage quantity",
        "sc_task": f"{_TASK} requested_for request_item request",
        "sc_request": f"{_TASK} requested_for",
        "change_request": f"{_TASK} type risk",
        TASK: _TASK,
        scoped.TABLE: f"{_TASK} {scoped.COLUMNS}",
        "problem": f"{_SYSTEM} number short_description state active",
        "sysapproval_approver": f"{_SYSTEM} sysapproval approver state source_table comments",
        "sc_cat_item": f"{_SYSTEM} name active",
        "sc_item_option_mtom": f"{_SYSTEM} request_item sc_item_option",
        "sc_item_option": f"{_SYSTEM} item_option_new value order",
        "item_option_new": f"{_SYSTEM} name question_text type",
        "contract_sla": f"{_SYSTEM} name target type active duration schedule",
        "task_sla": f"{_SYSTEM} task sla stage active percentage business_percentage has_breached planned_end_time",
        "label": f"{_SYSTEM} name owner viewable_by type active",
        "label_entry": f"{_SYSTEM} label table table_key title read id_type id_display",
        "sys_user": f"{_SYSTEM} user_name name first_name last_name email active",
        "sys_user_group": f"{_SYSTEM} name active manager",
        "sys_user_grmember": f"{_SYSTEM} user group",
        "sys_journal_field": "sys_id sys_created_on sys_created_by sys_tags element element_id name value",
        "sys_choice": f"{_SYSTEM} name element value label inactive sequence language",
        "sys_properties": f"{_SYSTEM} name value",
        "sys_attachment": f"{_SYSTEM} file_name content_type size_bytes size_compressed compressed chunk_size_bytes "
        "average_image_color image_width image_height hash state table_name table_sys_id",
    }.items()
}
REFERENCES = {
    "caller_id": "sys_user",
    "opened_by": "sys_user",
    "closed_by": "sys_user",
    "requested_for": "sys_user",
    "assigned_to": "sys_user",
    "resolved_by": "sys_user",
    "reopened_by": "sys_user",
    "owner": "sys_user",
    "manager": "sys_user",
    "approver": "sys_user",
    "assignment_group": "sys_user_group",
    "support_group": "sys_user_group",
    "person": "sys_user",
    "user": "sys_user",
    "group": "sys_user_group",
    "sys_domain": "sys_user_group",
    "parent_incident": "incident",
    "problem_id": "problem",
    "rfc": "change_request",
    "parent": TASK,
    "request_item": "sc_req_item",
    "request": "sc_request",
    "cat_item": "sc_cat_item",
    "sc_item_option": "sc_item_option",
    "item_option_new": "item_option_new",
    "label": "label",
    "sla": "contract_sla",
}
DISPLAYED_BY = dict.fromkeys(
    ("sys_user", "sys_user_group", "label", "sc_cat_item", "item_option_new", "contract_sla"), "name"
)
TIMES = frozenset(
    {"sys_created_on", "sys_updated_on", "opened_at", "resolved_at", "closed_at", "reopened_time", "activity_due"}
)
JOURNALS = {"work_notes": "Work notes", "comments": "Additional comments"}
COUNTS = frozenset({"calendar_stc", "business_stc"})  # displayed with thousands separators
KEPT_BY_THE_PLATFORM = frozenset(
    {
        *_SYSTEM.split(),
        "sys_class_name",
        "child_incidents",
        "incident_state",
        "task_effective_number",
        "comments_and_work_notes",
        "reopen_count",
    }
)
USUAL_TASK = {
    "made_sla": "true",
    "upon_reject": "cancel",
    "upon_approval": "proceed",
    "sys_domain": "global",
    "sys_domain_path": "/",
    "knowledge": "false",
    "impact": "3",
    "urgency": "3",
    "severity": "3",
    "notify": "1",
    "approval": "not requested",
    "escalation": "0",
    "reassignment_count": "0",
    "reopen_count": "0",
    "child_incidents": "0",
    "category": "inquiry",
}
NEUTRAL_FIELDS = {"user": "u_affected_user", "attribute": "u_attribute", "expected": "u_expected_value"}


def state_of(table: str) -> str:
    """Return the column that holds a ticket's state."""
    return "stage" if table == scoped.TABLE else "state"


def group_of(table: str) -> str:
    """Return the column that holds a ticket's assignment group."""
    return "support_group" if table == scoped.TABLE else "assignment_group"


def form_of(table: str) -> dict[str, str]:
    """Return the form's columns by neutral name."""
    return scoped.FORM if table == scoped.TABLE else NEUTRAL_FIELDS


def known(table: str, name: str) -> bool:
    """Say whether a name, which may be dot-walked, leads from a table to a column."""
    first, _, rest = name.partition(".")
    if first == "sys_tags" and rest:
        return "." not in rest
    if first not in COLUMNS[table]:
        return False
    return not rest or (_refers(table, first) and known(REFERENCES[first], rest))


def end(table: str, name: str) -> tuple[str, str]:
    """Return the table and the column that a known name leads to."""
    first, _, rest = name.partition(".")
    return end(REFERENCES[first], rest) if rest and first != "sys_tags" else (table, first)


def reference(table: str, name: str) -> str | None:
    """Return the table that a column references, if any."""
    last_table, column = end(table, name)
    return REFERENCES[column] if _refers(last_table, column) else None


def _refers(table: str, column: str) -> bool:
    return column in REFERENCES and not (table == "sys_choice" and column == "label")
