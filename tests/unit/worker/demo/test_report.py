"""A line for each change, then the tickets, then the table: within a terminal's width, and whole in a pipe."""

from __future__ import annotations

from typing import Any

from tests.unit.builders import NOW, case
from worker.demo.reasons import HAPPENED, MOST, VERDICTS
from worker.demo.report import KEY, STATE, Changes, Row, closing
from workflows.model import CaseState, Reason, ReasonKind, StoryEntry, VerdictKind

TAKEN = StoryEntry(at=NOW, what=Reason(kind=ReasonKind.ASSIGNED, words=(("holder", "Sync Team"),)))
LONG = StoryEntry(at=NOW, what=Reason(kind=ReasonKind.CHANGE_REFUSED, words=(("words", "no such group " * 9),)))
WHY = "a person took it"
STATUS = "Waiting for customer"


def row(key: str, state: CaseState | None, expected: str = "withdrawn", told: StoryEntry = TAKEN) -> Row:
    ticket: dict[str, Any] = {"desk": "servicenow", "key": key, "summary": "Profile", "description": "It is old."}
    ticket |= {"status": STATUS, "status_category": "open", "resolution": "", "assignee": "", "group": ""}
    ticket |= {"comments": [], "attachments": [], "tagged": True}
    worked = case(state=state, story=(told,)) if state else None
    return Row("servicenow", key, key, "a person takes over", expected, None, ticket, worked)


def test_a_change_is_told_once_and_a_ticket_without_a_case_not_at_all() -> None:
    changes, rows = Changes(), (row("INC1", CaseState.WITHDRAWN), row("INC2", None))
    (line,) = changes.since(rows, 2.34, 0)
    assert f" 2.3 s  INC1         withdrawn  {WHY}" == line
    assert [] == list(changes.since(rows, 3, 0))
    assert 1 == len(list(changes.since((row("INC2", CaseState.WITHDRAWN),), 4, 0)))


def test_each_ticket_has_one_line_of_a_terminal_while_it_is_worked_and_at_the_end() -> None:
    rows = tuple(row("RITM0010001", CaseState.WITHDRAWN, told=told) for told in (TAKEN, LONG))
    for told in rows:
        (line,) = Changes().since((told,), 99.9, 80)
        assert len(line) <= 80
    table = list(closing(rows, [], [], 9, 80))[-6:-3]
    assert ["ticket", "RITM0010001", "RITM0010001"] == [line.split()[0] for line in table]
    assert max(map(len, table)) <= 80


def test_every_reason_fits_its_line() -> None:
    assert set(VerdictKind) == set(VERDICTS)
    assert [] == [text for text in (*VERDICTS.values(), *HAPPENED.values()) if len(text) > MOST]
    assert KEY + len(STATUS) + MOST + len("    ") <= 80
    assert len("99.9 s") + KEY + STATE + MOST + len("      ") <= 80


def test_the_report_ends_with_what_did_not_end_as_expected() -> None:
    rows = (row("INC1", CaseState.CLOSING, "resolved"), row("INC2", CaseState.WITHDRAWN))
    lines = list(closing(rows, ["corp", "corp"], ["doubled: a note"], 9.4, 0))
    assert [
        f"INC2  {STATUS}  {WHY}",
        f"INC1  {STATUS}  SHOULD BE RESOLVED: {WHY}",
        "",
        "1 of 2 tickets ended as expected in 9 seconds.",
        "Force Syncs: 2 (corp).",
        "The far side objects: doubled: a note",
    ] == lines[-6:]
