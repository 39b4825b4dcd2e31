"""Lists come whole, whatever pages, totals and access rules do, or end in the right error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from connectors.servicenow import ServiceNowDesk
from connectors.servicenow.lists import members, value
from tests.unit.snow_instance import (
    TAG_ID,
    Instance,
    desk,
    incident,
    instance,
    keys,
    query,
    refusal,
    rows,
)
from tests.unit.wire import Act, Request
from workflows.errors import Misconfigured, NotAllowed, Unexpected


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


def entry(place: int) -> dict[str, str]:
    return {"sys_id": f"{place:032x}", "label": TAG_ID, "table": "incident", "table_key": f"{place:032x}"}


def test_a_list_is_read_to_its_total_although_pages_are_short_or_empty(snow: Instance) -> None:
    pages = [rows(incident(1), total=3), rows(total=6), rows(incident(2), total=6), rows(incident(3), total=1)]
    snow.on("GET /table/incident", *pages)
    assert keys(snow, page_size=2) == ["INC1", "INC2", "INC3"]
    asked = [query(request) for request in snow.asked("GET /table/incident")]
    assert [page["sysparm_offset"] for page in asked] == ["0", "0", "2", "0"]
    assert f"sys_id>{1:032x}^ORDERBYsys_id" in asked[1]["sysparm_query"]


def test_without_a_total_the_links_show_the_end(snow: Instance) -> None:
    more = '<http://127.0.0.1/x>;rel="first",<http://127.0.0.1/x>;rel="next"'
    last = '<http://127.0.0.1/x>;rel="first"'
    snow.on("GET /table/incident", rows(incident(1), Link=more), rows(incident(2), Link=last))
    assert keys(snow) == ["INC1", "INC2"]


@pytest.mark.parametrize("total", ["\u00b2", "9" * 5000, "-1", ""])
def test_a_total_that_is_no_number_counts_as_none(total: str, snow: Instance) -> None:
    snow.on("GET /table/incident", rows(incident(1), X_Total_Count=total), rows())
    assert keys(snow) == ["INC1"]


def test_an_endless_list_is_an_error(snow: Instance) -> None:
    snow.on("GET /table/incident", rows(total=10**9))
    with pytest.raises(Unexpected, match="did not end"):
        keys(snow, page_size=1)


@pytest.mark.parametrize("path", ["label", "label_entry", "incident", "sys_user", "sys_user_group", "sys_choice"])
def test_an_unreadable_table_concerns_the_whole_system(snow: Instance, path: str) -> None:
    snow.on("GET /table/incident", rows(incident(1), total=1))
    snow.on(f"GET /table/{path}", refusal(403, "Insufficient rights to query records"))
    with pytest.raises(Misconfigured, match="Insufficient rights"):
        made = desk(snow)
        made.check()
        list(made.tagged())


@pytest.mark.parametrize("text", ["javascript:gs.x()", " JavaScript:1", "a\nb", "a\x00"])
def test_a_script_never_gets_into_a_query(text: str) -> None:
    with pytest.raises(ValueError, match="query"):
        value(text)


def test_values_are_escaped_in_a_query() -> None:
    assert value("a^ORactive=true^NQx=1") == "a^^ORactive=true^^NQx=1"
    assert members(["a", "b^c"]) == "a,b^^c"
    for bad in ([], ["a,b"], [""]):
        with pytest.raises(ValueError, match="commas"):
            members(bad)


class Table:
    """A table of a page size that answers range conditions as a query ACL makes it; `hidden` rows never come."""

    def __init__(self, rights: str, hidden: frozenset[int] = frozenset(), *, counts: bool = True) -> None:
        self.places, self.rights, self.hidden = list(range(1, 8)), rights, hidden
        self.counts, self.strays = counts, 0

    def __call__(self, request: Request) -> Act:
        asked = query(request)
        behind = re.search(r"sys_id>([0-9a-f]{32})", asked["sysparm_query"])
        found = self.places
        if behind and self.strays:
            self.strays -= 1
            return refusal(403, "User Not Authorized")
        if behind and self.rights == "refused":
            return refusal(403, "query_range denied")
        if behind:
            found = [] if self.rights == "denied" else [place for place in found if place > int(behind[1], 16)]
        if self.rights == "unordered":
            found = [*found[::2], *found[1::2]]
        start = int(asked["sysparm_offset"])
        page = found[start : start + int(asked["sysparm_limit"])]
        return rows(
            *(incident(place) for place in page if place not in self.hidden), total=len(found) if self.counts else None
        )


def serve(snow: Instance, table: Table) -> ServiceNowDesk:
    """Return a desk whose incidents are in a table."""
    answers: dict[str, Callable[[Request], Act]] = {"/table/incident": table}
    usual = snow.wire.route
    assert usual is not None

    def route(request: Request) -> Act:
        path = urlsplit(request.line.split()[1]).path.removeprefix("/api/now")
        return answers[path](request) if path in answers else usual(request)

    snow.wire.route = route
    return desk(snow, page_size=2)


def tagged_in(snow: Instance, table: Table) -> tuple[list[str], list[str]]:
    """Return the tickets that are found in a table, and what is logged, for two polls."""
    made = serve(snow, table)
    with capture_logs() as lines:
        found = [sighting.ref.key for _ in range(2) for sighting in made.tagged()]
    return found, [line["event"] for line in lines if line["log_level"] == "warning"]


@pytest.mark.parametrize("rights", ["denied", "refused", "unordered"])
def test_where_range_conditions_are_denied_lists_are_read_by_offset(snow: Instance, rights: str) -> None:
    found, said = tagged_in(snow, Table(rights))
    assert sorted(found) == sorted([f"INC{place}" for place in range(1, 8)] * 2)
    assert said == ["lists are read by offset"]


def test_rows_that_never_come_are_warned_of_once(snow: Instance) -> None:
    found, said = tagged_in(snow, Table("granted", hidden=frozenset({2, 3, 7})))
    assert sorted(found) == sorted([f"INC{place}" for place in (1, 4, 5, 6)] * 2)
    assert said == ["a list came short"]


@pytest.mark.parametrize("counts", [True, False], ids=["with totals", "without"])
def test_one_stray_refusal_never_cuts_a_list_short(snow: Instance, counts: bool) -> None:
    table = Table("granted", hidden=frozenset({2}), counts=counts)
    made = serve(snow, table)
    assert len(list(made.tagged())) == 6
    table.strays = 1
    with pytest.raises(NotAllowed):
        list(made.tagged())
    assert len(list(made.tagged())) == 6


def test_more_missing_rows_than_before_are_noticed(snow: Instance) -> None:
    """Rows are hidden for good, and then a range condition is denied too."""
    table = Table("granted", hidden=frozenset({2}))
    made = serve(snow, table)
    assert len(list(made.tagged())) == 6
    table.rights = "denied"
    assert len(list(made.tagged())) == 6


def test_a_denied_range_condition_is_found_at_the_start(snow: Instance) -> None:
    snow.on("GET /table/label_entry", rows(entry(1), entry(2), total=2), rows(total=0))
    with capture_logs() as lines:
        desk(snow).check()
    assert [line["text"] for line in lines if line["event"] == "lists are read by offset"] == [
        "label_entry shows this account nothing for `sys_id>`: a query ACL (query_range) denies it"
    ]


def test_no_url_exceeds_what_proxies_let_through(snow: Instance) -> None:
    snow.on("GET /table/incident", rows(*map(incident, range(100)), total=100))
    assert len(keys(snow)) == 100
    assert max(len(request.line) for request in snow.asked("GET /table/label_entry")) < 1900


@pytest.mark.parametrize("table", ["label_entry", "sys_user_group", "sys_user"])
def test_a_refused_table_is_the_accounts_and_named(snow: Instance, table: str) -> None:
    snow.on("GET /table/incident", rows(incident(1), total=1))
    snow.on(f"GET /table/{table}", refusal(403, "Insufficient rights"))
    with pytest.raises(NotAllowed, match=f"lacks the right to read the table {table} "):
        keys(snow) if table == "label_entry" else desk(snow).check()
