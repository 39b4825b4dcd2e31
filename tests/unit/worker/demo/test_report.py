"""A line for each change, then the tickets, then the table: within a terminal's width, and whole in a pipe."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import NOW, case
from worker.demo.report import Changes, Row, closing, opening
from workflows.model import CaseState, Reason, ReasonKind, StoryEntry

WORDS = "Sync Team, which looks after the identities of everybody in the company and its many subsidiaries"
TAKEN = StoryEntry(at=NOW, what=Reason(kind=ReasonKind.ASSIGNED, words=(("holder", WORDS),)))


def row(key: str, state: CaseState | None, expected: str = "withdrawn") -> Row:
    ticket: dict[str, Any] = {"desk": "servicenow", "key": key, "summary": "Profile", "description": "It is old."}
    ticket |= {"status": "In Progress", "status_category": "open", "resolution": "", "assignee": "", "group": ""}
    ticket |= {"comments": [], "attachments": [], "tagged": True}
    worked = case(state=state, story=(TAKEN,)) if state else None
    return Row("servicenow", key, key, "a person takes over", expected, None, ticket, worked)


def test_a_change_is_told_once_and_a_ticket_without_a_case_not_at_all() -> None:
    changes, rows = Changes(), (row("INC1", CaseState.WITHDRAWN), row("INC2", None))
    (line,) = changes.since(rows, 2.34, 0)
    assert f" 2.3 s  INC1         withdrawn  The ticket is assigned to {WORDS}." == line
    assert [] == list(changes.since(rows, 3, 0))
    assert 1 == len(list(changes.since((row("INC2", CaseState.WITHDRAWN),), 4, 0)))


@pytest.mark.parametrize("columns", [40, 80])
def test_at_a_terminal_nothing_is_wider_than_it_and_nothing_is_cut(columns: int) -> None:
    rows = (row("INC0010001", CaseState.WITHDRAWN), row("INC0010002", None, "escalated"))
    lines = [*opening(rows, columns), *Changes().since(rows, 1, columns), *closing(rows, [], [], 9, columns)]
    assert max(map(len, lines)) <= columns
    assert 2 == " ".join(" ".join(lines).split()).count(WORDS)


def test_the_report_ends_with_what_did_not_end_as_expected() -> None:
    rows = (row("INC1", CaseState.CLOSING, "resolved"), row("INC2", CaseState.WITHDRAWN))
    lines = list(closing(rows, ["corp", "corp"], ["doubled: a note"], 9.4, 0))
    why = f"The ticket is assigned to {WORDS}."
    assert [
        f"INC2  In Progress  {why}",
        f"INC1  In Progress  SHOULD BE RESOLVED: {why}",
        "",
        "1 of 2 tickets ended as expected in 9 seconds.",
        "Force Syncs: 2 (corp).",
        "The far side objects: doubled: a note",
    ] == lines[-6:]
