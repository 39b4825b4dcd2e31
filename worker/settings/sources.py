"""Which settings hold, and where each value comes from: the default, the file, or the environment; secrets hidden."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from connectors.http.file_secret import FileSecret
from worker.settings.model import Settings
from worker.settings.secret_files import PREFIX, EnvironmentWithFiles
from worker.settings.tables import AudienceSettings

DEFAULT, FILE, ENVIRONMENT = "default", "file", "environment"
HIDDEN, NONE = "(hidden)", "(not set)"
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_Path = tuple[str, ...]


class Effective(NamedTuple):
    """One key with the value that holds, None if it is a secret or not set, and where it comes from."""

    key: str
    value: Any
    shown: str
    source: str


def effective(settings: Settings, config: Path, desks: Mapping[str, BaseModel]) -> Iterator[Effective]:
    """Yield every key with the value that holds; `desks` are the connectors' settings of each desk."""
    in_file = dict(_leaves(tomllib.loads(config.read_text(encoding="utf-8"))))
    in_environment = dict(_leaves(EnvironmentWithFiles(Settings)()))
    for path, value in _values(settings, desks):
        yield Effective(shown_key(path), *_shown(path, value), _source(path, value, in_file, in_environment))


def _values(settings: Settings, desks: Mapping[str, BaseModel]) -> Iterator[tuple[_Path, Any]]:
    held = {name: getattr(settings, name) for name in type(settings).model_fields if name != "desks"}
    yield from _leaves(held)
    for name, own in desks.items():
        table = settings.desks[name]
        audience = AudienceSettings(**{key: table[key] for key in AudienceSettings.model_fields if key in table})
        yield from _leaves({"desks": {name: {**dict(audience), **dict(own)}}})


def _leaves(held: Any, path: _Path = ()) -> Iterator[tuple[_Path, Any]]:
    """Yield the values of nested tables by their path; an empty table is a value."""
    table = dict(held) if isinstance(held, BaseModel | Mapping) else {}
    if not table:
        yield path, held
    for name, value in table.items():
        yield from _leaves(value, (*path, str(getattr(name, "value", name))))


def _shown(path: _Path, value: Any) -> tuple[Any, str]:
    if isinstance(value, SecretStr):
        return None, HIDDEN
    if value is None:
        return None, NONE
    if path == ("store", "url"):
        value = _without_password(str(value))
    plain = json.loads(json.dumps(value, default=_plainly))
    return plain, plain if isinstance(plain, str) and plain else json.dumps(plain, ensure_ascii=False)


def _plainly(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, frozenset | set) else dict(value) if value == {} else str(value)


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return HIDDEN


def _source(path: _Path, value: Any, in_file: Mapping[_Path, Any], in_environment: Mapping[_Path, Any]) -> str:
    """Return where a value comes from; the environment's names have no case, so they are compared without."""
    of_secret = f" ({value.path})" if isinstance(value, FileSecret) else ""
    lowered = tuple(part.lower() for part in path)
    if any(tuple(part.lower() for part in found) == lowered for found in _beginnings(in_environment, len(path))):
        return f"{ENVIRONMENT} {PREFIX}{'__'.join(path).upper()}{'_FILE' if of_secret else ''}{of_secret}"
    found = {*_beginnings(in_file, len(path))}
    return f"{FILE}{of_secret}" if path in found or (*path[:-1], f"{path[-1]}_file") in found else DEFAULT


def _beginnings(held: Mapping[_Path, Any], length: int) -> Iterator[_Path]:
    yield from (path[:length] for path in held)


def shown_key(path: _Path) -> str:
    """Return a key as TOML writes it."""
    return ".".join(part if _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False) for part in path)
