"""`forcesync try` says what the worker then does, writes nothing, stores no case, and tells no word of a ticket."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.scenarios.world import AGENTS
from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Fault, Product
from tests.e2e.decisions import PAGE_FIRST
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.outside import until
from tests.e2e.tickets import AGENT, Place
from tests.e2e.world import World
from worker.doctor.examination import PATIENCE
from worker.errors import OperatorError
from worker.sandbox.config import settings_table, write_settings
from worker.trial.command import trial_parts, tried, try_tickets
from worker.trial.finding import named, since
from worker.trial.pace import Pace
from worker.trial.progress import Progress
from worker.trial.rows import Outcome, Result, Row
from workflows.model import CaseState
from workflows.precheck.verdicts import leading_verdict

pytestmark = pytest.mark.long

CLOSED = {"incident": "Closed", "sc_req_item": "Closed Complete", "SUP": "Closed", "ENG": "Done"}
VALUE = re.compile(r"^Expected: (.{4,})$", re.MULTILINE)


def trial(world: World, *keys: str) -> Result:
    """Try these tickets, or all of the last day."""
    moment = world.time.now() - timedelta(days=1)
    with trial_parts(world.settings, world.time) as parts:
        pace, progress = Pace(world.time, Progress()), Progress()
        if keys:
            return tried(parts.ports, lambda desks, patiently: named(keys, desks, patiently), pace, progress)
        return tried(parts.ports, lambda desks, patiently: since(moment, 1000, desks, patiently), pace, progress)


def one(world: World, ticket: str) -> Row:
    """Try one ticket by its key."""
    (row,) = trial(world, ticket).rows
    return row


# -- what it says, against what the worker does


def test_it_says_what_the_worker_then_does(tmp_path: Path) -> None:
    with World(tmp_path, Scenario("cases", users=12)) as world:
        result = trial(world)
        assert [] == world.written()
        assert () == world.parts.store.cases()
        world.settle()
        assert len(result.rows) > 25
        assert result.ok
        assert [] == [(row, happened(world, row)) for row in result.rows if foreseen(row) != happened(world, row)]


def foreseen(row: Row) -> tuple[str, str | None]:
    """Return the state that a row's case goes to once it is judged, and for a hand-over the verdict behind it."""
    ways = dict.fromkeys((Outcome.SYNC, Outcome.CONFIRM), "joined") | {Outcome.HAND_OVER: "escalated"}
    ways |= dict.fromkeys((Outcome.ASK, Outcome.ASK_AGENT, Outcome.VISIT), "asked")
    return ways.get(row.outcome, "resolved"), row.verdict if row.outcome is Outcome.HAND_OVER else None


def happened(world: World, row: Row) -> tuple[str, str | None]:
    """Return the same of what the worker did, by the store's event rows."""
    case = world.parts.store.find_case(row.ticket)
    assert case is not None
    first = next(to for _, source, to, _ in world.parts.store.events("case", case.id) if source == CaseState.CLAIMED)
    verdict = leading_verdict(case)
    if first != CaseState.CLOSING:
        return first, None
    handed_over = case.closing is CaseState.ESCALATED
    return case.closing or "", verdict.kind if verdict and handed_over else None


