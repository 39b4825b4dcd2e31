"""`forcesync settings` prints what holds and where it comes from, and a schema; never a secret."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from worker.commandline.settings import settings_schema, settings_show
from worker.errors import OperatorError

SETTINGS = """
[okta.main]
url = "https://example.okta.com"
token = "s3cret-of-a-test"

[desks.jira]
kind = "jira"
url = "https://example.atlassian.net"
email = "forcesync@example.com"
token = "s3cret-of-a-test"
projects.SUP = { kind = "software" }
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "forcesync.toml"
    file.write_text(SETTINGS)
    return file


def test_the_json_has_every_key_with_its_source(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings_show(config, as_json=True)
    text = capsys.readouterr().out
    told = json.loads(text)
    keys = {item["key"]: item for item in told["settings"]}
    assert 1 == told["version"]
    assert ["key", "value", "shown", "from"] == list(told["settings"][0])
    assert ("software", "file") == (keys["desks.jira.projects.SUP.kind"]["value"], "file")
    assert (None, "(hidden)") == (keys["desks.jira.token"]["value"], keys["desks.jira.token"]["shown"])
    assert 30.0 == keys["policy.poll_every"]["value"]
    assert "s3cret" not in text


@pytest.mark.parametrize("columns", [80, 0])
def test_the_lines_fit_a_terminal(
    columns: int, config: Path, capsys: pytest.CaptureFixture[str], terminal: Callable[[int], None]
) -> None:
    if columns:
        terminal(columns)
    settings_show(config, as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert not columns or all(len(line) <= columns or len(line.split()) == 1 for line in lines), "a path stays whole"
    assert columns or all(line.endswith("]") for line in lines)


def test_wrong_settings_are_told(config: Path) -> None:
    config.write_text(f"{SETTINGS}\n[policy]\npoll_evry = 5\n")
    with pytest.raises(OperatorError, match=r"policy\.poll_evry"):
        settings_show(config, as_json=False)


def test_the_schema_is_json_with_every_kind_of_desk(capsys: pytest.CaptureFixture[str]) -> None:
    settings_schema()
    told = json.loads(capsys.readouterr().out)
    assert ["jira", "servicenow"] == told["properties"]["desks"]["additionalProperties"]["properties"]["kind"]["enum"]


def test_whoever_stops_reading_the_schema_sees_no_error() -> None:
    made = [sys.executable, "-m", "worker", "settings", "schema"]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(made, env=buffered, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        assert "{" == process.stdout.read(1)
        process.stdout.close()
        assert "" == process.stderr.read()
