"""Reads settings from files. A secret's file is read again when it changes; any other is read once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import EnvSettingsSource

from connectors.http.file_secret import FileSecret
from worker.settings.faults import Faults, SettingsError, is_secret

PREFIX = "FORCESYNC_"
UNREADABLE = "unreadable"  # in place of a secret whose file cannot be used, which is told once
LONGEST_PATH = 255  # characters; longer texts are no paths that somebody wrote into the settings


def key_of(variable: str) -> str:
    """Return the settings key that a variable of the environment sets: `FORCESYNC_POLICY__SCAN` is `policy.scan`."""
    return variable[len(PREFIX) :].lower().replace("__", ".")


class EnvironmentWithFiles(EnvSettingsSource):
    """The environment, with each `..._FILE` variable replaced by its file's content."""

    def __call__(self) -> dict[str, Any]:
        """Return the settings that the environment holds."""
        faults = Faults("the environment")
        found = from_files(super().__call__(), Path.cwd(), faults, lambda path: PREFIX + "__".join(path).upper())
        faults.end()
        return found

    def _load_env_vars(self) -> Mapping[str, str | None]:
        found = dict(super()._load_env_vars())
        for name in [name for name in found if name.upper().startswith(PREFIX) and name.upper().endswith("_FILE")]:
            if not is_secret(name[: -len("_FILE")].rsplit("__", 1)[-1].lower()):
                found[name[: -len("_FILE")]] = _read(name.upper(), Path(found.pop(name) or ""))
        return found


def from_files(
    table: Mapping[str, Any],
    folder: Path,
    faults: Faults,
    shown: Callable[[tuple[str, ...]], str] = ".".join,
    path: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return a table in which a secret that is read from its file replaces each secret's `..._file` key.

    Relative paths start at `folder`. A file that cannot be used is noted, and another text stands in its place.
    """
    followed: dict[str, Any] = {}
    for key, value in table.items():
        name, where = key.removesuffix("_file"), (*path, key)
        if isinstance(value, Mapping):
            followed[key] = from_files(value, folder, faults, shown, where)
        elif name != key and is_secret(name):
            followed[name] = SecretStr(UNREADABLE)
            with faults.noting():
                if not isinstance(value, str):
                    raise SettingsError(f"{shown(where)}: found something else; allowed: the path of a file, in quotes")
                if name in table:
                    raise SettingsError(f"{shown((*path, name))} and {shown(where)} are both set; keep one of them")
                followed[name] = _follow(shown(where), folder, value)
        else:
            followed[key] = value
            if is_secret(key) and isinstance(value, str) and _is_file(folder, value):
                file = f"{shown(where)}_FILE" if shown(where).isupper() else f"{shown(where)}_file"
                faults.add(
                    f"{shown(where)}: found the path of a file; allowed: the secret itself, or {file} for the path"
                )
    return followed


def _is_file(folder: Path, text: str) -> bool:
    """Say whether a text is rather the path of a secret's file than a secret."""
    if "/" not in text or len(text) > LONGEST_PATH or not text.isprintable():
        return False
    return text.startswith("/run/secrets/") or (folder / text).is_file()


def merged(table: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with another one's keys in place of its own, table by table."""
    found = dict(table)
    for key, value in over.items():
        own = found.get(key)
        found[key] = merged(own, value) if isinstance(own, Mapping) and isinstance(value, Mapping) else value
    return found


def _follow(key: str, folder: Path, value: str) -> FileSecret:
    """Return the secret of a file; a text that may be the secret itself is not quoted."""
    try:
        return FileSecret(folder / value, key)
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or error
        if os.path.lexists(folder / value):
            raise SettingsError(f"{key}: the file {folder / value} cannot be used: {words}") from error
        raise SettingsError(
            f"{key}: found a text that names no file (relative paths start at {folder}); it is not shown, since it may "
            f"be the secret itself; allowed: the path of a file, or the secret as {key[: -len('_file')]}"
        ) from None


def _read(key: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        words = getattr(error, "strerror", None) or error
        raise SettingsError(f"{key}: the file {path} cannot be read: {words}") from error
