"""Every verdict has its words."""

from __future__ import annotations

from workflows.model import VerdictKind
from workflows.notes.titles import TOLD


def test_every_verdict_has_a_title_and_a_next_step() -> None:
    assert set(VerdictKind) == set(TOLD)


def test_nobody_is_ever_told_to_run_a_full_import() -> None:
    assert not [kind for kind, told in TOLD.items() if "full import" in told.next_step.lower()]
