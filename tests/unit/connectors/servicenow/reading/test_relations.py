"""What ties tickets to others must be seen, or the operator is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.snow_instance import ID, Instance, desk, instance, rows
from workflows.errors import Misconfigured
from workflows.ports import Probe

SHOWN = {"sys_id": ID, "active": "true", "parent": "", "parent_incident": "", "approval": "not requested"}


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        for table in ("incident", "task"):
            served.on(f"GET /table/{table}", rows(SHOWN))
        yield served


def probed(snow: Instance) -> Probe:
    (found,) = (probe for probe in desk(snow).probes() if probe.id == "relations")
    return found


def test_columns_that_records_show_are_seen_whether_filled_or_not(snow: Instance) -> None:
    assert "are" in probed(snow).look()


@pytest.mark.parametrize(
    ("table", "column", "shown"),
    [
        ("incident", "parent", {}),
        ("incident", "approval", {}),
        ("incident", "parent_incident", {}),
        ("task", "parent", {}),
        ("task", "active", {}),
        ("task", "active", {"active": ""}),
    ],
)
def test_a_column_that_no_record_shows_is_named(snow: Instance, table: str, column: str, shown: dict[str, str]) -> None:
    left = {name: text for name, text in SHOWN.items() if name != column}
    snow.on(f"GET /table/{table}", rows(left | shown))
    with pytest.raises(Misconfigured, match=rf"show this account no {table}\.{column}$"):
        probed(snow).look()
    assert not probed(snow).needed


def test_of_a_table_without_records_nothing_is_known(snow: Instance) -> None:
    snow.on("GET /table/incident", rows())
    assert "are" in probed(snow).look()
