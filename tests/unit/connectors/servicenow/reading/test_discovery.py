"""Tagged tickets are found, and records that do not match the query are never taken for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.servicenow import ServiceNowDesk
from connectors.servicenow.reading.discovery import TIMES_HOLD
from tests.unit.snow_instance import ID, REF, TAG_ID, Instance, cells, desk, instance, query, refusal, result, rows
from tests.unit.wire import Act, Request, StoppedClock
from workflows.errors import Misconfigured, Transient

OTHER = "e" * 32


ENTRY = {"sys_id": "1" * 32, "label": TAG_ID, "table": "incident", "table_key": ID}


OPEN = {"sys_id": ID, "number": "INC1", "state": "2", "sys_tags": "VIP, Profile not updating"}
SEARCH, ENTRIES = "GET /table/incident", "GET /table/label_entry"
DAY = "2026-03-02"


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
    snow.on(ENTRIES, rows(ENTRY | {"sys_created_on": f"{DAY} 09:00:00"} | wrong, total=1))
    (sighting,) = desk(snow).tagged()
    assert sighting.stamp == "/000000000"
    assert not desk(snow).read(REF).tagged
    desk(snow).check()


def test_a_record_that_does_not_show_its_tag_is_held_against_the_entries(snow: Instance) -> None:
    assert desk(snow).read(REF).tagged
    assert desk(snow).glance(REF).tagged
    snow.on(ENTRIES, rows(total=0))
    assert not desk(snow).glance(REF).tagged


@pytest.mark.parametrize("state", ["6", "7", "8"])
def test_a_ticket_that_is_done_is_left_out(snow: Instance, state: str) -> None:
    snow.on("GET /table/incident", rows(OPEN | {"state": state}, total=1))
    assert keys(snow) == []


def test_a_tag_of_another_name_is_not_the_tag(snow: Instance) -> None:
    snow.on("GET /table/label", rows({"sys_id": OTHER, "name": "vip"}, total=1))
    with pytest.raises(Misconfigured, match="no shared tag"):
        keys(snow)


def seen(made: ServiceNowDesk) -> str:
    (sighting,) = made.tagged()
    return sighting.stamp


def test_the_time_of_a_tag_is_read_for_new_sightings_only(snow: Instance) -> None:
    made = desk(snow)
    first = {sighting.ref.key for sighting in made.tagged()}
    snow.on(SEARCH, rows(OPEN, OPEN | {"sys_id": OTHER, "number": "INC2"}, total=2))
    assert [first, {"INC1", "INC2"}] == [{"INC1"}, {sighting.ref.key for sighting in made.tagged()}]
    list(made.tagged())
    asked = [query(request)["sysparm_query"] for request in snow.asked(ENTRIES)]
    assert [text.partition("table_keyIN")[2].partition("^")[0] for text in asked] == [ID, OTHER]
    assert len(snow.asked("GET /table/label")) == 1


def test_stamps_grow_with_every_change_and_with_the_tags_time(snow: Instance) -> None:
    def stamp(at: str, changes: str, tagged_on: str) -> str:
        snow.on(SEARCH, rows(OPEN | {"sys_updated_on": f"{DAY} {at}", "sys_mod_count": changes}, total=1))
        snow.on(ENTRIES, rows(ENTRY | {"sys_created_on": f"{DAY} {tagged_on}"}, total=1))
        return seen(desk(snow))

    stamps = [
        stamp("09:00:00", "0", "08:00:00"),
        stamp("09:00:00", "9", "08:00:00"),
        stamp("09:00:00", "10", "08:00:00"),
        stamp("09:00:00", "10", "09:30:00"),
        stamp("10:00:00", "11", "09:30:00"),
    ]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize("how", ["gone for one search", "a while later"])
def test_a_ticket_tagged_again_gets_a_later_stamp(how: str, snow: Instance) -> None:
    clock = StoppedClock()
    made = desk(snow, clock)
    before = seen(made)
    snow.on(ENTRIES, rows(ENTRY | {"sys_created_on": f"{DAY} 10:00:00"}, total=1))
    if how == "a while later":
        clock.at += TIMES_HOLD
    else:
        snow.on(SEARCH, rows(total=0), rows(OPEN, total=1))
        assert list(made.tagged()) == []
    assert before < seen(made)


def test_the_time_of_the_tag_is_read_again_with_a_ticket_that_changed(snow: Instance) -> None:
    made, read = desk(snow), f"GET /table/incident/{ID}"
    shown = {"sys_tags": {"value": "", "display_value": "profile not updating"}}
    snow.on(read, result(cells(state="1", active="true") | shown))
    at_first = seen(made)
    assert made.read(REF).stamp == made.glance(REF).stamp == at_first
    assert len(snow.asked(ENTRIES)) == 1
    changes = {"sys_updated_on": f"{DAY} 10:00:00", "sys_mod_count": "1"}
    snow.on(read, result(cells(state="1", active="true", **changes) | shown))
    snow.on(ENTRIES, rows(ENTRY | {"sys_created_on": f"{DAY} 10:00:01"}, total=1))
    ticket = made.read(REF)
    assert ticket.tagged_at == datetime(2026, 3, 2, 10, 0, 1, tzinfo=UTC)
    assert ticket.stamp == made.glance(REF).stamp == f"{DAY} 10:00:01/000000001"


def test_a_field_that_finds_nothing_of_what_is_tagged_stops_the_start(snow: Instance) -> None:
    snow.on(SEARCH, rows(OPEN, total=1))
    desk(snow).check()
    snow.wire.route = without_the_field(snow)
    with pytest.raises(Misconfigured, match="sys_tags finds none of them"):
        desk(snow).check()


def without_the_field(snow: Instance) -> Callable[[Request], Act]:
    """Answer as an instance does that knows no `sys_tags` condition and returns no rows for it."""
    usual = snow.wire.route
    assert usual is not None

    def route(request: Request) -> Act:
        if "/table/incident?" not in request.line:
            return usual(request)
        return rows(total=0) if "sys_tags." in query(request).get("sysparm_query", "") else rows(OPEN, total=1)

    return route


def test_a_fault_of_the_search_makes_the_next_one_find_the_tag_anew(snow: Instance) -> None:
    made = desk(snow)
    snow.on(SEARCH, refusal(500, "Server error"), rows(OPEN, total=1))
    with pytest.raises(Transient):
        list(made.tagged())
    list(made.tagged())
    assert len(snow.asked("GET /table/label")) == 2


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
