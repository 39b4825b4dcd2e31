"""One screen says whether something needs a person, and so does the exit code."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from worker import wiring
from worker.status import status
from worker.syncs import switches
from workflows.model import Sighting, Stop, StopKind, TicketRef, Trouble
from workflows.ports import CaseCommit
from workflows.steps import FOREVER, silence
from workflows.values.wording import moment


@pytest.fixture
def config(config: Path) -> Path:
    """Have the store's desk searched just now."""
    now = datetime.now(UTC)
    with wiring.opened_store(config) as store:
        store.ensure_desk("jira", now)
        lease = store.lease("desk", "jira", now, 60.0)
        assert lease is not None
        store.poll_done(lease, now, now, now + timedelta(hours=1))
        store.release(lease)
    return config


def told(config: Path, capsys: pytest.CaptureFixture[str], *, works: bool = True) -> tuple[int, dict[str, Any]]:
    with wiring.opened_store(config) as beside:
        if works:
            beside.enter("host", 1, 600.0)
        code = status(config, as_json=True)
        beside.leave()
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, found


def test_what_okta_keeps_waiting_is_told_with_the_reason(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    why = "main: could not read the app user: its rate limit for apps is nearly used up (50 of 100 calls are left)"
    now = datetime.now(UTC)
    with wiring.opened_store(config) as store:
        case = store.open_case(Sighting(ref=TicketRef(desk="jira", id="1", key="SUP-1"), stamp="1"), now)
        assert case is not None
        lease = store.lease("case", case.id, now, 60.0)
        assert lease is not None
        held = case.but(trouble=Trouble(what=silence("main"), since=now))
        later = now + timedelta(minutes=1)
        store.commit_case(lease, CaseCommit(before=case, after=held, due_at=later, because="", waiting=why), now)
        store.defer(lease, later, why, now)
        store.release(lease)
    _, found = told(config, capsys)
    assert {"main": now.isoformat()} == found["not_reached"]
    status(config, as_json=False)
    said = capsys.readouterr().out
    assert f"  main: work waits since {moment(now)}: {why}; it is tried again by itself" in said
    assert "not reached" not in said


def test_nothing_to_do_is_one_line_and_code_0(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = told(config, capsys)
    assert (0, 1, True, [], None) == (code, *(found[key] for key in ("version", "ok", "needs_a_person", "durable")))
    assert {"jira"} == found["searched"].keys()


def test_no_process_is_the_first_thing_that_a_person_has_to_mend(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = told(config, capsys, works=False)
    assert (1, ["process"]) == (code, [need["kind"] for need in found["needs_a_person"]])


def test_what_is_stopped_or_stuck_needs_a_person_and_a_pause_does_not(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with wiring.opened_store(config) as store:
        store.pause(Stop(kind=StopKind.INTAKE, name="jira", until=FOREVER, why="another store works it"))
        before = datetime.now(UTC) - timedelta(hours=1)
        store.open_case(Sighting(ref=TicketRef(desk="jira", id="1", key="SUP-1"), stamp="1"), before)
    switches.pause(config, None, by="robin", why="migration weekend")
    capsys.readouterr()
    code, found = told(config, capsys)
    assert (1, {"stop", "stuck", "overdue"}) == (code, {need["kind"] for need in found["needs_a_person"]})
    assert {"jira": {"received": 1}} == found["cases"]
    assert "by robin" in found["pauses"][0]


def test_the_screen_fits_and_names_what_to_do(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == status(config, as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(": 1 thing for a person to do")
    assert "  ! no process is running: start `forcesync run`, or a scheduler and a worker" == lines[1]
    assert len(lines) < 24


def test_what_does_not_answer_is_named_at_once_with_its_time_and_needs_nobody_yet(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    searched = datetime.now(UTC)
    begun = searched + timedelta(seconds=1)
    with wiring.opened_store(config) as store:
        lease = store.lease("desk", "jira", searched, 60.0)
        assert lease is not None
        store.poll_done(lease, searched, searched, searched)
        store.poll_started(lease, begun)
        under_way = told(config, capsys)
        store.poll_done(lease, None, begun, begun + timedelta(minutes=1))
        store.release(lease)
    assert (0, {}) == (under_way[0], under_way[1]["not_reached"])
    code, found = told(config, capsys)
    assert (0, {"jira": searched.isoformat()}) == (code, found["not_reached"])
    status(config, as_json=False)
    assert f"  jira: not reached since {moment(searched)}; it is tried again by itself" in capsys.readouterr().out
