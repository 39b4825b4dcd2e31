"""What the command line does with a failure that an operator can fix."""

from __future__ import annotations

import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
import typer

from worker import running
from worker.commandline.app import app, main
from worker.errors import OperatorError
from workflows.errors import Misconfigured, StoreUnavailable, Transient


@pytest.mark.parametrize(
    ("error", "code", "more"),
    [
        (OperatorError("no such file"), 2, ""),
        (Misconfigured("okta", "sign in", "HTTP 401"), 2, ""),
        (StoreUnavailable("the connection was cut"), 1, "; try again later"),
        (Transient("okta", "read the user", "HTTP 429"), 1, "; try again later"),
    ],
    ids=lambda item: type(item).__name__ if isinstance(item, Exception) else "",
)
def test_what_it_cannot_do_ends_it_with_one_line_and_code_2_where_somebody_has_to_mend_it(
    error: Exception, code: int, more: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(sys, "argv", ["forcesync", "run"])
    monkeypatch.setattr(running, "run", fails)
    with pytest.raises(SystemExit) as ended:
        main()
    assert code == ended.value.code
    assert f"forcesync: {error}{more}\n" == capsys.readouterr().err


def test_a_failure_fits_a_terminal_and_is_one_line_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: Callable[[int], None]
) -> None:
    told = []
    monkeypatch.setattr(sys, "argv", ["forcesync", "doctor", "--config", "a/folder/that/is/not/there/forcesync.toml"])
    for columns in (0, 60):
        if columns:
            terminal(columns)
        with pytest.raises(SystemExit):
            main()
        told.append(capsys.readouterr().err.splitlines())
    (whole,), folded = told
    assert len(whole) > 60 >= max(map(len, folded))
    assert whole.split() == " ".join(folded).split()


def tree(group: typer.core.TyperGroup, *path: str) -> Iterator[list[str]]:
    """Yield the words of every group and command."""
    yield [*path]
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from tree(command, *path, name)
        else:
            yield [*path, name]


ROOT = typer.main.get_command(app)
assert isinstance(ROOT, typer.core.TyperGroup)
COMMANDS = list(tree(ROOT))
GROUPS = [[], ["case"], ["person"], ["sync"], ["settings"]]
EVERY = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)


def said(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    monkeypatch.setattr(sys, "argv", ["forcesync", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return ended.value.code, out + err


@EVERY
def test_help_names_what_is_wanted_in_words(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = said([*command, "--help"], monkeypatch, capsys)
    assert 0 == code
    assert [] == re.findall(r"<(?:str|int|bool|float|file|dir|path)\b[^>]*>", told)


@EVERY
def test_each_command_has_the_short_help_and_examples_that_it_takes(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, told = said([*command, "-h"], monkeypatch, capsys)
    assert (0, told) == (code, said([*command, "--help"], monkeypatch, capsys)[1])
    assert ["0", "1", "2"] == [line.split()[0] for line in told.partition("Exit codes:")[2].split("\n") if line.strip()]
    if command in GROUPS:
        assert "..." not in told.partition("Commands:")[2].partition("Example")[0]
    assert max(map(len, told.splitlines())) <= 80
    told = told.replace("\\\n", "")
    examples = [
        line.split("forcesync ")[1] for line in told.partition("Example")[2].splitlines() if "forcesync " in line
    ]
    assert examples
    for example in examples:
        words = shlex.split(example.partition(" > ")[0])
        assert command == words[: len(command)]
        options = set(re.findall(r"(?<= )--?[a-z][a-z-]*", example))
        assert command in GROUPS or options <= set(re.findall(r"--?[a-z][a-z-]*", told)), example


def test_the_shell_completes_commands() -> None:
    words = {"_FORCESYNC_COMPLETE": "complete_bash", "COMP_WORDS": "forcesync sync ap", "COMP_CWORD": "2"}
    program = "import sys; sys.argv[0] = 'forcesync'; from worker.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | words, capture_output=True, text=True, check=False
    )
    assert "approve" == done.stdout.strip()


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


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["case", "list", "--user", ""], "--user"),
        (["case", "retry", "--user", " ", "--by", "robin", "--why", "x", "--yes"], "--user"),
        (["case", "list", "--since="], "--since"),
        (["check", ""], "an argument"),
        (["doctor", "--only", ""], "--only"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else words,
)
def test_an_argument_that_is_empty_is_wrong_usage_in_every_command(
    words: list[str], named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, seen = said(words, monkeypatch, capsys)
    assert (2, f"forcesync: {named}: found nothing; name something, or leave it out\n") == (code, seen)


def test_what_definitions_would_ignore_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, seen = said(["report", "--definitions", "--csv"], monkeypatch, capsys)
    assert (2, True) == (code, "goes with no other option than --json" in seen)


@pytest.mark.parametrize("words", [["--help"], ["report", "--csv"], ["status", "--json"]], ids=" ".join)
def test_output_that_cannot_be_written_is_one_line(words: list[str], config: Path) -> None:
    program = [sys.executable, "-m", "worker", *words, *([] if words == ["--help"] else ["--config", str(config)])]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (1, "forcesync: the output could not be written: No space left on device\n") == (
        done.returncode,
        done.stderr,
    )


def test_ctrl_c_ends_a_command_without_a_word_also_while_it_is_loaded() -> None:
    program = """
import builtins, signal
load = builtins.__import__
def interrupted(name, *rest):
    if name == "worker.commandline.app":
        signal.raise_signal(signal.SIGINT)
    return load(name, *rest)
from worker.__main__ import main
builtins.__import__ = interrupted
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (130, "", "") == (done.returncode, done.stdout, done.stderr)


def test_it_tells_its_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = said(["--version"], monkeypatch, capsys)
    assert (0, f"forcesync {metadata.version('forcesync')}, Python {platform.python_version()}\n") == (code, told)
