"""What one product's requests are held to: their host, the time they may take, and in whose name they are made."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import requests

from connectors.http.origins import origin
from workflows.errors import Misconfigured
from workflows.values.masking import plain

LONGEST_CALL = 85.0  # seconds: one call, connecting and answer, stays below what a lease is kept for


class Doing(NamedTuple):
    """The operation in whose name requests are made now."""

    name: str
    write: bool


_UNNAMED = Doing("call the product", write=True)
_doing: contextvars.ContextVar[Doing] = contextvars.ContextVar("doing", default=_UNNAMED)


class Governance:
    """The rules of one product's requests, as its session and its transport need them.

    `timeout` is in seconds: to connect, and for the whole answer. `request_id_headers` are the names under which the
    product tells its own request id, in order of preference.
    """

    def __init__(
        self, system: str, base_url: str, *, timeout: tuple[float, float], request_id_headers: tuple[str, ...]
    ) -> None:
        self.system = system
        self.timeout = timeout
        if sum(timeout) > LONGEST_CALL:
            detail = f"connect_timeout and read_timeout together: found {sum(timeout):g}, at most {LONGEST_CALL:g}"
            raise Misconfigured(system, "use its timeouts", detail)
        self._request_id_headers = request_id_headers
        self.origin = origin(system, base_url)

    @property
    def doing(self) -> Doing:
        """Return what is being done now."""
        return _doing.get()

    @contextmanager
    def named(self, name: str, *, write: bool) -> Iterator[None]:
        """Name what is being done until the block ends."""
        token = _doing.set(Doing(name, write))
        try:
            yield
        finally:
            _doing.reset(token)

    def request_id(self, response: requests.Response) -> str | None:
        """Return the product's own id of a request."""
        names = (name for name in self._request_id_headers if response.headers.get(name))
        found = next(names, None)
        return plain(response.headers[found], 100) if found else None
