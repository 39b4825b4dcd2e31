"""The options and arguments that several commands take, and how their texts are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

COLUMNS = 80  # of help
HELP = {"help_option_names": ["-h", "--help"]}


NO_ERROR = "done"
UNEXPECTED = "an unexpected error, with a traceback"


def example(*commands: str, done: str = NO_ERROR, one: str = UNEXPECTED) -> str:
    """Return the end of a command's help: examples, and what its exit codes mean; `one` says what 1 does.

    Each example is on a line of its own, or on several as a shell takes them.
    """
    lines = "\n".join(_folded(f"  forcesync {command}") for command in commands)
    codes = f"  0  {done}\n  1  {one}\n  2  settings or usage: one line says what was found and what to do"
    return f"\b\nExample{'s' if len(commands) > 1 else ''}:\n{lines}\n\n\b\nExit codes:\n{codes}"


def _folded(line: str) -> str:
    """Fold a command that is wider than a terminal before its options."""
    first, *options = line.split(" --")
    folded = [first]
    for option in options:
        if len(folded[-1]) + len(f" --{option} \\") > COLUMNS:
            folded.append(f"    --{option}")
        else:
            folded[-1] += f" --{option}"
    return " \\\n".join(folded)


def whole(least: int, most: int = 10**9) -> Callable[[object], int]:
    """Return the reader of an option that is a whole number in a range."""

    def read(given: object) -> int:
        text = str(given)
        if text.isdecimal() and least <= int(text) <= most:
            return int(text)
        allowed = f"from {least} to {most}" if most < 10**9 else f"from {least}"
        raise typer.BadParameter(f"found {text!r}; expected a whole number {allowed}")

    return read


def milliseconds(given: object) -> float:
    """Read an option that is a length of time."""
    text = str(given)
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII):
        return float(text)
    raise typer.BadParameter(f"found {text!r}; expected a number of milliseconds, such as 50 or 0.5")


class Text(str):
    """What an argument holds: help shows the type's name behind the argument's."""

    __slots__ = ()


Text.__name__ = "text"

Config = Annotated[
    Path,
    typer.Option(
        "--config",
        "-c",
        envvar="FORCESYNC_CONFIG",
        metavar="FILE",
        help="The settings file (TOML).",
        dir_okay=False,
    ),
]
DEFAULT_CONFIG = Path("forcesync.toml")

By = Annotated[
    str, typer.Option("--by", metavar="LOGIN", help="Your login; recorded, and looked up in Okta for a decision.")
]
Why = Annotated[str, typer.Option("--why", metavar="REASON", help="The reason, in one sentence.")]
RunId = Annotated[Text, typer.Argument(parser=Text, metavar="RUN", help="The run's id.")]
OneDirectory = Annotated[
    Text | None,
    typer.Argument(parser=Text, metavar="DIRECTORY", help="A directory's app id or label; default: every Force Sync."),
]

Stopped = Annotated[
    Text | None,
    typer.Argument(
        parser=Text,
        metavar="NAME",
        help="A directory's app id or label, or a desk or org of the settings that a fault stopped; "
        "default: every Force Sync.",
    ),
]


CaseId = Annotated[Text, typer.Argument(parser=Text, metavar="ID", help="The case's id, or its ticket's key or id.")]
OneCase = Annotated[
    Text | None,
    typer.Argument(parser=Text, metavar="ID", help="One case by its id, or its ticket's key or id; else filters."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without, the cases that the filters find are only listed.")]
AsJson = Annotated[bool, typer.Option("--json", help="As one JSON object.")]
JsonAlone = Annotated[bool, typer.Option("--json", help="As JSON: there is no other form.")]
AsLines = Annotated[bool, typer.Option("--json", help="As JSON, one object a line.")]
Replace = Annotated[bool, typer.Option("--replace", help="Replace that file if it exists.")]
