"""A pause has a name and a reason, names what it replaces, and can be removed while Okta does not answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker import wiring
from worker.commandline.app import main
from worker.errors import OperatorError
from worker.syncs import switches
from worker.syncs.listing import sync_list
from workflows.model import Stop, StopKind
from workflows.steps import FOREVER


def without_times(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "(then)", text)


@pytest.mark.parametrize(("by", "why", "option"), [(" ", "a reason", "--by"), ("robin", "", "--why")])
def test_a_pause_has_a_name_and_a_reason(config: Path, by: str, why: str, option: str) -> None:
    with pytest.raises(OperatorError, match=option):
        switches.pause(config, None, by=by, why=why)


@pytest.mark.parametrize("directory", [None, "corp.example.com"])
def test_a_pause_on_a_store_without_a_schema_says_what_to_run(
    config: Path, directory: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config.with_name("store.sqlite3").write_bytes(b"")
    target = [directory] if directory else []
    words = ["forcesync", "pause", *target, "--by", "robin", "--why", "migration weekend", "--config", str(config)]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert 2 == ended.value.code
    assert "the store has schema none, this program needs" in (told := capsys.readouterr().err)
    assert "run `forcesync migrate`" in told


def test_resume_says_when_nothing_was_paused(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    switches.pause(config, None, by="robin", why="migration weekend")
    switches.resume(config, None, by="robin", why="done")
    switches.resume(config, None, by="robin", why="done")
    assert without_times(capsys.readouterr().out).splitlines()[-3:] == [
        "paused: every Force Sync",
        "resumed: every Force Sync; it was paused by robin since (then): migration weekend",
        "there is no pause of every Force Sync",
    ]


def test_a_pause_names_the_pause_that_it_replaces(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    switches.pause(config, None, by="robin", why="migration weekend")
    switches.pause(config, None, by="sasha", why="audit")
    sync_list(config, open_only=False)
    told = capsys.readouterr()
    assert without_times(told.out).splitlines() == [
        "paused: every Force Sync",
        "paused: every Force Sync; it was paused by robin since (then): migration weekend",
    ]
    assert without_times(told.err).splitlines() == ["no runs", "paused: every Force Sync, by sasha since (then): audit"]


DOWN = "http://127.0.0.1:9"  # nothing listens there


@pytest.fixture
def while_okta_is_down(config: Path) -> Path:
    text = config.read_text().replace("https://example.okta.com", DOWN)
    config.write_text(f'policy.refresh = {{ "corp.example.com" = "signin" }}\n{text}')
    return config


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Corp.Example.com", "corp.example.com, by this name"),
        ("0oa1a2b3c4d5e6f7g8h9", "0oa1a2b3c4d5e6f7g8h9, which no run was about yet"),
    ],
)
def test_a_directory_is_paused_and_resumed_while_okta_is_down(
    while_okta_is_down: Path, given: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    switches.pause(while_okta_is_down, given, by="robin", why="agents down")
    with wiring.opened_store(while_okta_is_down) as store:
        [stop] = store.switches(datetime.now(UTC))
    assert given.casefold() == stop.name
    switches.resume(while_okta_is_down, given, by="robin", why="back")
    with wiring.opened_store(while_okta_is_down) as store:
        assert [] == store.switches(datetime.now(UTC))
    lines = without_times(capsys.readouterr().out).splitlines()
    assert [f"paused: {shown}", f"resumed: {shown}; it was paused by robin since (then): agents down"] == lines


def test_a_name_that_nobody_knows_is_not_paused_while_okta_is_down(while_okta_is_down: Path) -> None:
    with pytest.raises(OperatorError, match=r"know a directory 'crop'; they know: corp.example.com"):
        switches.pause(while_okta_is_down, "crop", by="robin", why="agents down")
    with wiring.opened_store(while_okta_is_down) as store:
        assert [] == store.switches(datetime.now(UTC))


def test_a_desk_that_a_fault_stopped_is_resumed_by_its_name(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with wiring.opened_store(config) as store:
        store.pause(Stop(kind=StopKind.INTAKE, name="jira", until=FOREVER, why="another store works it"))
    switches.resume(config, "jira", by="robin", why="moved")
    switches.resume(config, "main", by="robin", why="new token")
    with wiring.opened_store(config) as store:
        assert store.paused(StopKind.INTAKE, "jira", datetime.now(UTC)) is None
        assert [("jira", "moved")] == [(act.target, act.why) for act in store.acts()]
    assert [
        "resumed: the tickets of jira; it was stopped: another store works it",
        "there is no pause of the Force Syncs of main",
    ] == capsys.readouterr().out.splitlines()


def test_the_list_of_runs_names_what_is_paused(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sync_list(config, open_only=False)
    assert "paused" not in capsys.readouterr().err
    switches.pause(config, None, by="robin", why="migration weekend")
    sync_list(config, open_only=False)
    last = without_times(capsys.readouterr().err).splitlines()[-1]
    assert "paused: every Force Sync, by robin since (then): migration weekend" == last
