"""The page escapes whatever a product said."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.trial.page import page
from worker.trial.rows import Outcome, Result, Row
from workflows.model import VerdictKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_everything_on_it_is_escaped() -> None:
    bad = "<img src=x onerror=alert(1)>\"'&"
    row = Row(bad, bad, Outcome.SYNC, user=bad, people=2, attributes=(bad,), found=bad, why=bad)
    text = page(Result((row,), 1, 0.0, stopped=bad), NOON)
    assert "<img" not in text
    assert "\"'&" not in text
    assert text.count("&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;") == 7


def test_tickets_about_others_are_counted_with_the_key_that_decides() -> None:
    rows = tuple(
        Row(key, "servicenow", Outcome.HAND_OVER, verdict=kind)
        for key, kind in (("INC1", VerdictKind.ON_BEHALF), ("INC2", VerdictKind.NOT_MAPPED))
    )
    [note] = Result(rows, 2, 0.0).notes
    assert note.startswith(
        "1 of 2 tickets is about somebody for whom, as far as forcesync knows, the requester may not"
    )
    assert "policy.on_behalf names the Okta groups" in note
    assert () == Result(rows[1:], 1, 0.0).notes


def test_a_verdict_of_a_closed_ticket_is_marked() -> None:
    row = Row("INC1", "servicenow", Outcome.ASK, closed=True, verdict=VerdictKind.UNSPECIFIC, found="Says little")
    assert "Says little (facts have moved)" in page(Result((row,), 1, 0.0), NOON)
