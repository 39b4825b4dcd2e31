"""Writes are made once, verified by ServiceNow's answer, and found again by marker, hash or value."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.servicenow.markers import MARKER
from tests.unit.builders import ticket
from tests.unit.snow_instance import (
    GROUP_ID,
    ID,
    REF,
    WORKER_ID,
    Instance,
    cells,
    desk,
    instance,
    note,
    refusal,
    result,
    rows,
)
from tests.unit.wire import StoppedClock, reset
from workflows.errors import FarSideError, Refused, Transient, Uncertain, Unexpected
from workflows.model import File, Intent, Move, Note, PlannedWrite, Route, Table, Text

PATCH = f"PATCH /table/incident/{ID}"


READ = f"GET /table/incident/{ID}"


FILE = PlannedWrite(
    key="c1.1.file1", operation="attach", payload={"name": "d.json", "content_type": "application/json"}, content=b"{}"
)


ROUTE = {"group": "Identity Operations", "impact": "2", "hold_reason": "4"}


AT, LATER = "2026-03-02 09:00:00", "2026-03-02 09:00:30"
SHA = hashlib.sha256(b"{}").hexdigest()


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        served.on(READ, result(cells(assigned_to="")))
        yield served


def planned(snow: Instance, move: Move | None, **parts: Any) -> PlannedWrite:
    seen = ticket(ref=REF, context={"table": "incident"}, assigned_to_worker=move is Move.RELEASED)
    return desk(snow).plan(seen, Intent(key="c1.1.step", move=move, **parts))[-1]


def sent(snow: Instance) -> dict[str, str]:
    (request,) = snow.asked(PATCH)
    found: dict[str, str] = json.loads(request.body)
    return found


def test_a_claim_is_one_write_with_note_state_and_assignee(snow: Instance) -> None:
    snow.on(PATCH, result({"sys_id": ID, "state": "2", "assigned_to": WORKER_ID}))
    claim = planned(snow, Move.CLAIMED, internal=Note(blocks=(Text(text="We look."),)))
    receipt = desk(snow).deliver(REF, claim)
    assert receipt.request_id == "t1"
    assert sent(snow) == {
        "state": "2",
        "assigned_to": WORKER_ID,
        "work_notes": "We look.\n\n[forcesync c1.1.step.update]",
    }


@pytest.mark.parametrize("holder", ["", "9" * 32])
def test_a_rule_that_undoes_our_assignment_is_told_and_the_claim_counts(holder: str, snow: Instance) -> None:
    snow.on(PATCH, result({"sys_id": ID, "state": "2", "assigned_to": holder}))
    receipt = desk(snow).deliver(REF, planned(snow, Move.CLAIMED))
    assert receipt.holder == holder
    assert "exempt the account" in str(receipt.warning)


def test_a_note_comes_before_its_files(snow: Instance) -> None:
    report = File(name="d.json", content_type="application/json", content=b"{}")
    seen, note = ticket(ref=REF, context={"table": "incident"}), Note(blocks=(Text(text="Handed over"),))
    writes = desk(snow).plan(seen, Intent(key="c1.1.step", move=Move.ESCALATED, internal=note, files=(report,)))
    assert [write.operation for write in writes] == ["update", "attach"]


def test_an_escalation_assigns_the_group_and_removes_our_assignment(snow: Instance) -> None:
    snow.on(PATCH, result({"sys_id": ID, "state": "2", "assigned_to": "", "assignment_group": GROUP_ID}))
    desk(snow).deliver(REF, planned(snow, Move.ESCALATED))
    assert sent(snow) == {"state": "2", "assigned_to": "", "assignment_group": GROUP_ID}


def test_a_rule_that_gives_a_hand_over_to_a_member_is_no_refusal(snow: Instance) -> None:
    echo = {"sys_id": ID, "state": "2", "assigned_to": "9" * 32, "assignment_group": GROUP_ID}
    snow.on(PATCH, result(echo))
    receipt = desk(snow).deliver(REF, planned(snow, Move.ESCALATED))
    assert (receipt.holder, receipt.warning) == ("9" * 32, None)
    snow.on(PATCH, result(echo | {"assigned_to": WORKER_ID}))
    with pytest.raises(Refused, match="assigned_to was to be ''"):
        desk(snow).deliver(REF, planned(snow, Move.ESCALATED))


def test_a_route_puts_the_ticket_on_hold_with_its_urgency(snow: Instance) -> None:
    wanted = {"state": "3", "hold_reason": "4", "impact": "2", "assigned_to": "", "assignment_group": GROUP_ID}
    snow.on(PATCH, result({"sys_id": ID} | wanted))
    on = desk(snow, escalation_group="Others", routes={"okta_support": ROUTE})
    seen = ticket(ref=REF, context={"table": "incident"})
    (write,) = on.plan(seen, Intent(key="c1.1.step", move=Move.ESCALATED, route=Route.OKTA_SUPPORT))
    on.deliver(REF, write)
    assert sent(snow) == wanted


def test_closing_sets_the_code_and_one_safe_sentence(snow: Instance) -> None:
    echo = {"sys_id": ID, "state": "6", "close_code": "Solution provided"}
    snow.on(PATCH, result(echo))
    desk(snow).deliver(REF, planned(snow, Move.RESOLVED, close_text="Done [code]<b>now</b>[/code]\nsecond line"))
    assert sent(snow)["close_notes"] == "Done (code)<b>now</b>(/code) second line"
    assert sent(snow)["close_code"] == "Solution provided"


@pytest.mark.parametrize(
    ("echo", "named"),
    [
        ({"state": "2", "close_code": "Solution provided"}, "state was to be '6' and is '2'"),
        ({"state": "6", "close_code": "User error"}, "close_code was to be 'Solution provided'"),
        ({"state": "6"}, "close_code was to be 'Solution provided' and is ''"),
    ],
)
def test_an_echo_that_differs_is_refused(snow: Instance, echo: dict[str, str], named: str) -> None:
    snow.on(PATCH, result({"sys_id": ID} | echo))
    with pytest.raises(Refused, match=named):
        desk(snow).deliver(REF, planned(snow, Move.RESOLVED, close_text="Done."))


@pytest.mark.parametrize("move", [Move.CLAIMED, Move.RESOLVED, Move.ESCALATED, Move.ASKED, Move.ADVISED])
def test_a_ticket_that_a_person_has_taken_is_left_alone(snow: Instance, move: Move) -> None:
    snow.on(READ, result(cells(assigned_to="9" * 32)))
    with pytest.raises(Refused, match="a person has taken"):
        desk(snow).deliver(REF, planned(snow, move))
    assert snow.asked(PATCH) == []


def test_releasing_a_ticket_that_a_person_has_taken_writes_nothing(snow: Instance) -> None:
    snow.on(READ, result(cells(assigned_to="9" * 32)))
    desk(snow).deliver(REF, planned(snow, Move.RELEASED))
    assert snow.asked(PATCH) == []


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (reset, Uncertain),
        (refusal(500, "Server error"), Uncertain),
        (refusal(429, "Rate limit exceeded"), Transient),
        (refusal(403, "Operation Failed", "aborted by Business Rule"), Refused),
    ],
)
def test_a_write_is_sent_once_whatever_the_answer(snow: Instance, act: Any, kind: type[FarSideError]) -> None:
    snow.on(PATCH, act)
    with pytest.raises(kind):
        desk(snow).deliver(REF, planned(snow, Move.CLAIMED))
    assert len(snow.asked(PATCH)) == 1


@pytest.mark.parametrize("move", [Move.CLAIMED, Move.RESOLVED, Move.ESCALATED, Move.RELEASED])
def test_a_persons_assignment_is_seen_right_before_a_write(move: Move, snow: Instance) -> None:
    made = desk(snow, StoppedClock())
    made.glance(REF)
    snow.on(READ, result(cells(assigned_to="9" * 32)))
    with contextlib.nullcontext() if move is Move.RELEASED else pytest.raises(Refused, match="a person has taken"):
        made.deliver(REF, planned(snow, move, close_text="Done."))
    assert [] == snow.asked(PATCH)


@pytest.mark.parametrize(
    ("seen", "count", "stamp"),
    [
        (f"{AT}/000000004", "5", f"{LATER}/000000005"),
        (f"{AT}/000000004", "6", None),  # somebody else wrote, or a business rule
        (f"{AT}/000000005", "5", None),
        (f"{AT}/000000004", "", None),
        ("", "1", None),
    ],
)
def test_a_receipt_has_a_stamp_if_nobody_else_changed_the_ticket(
    snow: Instance, seen: str, count: str, stamp: str | None
) -> None:
    snow.on(PATCH, result({"sys_id": ID, "sys_updated_on": LATER, "sys_mod_count": count}))
    before = ticket(ref=REF, context={"table": "incident"}, stamp=seen)
    (write,) = desk(snow).plan(before, Intent(key="c1.1.step", internal=Note(blocks=(Text(text="We look."),))))
    assert desk(snow).deliver(REF, write).stamp == stamp


TAKEN_IN = {"sys_id": "8" * 32, "table_sys_id": ID, "file_name": "d.json", "state": "pending"}


def test_an_upload_is_proven_by_its_own_answer(snow: Instance) -> None:
    snow.on("POST /attachment/file", result(TAKEN_IN | {"hash": SHA}, 201))
    assert desk(snow).deliver(REF, FILE).id == "8" * 32
    assert snow.asked("GET /attachment") == []


@pytest.mark.parametrize("wrong", [{"hash": "0" * 64}, {"table_sys_id": "7" * 32}, {"file_name": "d-1.json"}])
def test_an_upload_whose_answer_differs_is_unexpected(snow: Instance, wrong: dict[str, str]) -> None:
    snow.on("POST /attachment/file", result(TAKEN_IN | {"hash": SHA} | wrong, 201))
    with pytest.raises(Unexpected, match="name or hash differs"):
        desk(snow).deliver(REF, FILE)


@pytest.mark.parametrize("listed", [{"hash": SHA}, {"hash": "", "size_bytes": "2"}])
def test_a_file_is_verified_after_it_was_sent(snow: Instance, listed: dict[str, str]) -> None:
    snow.on("POST /attachment/file", result({"sys_id": "8" * 32, "state": "pending"}, 201))
    snow.on("GET /attachment", rows({"sys_id": "8" * 32, "table_sys_id": ID, "file_name": "d.json"} | listed))
    assert desk(snow).deliver(REF, FILE).id == "8" * 32
    (request,) = snow.asked("POST /attachment/file")
    assert (request.body, request.headers["Content-Type"]) == (b"{}", "application/json")


@pytest.mark.parametrize("listed", [{"hash": "0" * 64}, {"hash": SHA, "table_sys_id": "7" * 32}, {"file_name": "x"}])
def test_a_file_that_differs_from_what_was_sent_is_unexpected(snow: Instance, listed: dict[str, str]) -> None:
    snow.on("POST /attachment/file", result({"sys_id": "8" * 32}, 201))
    known = {"sys_id": "8" * 32, "table_sys_id": ID, "file_name": "d.json"}
    snow.on("GET /attachment", rows(known | listed))
    with pytest.raises(Unexpected):
        desk(snow).deliver(REF, FILE)
    assert desk(snow).find(REF, FILE) is None


def test_a_file_that_cannot_be_verified_is_uncertain(snow: Instance) -> None:
    snow.on("POST /attachment/file", result({"sys_id": "8" * 32}, 201))
    snow.on("GET /attachment", refusal(500, "Server error"))
    with pytest.raises(Uncertain):
        desk(snow).deliver(REF, FILE)


def test_a_note_that_the_table_hides_is_found_by_its_marker(snow: Instance) -> None:
    write = planned(snow, None, internal=Note(blocks=(Text(text="We look."),)))
    assert desk(snow).find(REF, write) is None
    snow.on("GET /table/sys_journal_field", rows(note(1, f"[forcesync {write.key}]", "ada", "work_notes"), total=1))
    assert desk(snow).find(REF, write) is None
    history = f"2026-03-02 02:00:00 - Forcesync Service (Work notes)\nWe look.\n\n[forcesync {write.key}]\n\n"
    snow.on(READ, result(cells() | {"work_notes": {"value": "", "display_value": history}}))
    assert desk(snow).find(REF, write) is not None


def test_a_field_change_is_found_by_its_values(snow: Instance) -> None:
    write = planned(snow, Move.RELEASED)
    assert desk(snow).find(REF, write) is not None
    snow.on(READ, result(cells(assigned_to=WORKER_ID)))
    assert desk(snow).find(REF, write) is None


def test_untrusted_text_stays_text(snow: Instance) -> None:
    hostile = "[code]<script>x</script>[/CODE]\n[forcesync c9.9.other.update]"
    blocks = (
        Text(text=hostile),
        Text(text="[forcesync c9.9.other.update]"),
        Table(header=("a", "b"), rows=((hostile, "y"),)),
    )
    write = planned(snow, None, internal=Note(blocks=blocks), public=Note(blocks=blocks))
    fields = write.payload["fields"]
    assert isinstance(fields, dict)
    for column, keys in (("comments", []), ("work_notes", [write.key])):
        text = str(fields[column])
        assert "[code]" not in text.lower()
        assert [key for key, _ in MARKER.findall(text)] == keys


def test_a_file_name_is_a_parameter_and_nothing_else(snow: Instance) -> None:
    intent = Intent(
        key="c1.1.step", files=(File(name="a&table_name=sys_user\r\n.json", content_type="x/y", content=b"1"),)
    )
    (write, *_) = desk(snow).plan(ticket(ref=REF, context={"table": "incident"}), intent)
    snow.on("POST /attachment/file", result({"sys_id": "8" * 32}, 201))
    with pytest.raises((FarSideError, ValueError)):
        desk(snow).deliver(REF, write)
    for request in snow.asked("POST /attachment/file"):
        assert "table_name=incident&" in request.line
        assert request.line.count("&table_name=sys_user") == 0
