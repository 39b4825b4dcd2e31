"""Answers that ServiceNow really gives, and pysnow would accept, become a whole list or the right error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

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
from tests.unit.wire import Act, answer
from workflows.errors import FarSideError, Misconfigured, NotAllowed, Refused, Transient, Uncertain, Unexpected
from workflows.model import PlannedWrite

NOTE = PlannedWrite(key="c1.1.noted.update", operation="update", payload={"fields": {"work_notes": "x"}})


CANCELLED = b'{"result": [{"sys_id": "1"}], "error": {"message": "Transaction cancelled: maximum execution time"}}'


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


def entry(place: int) -> dict[str, str]:
    return {"sys_id": f"{place:032x}", "label": TAG_ID, "table": "incident", "table_key": f"{place + 100:032x}"}


def incident(place: int, **changes: str) -> dict[str, str]:
    number = {"sys_id": f"{place + 100:032x}", "number": f"INC{place}", "state": "1"}
    return number | {"sys_updated_on": "2026-03-02 09:00:00", "sys_mod_count": "0"} | changes


def keys(snow: Instance, **changes: Any) -> list[str]:
    return [sighting.ref.key for sighting in desk(snow, **changes).tagged()]


def test_a_list_is_read_to_its_total_although_pages_are_short_or_empty(snow: Instance) -> None:
    pages = [rows(entry(1), total=5), rows(total=6), rows(entry(2), total=6), rows(entry(3), total=1)]
    snow.on("GET /table/label_entry", *pages)
    snow.on("GET /table/incident", rows(incident(1), incident(2), total=3), rows(incident(3), total=1))
    assert keys(snow, page_size=2) == ["INC1", "INC2", "INC3"]
    asked = [query(request) for request in snow.asked("GET /table/label_entry")]
    assert [page["sysparm_offset"] for page in asked] == ["0", "0", "2", "0"]
    assert f"sys_id>{1:032x}^ORDERBYsys_id" in asked[1]["sysparm_query"]


def test_without_a_total_the_links_show_the_end(snow: Instance) -> None:
    more = '<http://127.0.0.1/x>;rel="first",<http://127.0.0.1/x>;rel="next"'
    last = '<http://127.0.0.1/x>;rel="first"'
    snow.on("GET /table/label_entry", rows(entry(1), Link=more), rows(entry(2), Link=last))
    snow.on("GET /table/incident", rows(incident(1), incident(2), total=2))
    assert keys(snow) == ["INC1", "INC2"]


def test_an_endless_list_is_an_error(snow: Instance) -> None:
    snow.on("GET /table/label_entry", rows(total=10**9))
    with pytest.raises(Unexpected, match="did not end"):
        keys(snow, page_size=1)


@pytest.mark.parametrize(
    "body",
    [
        CANCELLED,
        b'{"error": {"message": "Transaction cancelled"}, "result": [{"sys_id": "1"}], "status": "failure"}',
        b'{"error": "Transaction cancelled"}',
    ],
)
def test_a_cancelled_transaction_is_never_a_short_list(snow: Instance, body: bytes) -> None:
    snow.on("GET /table/label_entry", answer(200, body))
    with pytest.raises(Transient, match="Transaction cancelled"):
        keys(snow)
    snow.on(f"PATCH /table/incident/{ID}", answer(200, body))
    with pytest.raises(Uncertain, match="Transaction cancelled"):
        desk(snow).deliver(REF, NOTE)


@pytest.mark.parametrize(
    "act",
    [
        result(["Transaction cancelled"]),
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
    snow.on("GET /table/label_entry", act)
    with pytest.raises(Unexpected):
        keys(snow)


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
    snow.on("GET /table/label_entry", rows(entry(1), total=1))
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
        "sysparm_fields": "sys_id",
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


SPOILT = (
    b'{"result":[{"number":"INC1",},\n }""\n ],"error":{"detail":"ran too long","message":"Transaction cancelled"},'
)


def test_a_transaction_that_was_cancelled_while_it_answered_says_so_in_its_own_words(snow: Instance) -> None:
    snow.on("GET /table/label_entry", answer(200, SPOILT))
    with pytest.raises(Transient, match="ServiceNow cancelled it: Transaction cancelled: ran too long"):
        keys(snow)
    snow.on(f"PATCH /table/incident/{ID}", answer(200, SPOILT))
    with pytest.raises(Uncertain, match="Transaction cancelled: ran too long"):
        desk(snow).deliver(REF, NOTE)


@pytest.mark.parametrize("table", ["label_entry", "sys_user_group", "sys_user"])
def test_a_refused_table_is_the_accounts_and_named(snow: Instance, table: str) -> None:
    snow.on(f"GET /table/{table}", refusal(403, "Insufficient rights"))
    with pytest.raises(NotAllowed, match=f"the account needs to read {table}; see `desks"):
        keys(snow) if table == "label_entry" else desk(snow).check()
