"""The notes at the end of a case: the first two lines say it all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import (
    OPEN,
    READER,
    UNTIL,
    because,
    handed_over,
    judged,
    opening,
    stale_copy,
    words,
)
from workflows.model import Case, Heading, Note, Policy, Reason, ReasonKind, Refresh, Request, Text, TicketRef
from workflows.notes import endings, progress
from workflows.notes.audience import Sight
from workflows.notes.progress import OtherWish
from workflows.notes.reasons import sentence

WORDS = "Could not do it: HTTP 400: E0000001"
NOT_APPROVED = Reason.of(ReasonKind.NOT_STARTED, Reason.of(ReasonKind.NOT_APPROVED))
NO_EFFECT = Reason.of(ReasonKind.NO_EFFECT)


def suspecting(case: Case, *suspected: Reason) -> Case:
    (subject,) = case.subjects
    assert subject.verdict is not None
    return case.but(subjects=(subject.but(verdict=subject.verdict.but(suspicions=suspected)),))


def texts(note: Note) -> tuple[str, ...]:
    return tuple(block.text for block in note.blocks if isinstance(block, Heading | Text))


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


def test_the_directory_team_gets_its_steps_and_is_told_until_when_it_is_looked_at() -> None:
    case = stale_copy()
    steps = [
        block.text for block in handed_over(case, because(case), until=UNTIL).blocks[2:5] if isinstance(block, Text)
    ]
    assert ["1. In corp.example.co", "2. Wait for the next", "3. forcesync checks h"] == [
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
        "Okta Admin Console > Directory > Directory Integrations > corp.example.com > Provisioning > To Okta > "
        "Okta Attribute Mappings > "
        "Force Sync."
    )


def test_a_rejected_force_sync_is_not_asked_for_again() -> None:
    case = judged(build.asking("department", expected="Finance"))
    run = build.run(decision=build.approval(approved=False, by="robin", why="not now"))
    told = opening(handed_over(case, NOT_APPROVED, run=run))
    assert "Okta administrators: agree with robin what to do instead of the Force Sync." in told
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
    suspected = (
        Reason.of(ReasonKind.IMPORTS_PAUSED, at=build.NOW),
        Reason.of(ReasonKind.AGENTS_DOWN, status="DISRUPTED"),
    )
    note = handed_over(suspecting(case, *suspected), because(case))
    assert (
        "1. Have an Okta super administrator resume the imports (Reports > Import Monitoring); Import Safeguard paused "
        "them at 2026-03-02 09:00 UTC.",
        "2. Bring the directory's agents back online; Okta shows them as DISRUPTED and imports nothing until then.",
    ) == texts(note)[2:4]
    assert texts(note)[4].startswith("3. In corp.example.com, check that this user has the expected department")
    assert texts(note)[5].startswith("4. Have an Okta administrator run an import (")
    assert 1 == words(note).count("Import Safeguard")


def test_the_users_page_is_a_step_where_the_settings_want_it_and_an_import_can_run() -> None:
    case = stale_copy()
    offered = OPEN.but(refresh={"corp.example.com": Refresh.PROFILE_PAGE})
    reader, page = (
        build.reader(offered),
        "open the user's page once (Okta Admin Console > Directory > People > ada@example.com) or run an import",
    )
    assert page in words(handed_over(case, because(case), reader=reader))
    down = suspecting(case, Reason.of(ReasonKind.AGENTS_DOWN, status="DISRUPTED"))
    asked = case.but(said=case.said.but(profile_page=True))
    for other, its_reader in ((down, reader), (asked, reader), (case, build.reader(OPEN))):
        assert "user's page" not in words(handed_over(other, because(case), reader=its_reader))


def test_the_users_page_comes_before_a_persons_force_sync_where_the_settings_want_it() -> None:
    case = judged(build.asking("department", expected="Finance"))
    reader = build.reader(OPEN.but(refresh={"corp.example.com": Refresh.PROFILE_PAGE}))
    protected = Reason.of(ReasonKind.PROTECTED, group="Executives")
    told = "Service desk or Okta administrators: first open the user's page once (Okta Admin Console > Directory > "
    assert told in opening(handed_over(case, protected, reader=reader))
    assert told in words(endings.advised(case.but(because=because(case)), reader))
    assert "page once" not in opening(handed_over(case, protected))


@pytest.mark.parametrize(
    ("why", "title"),
    [
        (
            Reason.of(ReasonKind.PRODUCT_FAULT, words=WORDS, operation="read the ticket"),
            "forcesync couldn't read the ticket",
        ),
        (Reason.of(ReasonKind.PRODUCT_FAULT, words=WORDS), "forcesync couldn't work this ticket"),
        (Reason.of(ReasonKind.CHANGE_REFUSED, words=WORDS), "The ticket system refused a change"),
        (
            Reason.of(ReasonKind.NOT_STARTED, Reason.of(ReasonKind.START_REFUSED, words=WORDS)),
            "Okta refused to start Force Sync",
        ),
    ],
)
def test_a_products_words_are_no_title(why: Reason, title: str) -> None:
    note = handed_over(build.case(), why)
    assert opening(note) == f"{title}. Service desk: please take this ticket from here."
    assert WORDS in texts(note)[2]


def test_a_rejection_is_told_once_with_who_and_why() -> None:
    case = judged(build.asking("department", expected="Finance"))
    rejected = Reason.of(ReasonKind.NOT_STARTED, Reason.of(ReasonKind.REJECTED, by="robin", why="not now"))
    note = handed_over(case, rejected)
    assert opening(note).startswith("Force Sync was rejected. ")
    assert 1 == words(note).count("rejected by robin: not now")
    assert 1 == words(note).count("not now")


@pytest.mark.parametrize("sight", [Sight.EVERYBODY, Sight.STRANGERS])
def test_what_whoever_decided_wrote_is_on_no_note_that_a_requester_reads(sight: Sight) -> None:
    case = judged(build.asking("department", expected="Finance"))
    rejected = Reason.of(ReasonKind.NOT_STARTED, Reason.of(ReasonKind.REJECTED, by="robin", why="not now"))
    run, reader = build.started_run(decision=build.approval(why="not now")), replace(READER, sight=sight)
    told = words(handed_over(case, rejected, reader=reader)) + words(
        handed_over(case, NO_EFFECT, run=run, reader=reader)
    )
    assert "approved the Force Sync" in told
    assert [] == [word for word in ("not now", "robin", "eve@") if word in told]


def test_a_press_that_nobody_saw_is_not_told_as_left_undone() -> None:
    case = judged(build.asking("department", expected="Finance"))
    told = words(handed_over(case, Reason.of(ReasonKind.NOT_PRESSED)))
    assert "No effect was seen, and nobody wrote that Force Sync was pressed" in told
    assert "wasn't started" not in told


def test_of_several_whose_names_are_withheld_none_is_called_none() -> None:
    one = judged(build.asking("department", expected="Finance"))
    case = one.but(subjects=one.subjects * 2)
    told = words(endings.resolved(case, None, replace(READER, sight=Sight.STRANGERS), []))
    assert "The user: Okta showed the expected department" in told
    assert "None" not in told


def test_where_another_ticket_asks_for_another_value_a_solved_one_has_something_to_do() -> None:
    case = judged(build.asking("department", expected="Finance"))
    other = OtherWish(case.but(ref=TicketRef(desk="jira", id="7", key="SUP-7")), ("department",))
    told = opening(endings.resolved(case, None, READER, [other]))
    head = "The right value is in Okta, but another ticket asks for a different department."
    assert told.startswith(f"{head} Service desk: ask both requesters")
    assert "Nothing to do" not in words(endings.resolved(case, None, READER, [other]))


def test_a_ticket_at_odds_with_another_is_first_settled_by_the_desk() -> None:
    case = stale_copy()
    other = OtherWish(case.but(ref=TicketRef(desk="jira", id="7", key="SUP-7")), ("department",))
    note = progress.naming_others(handed_over(case, because(case)), [other], READER)
    first, second = (block.text for block in note.blocks[1:3] if isinstance(block, Text))
    assert first.startswith("Service desk: ask both requesters which value is right.")
    assert second.startswith("Directory team:")


def test_a_support_case_that_okta_does_not_list_is_checked_by_the_okta_administrators() -> None:
    told = opening(endings.support_case_found("01234567", Reason.of(ReasonKind.SUPPORT_CASE_UNLISTED), READER))
    assert told.endswith(
        "Okta administrators: please check the case number. Okta's list didn't show this case when forcesync looked."
    )


def test_an_old_copy_is_told_without_values_where_they_are_masked() -> None:
    case = stale_copy()
    note = handed_over(case, because(case), reader=build.reader(Policy()))
    assert "Finance" not in words(note)
    assert "department" in opening(note)
    assert "(corp.example.com, last updated at 2026-03-02 07:00 UTC) doesn't hold the expected department" in words(
        note
    )


@pytest.mark.parametrize(
    ("request_", "said", "told"),
    [
        (build.asking("department", expected="Finance"), "", False),
        (build.asking(), "Since my move my department should be Digital Workplace.", True),
    ],
)
def test_advice_on_a_value_that_no_line_states_says_what_to_compare_and_whom_to_ask(
    request_: Request, said: str, told: bool
) -> None:
    case = judged(request_, said=said)
    step = " ".join(texts(endings.advised(case.but(because=because(case)), READER)))
    assert told == ("if its words name one that the directory's copy lacks, Force Sync would not help" in step)
    assert told == ("Once it has arrived, ask the requester whether it is correct." in step)
