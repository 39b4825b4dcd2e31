"""Warns at the start of what works and is risky: open file modes, one token for two uses, keys without effect."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, SecretStr

from connectors.http.file_secret import FileSecret
from worker.settings.model import Settings

_OPEN_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^@?]*")
OTHERS = stat.S_IRGRP | stat.S_IROTH


def cautions(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each."""
    yield from open_files(settings)
    yield from shared_tokens(settings)
    yield from at_odds(settings)


def open_files(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each file with a secret that other accounts of this machine can read."""
    found = list(_secrets(settings))
    files = {secret.path: f"{key}_file" for key, secret in found if isinstance(secret, FileSecret)}
    source = Path(settings.source)
    text = source.read_text(encoding="utf-8") if source.is_file() else ""
    inline = [key for key, secret in found if not isinstance(secret, FileSecret) and secret.get_secret_value() in text]
    if inline:
        files[source] = f"the settings file, which holds {inline[0]}"
    for path, what in files.items():
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0
        if mode & OTHERS:
            hint = f", or name a file of its own with {inline[0]}_file" if path == source else ""
            yield f"{what}: other accounts of this machine can read {path} (mode {mode:04o}); chmod 600 {path}{hint}"


def shared_tokens(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each org that is read with the token that runs Force Sync."""
    for name, okta in settings.okta.items():
        reading, pressing = okta.token, okta.force_sync.token
        if reading and pressing and reading.get_secret_value() == pressing.get_secret_value():
            yield (
                f"okta.{name}.token and okta.{name}.force_sync.token are the same: reading the org needs no right to "
                "change it; make the first one a read-only administrator's"
            )


def at_odds(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each key that another one leaves without effect."""
    if settings.broker.kind == "embedded" and settings.broker.url:
        yield "broker.url has no effect, since broker.kind is 'embedded'; set broker.kind, or remove it"
    for name in sorted(settings.policy.open_attributes & settings.policy.never_attributes):
        yield f"policy.open_attributes and policy.never_attributes both name {name!r}, so it is withheld; keep one"


def _secrets(held: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, SecretStr]]:
    """Yield every secret with its key; a URL without user and query holds none."""
    if isinstance(held, SecretStr):
        if not _OPEN_URL.fullmatch(held.get_secret_value()):
            yield ".".join(path), held
    elif isinstance(held, BaseModel | Mapping):
        for key, inner in held.items() if isinstance(held, Mapping) else held:
            yield from _secrets(inner, (*path, str(key)))
