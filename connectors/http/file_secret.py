"""A secret in a file, which rotates without a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

Fault = Callable[[str], str]  # returns why a text cannot be the secret, "" if it can
_Stamp = tuple[int, int, int]  # a file's modification time, inode and size


class FileSecret(SecretStr):
    """A secret in a file. Settings type it as `SecretStr`; `get_secret_value` returns the file's current content.

    While the file is missing, empty or holds what cannot be the secret, for example while it is being replaced, the
    last value stays in use, and a warning names `setting`, the key of the file. The constructor raises `OSError` or
    `ValueError` if there is nothing to read.
    """

    def __init__(self, path: Path, setting: str = "") -> None:
        self._path, self._setting = path, setting
        self._faults: tuple[Fault, ...] = ()
        self._missing = False
        self._stamp: _Stamp | None = self._look()
        super().__init__(self._read())

    def get_secret_value(self) -> str:
        """Return the secret, reread if its file has changed."""
        self._update()
        return super().get_secret_value()

    def must_pass(self, fault: Fault) -> None:
        """Check with `fault` whatever is read from now on."""
        self._faults = (*self._faults, fault)

    @property
    def path(self) -> Path:
        """Return the file."""
        return self._path

    def reread(self) -> None:
        """Reread the file even if it looks unchanged: its modification time may be too coarse to show a change."""
        self._stamp = None
        self._update()

    def _update(self) -> None:
        try:
            stamp = self._look()
            if stamp != self._stamp:
                self._secret_value, self._stamp = self._read(), stamp
            self._missing = False
        except (OSError, ValueError) as error:
            if not self._missing:
                import structlog  # noqa: PLC0415  # every command reads settings, and few log

                log = structlog.get_logger("forcesync.http")
                text = f"{self._setting or 'a secret'}: {error}; its last value stays in use"
                log.warning("a secret's file cannot be used", text=text)
            self._missing = True

    def _look(self) -> _Stamp:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _read(self) -> str:
        try:
            text = self._path.read_text(encoding="utf-8-sig").strip()  # Windows' editors begin a text with a mark
        except UnicodeDecodeError:
            raise ValueError(f"the file {self._path} is not UTF-8 text") from None
        if not text:
            raise ValueError(f"the file {self._path} is empty")
        if found := next(filter(None, (fault(text) for fault in self._faults)), ""):
            raise ValueError(f"the file {self._path} cannot be used: {found}")
        return text
