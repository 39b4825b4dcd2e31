"""The operator's page about a case has words for every later look and every finding."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.builders import NOW, case
from tests.unit.worker.reporting.test_command import ended
from worker import wiring
from worker.cases.page import ASKED, FOUND, case_show, told_of
from worker.errors import OperatorError
from workflows.model import Act, CaseState, FollowupKind, FollowupState, OperatorAct, Policy, Sighting, TicketRef
from workflows.ports import Standing


def test_every_kind_of_later_look_has_its_words() -> None:
    assert set(FollowupKind) == set(ASKED)


def test_every_finding_of_a_later_look_has_its_words() -> None:
    assert set(FollowupState) == set(FOUND)


def test_an_archived_case_is_shown_whole(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with wiring.opened_store(config) as store:
        ended(store, "SUP-2", CaseState.ESCALATED, days=100)
        before = store.record(store.find_case("SUP-2").id)  # type: ignore[union-attr]
        store.put_away(datetime.now(UTC) - timedelta(days=90), datetime.now(UTC))
    capsys.readouterr()
    case_show(config, "SUP-2")
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {"ticket", "case", "step"} <= {line[0] for line in told}
    case_show(config, "SUP-2", as_json=True)
    assert before["events"] == json.loads(capsys.readouterr().out)["events"]


def test_a_retry_is_listed_with_who_and_why(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with wiring.opened_store(config) as store:
        opened = store.open_case(Sighting(ref=TicketRef(desk="snow", id="1", key="INC1"), stamp="1"), NOW)
        other = store.open_case(Sighting(ref=TicketRef(desk="snow", id="2", key="INC2"), stamp="1"), NOW)
        assert opened
        assert other
        for one, why in ((opened, "the import has run"), (other, "another one")):
            act = OperatorAct(at=NOW, act=Act.RETRY, target=one.id, by="robin", operator="robin@host", why=why)
            assert store.retry(act, NOW)
    capsys.readouterr()
    case_show(config, "INC1")
    orders = [line for line in capsys.readouterr().out.splitlines() if line.startswith("order")]
    assert 1 == len(orders)
    assert orders[0].endswith("retry by robin: the import has run")


def test_a_case_is_found_in_small_and_capital_letters(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with wiring.opened_store(config) as store:
        ref = TicketRef(desk="snow", id="incident/ABCdef0123", key="INC0010001")
        opened = store.open_case(Sighting(ref=ref, stamp="1"), datetime(2026, 3, 2, tzinfo=UTC))
        assert opened is not None
    for text in ("inc0010001", "INC0010001", "Incident/abcDEF0123", "ABCDEF0123", opened.id.upper(), " inc0010001 "):
        case_show(config, text)
        assert "INC0010001" in capsys.readouterr().out
    with pytest.raises(OperatorError, match="no case has the id"):
        case_show(config, "inc001000")


def test_a_question_is_shown_with_the_time_that_its_ticket_names_and_the_next_look_apart() -> None:
    asked = case(state=CaseState.ASKED, deadline=NOW + timedelta(days=3))
    record: Any = {"case": asked.model_dump(mode="json"), "events": [], "writes": [], "followups": []}
    standing = Standing(due_at=NOW + timedelta(minutes=30), waiting="waiting for a reply on the ticket")
    page = dict(told_of(record, Policy(), standing))
    assert page["now"].startswith("waits until 2026-03-05 09:00:00 UTC: ")
    assert "2026-03-02 09:30:00 UTC" == page["next look"]
