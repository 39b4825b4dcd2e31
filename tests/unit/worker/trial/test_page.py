"""The page escapes whatever a product said, and is never half written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.errors import OperatorError
from worker.trial.page import check, write
from worker.trial.rows import Outcome, Result, Row
from workflows.model import VerdictKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_everything_on_it_is_escaped(tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>\"'&"
    row = Row(bad, bad, Outcome.SYNC, user=bad, people=2, attributes=(bad,), found=bad, why=bad)
    page = tmp_path / "trial.html"
    write(page, Result((row,), 1, 0.0, stopped=bad), NOON)
    text = page.read_text(encoding="utf-8")
    assert "<img" not in text
    assert "\"'&" not in text
    assert text.count("&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;") == 7


def test_a_verdict_of_a_closed_ticket_is_marked(tmp_path: Path) -> None:
    row = Row("INC1", "servicenow", Outcome.ASK, closed=True, verdict=VerdictKind.UNSPECIFIC, found="Says little")
    page = tmp_path / "trial.html"
    write(page, Result((row,), 1, 0.0), NOON)
    assert "Says little (facts have moved)" in page.read_text(encoding="utf-8")


def test_a_folder_that_refuses_the_page_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written"):
        write(tmp_path / "gone" / "trial.html", Result((), 0, 0.0), NOON)
    with pytest.raises(OperatorError, match="is a folder"):
        check(tmp_path, replace=True)
    assert [] == list(tmp_path.iterdir())
