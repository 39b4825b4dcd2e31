"""The evidence below a note's first lines: what was understood, read and logged, with masked values."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN, READER, because, handed_over, judged, stale_copy, words
from workflows.model import (
    Case,
    OktaUser,
    Reason,
    ReasonKind,
    Request,
    Statement,
    StoryEntry,
    Subject,
    Table,
    VerdictKind,
)
from workflows.notes import endings
from workflows.notes.reasons import sentence
from workflows.precheck.schema_refusal import FAILED
from workflows.precheck.table import judge


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
    assert "Asked for: department should be Finance; user: ada@example.com, from the description." in note


def test_what_a_value_in_the_tickets_words_was_taken_for_is_told() -> None:
    told = words(endings.resolved(judged(Request(), said="olen nyt Finance"), None, READER))
    assert "department (found in the ticket's words)" in told
    assert "nothing by name, so everything comparable was compared" in words(
        endings.resolved(judged(Request()), None, READER)
    )


def test_what_was_stated_is_not_told_again_as_found_in_the_words() -> None:
    case = judged(build.asking("department", expected="Finance"), said="the department is now Finance")
    (subject,) = case.subjects
    assert subject.verdict is not None
    spoken = subject.but(verdict=subject.verdict.but(spoken=("department", "title")))
    told = words(endings.resolved(case.but(subjects=(spoken,)), None, READER))
    assert "Asked for: department should be Finance and title (found in the ticket's words); user" in told


def not_theirs(*users: OktaUser, name: str, said: str = "") -> Case:
    """Return the case of a requester who may not ask for whomever the ticket names."""
    request = Request(
        user=name, statements=(Statement(attribute="department", expected="Finance"),) if not said else ()
    )
    copies = (build.app_user({"department": "Finance"}),) if users else ()
    words = tuple(said.splitlines())
    facts = build.facts(request=request, users=users, app_users=copies, words=words, identifier=name, stranger=True)
    return build.case(subjects=(Subject(request=request, verdict=judge(facts, {})),))


@pytest.mark.parametrize("said", ["", "the department is Finance now"])
def test_whoever_may_not_ask_reads_only_what_the_ticket_says(said: str) -> None:
    known = not_theirs(build.okta_user({"department": "Sales"}), name="Ada Byron", said=said)
    unknown = not_theirs(name="Ada Byron", said=said)
    note = handed_over(known, because(known))
    assert note == handed_over(unknown, because(unknown))
    assert "may ask for the person named in the ticket" in words(note)
    assert "user: Ada Byron" in words(note)
    withheld = build.reader(OPEN.but(never_attributes=frozenset({"login"})))
    assert "user: the person named in the ticket" in words(handed_over(unknown, because(unknown), reader=withheld))


def test_whom_a_ticket_names_and_okta_does_not_know_is_named_as_the_ticket_does() -> None:
    request = Request(unclear=("Robin Atall",))
    facts = build.facts(request=request, users=(), app_users=(), identifier=None, named=False)
    case = build.case(subjects=(Subject(request=request, verdict=judge(facts, {})),))
    assert "user: Robin Atall." in words(handed_over(case, because(case)))
    nobody = build.facts(request=Request(), users=(), app_users=(), identifier="ada@example.com", named=False)
    case = build.case(subjects=(Subject(request=Request(), verdict=judge(nobody, {})),))
    assert "user: the requester." in words(handed_over(case, because(case)))


def test_a_user_is_named_by_the_okta_id_only_where_the_login_is_withheld() -> None:
    case = judged(build.asking("department", expected="Finance"))
    assert "00u1" not in words(endings.resolved(case, None, READER))
    withheld = build.reader(OPEN.but(never_attributes=frozenset({"login"})))
    assert "user: (login withheld) (00u1)" in words(endings.resolved(case, None, withheld))


def test_why_a_copy_may_be_old_is_left_out_once_the_value_is_there() -> None:
    (subject,) = stale_copy().subjects
    assert subject.verdict is not None
    down = subject.verdict.but(suspicions=(Reason.of(ReasonKind.AGENTS_DOWN, status="DISRUPTED"),))
    case = build.case(subjects=(subject.but(verdict=down, right=True),))
    assert "DISRUPTED" not in words(endings.resolved(case, None, READER))


def test_the_ids_of_log_events_and_requests_are_not_on_the_note() -> None:
    refusal = build.event(FAILED, minutes=-5, result="FAILURE", reason="mobilePhone is invalid", uuid="log-77")
    copy = build.app_user({"department": "Finance"})
    facts = build.facts(request=build.asking("department", expected="Finance"), app_users=(copy,), history=(refusal,))
    verdict = judge(facts, {})
    case = build.case(subjects=(Subject(request=facts.request, verdict=verdict),))
    note = words(handed_over(case, verdict.reason))
    assert VerdictKind.REJECTED_BY_OKTA == verdict.kind
    assert "2026-03-02 08:55 UTC" in note
    assert "log-77" not in note


def test_what_the_ticket_said_is_understood_even_where_no_verdict_rests_on_it() -> None:
    request = build.asking("department", expected="Finance")
    user = build.okta_user({}, status="SUSPENDED")
    verdict = judge(build.facts(request=request, users=(user,)), {})
    case = build.case(subjects=(Subject(request=request, verdict=verdict),))
    note = handed_over(case, verdict.reason)
    assert "department should be Finance" in words(note)
    table = next(block for block in note.blocks if isinstance(block, Table))
    assert "Finance (from the ticket)" == table.rows[0][-1]


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
    note = words(handed_over(case, Reason.of(ReasonKind.NO_REPLY)))
    assert 1 == note.count(sentence(reason))
    assert "Asked on the ticket." in note


def test_values_are_masked_unless_their_attribute_is_open() -> None:
    text = words(endings.resolved(judged(build.asking("department", expected="Finance")), None, READER))
    assert "Finance" in text
    assert "Chief Secret Officer" not in text
    assert "Clerk" not in text


def test_a_value_that_was_read_once_has_no_column_for_a_later_look() -> None:
    case = judged(build.asking("department", expected="Finance"), copy="Sales")
    unseen = case.model_copy(update={"subjects": (case.subjects[0].model_copy(update={"seen": ()}),)})
    note = handed_over(unseen, because(unseen))
    (table,) = (block for block in note.blocks if isinstance(block, Table))
    assert ("Attribute", "Directory's copy", "Okta", "Expected") == table.header
    assert ("department", "Sales", "Sales", "Finance (from the ticket)") == table.rows[0]


@pytest.mark.parametrize(
    ("request_", "said", "head"),
    [
        (build.asking("department", expected="Finance"), "", "Expected"),
        (build.asking("department"), "My department should be Finance, not Sales.", "Expected"),
        (build.asking(), "Since my move my department should be Digital Workplace.", "Value from the directory"),
    ],
)
def test_the_directorys_value_is_called_expected_only_where_the_ticket_names_it(
    request_: Request, said: str, head: str
) -> None:
    case = judged(request_, said=said)
    note = endings.advised(case.but(because=because(case)), READER)
    (table,) = (block for block in note.blocks if isinstance(block, Table))
    assert head == table.header[-1]
