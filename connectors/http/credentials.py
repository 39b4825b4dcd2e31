"""What signs requests. Secrets that stand in files, and tokens that expire, change without a restart.

Every request is signed anew from its source. A file is read again once it has changed; after a 401 it is read again in
any case, and a read is tried once more if the credential is another one now. Still refused, it is `Misconfigured`.
"""

from __future__ import annotations

import base64
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import requests
import structlog
from pydantic import SecretStr
from requests.auth import AuthBase

from workflows.ports import Clock

EARLY = timedelta(seconds=60)  # a token is renewed this long before its end: calls take time, and clocks differ


class FileSecret(SecretStr):
    """A secret in a file. Settings type it as `SecretStr`; `get_secret_value` always gives what the file holds now.

    While the file is away or empty, as in the moment of its replacement, the last value stays. Raises `OSError` or
    `ValueError` where there is nothing to read in the beginning.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._away = False
        self._stamp = self._look()
        super().__init__(self._read())

    def get_secret_value(self) -> str:
        """Return the secret, read again if its file has changed."""
        self._update(always=False)
        return super().get_secret_value()

    def reread(self) -> None:
        """Read the file again although it looks unchanged: a file's time may be too coarse to show a change."""
        self._update(always=True)

    def _update(self, *, always: bool) -> None:
        try:
            stamp = self._look()
            if always or stamp != self._stamp:
                self._secret_value, self._stamp = self._read(), stamp
            self._away = False
        except (OSError, ValueError) as error:
            if not self._away:
                log = structlog.get_logger("forcesync.http")
                log.warning("a secret's file cannot be read; its last value stays in use", error=str(error))
            self._away = True

    def _look(self) -> tuple[int, int, int]:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _read(self) -> str:
        try:
            text = self._path.read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            raise ValueError(f"the file {self._path} is not UTF-8 text") from None
        if not text:
            raise ValueError(f"the file {self._path} is empty")
        return text


class Credential(AuthBase, ABC):
    """What signs the requests of a session, in the header `name`: set it as the session's `auth`."""

    name = "Authorization"

    @abstractmethod
    def value(self) -> str:
        """Return what the header holds in a request that is made now."""

    @abstractmethod
    def renew(self, refused: str) -> None:
        """Look for a newer secret after one was refused in this form."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request."""
        request.headers[self.name] = self.value()
        return request

    def renewed(self, refused: requests.PreparedRequest) -> bool:
        """Say whether a request that was refused would be signed otherwise now."""
        used = str(refused.headers.get(self.name))
        self.renew(used)
        return self.value() != used


class HeaderCredential(Credential):
    """A secret in a header; `form` is what stands there, with `{}` for the secret (`SSWS {}`, `Bearer {}`)."""

    def __init__(self, secret: SecretStr, form: str = "{}", *, name: str = "Authorization") -> None:
        self.name = name
        self._secret, self._form = secret, form

    def value(self) -> str:
        """Return the secret in its form."""
        return self._form.format(self._secret.get_secret_value())

    def renew(self, refused: str) -> None:  # noqa: ARG002  # a file knows nothing of what was refused
        """Read the secret's file again, if it has one."""
        if isinstance(self._secret, FileSecret):
            self._secret.reread()


class BasicCredential(HeaderCredential):
    """A user name and a password, in UTF-8 (https://www.rfc-editor.org/rfc/rfc7617)."""

    def __init__(self, user: str, secret: SecretStr) -> None:
        super().__init__(secret, "Basic {}")
        self._user = user

    def value(self) -> str:
        """Return both, encoded."""
        pair = f"{self._user}:{self._secret.get_secret_value()}".encode()
        return self._form.format(base64.b64encode(pair).decode())


class Token(NamedTuple):
    """An access token, and when it ends (UTC)."""

    value: str
    until: datetime


class TokenCredential(Credential):
    """An access token that `fetch` gets (and may raise a far side's error for), kept until shortly before its end.

    Threads share it: one fetches, the others wait for it.
    """

    def __init__(self, fetch: Callable[[], Token], clock: Clock) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = threading.Lock()
        self._token: Token | None = None

    def value(self) -> str:
        """Return a bearer token that has not ended."""
        with self._lock:
            if self._token is None or self._clock.now() >= self._token.until - EARLY:
                self._token = self._fetch()
            return f"Bearer {self._token.value}"

    def renew(self, refused: str) -> None:
        """Let go of the token that was refused; one that another thread has fetched since stays."""
        with self._lock:
            if self._token is not None and refused == f"Bearer {self._token.value}":
                self._token = None
