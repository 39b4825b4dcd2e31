"""A list of cases is cut nowhere, puts first what is stuck, and gives programs a version."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.worker.reporting.test_command import ended
from worker import wiring
from worker.cases.choosing import Wanted
from worker.cases.listing import case_lines, case_list
from worker.errors import OperatorError
from workflows.model import CaseState, Reason, ReasonKind, Sighting, Stop, StopKind, TicketRef
from workflows.notes.reasons import sentence
from workflows.steps import FOREVER

LONG = "incident-with-a-very-long-key-that-a-desk-of-ones-own-may-have"
WIDE, NARROW = 200, 80


@pytest.fixture
def listed(config: Path) -> Path:
    """Add two cases to the store: one that waits, opened last, and one that no process has taken."""
    now = datetime.now(UTC)
    with wiring.opened_store(config) as store:
        for key, opened in ((LONG, now), ("SUP-1", now - timedelta(hours=1))):
            case = store.open_case(Sighting(ref=TicketRef(desk="jira", id=key, key=key), stamp="1"), opened)
            assert case is not None
            if key == LONG:
                lease = store.lease("case", case.id, now, 60.0)
                assert lease is not None
                store.defer(lease, FOREVER, "waiting for a reply on the ticket", now)
                store.release(lease)
    return config


@pytest.mark.parametrize("columns", [NARROW, WIDE])
def test_nothing_is_cut_and_what_is_stuck_comes_first(
    listed: Path, columns: int, terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(columns)
    capsys.readouterr()
    case_list(listed, Wanted())
    told = capsys.readouterr().out
    assert all(len(line) <= columns for line in told.splitlines())
    words = " ".join(told.split())
    assert "…" not in told
    assert LONG in words
    assert "waiting for a reply on the ticket" in words
    assert words.index("STUCK: due since") < words.index("waiting for a reply")


def test_a_list_of_what_is_stuck_has_nothing_else_and_a_limit_says_what_it_left_out(
    listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    case_list(listed, Wanted(stuck=True))
    assert LONG not in capsys.readouterr().out
    case_list(listed, Wanted(), limit=1)
    told = capsys.readouterr()
    assert (1, ["1 more; --limit shows them"]) == (len(told.out.splitlines()), told.err.splitlines())


def test_a_list_of_nothing_is_nothing_in_a_pipe_and_a_sentence_beside_it(
    listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    case_list(listed, Wanted(state="closing"))
    told = capsys.readouterr()
    assert "" == told.out
    assert told.err.startswith("no such cases in")


@pytest.mark.parametrize("shown", [case_list, case_lines])
def test_a_desk_that_neither_settings_nor_cases_have_is_refused(shown: Callable[..., None], listed: Path) -> None:
    with pytest.raises(OperatorError, match=r"--desk: found 'jra'; near ones: 'jira'; the settings have: .*jira"):
        shown(listed, Wanted(desk="jra"))


def test_a_line_for_programs_has_a_version_and_says_what_a_case_waits_for(
    listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    case_lines(listed, Wanted())
    lines = {line["ticket"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {1} == {line["version"] for line in lines.values()}
    waits = lines[LONG]
    assert ("waiting for a reply on the ticket", None, FOREVER.isoformat(), None) == (
        waits["waits_for"],
        waits["waits_until"],
        waits["next_look"],
        waits["stuck"],
    )
    assert "no process took it" in lines["SUP-1"]["stuck"]


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(stuck=True), Wanted(user="Ada@example.com")])
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_both_forms_list_the_same_cases_in_one_order_archived_ones_too(
    listed: Path, wanted: Wanted, limit: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with wiring.opened_store(listed) as store:
        for key in ("SUP-2", "SUP-3"):
            ended(store, key, CaseState.ESCALATED, days=100)
        assert 2 == store.put_away(datetime.now(UTC) - timedelta(days=90), datetime.now(UTC))
    capsys.readouterr()
    case_list(listed, wanted, limit=limit)
    shown = [line.split() for line in capsys.readouterr().out.splitlines() if "--limit" not in line]
    case_lines(listed, wanted, limit=limit)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["case"], line["ticket"]) for line in lines] == [(cells[0], cells[1]) for cells in shown]
    if wanted.user:
        assert {"no_reply"} == {line["cause"] for line in lines}
        assert all(" ".join(cells).endswith(sentence(Reason.of(ReasonKind.NO_REPLY))) for cells in shown)


def test_an_empty_list_of_cases_says_which_store_and_what_is_stopped(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with wiring.opened_store(config) as store:
        store.pause(Stop(kind=StopKind.INTAKE, name="jira", until=FOREVER, why="another store works it"))
        name = store.name
    case_list(config, Wanted(open_only=True))
    told = capsys.readouterr().err
    assert f"nocasesin{name}yet:`forcesyncrun`or`forcesynconce`opensone" in "".join(told.split())
    assert "stopped: the tickets of jira are left alone: another store works it" in told


def test_a_list_without_a_store_says_what_makes_one(config: Path) -> None:
    config.with_name("store.sqlite3").unlink()
    with pytest.raises(OperatorError, match=r"there is no store at .* yet; `forcesync migrate` makes it"):
        case_list(config, Wanted())
