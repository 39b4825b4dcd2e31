"""What the notes of a run that waited or started say of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN
from workflows.model import Heading, Note, Press, Reason, ReasonKind, Text, Verdict, VerdictKind
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


def said(note: Note) -> str:
    return " ".join(block.text for block in note.blocks if isinstance(block, Heading | Text))


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("https://example.okta.com", "https://example-admin.okta.com/admin/user/profile/view/00u1"),
        ("https://id.example.com", "Directory > People > ada@example.com (00u1)"),
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
    text = said(progress.asks_to_open_the_page(verdict, url, build.NOW, build.reader(OPEN)))
    assert where in text
    assert "Okta documents that for AD with just-in-time provisioning" in text
    assert "is unknown" in text
    assert "Without one, Force Sync is next." in text


def test_the_button_comes_with_its_address_its_path_and_the_time_that_it_takes() -> None:
    before, run = build.started_run(), build.run(assisted=True, deadline=build.NOW)
    note = progress.asks_to_press_after_the_call(run, before, "https://example.okta.com", build.reader(OPEN))
    text = said(note)
    assert "https://example-admin.okta.com" in text
    assert "Okta Attribute Mappings" in text
    assert "15 minutes after your word" in text


def test_who_pressed_is_told() -> None:
    run = build.started_run(by_hand=True, press=Press(by="robin", at=build.NOW))
    assert "pressed by robin in the Admin Console" == progress.how_started(run)
