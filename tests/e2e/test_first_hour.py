"""The transcripts of "Your first hour" are what the commands print, in a shell, with that page alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parents[2]
SECTION = (
    (ROOT / "worker" / "README.md").read_text(encoding="utf-8").split("\n## Your first hour\n")[1].split("\n## ")[0]
)
ANYTHING = "..."


class Step(NamedTuple):
    """A command of a transcript, and what it prints; `...` stands for anything."""

    command: str
    printed: list[str]


def steps() -> Iterator[Step]:
    for block in re.findall(r"^```console\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL):
        joined = block.replace("\\\n", " ")
        for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]:
            command, *printed = part.splitlines()
            yield Step(command, printed)


def fits(told: list[str], printed: list[str]) -> bool:
    """Say whether a transcript tells what was printed: a line `...` is any lines, one within a line any text."""
    lines = [
        "(?:.*\n)*" if line == ANYTHING else ".*".join(map(re.escape, line.split(ANYTHING))) + "\n" for line in told
    ]
    return re.fullmatch("".join(lines), "".join(f"{line}\n" for line in printed)) is not None


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Scenario("tour")) as sandbox:
        yield sandbox


@pytest.mark.long
def test_the_first_hour_prints_what_its_page_says(sandbox: Sandbox, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    shim = programs / "forcesync"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m worker "$@"\n')
    shim.chmod(0o755)
    place = tmp_path / "place"
    place.mkdir()
    words = {"PATH": f"{programs}:/usr/bin:/bin", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "HOME": str(tmp_path)}
    addresses = {8800: sandbox.okta_url, 8801: sandbox.servicenow_url, 8802: sandbox.jira_url}
    found = list(steps())
    assert {"init", "doctor", "check", "once", "case"} <= {step.command.split()[1] for step in found}
    for step in found:
        command = step.command
        for port, url in addresses.items():
            command = command.replace(f"http://127.0.0.1:{port}", url)
        done = subprocess.run(
            ["/bin/sh", "-c", f"umask 077; {command}"],
            cwd=place,
            env=words | {key: os.environ[key] for key in ("TMPDIR",) if key in os.environ},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert fits(step.printed, done.stdout.splitlines()), f"$ {step.command}\n{done.stdout}{done.stderr}"
