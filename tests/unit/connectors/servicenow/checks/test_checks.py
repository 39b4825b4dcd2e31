"""Names and values that the instance does not have are reported at the start, with the existing ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.unit.snow_instance import ID, Instance, desk, instance, refusal, rows
from workflows.errors import Misconfigured

COLUMNS = "sys_id number state caller_id assignment_group close_code close_notes hold_reason"
STATES = {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved"}
CHOICES = {"close_code": {"Solution provided": "Solution provided"}, "state": STATES}


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        shows(served, "incident", COLUMNS)
        offers(served, "incident", CHOICES)
        yield served


def shows(snow: Instance, table: str, columns: str) -> None:
    snow.on(f"GET /table/{table}", rows(dict.fromkeys(columns.split(), "") | {"sys_id": ID}))


def offers(snow: Instance, table: str, choices: dict[str, dict[str, str]]) -> None:
    found = [
        {"sys_id": f"{number:032x}", "name": table, "element": column, "value": value, "label": label}
        for column, offered in choices.items()
        for number, (value, label) in enumerate(offered.items(), 10 * len(column))
    ]
    snow.on("GET /table/sys_choice", rows(*found, total=len(found)))


def problem(snow: Instance, **changes: Any) -> str:
    with pytest.raises(Misconfigured) as caught:
        desk(snow, **changes).check()
    return str(caught.value)


def infos(snow: Instance, **changes: Any) -> list[str]:
    with capture_logs() as lines:
        desk(snow, **changes).check()
    return [line["event"] for line in lines if line["log_level"] == "info"]


def test_settings_that_match_the_instance_pass(snow: Instance) -> None:
    shows(snow, "incident", f"{COLUMNS} u_who")
    desk(snow, fields={"user": "u_who.email"}).check()


@pytest.mark.parametrize(
    ("own", "reported"),
    [
        (
            {"requester": "caller"},
            "tables.incident.requester: the table shows this account no column 'caller'; near",
        ),
        ({"state_field": "sate"}, "no column 'sate'; near ones: 'state'; it has: assignment_group, caller_id"),
        ({"close_notes_field": "closing"}, "tables.incident.close_notes_field: the table shows"),
        ({"fields": {"user": "u_who"}}, "tables.incident.fields.user: the table shows this account no column 'u_who'"),
    ],
)
def test_an_unknown_column_is_named_with_near_names(snow: Instance, own: dict[str, Any], reported: str) -> None:
    assert reported in problem(snow, tables={"incident": own})


def test_a_default_column_that_an_access_rule_hides_is_logged_and_stops_nothing(snow: Instance) -> None:
    shows(snow, "incident", COLUMNS.replace("close_notes ", ""))
    with capture_logs() as lines:
        desk(snow).check()
    reported = [line["text"] for line in lines if line["event"] == "a usual column is hidden from this account"]
    assert [
        "desks.snow.tables.incident.close_notes_field: the table shows this account no column 'close_notes'"
    ] == reported


def test_only_the_named_columns_are_requested(snow: Instance) -> None:
    desk(snow, tables={"incident": {}}, fields={"user": "caller_id.email"}).check()
    first = snow.asked("GET /table/incident")[0]
    assert "sysparm_fields=sys_id%2Cassignment_group%2Ccaller_id" in str(first)


def test_a_configured_form_column_must_exist_in_one_table_and_the_default_ones_in_none(snow: Instance) -> None:
    shows(snow, "u_request", f"{COLUMNS} u_attribute_name")
    offers(snow, "task", {"state": STATES})
    both: dict[str, Any] = {name: {"close_code": "", "hold_reason": ""} for name in ("incident", "u_request")}
    desk(snow, tables=both).check()
    desk(snow, tables=both, fields={"attribute": "u_attribute_name"}).check()
    text = problem(snow, tables=both, fields={"attribute": "u_atribute_name"})
    assert "fields.attribute: none of the tables shows this account a column 'u_atribute_name'; near ones: 'u_" in text


def test_columns_of_a_table_without_records_are_not_checked_and_that_is_logged(snow: Instance) -> None:
    snow.on("GET /table/incident", rows(total=0))
    assert infos(snow, tables={"incident": {"requester": "caller"}}) == ["columns are not held against the settings"]


@pytest.mark.parametrize(
    ("own", "reported"),
    [
        ({"close_code": "Solved"}, "tables.incident.close_code: found 'Solved'; the instance has: Solution provided"),
        (
            {"working": "22"},
            "tables.incident.working: found '22'; the instance has: 1 (New), 2 (In Progress), 3 (On",
        ),
        ({"waiting": "On Hold"}, "tables.incident.waiting: found 'On Hold'; the instance has: 1 (New)"),
        ({"hold_reason": "9"}, "tables.incident.hold_reason: found '9'; the instance has: none that this account may"),
    ],
)
def test_an_unknown_choice_is_named_with_the_existing_ones(snow: Instance, own: dict[str, Any], reported: str) -> None:
    assert reported in problem(snow, tables={"incident": own})


@pytest.mark.parametrize(
    ("route", "named"),
    [
        ({"hold_reason": "9"}, "routes.okta_support.hold_reason: found '9'"),
        ({"group": "Nobody's"}, 'one sys_user_group with name "Nobody\'s" was expected, found 0'),
    ],
)
def test_a_route_with_unknown_values_is_named(snow: Instance, route: dict[str, str], named: str) -> None:
    assert named in problem(snow, routes={"okta_support": route})


def test_a_tables_own_choices_replace_the_inherited_ones(snow: Instance) -> None:
    shows(snow, "u_request", COLUMNS)
    own = {"u_request": {"close_code": "", "hold_reason": ""}}
    offers(snow, "u_request", {"state": {"1": "New"}})
    assert "tables.u_request.working: found '2'; the instance has: 1 (New)" in problem(snow, tables=own)
    offers(snow, "task", {"state": {"1": "New"}})
    assert "states are not held against the settings" in infos(snow, tables=own)


def test_an_unknown_variable_is_named_if_the_questions_may_be_read(snow: Instance) -> None:
    tables = {"incident": {"variables": {"user": "affected_usr"}}}
    snow.on("GET /table/item_option_new", rows({"sys_id": ID, "name": "affected_user"}, total=1))
    reported = (
        "tables.incident.variables.user: the catalogue has no variable 'affected_usr'; near ones: 'affected_user'"
    )
    assert reported in problem(snow, tables=tables)
    desk(snow, tables={"incident": {"variables": {"user": "affected_user"}}}).check()
    snow.on("GET /table/item_option_new", refusal(403, "User Not Authorized"))
    with capture_logs() as logs:
        desk(snow, tables=tables).check()
    (told,) = [line["text"] for line in logs if line["event"] == "variables are not held against the settings"]
    assert "tables.incident.variables.user: not checked, because the account may not read the table" in told


def test_an_instance_that_ignores_invalid_queries_is_logged_once(snow: Instance) -> None:
    assert infos(snow) == ["this instance ignores invalid parts of queries"]


def test_a_column_that_the_table_lacks_is_no_second_fault_of_its_value(snow: Instance) -> None:
    told = problem(snow, tables={"incident": {"close_code_field": "close_cod"}})
    assert "tables.incident.close_code_field: the table shows this account no column 'close_cod'" in told
    assert "tables.incident.close_code:" not in told
