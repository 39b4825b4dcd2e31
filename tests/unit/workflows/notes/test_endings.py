"""The notes at the end of a case: the first two lines say it all."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import (
    OPEN,
    UNTIL,
    because,
    handed_over,
    judged,
    opening,
    stale_copy,
    words,
)
from workflows.model import (
    Policy,
    Reason,
    ReasonKind,
    Text,
)
from workflows.notes.reasons import sentence

NOT_APPROVED = Reason.of(ReasonKind.NOT_STARTED, Reason.of(ReasonKind.NOT_APPROVED))
NO_EFFECT = Reason.of(ReasonKind.NO_EFFECT)


def test_two_lines_tell_an_agent_what_was_found_and_who_acts() -> None:
    case = stale_copy()
    told = opening(handed_over(case, because(case), until=UNTIL))
    for fact in (
        "The new department hasn't reached Okta yet",
        "Directory team: get the new value into Okta.",
        "Force Sync can't help until it is there",
    ):
        assert fact in told
    assert len(told) < 400


def test_the_directory_team_gets_three_steps_and_is_told_until_when_it_is_looked_at() -> None:
    case = stale_copy()
    steps = [
        block.text for block in handed_over(case, because(case), until=UNTIL).blocks[2:5] if isinstance(block, Text)
    ]
    assert ["1. In corp.example.co", "2. Then wait for the", "3. forcesync checks h"] == [
        text[:21].rstrip() for text in steps
    ]
    assert "until 2026-03-02 17:00 UTC" in steps[2]


def test_a_hand_over_says_its_reason_once() -> None:
    case = judged(build.asking("shoeSize", expected="44"))
    reason = because(case)
    note = words(handed_over(case, reason))
    assert 1 == note.count(sentence(reason).replace('"', '\\"'))


def test_the_note_names_the_approval_and_no_ids() -> None:
    run = build.started_run(decision=build.approval(by="eve@example.com", why="the change is wanted"))
    note = handed_over(judged(build.asking("department", expected="Finance")), NO_EFFECT, run=run)
    assert "Force Sync had no effect" in opening(note)
    assert "Okta Support" in opening(note)
    for fact in ("eve@example.com", "the change is wanted"):
        assert fact in words(note)
    assert "req-1" not in words(note)


def test_where_nothing_was_pressed_the_note_says_why_and_where_it_would_be_done() -> None:
    case = judged(build.asking("department", expected="Finance"))
    told = opening(handed_over(case, NOT_APPROVED))
    assert told == (
        "Force Sync wasn't started: nobody approved it in time. Okta administrators: decide whether to run Force Sync: "
        "Directory > Directory Integrations > corp.example.com > Provisioning > To Okta > Okta Attribute Mappings > "
        "Force Sync."
    )


def test_a_rejected_force_sync_is_not_asked_for_again() -> None:
    case = judged(build.asking("department", expected="Finance"))
    run = build.run(decision=build.approval(approved=False, by="robin", why="not now"))
    told = opening(handed_over(case, NOT_APPROVED, run=run))
    assert "Okta administrators: settle with robin what to do instead of the Force Sync." in told
    assert "decide whether" not in told


def test_a_hand_over_of_one_user_says_that_the_other_is_settled() -> None:
    (right,) = judged(build.asking("department", expected="Sales"), copy="Sales").subjects
    (late,) = stale_copy().subjects
    assert right.verdict is not None
    verdict = right.verdict.model_copy(update={"login": "grace@example.com"})
    case = build.case(subjects=(right.model_copy(update={"verdict": verdict}), late))
    told = words(handed_over(case, because(build.case(subjects=(late,)))))
    assert "ada@example.com: The directory's copy of the user" in told
    assert "last updated at 2026-03-02 07:00 UTC)" in told
    assert "Settled already: grace@example.com." in told


def test_why_a_copy_may_be_old_stands_on_the_note_once() -> None:
    case = stale_copy()
    (subject,) = case.subjects
    assert subject.verdict is not None
    at = build.NOW - timedelta(hours=1)
    suspected = (Reason.of(ReasonKind.IMPORT_COMPLETED, at=at), Reason.of(ReasonKind.DIRECTORY_UNSEEN))
    verdict = subject.verdict.model_copy(update={"suspicions": suspected})
    case = case.model_copy(update={"subjects": (subject.model_copy(update={"verdict": verdict}),)})
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    note = handed_over(case, verdict.reason, reader=reader, until=UNTIL)
    assert 1 == words(note).count("The last import completed at 2026-03-02 09:00 CET (08:00 UTC).")
    assert "forcesync can't see into AD" in words(note)


def test_what_holds_an_import_up_is_cleared_first() -> None:
    case = stale_copy()
    (subject,) = case.subjects
    assert subject.verdict is not None
    verdict = subject.verdict.but(suspicions=(Reason.of(ReasonKind.IMPORTS_PAUSED, at=build.NOW),))
    note = handed_over(case.but(subjects=(subject.but(verdict=verdict),)), verdict.reason)
    assert isinstance(note.blocks[3], Text)
    assert note.blocks[3].text.startswith("2. Import Safeguard has paused the imports since 2026-03-02 09:00 UTC.")
    assert 1 == words(note).count("Import Safeguard")


def test_an_old_copy_is_told_without_values_where_they_are_masked() -> None:
    case = stale_copy()
    note = handed_over(case, because(case), reader=build.reader(Policy()))
    assert "Finance" not in words(note)
    assert "department" in opening(note)
    assert "(corp.example.com, last updated at 2026-03-02 07:00 UTC) doesn't hold the value" in words(note)
