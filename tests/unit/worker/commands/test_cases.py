"""A list of cases is cut nowhere, puts first what is stuck, and gives programs a version."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.worker.commands.test_commands import SETTINGS
from tests.unit.worker.reporting.test_report import ended
from worker import wiring
from worker.commands import running
from worker.commands.cases import case_lines, case_list, case_show
from worker.commands.choosing import Wanted
from worker.errors import OperatorError
from workflows.model import CaseState, Reason, ReasonKind, Sighting, TicketRef
from workflows.notes.reasons import sentence
from workflows.steps import FOREVER

LONG = "incident-with-a-very-long-key-that-a-desk-of-ones-own-may-have"
WIDE, NARROW = 200, 80


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return settings whose store has two cases: one that waits, opened last, and one that no process has taken."""
    file = tmp_path / "forcesync.toml"
    file.write_text(SETTINGS.format(store=tmp_path / "store.sqlite3"))
    running.migrate(file)
    now = datetime.now(UTC)
    with wiring.opened_store(file) as store:
        for key, opened in ((LONG, now), ("SUP-1", now - timedelta(hours=1))):
            case = store.open_case(Sighting(ref=TicketRef(desk="jira", id=key, key=key), stamp="1"), opened)
            assert case is not None
            if key == LONG:
                lease = store.lease("case", case.id, now, 60.0)
                assert lease is not None
                store.defer(lease, FOREVER, "waiting for a reply on the ticket", now)
                store.release(lease)
    return file


@pytest.mark.parametrize("columns", [NARROW, WIDE])
def test_nothing_is_cut_and_what_is_stuck_comes_first(
    config: Path, columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    capsys.readouterr()
    case_list(config, Wanted())
    told = capsys.readouterr().out
    assert all(len(line) <= columns for line in told.splitlines())
    words = " ".join(told.split())
    assert "…" not in told
    assert LONG in words
    assert "waiting for a reply on the ticket" in words
    assert words.index("STUCK: due since") < words.index("waiting for a reply")


def test_a_list_of_what_is_stuck_has_nothing_else_and_a_limit_says_what_it_left_out(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    case_list(config, Wanted(stuck=True))
    assert LONG not in capsys.readouterr().out
    case_list(config, Wanted(), limit=1)
    assert "1 more; --limit shows them" == capsys.readouterr().out.splitlines()[-1]
    case_list(config, Wanted(state="closing"))
    assert "no such cases in" in capsys.readouterr().out


@pytest.mark.parametrize("shown", [case_list, case_lines])
def test_a_desk_that_neither_settings_nor_cases_have_is_refused(shown: Callable[..., None], config: Path) -> None:
    with pytest.raises(OperatorError, match=r"--desk: found 'jra'; near ones: 'jira'; the settings have: .*jira"):
        shown(config, Wanted(desk="jra"))


def test_a_line_for_programs_has_a_version_and_says_what_a_case_waits_for(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    case_lines(config, Wanted())
    lines = {line["ticket"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {1} == {line["version"] for line in lines.values()}
    waits = lines[LONG]
    assert ("waiting for a reply on the ticket", FOREVER.isoformat(), None) == (
        waits["waits_for"],
        waits["waits_until"],
        waits["stuck"],
    )
    assert "no process took it" in lines["SUP-1"]["stuck"]


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(stuck=True), Wanted(user="Ada@example.com")])
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_both_forms_list_the_same_cases_in_one_order_archived_ones_too(
    config: Path, wanted: Wanted, limit: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with wiring.opened_store(config) as store:
        for key in ("SUP-2", "SUP-3"):
            ended(store, key, CaseState.ESCALATED, days=100)
        assert 2 == store.put_away(datetime.now(UTC) - timedelta(days=90), datetime.now(UTC))
    capsys.readouterr()
    case_list(config, wanted, limit=limit)
    shown = [line.split() for line in capsys.readouterr().out.splitlines() if "--limit" not in line]
    case_lines(config, wanted, limit=limit)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["case"], line["ticket"]) for line in lines] == [(cells[0], cells[1]) for cells in shown]
    if wanted.user:
        assert {"no_reply"} == {line["cause"] for line in lines}
        assert all(" ".join(cells).endswith(sentence(Reason.of(ReasonKind.NO_REPLY))) for cells in shown)


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
