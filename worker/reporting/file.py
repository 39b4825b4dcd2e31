"""Writes a page that an operator asked for: never over another file unasked, whole, and for its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

from worker.errors import OperatorError

OWNERS = 0o600


def check(path: Path, *, replace: bool) -> None:
    """Raise `OperatorError` if the page could not be written: before it is made, which may take minutes."""
    if not path.parent.is_dir():
        raise OperatorError(f"--html: the folder {path.parent} does not exist")
    if path.is_dir() or (path.exists() and not replace):
        what = "is a folder" if path.is_dir() else "exists; name another file, or add --replace"
        raise OperatorError(f"--html: {path} {what}")


def write(path: Path, text: str) -> str:
    """Write the page with mode 0600, whole or not at all; return what to tell of it. Raises `OperatorError`."""
    draft, over = path.with_name(f".{path.name}.{os.getpid()}"), path.exists()
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS), "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OperatorError(f"--html: {path} cannot be written: {error.strerror}") from error
    return f"{'replaced' if over else 'wrote'} {path}"
