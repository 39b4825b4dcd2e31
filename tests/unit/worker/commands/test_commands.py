"""Commands refuse wrong input before anything is written, and say what they did."""

from __future__ import annotations

import re
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker import cli, wiring
from worker.commands import cases, running, sandbox, sandbox_config, switches, syncs
from worker.commands.choosing import Wanted
from worker.errors import OperatorError
from workflows.model import Sighting, Stop, StopKind, TicketRef
from workflows.steps import FOREVER

SETTINGS = """
store.url = "sqlite:///{store}"

[okta.main]
url = "https://example.okta.com"
token = "of-a-test"

[desks.jira]
kind = "jira"
url = "https://example.atlassian.net"
email = "forcesync@example.com"
token = "of-a-test"
projects.SUP = {{ kind = "software" }}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "forcesync.toml"
    file.write_text(SETTINGS.format(store=tmp_path / "store.sqlite3"))
    running.migrate(file)
    return file


def without_times(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "(then)", text)


def test_only_its_owner_can_read_the_store(config: Path) -> None:
    assert stat.S_IMODE(config.with_name("store.sqlite3").stat().st_mode) == 0o600


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
        cli.main()
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
    syncs.sync_list(config, open_only=False)
    assert without_times(capsys.readouterr().out).splitlines() == [
        "paused: every Force Sync",
        "paused: every Force Sync; it was paused by robin since (then): migration weekend",
        "no runs",
        "paused: every Force Sync, by sasha since (then): audit",
    ]


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


def test_an_empty_list_of_cases_says_which_store_and_what_is_stopped(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with wiring.opened_store(config) as store:
        store.pause(Stop(kind=StopKind.INTAKE, name="jira", until=FOREVER, why="another store works it"))
        name = store.name
    cases.case_list(config, Wanted(open_only=True))
    told = capsys.readouterr().out
    assert f"nocasesin{name}yet:`forcesyncrun`or`forcesynconce`opensone" in "".join(told.split())
    assert "stopped: the tickets of jira are left alone: another store works it" in told


def test_a_list_without_a_store_says_what_makes_one(config: Path) -> None:
    config.with_name("store.sqlite3").unlink()
    with pytest.raises(OperatorError, match=r"there is no store at .* yet; `forcesync migrate` makes it"):
        cases.case_list(config, Wanted())


def test_the_list_of_runs_names_what_is_paused(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    syncs.sync_list(config, open_only=False)
    assert "paused" not in capsys.readouterr().out
    switches.pause(config, None, by="robin", why="migration weekend")
    syncs.sync_list(config, open_only=False)
    last = without_times(capsys.readouterr().out).splitlines()[-1]
    assert "paused: every Force Sync, by robin since (then): migration weekend" == last


def served(config: Path) -> None:
    sandbox.serve(scenario="empty", seed=1, tickets=0, users=1, port=1, latency_ms=0.0, write_config=config)


def test_the_sandboxs_settings_are_its_owners_alone_even_where_others_could_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.toml"
    file.touch(mode=0o644)
    sandbox_config.write_settings(file, {"okta": {"main": {"token": "of-a-test"}}})
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_the_sandbox_does_not_overwrite_settings_that_it_did_not_write(config: Path) -> None:
    before = config.read_text()
    with pytest.raises(OperatorError, match=r"forcesync\.toml is there and was not written by `forcesync sandbox`"):
        served(config)
    assert config.read_text() == before


def test_the_sandbox_names_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"the folder .*/nowhere does not exist; make it first"):
        served(tmp_path / "nowhere" / "forcesync.toml")


def test_the_sandbox_overwrites_only_its_own_settings(tmp_path: Path) -> None:
    own, empty, none = tmp_path / "own.toml", tmp_path / "empty.toml", tmp_path / "none.toml"
    own.write_text(f"{sandbox_config.HEAD}\n[okta.main]\n")
    empty.touch()
    assert not any(sandbox_config.foreign(file) for file in (own, empty, none))


def test_a_store_of_a_newer_program_is_called_newer(config: Path) -> None:
    with sqlite3.connect(config.with_name("store.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(OperatorError, match="is newer than this program: it has schema 9999") as caught:
        cases.case_list(config, Wanted())
    assert "run `forcesync migrate`" not in str(caught.value)


def test_a_case_is_found_in_small_and_capital_letters(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with wiring.opened_store(config) as store:
        ref = TicketRef(desk="snow", id="incident/ABCdef0123", key="INC0010001")
        opened = store.open_case(Sighting(ref=ref, stamp="1"), datetime(2026, 3, 2, tzinfo=UTC))
        assert opened is not None
    for text in ("inc0010001", "INC0010001", "Incident/abcDEF0123", "ABCDEF0123", opened.id.upper(), " inc0010001 "):
        cases.case_show(config, text)
        assert "INC0010001" in capsys.readouterr().out
    with pytest.raises(OperatorError, match="no case has the id"):
        cases.case_show(config, "inc001000")
