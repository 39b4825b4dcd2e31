"""The notes while a ticket is worked: the start of a run, with who approved it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN, READER, words
from workflows.notes import progress


def test_the_start_is_told_with_who_approved_it_when_and_why() -> None:
    run = build.started_run(decision=build.approval(by="eve@example.com", why="the change is wanted", at=build.NOW))
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    told = words(progress.sync_started(run, 2, build.NOW, reader))
    assert "approved by eve@example.com at 2026-03-02 09:00 UTC (10:00 CET): the change is wanted" in told
    assert "req-1" in told
    assert "approved" not in words(
        progress.sync_started(run.model_copy(update={"decision": None}), 2, build.NOW, reader)
    )


def test_a_start_whose_answer_was_lost_promises_no_hand_over_before_it_was_made_once_more() -> None:
    run = build.started_run(uncertain=True)
    first = words(progress.sync_started(run, 1, build.NOW, READER))
    again = words(progress.sync_started(run.model_copy(update={"successor_of": "r0"}), 1, build.NOW, READER))
    assert "it is made once more" in first
    assert "handed over" not in first
    assert "Force Sync started once more" in again
    assert "this ticket is handed over" in again
