"""What the notes of a run that waited or started say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN, judged, stale_copy
from workflows.model import (
    Heading,
    Note,
    Press,
    Radius,
    Reason,
    ReasonKind,
    RunState,
    Text,
    Verdict,
    VerdictKind,
)
from workflows.notes import progress
from workflows.notes.audience import Sight


def test_an_approval_is_told_with_who_when_and_why() -> None:
    run = build.started_run(decision=build.approval(by="eve@example.com", why="the change is wanted", at=build.NOW))
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    told = progress.approved(run, reader)
    assert told.startswith("eve@example.com approved the Force Sync for ")
    assert told.endswith(" at 2026-03-02 10:00 CET (09:00 UTC): the change is wanted.")
    assert "" == progress.approved(run.model_copy(update={"decision": None}), reader)


def test_a_start_whose_answer_was_lost_is_not_told_as_certain() -> None:
    reader = build.reader(OPEN)
    assert "may or may not have run" in progress.started(build.started_run(uncertain=True), reader)
    assert "; Okta accepted it" in progress.started(build.started_run(), reader)


def said(note: Note) -> str:
    return " ".join(block.text for block in note.blocks if isinstance(block, Heading | Text))


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("https://example.okta.com", "https://example-admin.okta.com/admin/user/profile/view/00u1"),
        ("https://id.example.com", "Directory > People > ada@example.com"),
    ],
)
def test_whoever_is_to_open_a_page_is_told_where_and_what_is_unknown(url: str, where: str) -> None:
    verdict = Verdict(
        kind=VerdictKind.STALE_IN_OKTA,
        reason=Reason.of(ReasonKind.NOTHING_SAID),
        user_id="00u1",
        login="ada@example.com",
        directory=build.directory(),
        judged_at=build.NOW,
    )
    text = said(progress.asks_to_open_the_page(verdict, build.NOW, replace(build.reader(OPEN), org_url=url)))
    assert where in text
    assert "documented by Okta, for AD with just-in-time provisioning" in text
    assert "write anything here in an internal note, and forcesync goes on" in text
    assert "If nobody opens the page by then, forcesync goes on with Force Sync." in text


def test_what_is_unknown_of_the_mapping_is_left_out_where_the_copy_is_old() -> None:
    verdict = stale_copy().subjects[0].verdict
    assert verdict is not None
    text = said(progress.asks_to_open_the_page(verdict, build.NOW, build.reader(OPEN)))
    assert "unknown" not in text
    assert "If nobody opens the page by then, the directory team gets this ticket." in text


def test_the_button_comes_with_its_address_its_path_and_the_time_that_it_takes() -> None:
    before, run = build.started_run(), build.run(assisted=True, deadline=build.NOW)
    note = progress.asks_to_press_after_the_call(
        run, before, replace(build.reader(OPEN), org_url="https://example.okta.com")
    )
    text = said(note)
    assert "https://example-admin.okta.com" in text
    assert "Okta Attribute Mappings" in text
    assert "Once you have written, forcesync watches for 15 minutes" in text
    assert "If nobody writes by then, the ticket is assigned to you." in text


def test_whoever_presses_is_told_to_write_where_no_value_comes() -> None:
    text = said(progress.asks_to_press(build.run(deadline=build.NOW), build.reader(OPEN)))
    assert "If it hasn't arrived a few minutes after you pressed, write “pressed” here" in text
    assert "nobody has written, the ticket is assigned to you." in text


def test_a_reminder_says_how() -> None:
    run = build.run(state=RunState.PROPOSED, asked_at=build.NOW, deadline=build.NOW)
    assert f"forcesync sync approve {run.id}" in progress.still_waits(run, build.reader(OPEN)).model_dump_json()
    waits = run.but(state=RunState.REQUESTED)
    assert "To Okta > Okta Attribute Mappings > Force Sync" in said(progress.still_waits(waits, build.reader(OPEN)))


@pytest.mark.parametrize(
    ("paused", "ends"),
    [
        (Reason.of(ReasonKind.BY_SETTINGS), "when policy.force_sync is switched on again"),
        (Reason.of(ReasonKind.BY_A_PERSON, by="eve", since=build.NOW, why="x"), "the pause ends (forcesync resume)"),
    ],
)
def test_a_pause_names_what_ends_it(paused: Reason, ends: str) -> None:
    assert ends in said(progress.waits_for_the_switch(build.run(), paused, build.NOW, build.reader(OPEN)))


@pytest.mark.parametrize(
    ("silence_ends", "told"),
    [(True, "no answer counts as yes"), (False, "if nobody answers, the ticket is handed over")],
)
def test_a_confirm_question_says_what_silence_does(silence_ends: bool, told: str) -> None:
    case = judged(build.asking("department"))
    assert told in said(progress.confirmation(case, build.NOW, build.reader(OPEN), silence_ends=silence_ends))


def test_an_approval_says_that_nothing_undoes_it() -> None:
    changed: dict[str, Any] = {"by_attribute": {"department": 1}, "unpredictable": {}}
    radius = Radius(at=build.NOW, users=4, changed=1, refused=0, digest="d", **changed)
    text = said(progress.waits_for_approval(build.run(radius=radius, deadline=build.NOW), build.reader(OPEN)))
    assert "It would change 1 of 4 Okta profiles (department: 1)." in text
    assert "It can't be undone." in text


def test_whose_tickets_a_sync_would_overtake_is_told_inside_the_desk_alone() -> None:
    because = Reason.of(ReasonKind.NEEDS_APPROVAL, Reason.of(ReasonKind.OVERTAKES, cases="SUP-7 may object to a sync"))
    run, reader = build.run(because=because, deadline=build.NOW), build.reader(OPEN)
    assert "SUP-7 may object" in said(progress.waits_for_approval(run, replace(reader, sight=Sight.INSIDE)))
    assert "SUP-7" not in said(progress.waits_for_approval(run, replace(reader, sight=Sight.EVERYBODY)))


def test_of_a_persons_press_only_what_is_known_is_told() -> None:
    run, reader = build.started_run(by_hand=True), build.reader(OPEN)
    assert "its effect was first seen at 2026-03-02 09:00 UTC" in progress.started(run, reader)
    said = progress.started(run.but(press=Press(at=build.NOW - timedelta(minutes=1))), reader)
    assert "Somebody pressed Force Sync for corp.example.com in the Admin Console and said so on a ticket at" in said
    assert "09:00" not in said, "when it was pressed is not known"
