"""Answers that ServiceNow really gives, and pysnow would accept, become a whole list or the right error."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from connectors.servicenow import ServiceNowDesk
from connectors.servicenow.client import members, value
from tests.unit.snow_instance import (
    ID,
    REF,
    TAG_ID,
    Instance,
    cells,
    desk,
    instance,
    query,
    refusal,
    result,
    rows,
)
from tests.unit.wire import Act, Request, answer
from workflows.errors import FarSideError, Misconfigured, NotAllowed, Refused, Transient, Uncertain, Unexpected
from workflows.model import PlannedWrite

NOTE = PlannedWrite(key="c1.1.noted.update", operation="update", payload={"fields": {"work_notes": "x"}})


CANCELLED = b'{"result": [{"sys_id": "1"}], "error": {"message": "Transaction cancelled: maximum execution time"}}'


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


def entry(place: int) -> dict[str, str]:
    return {"sys_id": f"{place:032x}", "label": TAG_ID, "table": "incident", "table_key": f"{place:032x}"}


def incident(place: int, **changes: str) -> dict[str, str]:
    number = {"sys_id": f"{place:032x}", "number": f"INC{place}", "state": "1", "sys_tags": "profile not updating"}
    return number | {"sys_updated_on": "2026-03-02 09:00:00", "sys_mod_count": "0"} | changes


def keys(snow: Instance, **changes: Any) -> list[str]:
    return [sighting.ref.key for sighting in desk(snow, **changes).tagged()]


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


def test_an_endless_list_is_an_error(snow: Instance) -> None:
    snow.on("GET /table/incident", rows(total=10**9))
    with pytest.raises(Unexpected, match="did not end"):
        keys(snow, page_size=1)


@pytest.mark.parametrize(
    "body",
    [
        CANCELLED,
        b'{"error": {"message": "Transaction cancelled"}, "result": [{"sys_id": "1"}], "status": "failure"}',
        b'{"error": "Transaction cancelled"}',
        b'{"result": [{"sys_id": "1"}, "Transaction cancelled: maximum execution time exceeded"]}',
        b'{"result": "Transaction cancelled: maximum execution time exceeded"}',
    ],
)
def test_a_cancelled_transaction_is_never_a_short_list(snow: Instance, body: bytes) -> None:
    snow.on("GET /table/incident", answer(200, body))
    with pytest.raises(Transient, match="Transaction cancelled"):
        keys(snow)
    snow.on(f"PATCH /table/incident/{ID}", answer(200, body))
    with pytest.raises(Uncertain, match="Transaction cancelled"):
        desk(snow).deliver(REF, NOTE)


@pytest.mark.parametrize(
    "act",
    [
        result(["text"]),
        result("text"),
        rows({"name": "no sys_id"}),
        answer(200, b"[]"),
        answer(200, b"null"),
        answer(200, b"{}"),
        answer(202, b'{"result": []}'),
        answer(204),
    ],
)
def test_an_answer_in_another_form_is_unexpected(snow: Instance, act: Act) -> None:
    snow.on("GET /table/incident", act)
    with pytest.raises(Unexpected):
        keys(snow)


@pytest.mark.parametrize("error", [None, "", {}])
def test_an_empty_error_beside_a_result_says_nothing(snow: Instance, error: object) -> None:
    body = {"result": [incident(1)], "error": error}
    snow.on("GET /table/incident", answer(200, json.dumps(body).encode(), X_Total_Count="1"))
    assert keys(snow) == ["INC1"]


def test_json_that_is_nested_too_deeply_passes(snow: Instance) -> None:
    deep = answer(200, b'{"result":' + b"[" * 100_000)
    snow.on("GET /table/incident", deep)
    with pytest.raises(Transient):
        keys(snow)
    snow.on(f"PATCH /table/incident/{ID}", deep)
    with pytest.raises(Uncertain):
        desk(snow).deliver(REF, NOTE)


def test_a_record_other_than_the_requested_one_is_unexpected(snow: Instance) -> None:
    snow.on(f"GET /table/incident/{ID}", result(cells(sys_id="f" * 32)))
    with pytest.raises(Unexpected, match="another record"):
        desk(snow).read(REF)


def test_a_record_that_is_gone_is_refused(snow: Instance) -> None:
    gone = refusal(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
    snow.on(f"GET /table/incident/{ID}", gone)
    with pytest.raises(Refused, match="ACL restricts"):
        desk(snow).read(REF)


@pytest.mark.parametrize("path", ["label", "label_entry", "incident", "sys_user", "sys_user_group", "sys_choice"])
def test_an_unreadable_table_concerns_the_whole_system(snow: Instance, path: str) -> None:
    snow.on("GET /table/incident", rows(incident(1), total=1))
    snow.on(f"GET /table/{path}", refusal(403, "Insufficient rights to query records"))
    with pytest.raises(Misconfigured, match="Insufficient rights"):
        made = desk(snow)
        made.check()
        list(made.tagged())


@pytest.mark.parametrize(
    "words",
    [
        "Operation against file 'incident' was aborted by Business Rule 'Guard^0123'. Business Rule Stack:Guard",
        "Data Policy Exception: The following fields are mandatory: Resolution code",
    ],
)
def test_the_products_words_reach_the_reader(snow: Instance, words: str) -> None:
    snow.on(f"PATCH /table/incident/{ID}", refusal(403, "Operation Failed", words))
    with pytest.raises(Refused) as caught:
        desk(snow).deliver(REF, NOTE)
    assert words in str(caught.value)
    assert caught.value.request_id == "t1"


@pytest.mark.parametrize("ref_id", ["incident/../sys_user", "incident/", "sys_user/" + ID, f"incident/{ID}/x", ID])
def test_only_a_ticket_can_be_addressed(snow: Instance, ref_id: str) -> None:
    made = desk(snow)
    with pytest.raises(FarSideError):
        made.read(REF.model_copy(update={"id": ref_id}))
    assert snow.wire.requests == []


def test_parameters_that_pysnow_adds_by_itself_are_not_sent(snow: Instance) -> None:
    snow.on(f"PATCH /table/incident/{ID}", result({"sys_id": ID}))
    made = desk(snow)
    list(made.tagged())
    made.deliver(REF, NOTE)
    (patch,) = snow.asked(f"PATCH /table/incident/{ID}")
    assert query(patch) == {
        "sysparm_fields": "sys_id,sys_updated_on,sys_mod_count",
        "sysparm_display_value": "false",
        "sysparm_exclude_reference_link": "true",
    }
    assert patch.body == b'{"work_notes": "x"}'
    (read, *_) = snow.asked("GET /table/label")
    assert "True" not in read.line
    assert "sysparm_view" not in query(read)


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


def test_an_upload_carries_nothing_that_pysnow_adds(snow: Instance) -> None:
    snow.on("POST /attachment/file", result({"sys_id": "f" * 32, "file_name": "d.json", "size_bytes": "2"}, 201))
    write = PlannedWrite(
        key="c1.file",
        operation="attach",
        payload={"name": "d.json", "content_type": "application/json", "size": 2, "sha256": "x"},
        content=b"{}",
    )
    with contextlib.suppress(FarSideError):
        desk(snow).deliver(REF, write)
    (asked,) = snow.asked("POST /attachment/file")
    assert "sysparm_fields" not in asked.line


def test_a_redirect_of_one_ticket_pauses_nothing_and_one_of_everything_does(snow: Instance) -> None:
    login = answer(302, Location="/login_with_sso.do")
    snow.on(f"GET /table/incident/{ID}", login)
    with pytest.raises(Unexpected, match="only this call"):
        desk(snow).read(REF)
    snow.on("GET /table/sys_user", login)
    with pytest.raises(Misconfigured, match="302"):
        desk(snow).read(REF)


SPOILT = (
    b'{"result":[{"number":"INC1",},\n }""\n ],"error":{"detail":"ran too long","message":"Transaction cancelled"},'
)


def test_a_transaction_that_was_cancelled_while_it_answered_says_so_in_its_own_words(snow: Instance) -> None:
    snow.on("GET /table/incident", answer(200, SPOILT))
    with pytest.raises(Transient, match="ServiceNow cancelled it: Transaction cancelled: ran too long"):
        keys(snow)
    snow.on(f"PATCH /table/incident/{ID}", answer(200, SPOILT))
    with pytest.raises(Uncertain, match="Transaction cancelled: ran too long"):
        desk(snow).deliver(REF, NOTE)


@pytest.mark.parametrize("table", ["label_entry", "sys_user_group", "sys_user"])
def test_a_refused_table_is_the_accounts_and_named(snow: Instance, table: str) -> None:
    snow.on("GET /table/incident", rows(incident(1), total=1))
    snow.on(f"GET /table/{table}", refusal(403, "Insufficient rights"))
    with pytest.raises(NotAllowed, match=f"lacks the right to read the table {table} "):
        keys(snow) if table == "label_entry" else desk(snow).check()
