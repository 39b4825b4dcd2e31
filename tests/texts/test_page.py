"""The page of all texts builds, and holds a text of every kind."""

from __future__ import annotations

import html

import pytest

from tests.texts.page import MEMBERS, page
from workflows.notes.audience import TEMPLATES
from workflows.notes.handovers import HANDOVERS
from workflows.notes.reasons import SENTENCES
from workflows.notes.titles import TOLD
from workflows.precheck.verdicts import Team


@pytest.fixture(scope="module")
def shown() -> str:
    return page()


def test_it_holds_every_verdict_and_every_reason(shown: str) -> None:
    assert [told.title for told in TOLD.values() if html.escape(told.title) not in shown] == []
    assert [kind for kind in SENTENCES if f"<tr><td>{kind}</td>" not in shown] == []


def test_it_holds_every_handover_and_every_team(shown: str) -> None:
    assert [item.title for item in HANDOVERS.values() if html.escape(item.title) not in shown] == []
    addressed = set(Team) - {Team.SUPPORT}  # which reads no notes: the administrators write to it
    assert [team for team in addressed if f"<h2>For: {team}</h2>\n<article" not in shown] == []


def test_it_holds_every_public_text_in_both_languages(shown: str) -> None:
    assert [name for name in TEMPLATES if f"<small>{name}</small>" not in shown] == []
    assert "Ihre Anfrage" in shown


def test_it_holds_what_okta_support_gets(shown: str) -> None:
    assert [name for name in MEMBERS if f"<small>{name}</small>" not in shown] == []
