"""What people read: values masked inside, none at all outside."""

from __future__ import annotations

import json

import pytest

from tests.unit import builders as build
from workflows import notes
from workflows.diagnosis import Diagnosis, SubjectDiagnosis
from workflows.evidence_file import diagnostics_file
from workflows.model import AgentPool, Case, Note, Policy, Request, Seen, Subject, Table, VerdictKind
from workflows.precheck import judge
from workflows.verdict_texts import NEXT_STEPS, TITLES

OPEN = Policy(open_attributes=frozenset({"department"}))


def judged(request: Request) -> Case:
    copy = build.app_user({"department": "Finance", "title": "Chief Secret Officer"})
    verdict = judge(build.facts(request=request, app_users=(copy,)), {})
    seen = tuple(Seen(attribute=item.attribute, value=item.value, at=build.NOW) for item in verdict.expectations)
    return build.case(subjects=(Subject(request=request, verdict=verdict, seen=seen),))


def words(note: Note) -> str:
    return note.model_dump_json()


def test_the_evidence_shows_before_copy_expected_and_after() -> None:
    note = notes.resolved_internal(judged(build.asking("department", expected="Finance")), None, OPEN)
    table = next(block for block in note.blocks if isinstance(block, Table))
    (row,) = table.rows
    assert row[:4] == ("department", "Sales", "Finance", "Finance (stated in the ticket)")
    assert row[4].startswith("Finance at 2026-03-02 09:00:00 UTC")


def test_values_are_masked_unless_their_attribute_is_open() -> None:
    text = words(notes.resolved_internal(judged(Request()), None, OPEN))
    assert "Finance" in text
    assert "Chief Secret Officer" not in text
    assert "Clerk" not in text


def test_public_texts_show_no_value() -> None:
    case = judged(build.asking("department", expected="Finance"))
    text = words(notes.resolved_public(case, build.ticket()))
    assert not any(value in text for value in ("Finance", "Sales", "Chief"))


def test_public_texts_are_neutral_when_somebody_else_filed_the_ticket() -> None:
    case = judged(build.asking("department", expected="Finance"))
    own = notes.closing_sentence(case, build.ticket())
    foreign = build.ticket(
        requester=build.ADA.model_copy(update={"login": "bob@example.com", "email": "bob@example.com"})
    )
    assert "profile" in own
    assert "profile" not in notes.closing_sentence(case, foreign)


def test_every_verdict_has_its_words() -> None:
    assert set(VerdictKind) == set(TITLES) == set(NEXT_STEPS)


@pytest.mark.parametrize("kind", [VerdictKind.NEEDS_INFORMATION, VerdictKind.USER_AMBIGUOUS, VerdictKind.CANNOT_TELL])
def test_a_question_names_the_lines_to_fill_in(kind: VerdictKind) -> None:
    verdict = judge(build.facts(), {}).model_copy(update={"kind": kind})
    assert ": (" in words(notes.question(verdict, build.ticket()))


def test_the_diagnostics_are_masked_json() -> None:
    pool = AgentPool(id="0oa1", name="corp", status="DISRUPTED", agents=({"id": "a531", "version": "3.20"},))
    file = diagnostics_file(
        judged(Request()), None, Diagnosis(subjects=(SubjectDiagnosis(pools=(pool,)),), missing=("x",)), OPEN, build.NOW
    )
    text = file.content.decode()
    assert json.loads(text)["subjects"][0]["agents"][0]["status"] == "DISRUPTED"
    assert "Chief Secret Officer" not in text
    assert "ada@example.com" not in text
