"""Every verdict has its row: a title, a next step, and a question where it asks."""

from __future__ import annotations

from workflows.model import VerdictKind
from workflows.precheck.verdicts import VERDICTS, Act


def test_every_verdict_has_its_words() -> None:
    assert set(VerdictKind) == set(VERDICTS)
    assert all(row.title and row.next_step for row in VERDICTS.values())


def test_nobody_is_ever_told_to_run_a_full_import() -> None:
    assert not [row for row in VERDICTS.values() if "full import" in row.next_step.lower()]


def test_a_verdict_has_a_question_where_it_asks() -> None:
    assert {kind for kind, row in VERDICTS.items() if row.act is Act.ASK} == {
        kind for kind, row in VERDICTS.items() if row.question
    }
