"""What people read inside the desk: the first two lines say it all, and values are masked."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.unit import builders as build
from workflows.model import (
    AgentPool,
    Case,
    Heading,
    Note,
    Policy,
    Reason,
    ReasonKind,
    Request,
    Seen,
    StoryEntry,
    Subject,
    Table,
    Text,
    VerdictKind,
)
from workflows.notes import endings, progress
from workflows.notes.reasons import sentence
from workflows.precheck.schema_refusal import FAILED
from workflows.precheck.table import judge
from workflows.precheck.verdicts import VERDICTS
from workflows.support.files import diagnostics_file
from workflows.support.material import Diagnosis, Material, SubjectDiagnosis

NOT_APPROVED = Reason.of(ReasonKind.NOT_STARTED, Reason.of(ReasonKind.NOT_APPROVED))
UNNAMED = Reason.of(ReasonKind.AS_WRITTEN, words="x")
OPEN = Policy(open_attributes=frozenset({"department"}))
READER = build.reader(OPEN)
UNTIL = build.NOW + timedelta(hours=8)


def judged(request: Request, *, okta: str = "Sales", copy: str = "Finance", said: str = "", **case: object) -> Case:
    held = {"department": copy, "title": "Chief Secret Officer"}
    copied = build.app_user(held, last_updated=build.NOW - timedelta(hours=2))
    users = (build.okta_user({"department": okta}),)
    facts = build.facts(request=request, app_users=(copied,), users=users, words=said)
    verdict = judge(facts, {})
    seen = tuple(Seen(attribute=item.attribute, value=item.value, at=build.NOW) for item in verdict.expectations)
    return build.case(subjects=(Subject(request=request, verdict=verdict, seen=seen),), **case)


def stale_copy() -> Case:
    return judged(build.asking("department", expected="Finance"), copy="Sales", requester="ada@example.com")


def because(case: Case) -> Reason:
    verdict = case.subjects[0].verdict
    assert verdict is not None
    return verdict.reason


def words(note: Note) -> str:
    return note.model_dump_json()


def opening(note: Note) -> str:
    first, second = note.blocks[:2]
    assert isinstance(first, Heading)
    assert isinstance(second, Text)
    return f"{first.text}. {second.text}"


def test_two_lines_tell_an_agent_what_was_found_who_acts_and_until_when_it_is_looked_at() -> None:
    case = stale_copy()
    told = opening(endings.escalated(case, None, READER, because(case), None, UNTIL))
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
    note = words(endings.escalated(case, None, READER, reason, None, None))
    assert 1 == note.count(sentence(reason).replace('"', '\\"'))


def test_the_evidence_shows_copy_before_now_and_expected() -> None:
    note = endings.resolved(judged(build.asking("department", expected="Finance")), None, READER)
    table = next(block for block in note.blocks if isinstance(block, Table))
    (row,) = table.rows
    assert ("department", "Finance", "Sales") == row[:3]
    assert row[3].startswith("Finance at 2026-03-02 09:00 UTC")
    assert row[4].startswith("Finance")


def test_what_was_understood_reads_like_a_sentence_and_names_its_place() -> None:
    request = build.asking("department", expected="Finance").model_copy(
        update={"source": ("user: the description", "value: the description")}
    )
    note = words(endings.resolved(judged(request), None, READER))
    assert "department should be Finance (read in the description)" in note


def test_what_a_value_in_the_tickets_words_was_taken_for_is_told() -> None:
    told = words(endings.resolved(judged(Request(), said="olen nyt Finance"), None, READER))
    assert "; department, of which its words hold a value or the name." in told
    assert "no attribute named, so all that could be compared" in words(
        endings.resolved(judged(Request()), None, READER)
    )


def test_a_complaint_about_what_both_copies_hold_is_told_by_the_value() -> None:
    case = judged(build.asking("department"), copy="Sales", said="my department in Okta is still Sales")
    line = opening(endings.escalated(case, None, READER, because(case), None, None))
    assert "Force Sync not used: it cannot help" in line
    assert "The ticket complains: Okta's copy of corp.example.com holds Sales in department (last updated at" in line
    assert "UTC), as Okta does. Directory team: confirm the value" in line.replace("  ", " ")


def test_the_note_names_run_approval_and_request_ids() -> None:
    run = build.started_run(decision=build.approval(by="eve@example.com", why="the change is wanted"))
    note = endings.escalated(judged(build.asking("department", expected="Finance")), run, READER, UNNAMED, None, None)
    assert "Force Sync had no effect" in opening(note)
    assert "Okta Support" in opening(note)
    for fact in ("r1", "req-1", "eve@example.com", "the change is wanted"):
        assert fact in words(note)


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


def test_where_nothing_was_pressed_the_note_says_why_and_where_it_would_be_done() -> None:
    case = judged(build.asking("department", expected="Finance"))
    told = opening(endings.escalated(case, None, READER, NOT_APPROVED, None, None))
    assert told == (
        "Handed over to a person. Force Sync was not started: nobody approved it in time. The Okta profile was behind "
        "the directory's copy. Okta administrators: decide whether Force Sync is to be pressed: Directory > Directory "
        "Integrations > corp.example.com > Provisioning > To Okta > Okta Attribute Mappings > Force Sync."
    )


def test_a_rejected_force_sync_is_not_asked_for_again() -> None:
    case = judged(build.asking("department", expected="Finance"))
    run = build.run(decision=build.approval(approved=False, by="robin", why="not now"))
    told = opening(endings.escalated(case, run, READER, NOT_APPROVED, None, None))
    assert "Okta administrators: settle with robin what is done instead of the Force Sync." in told
    assert "decide whether" not in told


def test_a_hand_over_of_one_user_says_that_the_other_is_settled() -> None:
    (right,) = judged(build.asking("department", expected="Sales"), copy="Sales").subjects
    (late,) = stale_copy().subjects
    assert right.verdict is not None
    verdict = right.verdict.model_copy(update={"login": "grace@example.com"})
    case = build.case(subjects=(right.model_copy(update={"verdict": verdict}), late))
    told = opening(endings.escalated(case, None, READER, because(build.case(subjects=(late,))), None, None))
    assert "ada@example.com: Expected Finance" in told
    assert "(last updated at 2026-03-02 07:00 UTC)" in told
    assert "Settled already: grace@example.com." in told


def test_the_card_names_the_system_log_events_that_a_finding_rests_on() -> None:
    refusal = build.event(FAILED, minutes=-5, result="FAILURE", reason="mobilePhone is invalid", uuid="log-77")
    copy = build.app_user({"department": "Finance"})
    facts = build.facts(request=build.asking("department", expected="Finance"), app_users=(copy,), history=(refusal,))
    verdict = judge(facts, {})
    case = build.case(subjects=(Subject(request=facts.request, verdict=verdict),))
    note = words(endings.escalated(case, None, READER, verdict.reason, None, None))
    assert VerdictKind.REJECTED_BY_OKTA == verdict.kind
    assert f"System Log events: {FAILED} at 2026-03-02 08:55 UTC (log-77)" in note


def test_what_the_ticket_said_is_understood_even_where_no_verdict_rests_on_it() -> None:
    request = build.asking("department", expected="Finance")
    user = build.okta_user({}, status="SUSPENDED")
    verdict = judge(build.facts(request=request, users=(user,)), {})
    case = build.case(subjects=(Subject(request=request, verdict=verdict),))
    note = endings.escalated(case, None, READER, verdict.reason, None, None)
    assert "department should be Finance" in words(note)
    table = next(block for block in note.blocks if isinstance(block, Table))
    assert "Finance (by the ticket)" == table.rows[0][-1]


def test_a_hand_over_says_nothing_twice_after_a_question() -> None:
    case = judged(build.asking("department"), copy="Sales")
    reason = because(case)
    happened = (
        Reason.of(ReasonKind.CLAIMED),
        Reason.of(ReasonKind.ASKED, reason),
        Reason.of(ReasonKind.REMINDED),
        Reason.of(ReasonKind.NO_REPLY),
    )
    story = tuple(StoryEntry(at=build.NOW, what=what) for what in happened)
    case = case.model_copy(update={"story": story})
    note = words(endings.escalated(case, None, READER, Reason.of(ReasonKind.NO_REPLY), None, None))
    assert 1 == note.count(sentence(reason))
    assert "Asked the requester." in note


def test_why_a_copy_may_be_old_stands_in_the_first_lines_and_not_again_behind_them() -> None:
    case = stale_copy()
    (subject,) = case.subjects
    assert subject.verdict is not None
    at = build.NOW - timedelta(hours=1)
    suspected = (Reason.of(ReasonKind.IMPORT_COMPLETED, at=at), Reason.of(ReasonKind.DIRECTORY_UNSEEN))
    verdict = subject.verdict.model_copy(update={"suspicions": suspected})
    case = case.model_copy(update={"subjects": (subject.model_copy(update={"verdict": verdict}),)})
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    note = endings.escalated(case, None, reader, verdict.reason, None, UNTIL)
    assert "The last import completed at 2026-03-02 08:00 UTC (09:00 CET). Directory team:" in opening(note)
    assert "I look again hourly until" in opening(note)
    assert 1 == words(note).count("The last import completed")
    assert "forcesync cannot see AD" not in opening(note)
    assert "forcesync cannot see AD" in words(note)


def test_values_are_masked_unless_their_attribute_is_open() -> None:
    text = words(endings.resolved(judged(Request()), None, READER))
    assert "Finance" in text
    assert "Chief Secret Officer" not in text
    assert "Clerk" not in text


def test_an_old_copy_is_told_without_values_where_they_are_masked() -> None:
    case = stale_copy()
    note = endings.escalated(case, None, build.reader(Policy()), because(case), None, None)
    assert "Finance" not in words(note)
    assert "department" in opening(note)
    assert "(corp.example.com, last updated at 2026-03-02 07:00 UTC) did not hold the value" in opening(note)


def test_every_verdict_has_its_words() -> None:
    assert set(VerdictKind) == set(VERDICTS)
    assert all(row.title and row.next_step for row in VERDICTS.values())


def test_nobody_is_ever_told_to_run_a_full_import() -> None:
    assert not [row for row in VERDICTS.values() if "full import" in row.next_step.lower()]


def test_the_diagnostics_are_masked_json() -> None:
    pool = AgentPool(id="0oa1", name="corp", status="DISRUPTED", agents=({"id": "a531", "version": "3.20"},))
    found = Diagnosis(subjects=(SubjectDiagnosis(pools=(pool,)),), missing=("x",))
    text = diagnostics_file(Material(judged(Request()), (), found, OPEN, build.NOW)).content.decode()
    assert "DISRUPTED" in text
    assert "Chief Secret Officer" not in text
    assert "ada@example.com" not in text


def test_a_value_that_was_read_once_is_not_told_as_what_okta_holds_now() -> None:
    case = judged(build.asking("department", expected="Finance"), copy="Sales")
    unseen = case.model_copy(update={"subjects": (case.subjects[0].model_copy(update={"seen": ()}),)})
    note = endings.escalated(unseen, None, READER, because(unseen), None, None)
    (table,) = (block for block in note.blocks if isinstance(block, Table))
    assert ("department", "Sales", "Sales", "not read again") == table.rows[0][:4]
