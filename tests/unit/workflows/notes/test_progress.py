"""What the notes of a run that waited or started say of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN
from workflows.notes import progress


def test_an_approval_is_told_with_who_when_and_why() -> None:
    run = build.started_run(decision=build.approval(by="eve@example.com", why="the change is wanted", at=build.NOW))
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    told = progress.approved(run, reader)
    assert "approved by eve@example.com at 2026-03-02 10:00 CET (09:00 UTC): the change is wanted" == told
    assert "" == progress.approved(run.model_copy(update={"decision": None}), reader)


def test_a_start_whose_answer_was_lost_is_not_told_as_certain() -> None:
    assert "is not certain" in progress.how_started(build.started_run(uncertain=True))
    assert "accepted by Okta" == progress.how_started(build.started_run())
