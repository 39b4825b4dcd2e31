"""A ticket as the core gets it: people, forms, relations and journals, in every form in which ServiceNow has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.servicenow.answers import plain, shown
from tests.unit.snow_instance import ID, REF, Instance, cells, desk, instance, note, refusal, result, rows
from workflows.errors import Misconfigured
from workflows.model import Phase, Relation, Ticket, TicketRef

OTHER = "e" * 32
SOMEBODY = "f" * 32


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
def test_states_are_reduced_to_phases(snow: Instance, record: dict[str, str], phase: Phase) -> None:
    assert read(snow, **record).phase is phase


@pytest.mark.parametrize(
    ("record", "relation"),
    [
        ({}, Relation.NONE),
        ({"parent_incident": OTHER}, Relation.CHILD),
        ({"parent": OTHER, "parent.sys_class_name": "incident"}, Relation.CHILD),
        ({"parent": OTHER, "parent.sys_class_name": "interaction"}, Relation.NONE),
        ({"problem_id": OTHER}, Relation.PROBLEM),
        ({"major_incident_state": "proposed"}, Relation.MAJOR_INCIDENT),
        ({"major_incident_state": "rejected"}, Relation.NONE),
    ],
)
def test_a_ticket_that_belongs_to_others_is_told_apart(
    snow: Instance, record: dict[str, str], relation: Relation
) -> None:
    assert read(snow, **record).relation is relation


@pytest.mark.parametrize(
    ("child", "relation"),
    [
        ({"parent_incident": ID, "active": "true"}, Relation.PARENT),
        ({"parent": ID, "active": "true"}, Relation.PARENT),
        ({"parent_incident": ID, "active": "false"}, Relation.NONE),
        ({"parent_incident": OTHER, "active": "true"}, Relation.NONE),
    ],
)
def test_open_children_make_a_parent(snow: Instance, child: dict[str, str], relation: Relation) -> None:
    snow.on("GET /table/incident", rows({"sys_id": OTHER} | child, total=1))
    assert read(snow).relation is relation


def test_a_form_field_that_refers_to_a_user_is_followed(snow: Instance) -> None:
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


def test_a_marker_counts_only_on_our_own_notes(snow: Instance) -> None:
    ours = note(1, "Who is it?\n\n[forcesync c1.1.asked1.update]", "svc.forcesync")
    reply = note(2, "It is Ada.\n> Who is it?\n[forcesync c1.1.asked1.update]", "ada")
    stranger = note(3, "of another record", "ada") | {"element_id": OTHER}
    snow.on("GET /table/sys_journal_field", rows(ours, reply, stranger, total=3))
    comments = read(snow).comments
    assert [(item.by_worker, item.marker) for item in comments] == [(True, "c1.1.asked1.update"), (False, None)]
    assert all(item.public for item in comments)


HISTORY = {
    "comments": (
        "2026-03-02 02:05:00 - Ada Byron (Zusätzliche Kommentare)\nIt is Ada.\n\n"
        "2026-03-02 02:01:00 - Forcesync Service (Additional comments (Customer visible))\n"
        "Who is it?\n\n[forcesync c1.1.asked1.update]\n\n"
    ),
    "work_notes": "2026-03-02 02:00:00 - Robin Agent (Work notes)\nPlease look.\n\n",
}


@pytest.mark.parametrize("journals", [refusal(403, "Insufficient rights"), rows(total=0), rows(total=3)])
def test_without_the_journals_table_the_history_is_read(snow: Instance, journals: Any) -> None:
    snow.on("GET /table/sys_journal_field", journals)
    record = cells(state="1", active="true") | {
        name: {"value": "", "display_value": text} for name, text in HISTORY.items()
    }
    record["sys_updated_on"] = {"value": "2026-03-02 09:05:00", "display_value": "2026-03-02 02:05:00"}
    snow.on(f"GET /table/incident/{ID}", result(record))
    comments = desk(snow, page_size=3).read(REF).comments
    assert [(item.author.name, item.public, item.by_worker, item.body.splitlines()[0]) for item in comments] == [
        ("Robin Agent", False, False, "Please look."),
        ("Forcesync Service", True, True, "Who is it?"),
        ("Ada Byron", True, False, "It is Ada."),
    ]
    assert [item.created for item in comments] == [datetime(2026, 3, 2, 9, at, tzinfo=UTC) for at in (0, 1, 5)]


def test_a_history_whose_dates_are_written_otherwise_does_not_look_empty(snow: Instance) -> None:
    snow.on("GET /table/sys_journal_field", rows())
    history = "02/03/2026 02:00:00 AM - Robin Agent (Work notes)\nI have it.\n\n"
    shown = {"work_notes": {"value": "", "display_value": history}}
    snow.on(f"GET /table/incident/{ID}", result(cells(state="1", active="true") | shown))
    with pytest.raises(Misconfigured, match="let the account read sys_journal_field"):
        desk(snow).read(REF)


@pytest.mark.parametrize(
    ("cell", "value", "display"),
    [
        ("text", "text", "text"),
        (None, "", ""),
        ({"value": "1", "display_value": "New"}, "1", "New"),
        ({"value": SOMEBODY, "link": f"https://x/sys_user/{SOMEBODY}"}, SOMEBODY, ""),
        ({"display_value": "Ada", "link": f"https://x/sys_user/{SOMEBODY}"}, SOMEBODY, "Ada"),
        ({"value": None, "display_value": None}, "", ""),
    ],
)
def test_a_cell_is_read_in_every_form(cell: Any, value: str, display: str) -> None:
    assert (plain(cell), shown(cell)) == (value, display)
