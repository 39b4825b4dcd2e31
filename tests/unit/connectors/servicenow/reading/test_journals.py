"""Comments and work notes are read from the journal table, or from the history if the table is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.servicenow.markers import SENT, marked
from tests.unit.snow_instance import (
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
from workflows.errors import Misconfigured

OTHER = "e" * 32


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


def test_a_marker_counts_only_on_our_own_notes(snow: Instance) -> None:
    ours = note(1, "Who is it?\n\n[forcesync c1.1.asked1.update]", "svc.forcesync")
    reply = note(2, "It is Ada.\n> Who is it?\n[forcesync c1.1.asked1.update]", "ada")
    stranger = note(3, "of another record", "ada") | {"element_id": OTHER}
    snow.on("GET /table/sys_journal_field", rows(ours, reply, stranger, total=3))
    snow.on(f"GET /table/incident/{ID}", result(cells(state="1", active="true")))
    comments = desk(snow).read(REF).comments
    assert [(item.by_worker, item.marker) for item in comments] == [(True, "c1.1.asked1.update"), (False, None)]
    assert all(item.public for item in comments)


def test_a_public_comment_is_ours_because_a_marked_work_note_names_its_words(snow: Instance) -> None:
    sent = marked("", "c1.1.asked1.update", "Who is it?")
    there = {"element": "work_notes"}
    ours, named = note(1, "Who  is\r\nit?", "svc.forcesync"), note(2, sent, "svc.forcesync") | there
    quoted = note(3, "Who is it?", "ada")
    snow.on("GET /table/sys_journal_field", rows(ours, named, quoted, total=3))
    snow.on(f"GET /table/incident/{ID}", result(cells(state="1", active="true")))
    comments = desk(snow).read(REF).comments
    assert [(item.public, item.by_worker, item.marker) for item in comments] == [
        (True, True, "c1.1.asked1.update"),
        (False, True, "c1.1.asked1.update"),
        (True, False, None),
    ]


def test_the_same_words_written_twice_have_each_its_own_marker(snow: Instance) -> None:
    entries = [
        entry
        for number, key in enumerate(("c1.1.resolved.update", "c1.2.resolved.update"))
        for entry in (
            note(2 * number, "It is right.", "svc.forcesync"),
            note(2 * number + 1, marked("Seen.", key, "It is right."), "svc.forcesync") | {"element": "work_notes"},
        )
    ]
    snow.on("GET /table/sys_journal_field", rows(*entries, total=4))
    snow.on(f"GET /table/incident/{ID}", result(cells(state="1", active="true")))
    found = [item.marker for item in desk(snow).read(REF).comments if item.public]
    assert found == ["c1.1.resolved.update", "c1.2.resolved.update"]


def test_an_empty_journal_costs_no_reading_of_its_display_values(snow: Instance) -> None:
    snow.on(f"GET /table/incident/{ID}", result(cells(state="1", active="true")))
    assert desk(snow).read(REF).comments == ()
    assert len(snow.asked(f"GET /table/incident/{ID}")) == 1


HISTORY = {
    "comments": (
        "2026-03-02 02:05:00 - Ada Byron (Additional comments (Customer visible))\nIt is Ada.\n\n"
        "2026-03-02 02:01:00 - Forcesync Service (Additional comments (Customer visible))\n"
        "Who is it?\n\n"
    ),
    "work_notes": (
        "2026-03-02 02:01:00 - Forcesync Service (Work notes)\n"
        f"{marked('', 'c1.1.asked1.update', 'Who is it?')}\n\n"
        "2026-03-02 02:00:00 - Robin Agent (Work notes)\nPlease look.\n\n"
    ),
}


@pytest.mark.parametrize("journals", [refusal(403, "Insufficient rights"), rows(total=0), rows(total=3)])
def test_without_the_journal_table_the_history_is_read(snow: Instance, journals: Any) -> None:
    snow.on("GET /table/sys_journal_field", journals)
    record = cells(state="1", active="true") | {
        name: {"value": "", "display_value": text} for name, text in HISTORY.items()
    }
    record["sys_updated_on"] = {"value": "2026-03-02 09:05:00", "display_value": "2026-03-02 02:05:00"}
    snow.on(f"GET /table/incident/{ID}", result(record))
    comments = desk(snow, page_size=3).read(REF).comments
    assert [(item.author.name, item.public, item.by_worker, item.body.splitlines()[0][:22]) for item in comments] == [
        ("Robin Agent", False, False, "Please look."),
        ("Forcesync Service", True, True, "Who is it?"),
        ("Forcesync Service", False, True, SENT),
        ("Ada Byron", True, False, "It is Ada."),
    ]
    assert [item.created for item in comments] == [datetime(2026, 3, 2, 9, at, tzinfo=UTC) for at in (0, 1, 1, 5)]


def test_a_history_with_another_date_format_does_not_look_empty(snow: Instance) -> None:
    snow.on("GET /table/sys_journal_field", rows())
    history = "02/03/2026 02:00:00 AM - Robin Agent (Work notes)\nI have it.\n\n"
    shown = {"work_notes": {"value": "", "display_value": history}}
    snow.on(f"GET /table/incident/{ID}", result(cells(state="1", active="true") | shown))
    with pytest.raises(Misconfigured, match="let the account read sys_journal_field"):
        desk(snow).read(REF)


ADA = {"caller_id": "f" * 32, "caller_id.name": "Ada Byron", "caller_id.user_name": "ada"}


def read_by_name(snow: Instance, accounts: Any) -> Any:
    """Return the ticket as an account reads it that may not read the table of journals."""
    snow.on("GET /table/sys_journal_field", refusal(403, "Insufficient rights"))
    texts = {name: {"value": "", "display_value": text} for name, text in HISTORY.items()}
    record = cells(state="1", active="true", **ADA) | texts
    record["sys_updated_on"] = {"value": "2026-03-02 09:05:00", "display_value": "2026-03-02 02:05:00"}
    snow.on(f"GET /table/incident/{ID}", result(record))
    own = rows({"sys_id": WORKER_ID, "user_name": "svc.forcesync", "name": "Forcesync Service"}, total=1)
    snow.on("GET /table/sys_user", own, accounts)
    return desk(snow).read(REF)


def test_a_name_that_one_account_has_is_the_requesters(snow: Instance) -> None:
    ticket = read_by_name(snow, rows({"sys_id": "f" * 32}, total=1))
    assert ticket.hears_requester
    assert [item.author.login for item in ticket.comments if item.author.name == "Ada Byron"] == ["ada"]


@pytest.mark.parametrize(
    "accounts",
    [
        rows({"sys_id": "f" * 32}, {"sys_id": OTHER}, total=2),
        rows({"sys_id": "f" * 32}, total=2),
        rows({"sys_id": OTHER}, total=1),
        rows(total=0),
        refusal(403, "Insufficient rights"),
    ],
    ids=["two", "one that is hidden", "another", "nobody", "not allowed"],
)
def test_a_name_that_others_may_have_is_nobodys(accounts: Any, snow: Instance) -> None:
    ticket = read_by_name(snow, accounts)
    assert not ticket.hears_requester
    assert [(item.author.login, item.doubtful) for item in ticket.comments if item.author.name == "Ada Byron"] == [
        (None, True)
    ]


def test_one_stray_refusal_of_the_table_is_asked_again(snow: Instance) -> None:
    entries = rows(note(1, "It is Ada.", "ada"), total=1)
    snow.on("GET /table/sys_journal_field", refusal(403, "Insufficient rights"), entries)
    snow.on(f"GET /table/incident/{ID}", result(cells(state="1", active="true", **ADA)))
    ticket = desk(snow).read(REF)
    assert [item.author.login for item in ticket.comments] == ["ada"]
    assert ticket.hears_requester


def in_unclear_form(snow: Instance, own_format: str) -> None:
    """Let the instance show dates of which nothing tells whether the day or the month comes first."""
    history = "02/03/2026 02:00:00 - Robin Agent (Work notes)\nI have it.\n\n"
    twice = {"value": "2026-04-04 02:00:00", "display_value": "04/04/2026 02:00:00"}
    record = cells(state="1", active="true") | {"work_notes": {"value": "", "display_value": history}}
    snow.on(f"GET /table/incident/{ID}", result(record | {"sys_updated_on": twice}))
    own = {"sys_id": WORKER_ID, "user_name": "svc.forcesync", "name": "Forcesync Service", "date_format": own_format}
    snow.on("GET /table/sys_user", rows(own, total=1))


@pytest.mark.parametrize(("own_format", "month"), [("MM/dd/yyyy", 2), ("", 3)], ids=["own", "the system's"])
def test_where_day_and_month_could_be_exchanged_the_format_decides(own_format: str, month: int, snow: Instance) -> None:
    in_unclear_form(snow, own_format)
    snow.on("GET /table/sys_properties", rows({"name": "glide.sys.date_format", "value": "dd/MM/yyyy"}))
    (found,) = desk(snow).read(REF).comments
    assert found.created.month == month


def test_without_the_format_the_error_names_the_property(snow: Instance) -> None:
    in_unclear_form(snow, "")
    snow.on("GET /table/sys_properties", refusal(403, "Insufficient rights"))
    with pytest.raises(Misconfigured, match=r"glide\.sys\.date_format"):
        desk(snow).read(REF)
