"""The demo leaves no files behind, unless it is asked to or something failed."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest

from worker.demo.command import demo
from worker.errors import OperatorError


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the demo a temporary directory of its own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.long
@pytest.mark.parametrize(("scenario", "following"), [("tour", "demo --scenario cases"), ("cases", "demo --keep")])
def test_nothing_is_left_of_a_demo_that_ends_well_and_what_was_not_seen_yet_is_named(
    scenario: str, following: str, temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == demo(scenario=scenario, keep=False, seed=1)
    assert [] == list(temporary.iterdir())
    told = capsys.readouterr().out
    assert "No file is left" in told
    assert f"\nNext: forcesync {following}, " in told


@pytest.mark.long
def test_the_files_are_kept_where_they_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "a" / "demo"
    assert 0 == demo(scenario="tour", keep=False, seed=1, save=folder)
    names = {path.name for path in folder.iterdir()}
    assert {"forcesync.toml", "forcesync.sqlite3", "forcesync.log", "force-syncs.json", "INC0010001.txt"} <= names
    printed = capsys.readouterr().out
    assert str(folder) in printed
    assert (folder / "INC0010001.txt").read_text() in printed, "a pipe gets whole lines"


def test_a_port_in_use_is_named_and_nothing_is_left(temporary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OperatorError, match=f"ports {port} to {port + 3}: .*name others with --port"):
            demo(scenario="tour", keep=False, seed=1, port=port)
    assert ([], "") == (list(temporary.iterdir()), capsys.readouterr().out)


def test_a_folder_with_files_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OperatorError, match=r"--save: the folder .* is not empty; name a new or an empty one"):
        demo(scenario="tour", keep=False, seed=1, save=tmp_path)
    assert ["mine.txt"] == [path.name for path in tmp_path.iterdir()]
