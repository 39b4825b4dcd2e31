"""Answers that ServiceNow really gives, and pysnow would accept, become the right error; calls carry what is meant."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

import pytest

from tests.unit.snow_instance import (
    ID,
    REF,
    Instance,
    desk,
    incident,
    instance,
    keys,
    query,
    result,
    rows,
)
from tests.unit.wire import Act, answer
from workflows.errors import FarSideError, Misconfigured, Transient, Uncertain, Unexpected
from workflows.model import PlannedWrite

NOTE = PlannedWrite(key="c1.1.noted.update", operation="update", payload={"fields": {"work_notes": "x"}})


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


CANCELLED = b'{"result": [{"sys_id": "1"}], "error": {"message": "Transaction cancelled: maximum execution time"}}'


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
