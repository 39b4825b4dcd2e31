"""Tagged tickets are found, and records that do not match the query are never taken for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.snow_instance import ID, REF, TAG_ID, Instance, cells, desk, instance, query, result, rows
from workflows.errors import Misconfigured

OTHER = "e" * 32


ENTRY = {"sys_id": "1" * 32, "label": TAG_ID, "table": "incident", "table_key": ID}


OPEN = {"sys_id": ID, "number": "INC1", "state": "2"}


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        served.on("GET /table/label_entry", rows(ENTRY, total=1))
        served.on("GET /table/incident", rows(OPEN, total=1))
        served.on(f"GET /table/incident/{ID}", result(cells(state="1", active="true")))
        yield served


def keys(snow: Instance, **changes: Any) -> list[str]:
    return [sighting.ref.key for sighting in desk(snow, **changes).tagged()]


def test_records_that_do_not_match_the_query_are_left_out(snow: Instance) -> None:
    strangers = [{"sys_id": OTHER, "number": "INC2", "state": "1"}, {**OPEN, "sys_id": "9" * 32, "state": "7"}]
    snow.on("GET /table/incident", rows(OPEN, *strangers, total=3))
    assert keys(snow) == ["INC1"]


@pytest.mark.parametrize(
    "wrong", [{"label": OTHER}, {"table": "problem"}, {"table_key": "javascript:1"}, {"table_key": ""}]
)
def test_entries_of_another_tag_or_table_are_left_out(snow: Instance, wrong: dict[str, str]) -> None:
    snow.on("GET /table/label_entry", rows(ENTRY | wrong, total=1))
    assert keys(snow) == []
    assert not desk(snow).read(REF).tagged


@pytest.mark.parametrize("state", ["6", "7", "8"])
def test_a_ticket_that_is_done_is_left_out(snow: Instance, state: str) -> None:
    snow.on("GET /table/incident", rows(OPEN | {"state": state}, total=1))
    assert keys(snow) == []


def test_a_tag_of_another_name_is_not_the_tag(snow: Instance) -> None:
    snow.on("GET /table/label", rows({"sys_id": OTHER, "name": "vip"}, total=1))
    with pytest.raises(Misconfigured, match="no shared tag"):
        keys(snow)


def test_tagging_again_changes_the_stamp(snow: Instance) -> None:
    (before,) = desk(snow).tagged()
    snow.on("GET /table/label_entry", rows(ENTRY | {"sys_created_on": "2026-03-02 10:00:00"}, total=1))
    (after,) = desk(snow).tagged()
    assert before.ref == after.ref
    assert before.stamp != after.stamp


def test_the_query_field_selects_the_tag_and_each_record_is_checked(snow: Instance) -> None:
    def row(sys_id: str, tags: str, state: str = "1") -> dict[str, Any]:
        return cells(sys_id=sys_id, number=sys_id[0], state=state) | {"sys_tags": {"value": "", "display_value": tags}}

    found = [
        row("1" * 32, "vip, Profile not updating"),
        row("2" * 32, "vip"),
        row("3" * 32, "profile not updating", "7"),
    ]
    snow.on("GET /table/incident", rows(*found, total=3))
    assert keys(snow, tag_lookup="sys_tags") == ["1"]
    (asked,) = snow.asked("GET /table/incident")
    assert query(asked)["sysparm_query"].startswith(f"sys_tags.{TAG_ID}={TAG_ID}^stateNOT IN6,7,8^")
    assert snow.asked("GET /table/label_entry") == []
