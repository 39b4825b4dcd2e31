"""The report in every form: text of 80 columns, JSON with a version, CSV, one page; and the list behind a number."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from worker import wiring
from worker.errors import OperatorError
from worker.reporting.command import Asked, definitions, report
from worker.reporting.metrics import ADVICE, METRICS
from worker.store import Store
from workflows.model import CaseState, Reason, ReasonKind, Sighting, TicketRef
from workflows.ports import CaseCommit

WIDE, HOUR = 80, timedelta(hours=1)
LONG = "incident-with-a-very-long-key-<that>-a-desk-of-ones-own-may-have"


def ended(
    store: Store,
    key: str,
    state: CaseState,
    *,
    days: float = 1,
    person: str = "ada@example.com",
    took: timedelta = HOUR,
    why: ReasonKind = ReasonKind.NO_REPLY,
) -> None:
    """Make a case that was opened so many days ago and ended after a while."""
    opened = datetime.now(UTC) - timedelta(days=days)
    case = store.open_case(Sighting(ref=TicketRef(desk="jira", id=key, key=key), stamp="1"), opened)
    assert case is not None
    lease = store.lease("case", case.id, opened, 3600.0)
    assert lease is not None
    because = Reason.of(why)
    after = case.but(state=state, ended_at=opened + took, because=because, requester=person)
    assert store.commit_case(lease, CaseCommit(before=case, after=after, due_at=None, because="done"), opened)
    store.release(lease)


@pytest.fixture
def two(config: Path) -> Path:
    """Return settings whose store has a resolved ticket, one handed over, and one of two months ago."""
    with wiring.opened_store(config) as store:
        ended(store, LONG, CaseState.RESOLVED)
        ended(store, "SUP-2", CaseState.ESCALATED)
        ended(store, "SUP-3", CaseState.RESOLVED, days=60)
    return config


def told(config: Path, capsys: pytest.CaptureFixture[str], **asked: Any) -> str:
    capsys.readouterr()
    report(config, Asked(**{"since": "30d"} | asked))
    return capsys.readouterr().out


def test_numbers_never_touch_however_long_a_time_is(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with wiring.opened_store(config) as store:
        for number in range(2):
            ended(store, f"SUP-{number}", CaseState.RESOLVED, took=timedelta(hours=12, minutes=10))
    (line,) = [line for line in told(config, capsys).splitlines() if line.startswith("jira ")]
    assert ["jira", "2", "100%", "100%", "100%", "-", "0%", "0%", "12", "h", "10", "min"] == line.split()
    assert len(line) <= WIDE


def test_causes_and_teams_are_told_by_the_titles_that_notes_use(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with wiring.opened_store(config) as store:
        for number, why in enumerate((ReasonKind.HANDED_OVER_BY, ReasonKind.NO_EFFECT, ReasonKind.CHILD)):
            ended(store, f"SUP-{number}", CaseState.ESCALATED, why=why)
    text = told(config, capsys)
    assert "An operator handed it over: Service desk (cause:handed_over_by)" in text
    assert "The ticket is a child of another record that people work on: Service desk" in text
    assert "service desk" not in text
    page = config.with_name("report.html")
    told(config, capsys, html=page)
    assert "An operator handed it over" in page.read_text()
    assert "<td>Service desk</td>" in page.read_text()


def test_a_rate_of_which_nothing_is_known_yet_says_so(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = [line for line in told(two, capsys).splitlines() if line.startswith("Durable auto-resolve rate")]
    assert "Durable auto-resolve rate 1 not known yet: none has been looked at again" == " ".join(line.split())


def test_a_report_over_nothing_says_so(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report(config, Asked("30d"))
    said = capsys.readouterr()
    assert ("", "nothing to report from ") == (said.out, said.err[:23])
    found = json.loads(told(config, capsys, as_json=True))
    assert (True, 0, None) == (
        found["empty"],
        found["numbers"]["tickets"]["number"],
        found["numbers"]["resolved"]["share"],
    )


def test_text_fits_80_columns_and_counts_the_period_alone(
    two: Path, terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(WIDE)
    text = told(two, capsys)
    assert all(len(line) <= WIDE for line in text.splitlines())
    assert "Tickets taken up                   2" in text
    assert "Auto-resolved                      1  100% of 1 (attempted and ended)" in text
    assert "No reply to the question in time: Service desk (cause:no_reply)" in text
    assert "Tickets taken up                   3" in told(two, capsys, since="90d")


def test_json_has_a_version_every_number_and_its_definition(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(two, capsys, as_json=True))
    assert (1, False) == (found["version"], found["empty"])
    assert {"number": 1, "of": 2, "share": 0.5} == found["numbers"]["handed_over"]
    assert 3600.0 == found["numbers"]["time_to_resolve"]["median_seconds"]
    assert [
        {"cause": "no_reply", "title": "No reply to the question in time", "team": "service_desk", "number": 1}
    ] == found["handed_over"]
    assert found["numbers"] == found["by_desk"]["jira"]
    assert (
        {metric.id for metric in METRICS}
        == found["definitions"].keys()
        == found["numbers"].keys() | found["force_syncs"].keys()
    )


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked("30d", cases="cause:nope"), "--cases: found 'cause:nope'"),
        (Asked("30d", cases="cause:"), "--cases: found 'cause:'"),
        (Asked("2999-01-01"), "--since: 2999-01-01 00:00 UTC is still to come"),
    ],
)
def test_what_there_cannot_be_is_refused(asked: Asked, words: str, two: Path) -> None:
    with pytest.raises(OperatorError, match=words):
        report(two, asked)


def test_a_cause_that_no_ticket_of_the_period_has_is_an_empty_list(
    two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(two, Asked("30d", cases="cause:user_not_found"))
    assert ("", "cause:user_not_found: 0\n") == tuple(capsys.readouterr())


def test_csv_has_a_line_for_each_number(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(csv.DictReader(io.StringIO(told(two, capsys, as_csv=True))))
    whole = {line["metric"]: line for line in lines if line["scope"] == "all"}
    assert {metric.id for metric in METRICS} == whole.keys()
    assert ("1", "2", "0.5") == (
        whole["handed_over"]["number"],
        whole["handed_over"]["of"],
        whole["handed_over"]["share"],
    )
    assert {"all", "desk", "week", "cause and team"} == {line["scope"] for line in lines}


def test_a_number_opens_as_the_list_of_its_tickets(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report(two, Asked("30d", cases="resolved"))
    listed = capsys.readouterr()
    assert ([LONG], "resolved: 1\n") == ([line.split()[0] for line in listed.out.splitlines()], listed.err)
    for name in ("handed_over", "cause:no_reply", "team:service_desk"):
        found = json.loads(told(two, capsys, cases=name, as_json=True))
        assert ["SUP-2"] == [row["ticket"] for row in found["cases"]]
    assert "3600.0" in told(two, capsys, cases="time_to_resolve", as_csv=True)
    with pytest.raises(OperatorError, match="--cases: found 'resolvd'; near ones: 'resolved'"):
        told(two, capsys, cases="resolvd")


def test_the_page_needs_nothing_else_and_names_nobody(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = two.parent / "report.html"
    told(two, capsys, html=file)
    page = file.read_text()
    assert [] == [word for word in ("<script", "src=", "@import", "pygal.org", "ada@example.com") if word in page]
    assert LONG.replace("<", "&lt;").replace(">", "&gt;") in page
    assert all(
        metric.title in page and metric.definition in unescape(page) for metric in METRICS if metric not in ADVICE
    )
    assert page.count("<svg") == page.count("</svg>") == 3
    with pytest.raises(OperatorError, match="--replace"):
        told(two, capsys, html=file)
    report(two, Asked("30d", html=file, replace=True))
    out, err = capsys.readouterr()
    assert (f"replaced {file}\n", True) == (err, "Tickets taken up" in out)


def test_a_page_without_a_resolved_ticket_leaves_out_how_long_it_took(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with wiring.opened_store(config) as store:
        ended(store, "SUP-2", CaseState.WITHDRAWN)
    file = config.with_name("report.html")
    told(config, capsys, html=file)
    assert (1, False) == (file.read_text().count("<svg"), "Time to resolve, by week" in file.read_text())


def test_a_desk_that_the_settings_name_no_more_is_reported(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two.write_text(two.read_text().replace("desks.jira", "desks.other"))
    assert "Tickets taken up                   2" in told(two, capsys, desk="jira")


def test_no_option_is_left_aside(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for asked in ({"as_json": True, "as_csv": True}, {"replace": True}):
        with pytest.raises(OperatorError, match=r"--json and --csv|--replace goes with --html"):
            told(two, capsys, **asked)
    file = two.with_name("report.html")
    found = json.loads(told(two, capsys, html=file, cases="handed_over", as_json=True))
    assert ["no_reply"] == [row["cause"] for row in found["cases"]]
    assert file.exists()


def test_a_period_or_desk_that_is_not_there_is_told(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OperatorError, match=r"--until: .* is not after --since"):
        told(two, capsys, until="40d")
    with pytest.raises(OperatorError, match="--desk: found 'jra'; near ones: 'jira'"):
        told(two, capsys, desk="jra")
    with pytest.raises(OperatorError, match="--until: found 'xx'"):
        told(two, capsys, until="xx")
    report(two, Asked(since="50d", until="40d"))
    assert "nothing to report" in capsys.readouterr().err


def test_every_number_has_a_definition(capsys: pytest.CaptureFixture[str]) -> None:
    definitions()
    lines = capsys.readouterr().out.splitlines()
    assert [metric.id for metric in METRICS] == [line.split()[0] for line in lines[:-1]]
    assert all(f"{metric.title}: {metric.definition}" in line for metric, line in zip(METRICS, lines, strict=False))
    definitions(as_json=True)
    assert {metric.id for metric in METRICS} == json.loads(capsys.readouterr().out)["definitions"].keys()
