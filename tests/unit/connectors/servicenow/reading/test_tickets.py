"""A record becomes a ticket with its people, form and relations, in every form in which ServiceNow returns them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.servicenow.settings import TABLES
from tests.unit.snow_instance import ID, REF, Instance, cells, desk, instance, query, result, rows
from workflows.model import Phase, Relation, Ticket, TicketRef

OTHER = "e" * 32


SOMEBODY = "f" * 32
EVERY_TABLE = {"tables": TABLES}


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


def read(snow: Instance, ref: TicketRef = REF, settings: dict[str, Any] | None = None, /, **record: str) -> Ticket:
    table = ref.id.partition("/")[0]
    snow.on(f"GET /table/{table}/{ID}", result(cells(**{"state": "1", "active": "true"} | record)))
    return desk(snow, **settings or {}).read(ref)


@pytest.mark.parametrize(
    ("record", "phase"),
    [
        ({"state": "1"}, Phase.NEW),
        ({"state": "2"}, Phase.IN_PROGRESS),
        ({"state": "3"}, Phase.WAITING),
        ({"state": "6"}, Phase.DONE),
        ({"state": "7"}, Phase.DONE),
        ({"state": "-6"}, Phase.IN_PROGRESS),
        ({"state": "18", "active": "false"}, Phase.DONE),
    ],
)
def test_states_are_mapped_to_phases(snow: Instance, record: dict[str, str], phase: Phase) -> None:
    assert read(snow, **record).phase is phase


@pytest.mark.parametrize(
    ("record", "relation"),
    [
        ({}, Relation.NONE),
        ({"parent_incident": OTHER}, Relation.CHILD),
        ({"parent": OTHER, "parent.sys_class_name": "incident"}, Relation.CHILD),
        ({"parent": OTHER, "parent.sys_class_name": "interaction"}, Relation.NONE),
        ({"parent": OTHER, "parent.sys_class_name": "change_request"}, Relation.CHILD),
        ({"parent": OTHER}, Relation.CHILD),
        ({"rfc": OTHER, "rfc.active": "true"}, Relation.CHANGE),
        ({"rfc": OTHER, "rfc.active": "false"}, Relation.NONE),
        ({"approval": "requested"}, Relation.APPROVAL),
        ({"approval": "rejected"}, Relation.APPROVAL),
        ({"request.approval": "rejected"}, Relation.APPROVAL),
        ({"approval": "approved"}, Relation.NONE),
        ({"problem_id": OTHER}, Relation.PROBLEM),
        ({"major_incident_state": "proposed"}, Relation.MAJOR_INCIDENT),
        ({"major_incident_state": "rejected"}, Relation.NONE),
    ],
)
def test_a_ticket_related_to_others_is_recognised(snow: Instance, record: dict[str, str], relation: Relation) -> None:
    assert read(snow, **record).relation is relation


@pytest.mark.parametrize(
    ("child", "relation"),
    [
        ({"parent_incident": ID, "active": "true"}, Relation.PARENT),
        ({"parent": ID, "active": "true"}, Relation.PARENT),
        ({"parent_incident": ID, "active": "false"}, Relation.NONE),
        ({"parent_incident": OTHER, "parent": "", "active": "true"}, Relation.NONE),
        ({"parent_incident": OTHER, "active": "true"}, Relation.PARENT),
        ({"parent_incident": "", "parent": "", "active": "true"}, Relation.PARENT),
        ({"active": "true"}, Relation.PARENT),
        ({"parent": ID}, Relation.PARENT),
        ({}, Relation.PARENT),
        ({"active": "false"}, Relation.NONE),
    ],
)
def test_children_that_are_or_may_be_open_make_a_parent(
    snow: Instance, child: dict[str, str], relation: Relation
) -> None:
    snow.on("GET /table/incident", rows({"sys_id": OTHER} | child, total=1))
    assert read(snow).relation is relation


def test_a_form_field_that_refers_to_a_user_is_resolved(snow: Instance) -> None:
    form = {"u_affected_user": SOMEBODY, "u_affected_user.user_name": "abyron", "u_attribute": "title"}
    assert read(snow, **form).fields == {"user": "abyron", "attribute": "title"}
    assert read(snow, **form, **{"u_affected_user.email": "ada@example.com"}).fields["user"] == "ada@example.com"
    assert read(snow, u_affected_user="ada@example.com").fields == {"user": "ada@example.com"}


@pytest.mark.parametrize(("table", "item"), [("sc_req_item", ID), ("sc_task", OTHER)])
def test_variables_of_the_catalogue_item_are_form_fields(snow: Instance, table: str, item: str) -> None:
    def variable(place: int, name: str, text: str, of: str = item) -> dict[str, str]:
        held = {"sc_item_option.item_option_new.name": name, "sc_item_option.value": text}
        return {"sys_id": f"{place:032x}", "request_item": of} | held

    stranger = variable(4, "new_value", "not of this item", "9" * 32)
    held = [variable(1, "who", SOMEBODY), variable(2, "what", "title"), variable(3, "new_value", "Clerk"), stranger]
    snow.on("GET /table/sc_item_option_mtom", rows(*held, total=4))
    snow.on(
        "GET /table/sys_user", rows({"sys_id": SOMEBODY, "user_name": "abyron", "email": "ada@example.com"}, total=1)
    )
    variables = {"user": "who", "attribute": "what", "expected": "new_value"}
    table_settings = {"done": ["3"], "resolved": "3", "waiting": "-5", "variables": variables}
    ref = TicketRef(desk="snow", id=f"{table}/{ID}", key="RITM1")
    ticket = read(snow, ref, {"tables": {table: table_settings}}, request_item=OTHER)
    assert ticket.fields == {"user": "ada@example.com", "attribute": "title", "expected": "Clerk"}


def test_a_variable_that_refers_to_one_of_the_tickets_people_needs_no_look_up(snow: Instance) -> None:
    name, text = "sc_item_option.item_option_new.name", "sc_item_option.value"
    variable = {"sys_id": OTHER, "request_item": ID, name: "who", text: SOMEBODY}
    snow.on("GET /table/sc_item_option_mtom", rows(variable, total=1))
    ref = TicketRef(desk="snow", id=f"sc_req_item/{ID}", key="RITM1")
    item = {"requester": "requested_for", "done": ["3"], "resolved": "3", "waiting": "-5", "variables": {"user": "who"}}
    shown = {"requested_for": SOMEBODY, "requested_for.email": "ada@example.com"}
    assert read(snow, ref, {"tables": {"sc_req_item": item}}, **shown).fields == {"user": "ada@example.com"}
    assert snow.asked("GET /table/sys_user") == []


def test_a_glance_reads_no_words(snow: Instance) -> None:
    shown = {"state": "3", "active": "true", "short_description": "Not updating", "parent_incident": OTHER}
    whole = read(snow, **shown, assigned_to=SOMEBODY, caller_id=OTHER, sys_updated_on="2026-03-02 09:00:00")
    made = desk(snow)
    ticket = made.glance(REF)
    expected = (whole.phase, whole.relation, whole.assignee, whole.requester, whole.stamp, whole.tagged)
    assert (ticket.phase, ticket.relation, ticket.assignee, ticket.requester, ticket.stamp, ticket.tagged) == expected
    asked = query(snow.asked(f"GET /table/incident/{ID}")[-1])["sysparm_fields"].split(",")
    assert not {"short_description", "description", "comments", "work_notes", "u_attribute"} & set(asked)


@pytest.mark.parametrize(("table", "requester"), [("incident", "caller_id"), ("sc_req_item", "requested_for")])
def test_who_opened_it_for_the_requester_is_read_along(snow: Instance, table: str, requester: str) -> None:
    ref = TicketRef(desk="snow", id=f"{table}/{ID}", key="T1")
    people = {requester: OTHER, "opened_by": SOMEBODY, "opened_by.user_name": "robin", "opened_by.name": "Robin Agent"}
    ticket = read(snow, ref, EVERY_TABLE, **people)
    assert (ticket.opened_by and ticket.opened_by.login) == "robin"
    assert read(snow, ref, EVERY_TABLE, **people | {"opened_by": OTHER}).opened_by is None
    assert read(snow, ref, EVERY_TABLE, **people | {"opened_by": ""}).opened_by is None
    first, *_ = snow.asked(f"GET /table/{table}/{ID}")
    assert "opened_by.user_name" in query(first)["sysparm_fields"].split(",")


def test_of_a_table_whose_requester_is_the_opener_each_column_is_read_once(snow: Instance) -> None:
    ref = TicketRef(desk="snow", id=f"sc_task/{ID}", key="T1")
    ticket = read(snow, ref, EVERY_TABLE, opened_by=SOMEBODY)
    assert (ticket.requester and ticket.requester.id, ticket.opened_by) == (SOMEBODY, None)
    fields = query(snow.asked(f"GET /table/sc_task/{ID}")[0])["sysparm_fields"].split(",")
    assert len(fields) == len(set(fields))
