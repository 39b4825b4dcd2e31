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
)
from workflows.notes.reasons import sentence

NOT_APPROVED = Reason.of(ReasonKind.NOT_STARTED, Reason.of(ReasonKind.NOT_APPROVED))
NO_EFFECT = Reason.of(ReasonKind.NO_EFFECT)


def test_two_lines_tell_an_agent_what_was_found_who_acts_and_until_when_it_is_looked_at() -> None:
    case = stale_copy()
    told = opening(handed_over(case, because(case), until=UNTIL))
    for fact in (
        "Force Sync not used: it cannot help",
        "Expected Finance",
        "corp.example.com holds Sales in department (last updated at 2026-03-02 07:00 UTC).",
        "Directory team: confirm the value and the OU",
        "until 2026-03-02 17:00 UTC",
    ):
        assert fact in told
    assert len(told) < 400


def test_a_hand_over_says_its_reason_once() -> None:
    case = judged(build.asking("shoeSize", expected="44"))
    reason = because(case)
    note = words(handed_over(case, reason))
    assert 1 == note.count(sentence(reason).replace('"', '\\"'))


def test_the_note_names_run_approval_and_request_ids() -> None:
    run = build.started_run(decision=build.approval(by="eve@example.com", why="the change is wanted"))
    note = handed_over(judged(build.asking("department", expected="Finance")), NO_EFFECT, run=run)
    assert "Force Sync had no effect" in opening(note)
    assert "Okta Support" in opening(note)
    for fact in ("r1", "req-1", "eve@example.com", "the change is wanted"):
        assert fact in words(note)


def test_where_nothing_was_pressed_the_note_says_why_and_where_it_would_be_done() -> None:
    case = judged(build.asking("department", expected="Finance"))
    told = opening(handed_over(case, NOT_APPROVED))
    assert told == (
        "Handed over to a person. Force Sync was not started: nobody approved it in time. The Okta profile was behind "
        "the directory's copy. Okta administrators: decide whether Force Sync is to be pressed: Directory > Directory "
        "Integrations > corp.example.com > Provisioning > To Okta > Okta Attribute Mappings > Force Sync."
    )


def test_a_rejected_force_sync_is_not_asked_for_again() -> None:
    case = judged(build.asking("department", expected="Finance"))
    run = build.run(decision=build.approval(approved=False, by="robin", why="not now"))
    told = opening(handed_over(case, NOT_APPROVED, run=run))
    assert "Okta administrators: settle with robin what is done instead of the Force Sync." in told
    assert "decide whether" not in told


def test_a_hand_over_of_one_user_says_that_the_other_is_settled() -> None:
    (right,) = judged(build.asking("department", expected="Sales"), copy="Sales").subjects
    (late,) = stale_copy().subjects
    assert right.verdict is not None
    verdict = right.verdict.model_copy(update={"login": "grace@example.com"})
    case = build.case(subjects=(right.model_copy(update={"verdict": verdict}), late))
    told = opening(handed_over(case, because(build.case(subjects=(late,)))))
    assert "ada@example.com: Expected Finance" in told
    assert "(last updated at 2026-03-02 07:00 UTC)" in told
    assert "Settled already: grace@example.com." in told


def test_why_a_copy_may_be_old_stands_in_the_first_lines_and_not_again_behind_them() -> None:
    case = stale_copy()
    (subject,) = case.subjects
    assert subject.verdict is not None
    at = build.NOW - timedelta(hours=1)
    suspected = (Reason.of(ReasonKind.IMPORT_COMPLETED, at=at), Reason.of(ReasonKind.DIRECTORY_UNSEEN))
    verdict = subject.verdict.model_copy(update={"suspicions": suspected})
    case = case.model_copy(update={"subjects": (subject.model_copy(update={"verdict": verdict}),)})
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    note = handed_over(case, verdict.reason, reader=reader, until=UNTIL)
    assert "The last import completed at 2026-03-02 08:00 UTC (09:00 CET). Directory team:" in opening(note)
    assert "I look again hourly until" in opening(note)
    assert 1 == words(note).count("The last import completed")
    assert "forcesync cannot see AD" not in opening(note)
    assert "forcesync cannot see AD" in words(note)


def test_an_old_copy_is_told_without_values_where_they_are_masked() -> None:
    case = stale_copy()
    note = handed_over(case, because(case), reader=build.reader(Policy()))
    assert "Finance" not in words(note)
    assert "department" in opening(note)
    assert "(corp.example.com, last updated at 2026-03-02 07:00 UTC) did not hold the value" in opening(note)
