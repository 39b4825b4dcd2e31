"""Signs requests. Secrets in files and expiring tokens rotate without a restart.

Every request is signed from the current secret. A file is reread when it has changed. After a 401 it is reread in any
case, and a GET is retried once if the credential has changed. If it is refused again, the error is `Misconfigured`.
"""

from __future__ import annotations

import base64
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import requests
from pydantic import SecretStr
from requests.auth import AuthBase

from connectors.http.file_secret import FileSecret
from workflows.ports import Clock

EARLY = timedelta(seconds=60)  # a token is renewed this long before it expires: calls take time, and clocks differ
SHORTEST_LIFE = 2 * EARLY  # a shorter one would be renewed at every call


_SECONDS = re.compile(r"\d{1,9}", re.ASCII)


class Credential(AuthBase, ABC):
    """Signs the requests of a session in the header `name`; set it as the session's `auth`."""

    name = "Authorization"

    @abstractmethod
    def value(self) -> str:
        """Return the header's current value."""

    @abstractmethod
    def renew(self, refused: str) -> None:
        """Look for a newer secret after this header value was refused."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request."""
        request.headers[self.name] = self.value()
        return request

    def renewed(self, refused: requests.PreparedRequest) -> bool:
        """Say whether a refused request would now be signed with another value."""
        used = str(refused.headers.get(self.name))
        self.renew(used)
        return self.value() != used


class HeaderCredential(Credential):
    """A secret in a header; `form` is the header's value with `{}` for the secret (`SSWS {}`, `Bearer {}`)."""

    def __init__(self, secret: SecretStr, form: str = "{}", *, name: str = "Authorization") -> None:
        self.name = name
        self._secret, self._form = secret, form

    def value(self) -> str:
        """Return the secret in its form."""
        return self._form.format(self._secret.get_secret_value())

    def renew(self, refused: str) -> None:  # noqa: ARG002  # a file has only one value
        """Reread the secret's file, if it has one."""
        if isinstance(self._secret, FileSecret):
            self._secret.reread()


class BasicCredential(HeaderCredential):
    """A user name and a password, in UTF-8 (https://www.rfc-editor.org/rfc/rfc7617)."""

    def __init__(self, user: str, secret: SecretStr) -> None:
        super().__init__(secret, "Basic {}")
        self._user = user

    def value(self) -> str:
        """Return the encoded pair."""
        pair = f"{self._user}:{self._secret.get_secret_value()}".encode()
        return self._form.format(base64.b64encode(pair).decode())


class Token(NamedTuple):
    """An access token and its expiry (UTC)."""

    value: str
    until: datetime


def granted(body: object, now: datetime, usual_life: timedelta) -> Token | None:
    """Return the token that a token endpoint grants; `None` if its answer holds none.

    `expires_in` is optional (https://www.rfc-editor.org/rfc/rfc6749#section-5.1).
    """
    value = body.get("access_token") if isinstance(body, Mapping) else None
    if not isinstance(body, Mapping) or not isinstance(value, str) or not value:
        return None
    told = str(body.get("expires_in"))
    life = timedelta(seconds=int(told)) if _SECONDS.fullmatch(told) else usual_life
    return Token(value, now + max(life, SHORTEST_LIFE))


class TokenCredential(Credential):
    """An access token, obtained by `fetch` and kept until shortly before it expires.

    `fetch` may raise any error of the core. Threads share the token: one fetches it, the others wait.
    """

    def __init__(self, fetch: Callable[[], Token], clock: Clock) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = threading.Lock()
        self._token: Token | None = None

    def value(self) -> str:
        """Return a bearer token that has not expired."""
        with self._lock:
            if self._token is None or self._clock.now() >= self._token.until - EARLY:
                self._token = self._fetch()
            return f"Bearer {self._token.value}"

    def renew(self, refused: str) -> None:
        """Drop the refused token; one that another thread has fetched since is kept."""
        with self._lock:
            if self._token is not None and refused == f"Bearer {self._token.value}":
                self._token = None
