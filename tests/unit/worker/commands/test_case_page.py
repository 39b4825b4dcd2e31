"""The operator's page about a case has words for every later look and every finding."""

from __future__ import annotations

from worker.commands.case_page import ASKED, FOUND
from workflows.model import FollowupKind, FollowupState


def test_every_kind_of_later_look_has_its_words() -> None:
    assert set(FollowupKind) == set(ASKED)


def test_every_finding_of_a_later_look_has_its_words() -> None:
    assert set(FollowupState) == set(FOUND)
