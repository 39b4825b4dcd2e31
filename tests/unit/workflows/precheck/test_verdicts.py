"""Every verdict has its row, and a question where it asks."""

from __future__ import annotations

from workflows.model import VerdictKind
from workflows.precheck.verdicts import VERDICTS, Act


def test_every_verdict_has_its_row() -> None:
    assert set(VerdictKind) == set(VERDICTS)


def test_a_verdict_has_a_question_where_it_asks() -> None:
    assert {kind for kind, row in VERDICTS.items() if row.act is Act.ASK} == {
        kind for kind, row in VERDICTS.items() if row.question
    }
