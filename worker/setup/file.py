"""Writes the settings file with its comments, and files of the secrets that were typed: whole, never over another."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import SecretStr

from connectors.http.file_secret import FileSecret
from worker.errors import OperatorError
from worker.output import drafted
from worker.settings.sources import shown_key
from workflows.model import Directory

HEAD = """\
# Settings of forcesync, written by `forcesync init`.
#
# All keys, with defaults: worker/README.md, "Settings". What holds now, and why: forcesync settings show.
# After each change: forcesync doctor. Keys that are not here have their defaults; times are in seconds.
"""
STORE_NOTES = (
    "Where the cases are kept, for every command and for the service: only this store knows which tickets were worked.",
    'To move it: worker/README.md, "Moving the store". Several machines share a PostgreSQL database, from the start:',
    '  url = "postgresql://forcesync@db.example.com/forcesync"',
    '  password_file = "/run/secrets/postgres_password"',
)
POLICY_PATH = ("policy",)
NOBODY_NAMED = '# on_behalf = ["Service Desk"]'
POLICY = """
[policy]
# observe: the verdict is left as an internal note, and nothing changes in Okta. approve: a person approves each Force
# Sync (needs approvers). auto: Force Sync runs when it helps. Both need a driver. See "How far it may go" there.
default_autonomy = "observe"
# Attributes whose values agents read in internal notes. Those of all others are masked there ("F•••••e"), so whoever
# checks the advice has to open both profiles. Name those that your agents may see anyway; public texts show none.
# open_attributes = ["department", "title", "manager"]
# Okta groups whose members may file for others ("Everyone" for all); others' tickets about somebody else go to people:
{on_behalf}
# Okta groups whose members are left to people:
# protected_groups = ["Executives"]
"""
AUTONOMY = """
# Later, one directory at a time:
# [policy.autonomy]
"""
DRIVER = """
# How Force Sync is run, once a directory may do more than observe: "assisted" (a person presses it) or "reapply".
# [okta.main.force_sync]
# driver = "assisted"
"""


class Table(NamedTuple):
    """One table of the file, with notes that are written above its keys."""

    path: tuple[str, ...]
    values: Mapping[str, Any]
    notes: tuple[str, ...] = ()


Held = Callable[[tuple[str, ...]], str]  # the environment variable that holds a key, "" for none


def rendered(config: Path, tables: Sequence[Table], directories: Sequence[Directory], held: Held) -> str:
    """Return the file's text. What the environment holds is named and left to it; secrets stand as their files."""
    folder = config.absolute().parent
    text = HEAD + "\n"
    others = [table for table in tables if table.path != POLICY_PATH]
    may = next((table.values["on_behalf"] for table in tables if table.path == POLICY_PATH), None)
    text += "\n".join("\n".join(_lines(table, folder, held)) + "\n" for table in others)
    text += DRIVER + POLICY.format(on_behalf=f"on_behalf = {_toml(may)}" if may else NOBODY_NAMED)
    if directories:
        text += AUTONOMY + "".join(f'# {_toml(item.label)} = "approve"\n' for item in directories)
    return text


def typed(tables: Sequence[Table], held: Held) -> dict[str, SecretStr]:
    """Return the secrets that were typed, by the name of the file that keeps each."""
    return {
        _file_of(table.path, key): value
        for table in tables
        for key, value in table.values.items()
        if isinstance(value, SecretStr) and not isinstance(value, FileSecret) and not held((*table.path, key))
    }


def _lines(table: Table, folder: Path, held: Held) -> Iterator[str]:
    yield f"[{shown_key(table.path)}]"
    yield from (f"# {_printable(note)}" for note in table.notes)
    for key, value in table.values.items():
        if variable := held((*table.path, key)):
            yield f"# {key}: from the environment, {variable}"
        elif isinstance(value, FileSecret):
            near = value.path.is_relative_to(folder)  # a relative path starts at the settings' folder
            yield f"{key}_file = {_toml(str(value.path.relative_to(folder) if near else value.path))}"
        elif isinstance(value, SecretStr):
            yield f"{key}_file = {_toml(_file_of(table.path, key))}"
        else:
            yield f"{key} = {_toml(value)}"


def _file_of(path: tuple[str, ...], key: str) -> str:
    product = "okta" if path[0] == "okta" else path[-1]
    return f"{product}_{key}"


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # TOML refuses what JSON lets stand


def _printable(text: str) -> str:
    """Return a product's own name as a comment may hold it: a line break would begin settings of its own."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def check_free(config: Path) -> None:
    """Raise `OperatorError` if the file is there already, or its folder is not."""
    if config.exists() or config.is_symlink():
        raise OperatorError(
            f"--config: {config} is there already, and init never overwrites a file; name another, or correct that one "
            "and run `forcesync doctor`"
        )
    if not config.absolute().parent.is_dir():
        raise OperatorError(f"--config: the folder {config.absolute().parent} does not exist; make it first")


def create(config: Path, text: str, secrets: Mapping[str, SecretStr], check: Callable[[Path], object]) -> list[Path]:
    """Create the files of the secrets and then the settings, readable by their owner only; return them.

    Each appears whole or not at all, and none replaces another. `check` reads the settings before they get their name.
    What was made is removed if something fails.
    """
    made: list[Path] = []
    try:
        for name, secret in secrets.items():
            made.append(_made(config.with_name(name), f"{secret.get_secret_value()}\n"))
        made.append(_made(config, text, check))
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
    return made


def _made(path: Path, text: str, check: Callable[[Path], object] = lambda _: None) -> Path:
    """Write a file under another name, and give it its own by a link, which fails where that is taken."""
    try:
        with drafted(path, text) as draft:
            check(draft)
            os.link(draft, path)
    except FileExistsError:
        raise OperatorError(f"{path} is there already, and init never overwrites a file; move it away") from None
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}; nothing is left of it") from error
    return path