def test_a_sync_that_needs_a_word_of_the_requester_is_told_apart(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        stated, member = world.stale_ticket()
        hinted = world.said(("jira", "SUP"), by=world.stale_user(), text="My details changed and my profile did not.")
        assert Outcome.SYNC is one(world, world.shown(stated)["key"]).outcome
        assert Outcome.ASK is one(world, world.shown(hinted)["key"]).outcome
        assert member.login == one(world, world.shown(stated)["key"]).user


@on_both_desks
def test_who_is_asked_is_told_apart(place: Place, tmp_path: Path) -> None:
    with World(tmp_path, policy=PAGE_FIRST) as world:
        lone, _ = world.stale_ticket(place)
        late = world.member()
        world.change_directory(late, "department", NEW_VALUE, imported=False)
        stale = world.ticket(place, about=late)
        for ticket in (lone, stale):
            row = one(world, world.shown(ticket)["key"])
            assert (Outcome.VISIT, "a visit to the user's page may be enough") == (row.outcome, row.why)
        other = world.ticket(place, about=world.member(), expected=None, requester=AGENT)
        row = one(world, world.shown(other)["key"])
        assert (Outcome.ASK_AGENT, "ask an agent") == (row.outcome, row.done)


def test_an_open_ticket_is_judged_as_it_stands(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        ticket, _ = world.stale_ticket()
        world.take(ticket)
        row = one(world, world.shown(ticket)["key"])
        assert (Outcome.LEAVE, "a person has it", False) == (row.outcome, row.why, row.closed)


def test_a_closed_ticket_meets_todays_facts_and_is_marked(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        (still, member), (mended, other) = world.stale_ticket(), world.stale_ticket()
        for ticket in (still, mended):
            world.take(ticket)
            world.reply(ticket, AGENTS[0].login, "User: nobody@example.com\nAttribute: title\nExpected: Boss")
            world.set_status(ticket, "Closed")
        world.change_okta(other, "department", NEW_VALUE)
        result = trial(world)
        rows = {row.user: row for row in result.rows}
        assert (Outcome.SYNC, True) == (rows[member.login].outcome, rows[member.login].closed)
        assert (Outcome.NOT_TOLD, True) == (rows[other.login].outcome, rows[other.login].closed)
        assert all("(facts have moved)" in row.told for row in result.rows)
        assert "Of 2 it could be told for 1 (50%)" in result.notes[0]


def test_settings_that_observe_still_show_what_would_be_done(tmp_path: Path) -> None:
    with World(tmp_path, policy={"default_autonomy": "observe", "autonomy": {}}) as world:
        world.stale_ticket()
        result = trial(world)
        assert [Outcome.SYNC] == [row.outcome for row in result.rows]
        assert result.observing
        assert any("only observe" in note for note in result.notes)


def test_a_protected_user_goes_to_a_person_without_the_groups_name(tmp_path: Path) -> None:
    with World(tmp_path, groups=["Board"], policy={"protected_groups": ["Board"]}) as world:
        ticket, member = world.stale_ticket()
        world.sandbox.okta.actors.group("Board", [member.user_id])
        row = one(world, world.shown(ticket)["key"])
        assert (Outcome.HAND_OVER, "the user is in a protected group") == (row.outcome, row.why)


def test_tickets_of_whoever_may_not_ask_are_counted_with_the_setting_that_says_who_may(tmp_path: Path) -> None:
    with World(tmp_path, policy={"on_behalf": []}) as world:
        world.ticket(about=world.stale_user(), requester=world.member().login)
        world.stale_ticket()
        (note,) = trial(world).notes
    assert note.startswith("1 of 2 tickets is about somebody for whom")
    assert "policy.on_behalf names the Okta groups whose members may" in note


# -- the command


@dataclass
class Far:
    """Simulated products with past tickets, and a settings file for them."""

    sandbox: Sandbox
    config: Path

    def tickets(self) -> list[dict[str, Any]]:
        """Return every ticket of both desks."""
        with self.sandbox.frame.lock:
            return [dict(item) for desk in self.sandbox.world.desks.values() for item in desk.tickets()]

    def writes(self) -> list[str]:
        """Return the calls that were made and are not reads."""
        with self.sandbox.frame.lock:
            made = [name for counts in self.sandbox.frame.calls.values() for name in counts]
        return [name for name in made if not name.startswith("GET ")]


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    folder = tmp_path_factory.mktemp("trial")
    with Sandbox(Scenario("mixed", tickets=300, users=300), act=False) as sandbox:
        sandbox.frame.settings.limits = False
        with sandbox.frame.lock:
            for desk in sandbox.world.desks.values():
                for item in desk.tickets()[::2]:
                    if item["status"] != CLOSED[item["table"]]:
                        desk.change(item["id"], by=AGENTS[0].login, status=CLOSED[item["table"]])
        config = folder / "forcesync.toml"
        write_settings(config, settings_table(sandbox, folder / "store.sqlite3"))
        yield Far(sandbox, config)


def shown(far: Far, capsys: pytest.CaptureFixture[str], *keys: str, **options: Any) -> tuple[int, str, str]:
    """Run the command; return its exit code and what it prints on both streams."""
    how = {"ago": None, "most": None, "html": None, "replace": False, "as_json": False} | options
    code = try_tickets(far.config, keys, **how)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.long
def test_three_hundred_past_tickets_are_tried_without_a_write_or_a_word_of_theirs(
    far: Far, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "trial.html"
    code, out, _ = shown(far, capsys, ago="30d", most=300, html=page, as_json=True)
    report = json.loads(out)
    assert (0, 300) == (code, len(report["tickets"]))
    assert [] == far.writes()
    assert [] == far.sandbox.frame.violations
    assert not far.config.with_name("store.sqlite3").exists()
    assert sum(row["closed"] for row in report["tickets"]) > 100
    assert all(row["facts_have_moved"] for row in report["tickets"] if row["closed"] and row["verdict"])
    assert Counter(row["outcome"] for row in report["tickets"]) == count_by_outcome(report)
    assert 0 < report["closed"]["told"] < report["closed"]["tickets"]
    texts = [line for item in far.tickets() for line in (item["summary"], *item["description"].splitlines())]
    words = {line for line in texts if len(line) > 12} | {
        value for item in far.tickets() for value in VALUE.findall(item["description"])
    }
    for told in (out, page.read_text(encoding="utf-8")):
        assert [] == [line for line in words if line in told]


def count_by_outcome(report: dict[str, Any]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for item in report["shares"]:
        counts[item["outcome"]] += item["tickets"]
    return counts


def test_the_json_is_stable(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = shown(far, capsys, ago="30d", most=2, as_json=True)
    report = json.loads(out)
    assert [
        "version",
        "ok",
        "stopped",
        "seconds",
        "observing",
        "unsearched",
        "asked",
        "shares",
        "closed",
        "tickets",
    ] == list(report)
    assert 1 == report["version"]
    assert ["outcome", "to", "done", "tickets", "share"] == list(report["shares"][0])
    names = ["ticket", "desk", "outcome", "closed", "user", "people", "attributes", "verdict", "found", "why", "to"]
    assert [*names, "facts_have_moved", "done"] == list(report["tickets"][0])


def test_tickets_are_found_by_key_on_either_desk_and_unknown_ones_are_said(
    far: Far, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = shown(far, capsys, "INC0010001", "SUP-4", "RITM0010001", "INC9999999", as_json=True)
    rows = json.loads(out)["tickets"]
    assert 1 == code
    assert ["servicenow", "jira", "servicenow", ""] == [row["desk"] for row in rows]
    assert ["INC0010001", "SUP-4", "RITM0010001", "INC9999999"] == [row["ticket"] for row in rows]
    assert "not_read" == rows[3]["outcome"]
    assert "no desk has such a ticket" in rows[3]["why"]


def test_one_ticket_that_cannot_be_read_is_a_line_of_its_own(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    with far.sandbox.frame.lock:
        sys_id = next(item["id"] for item in far.tickets() if item["key"] == "INC0010002")
        path = re.compile(f"/table/incident/{sys_id}")
        words = {"error": {"message": "User: jane@example.com may not", "detail": ""}, "status": "failure"}
        far.sandbox.frame.faults.append(
            Fault("bad", "servicenow", "status", path=path, times=9, status=403, body=words)
        )
    try:
        code, out, _ = shown(far, capsys, "INC0010001", "INC0010002", "SUP-4", as_json=True)
    finally:
        far.sandbox.frame.faults.clear()
    rows = json.loads(out)["tickets"]
    assert (1, "not_read") == (code, rows[1]["outcome"])
    assert "could not read the ticket (HTTP 403)" in rows[1]["why"]
    assert "jane" not in out
    assert {"not_read"} != {row["outcome"] for row in (rows[0], rows[2])}


@pytest.mark.parametrize("keys", [("SUP-4", "INC0010001"), ()], ids=["named", "since"])
def test_a_desk_that_cannot_be_searched_is_said_and_the_other_is_read(
    keys: tuple[str, ...], far: Far, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "forcesync.toml"
    config.write_text(far.config.read_text().replace(far.sandbox.frame.credentials.servicenow_password, "another"))
    since: dict[str, Any] = {} if keys else {"ago": "30d", "most": 3}
    code, out, _ = shown(Far(far.sandbox, config), capsys, *keys, as_json=True, **since)
    report = json.loads(out)
    assert (1, False, ["servicenow"]) == (code, report["ok"], [item["desk"] for item in report["unsearched"]])
    assert "desks.servicenow.password" in report["unsearched"][0]["why"]
    read = [row for row in report["tickets"] if row["outcome"] != "not_read"]
    assert {"jira"} == {row["desk"] for row in read}
    left = [row["why"] for row in report["tickets"] if row["outcome"] == "not_read"]
    assert bool(keys) == any("servicenow could not be searched" in why for why in left)


def test_every_product_that_does_not_answer_is_named_in_time(
    far: Far, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox, config = far.sandbox, tmp_path / "forcesync.toml"
    text = far.config.read_text()
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # connects, and never answers
        for url, port in (
            (sandbox.okta_url, 9),
            (sandbox.servicenow_url, deaf.getsockname()[1]),
            (sandbox.jira_url, 9),
        ):
            text = text.replace(url, f"http://127.0.0.1:{port}")
        config.write_text(text)
        began = time.monotonic()
        code, out, _ = shown(Far(sandbox, config), capsys, "SUP-1", as_json=True)
        assert time.monotonic() - began < PATIENCE + 5
    report = json.loads(out)
    assert 1 == code
    assert {"okta.main", "desks.servicenow", "desks.jira"} == set(
        re.findall(r"(\S+) does not answer", out.replace('"', " "))
    )
    assert (False, ["servicenow", "jira"]) == (report["ok"], [item["desk"] for item in report["unsearched"]])
    assert "okta.main does not answer" in report["stopped"]


@pytest.mark.parametrize("product", ["okta", "servicenow"])
@pytest.mark.parametrize("first", [{"kind": "status", "status": 503}, {"kind": "delay", "seconds": 6.0}], ids=str)
def test_a_product_that_answers_late_is_waited_for(
    first: dict[str, Any], product: Product, far: Far, capsys: pytest.CaptureFixture[str]
) -> None:
    with far.sandbox.frame.lock:
        far.sandbox.frame.faults.append(Fault(id="late", product=product, times=1, **first))
    code, out, err = shown(far, capsys, "INC0010001")
    assert 0 == code, out
    assert "does not answer" not in out + err
    assert err.startswith("asking every product whether it answers\n")


@pytest.mark.parametrize("width", [80, 0], ids=["terminal", "pipe"])
def test_its_lines_fit_a_terminal_and_stay_whole_in_a_pipe(
    width: int, far: Far, capsys: pytest.CaptureFixture[str], terminal: Callable[[int], None]
) -> None:
    if width:
        terminal(width)
    code, out, err = shown(far, capsys, ago="30d", most=20)
    lines = out.splitlines()
    assert 0 == code
    assert "read 20 of 20 tickets" in err
    shares = [int(share) for share in re.findall(r"^ +\d+ +(\d+)%  ", out, re.MULTILINE)]
    assert 100 == sum(shares)
    if width:
        assert max(map(len, lines)) <= width
    else:
        assert 20 == len(lines[: lines.index("")])


def test_the_page_is_its_owners_and_replaces_none_unasked(
    far: Far, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "trial.html"
    _, _, err = shown(far, capsys, "SUP-4", html=page)
    text = page.read_text(encoding="utf-8")
    assert f"wrote {page}" in err
    assert 0o600 == page.stat().st_mode & 0o777
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
    with pytest.raises(OperatorError, match="exists; name another file, or add --replace"):
        shown(far, capsys, "SUP-4", html=page)
    page.chmod(0o644)
    _, _, err = shown(far, capsys, "SUP-4", html=page, replace=True)
    assert f"replaced {page}" in err
    assert 0o600 == page.stat().st_mode & 0o777
    assert [page] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "name the tickets, or a time"),
        ({"keys": ["SUP-4"], "ago": "30d"}, "name the tickets, or a time"),
        ({"keys": ["SUP-4"], "most": 3}, "--limit goes with --since"),
        ({"ago": "yesterday"}, "--since: found 'yesterday'"),
        ({"ago": "30d", "html": Path("/no/such/folder/x.html")}, "the folder /no/such/folder does not exist"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_read(
    options: dict[str, Any], words: str, far: Far, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = options.pop("keys", [])
    before = sum(sum(counts.values()) for counts in far.sandbox.frame.calls.values())
    with pytest.raises(OperatorError, match=re.escape(words)):
        shown(far, capsys, *keys, **options)
    assert before == sum(sum(counts.values()) for counts in far.sandbox.frame.calls.values())


def test_a_refused_credential_ends_it(far: Far, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "forcesync.toml"
    config.write_text(far.config.read_text().replace(far.sandbox.frame.credentials.okta_token, "another"))
    with pytest.raises(OperatorError, match=r"okta\.main\.token"):
        shown(Far(far.sandbox, config), capsys, ago="30d", most=3)


def test_ctrl_c_shows_what_has_been_read_so_far(far: Far, tmp_path: Path) -> None:
    far.sandbox.frame.settings.latency_ms = 60
    out, err = tmp_path / "out", tmp_path / "err"
    program = [sys.executable, "-m", "worker", "try", "--since", "30d", "--config", str(far.config), "--json"]
    try:
        with out.open("w") as stdout, err.open("w") as stderr:
            process = subprocess.Popen(program, stdout=stdout, stderr=stderr)
            until(lambda: "read" in err.read_text(), "the first ticket")
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=30)
    finally:
        far.sandbox.frame.settings.latency_ms = 0
    report = json.loads(out.read_text())
    assert (1, "interrupted") == (code, report["stopped"])
    assert 0 < len(report["tickets"]) < report["asked"]
    assert "Traceback" not in err.read_text()
