"""What the command line does with a failure that an operator can fix."""

from __future__ import annotations

import platform
import re
import sys
from importlib import metadata

import pytest

from worker import cli
from worker.commands import running
from worker.errors import OperatorError
from workflows.errors import StoreUnavailable


@pytest.mark.parametrize("error", [OperatorError("no such file"), StoreUnavailable("the connection was cut")])
def test_it_ends_with_code_2_and_one_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(sys, "argv", ["forcesync", "run"])
    monkeypatch.setattr(running, "run", fails)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert 2 == ended.value.code
    assert f"forcesync: {error}\n" == capsys.readouterr().err


COMMANDS = (
    [],
    *([name] for name in ("run", "worker", "demo", "sandbox", "check", "doctor", "pause", "resume", "audit")),
    *(["case", name] for name in ("list", "show", "export", "retry", "hand-over", "leave")),
    *(["settings", name] for name in ("show", "schema")),
    *(["sync", name] for name in ("list", "show", "approve", "reject", "preview")),
)


def said(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    monkeypatch.setattr(sys, "argv", ["forcesync", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    return ended.value.code, out + err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_names_what_is_wanted_in_words(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = said([*command, "--help"], monkeypatch, capsys)
    assert 0 == code
    assert [] == re.findall(r"<(?:str|int|bool|float|file|dir|path)\b[^>]*>", told)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sandbox", "--port", "70000"], "'--port': found '70000'; expected a whole number from 1 to 65532"),
        (["demo", "--seed", "one"], "'--seed': found 'one'; expected a whole number from 0"),
        (["sandbox", "--latency-ms", "-1"], "found '-1'; expected a number of milliseconds"),
    ],
)
def test_a_wrong_number_says_what_was_found_and_what_is_wanted(
    words: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, seen = said(words, monkeypatch, capsys)
    assert (2, True) == (code, told in seen)


def test_it_tells_its_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = said(["--version"], monkeypatch, capsys)
    assert (0, f"forcesync {metadata.version('forcesync')}, Python {platform.python_version()}\n") == (code, told)
