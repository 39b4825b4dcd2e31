"""The rules for requests to one product: where they may go, how long they may take, and when to hold them back."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from workflows.errors import Misconfigured
from workflows.model.writes import CALL_LASTS
from workflows.values.masking import plain

if TYPE_CHECKING:
    import requests

LONGEST_WRITE = CALL_LASTS.total_seconds()
LONGEST_CALL = 85.0  # seconds to connect and answer; a lease must outlast one call


class Timeouts(NamedTuple):
    """The time limits of one call, in seconds: to connect, and to receive the whole answer."""

    connect: float = 5.0
    read: float = 30.0

    def of_a_write(self) -> Timeouts:
        """Return those of a call that changes something: whoever finds it unanswered after a crash waits no longer."""
        connect = min(self.connect, LONGEST_WRITE / 4)
        return Timeouts(connect, min(self.read, LONGEST_WRITE - connect))


class Network(NamedTuple):
    """How a product is reached: time limits, CA certificates to trust, an HTTP proxy, and the largest answer in MB."""

    timeouts: Timeouts = Timeouts()
    ca_bundle: str | None = None
    proxy: SecretStr | None = None  # its URL may hold a password
    largest_answer: float = 8.0

    @property
    def most_bytes(self) -> int:
        """Return the size of the largest answer, in bytes."""
        return round(self.largest_answer * 1_000_000)


DEFAULT_NETWORK = Network()


class Operation(NamedTuple):
    """The operation that requests are currently made for."""

    name: str
    write: bool


_UNNAMED = Operation("call the product", write=True)
_operation: ContextVar[Operation] = ContextVar("operation", default=_UNNAMED)


class Patience(Protocol):
    """When one product may be called, shared by all workers."""

    def ask(self) -> None:
        """Return if the product may be called now; an exception ends the operation like any other fault."""

    def note(self, until: datetime, why: str, *, one_limit: bool = False) -> None:
        """Record that the product accepts no calls before `until` (UTC), or none that count for the same limit."""

    def answered(self) -> None:
        """Record that the product answered a request, whatever it said."""

    def missed(self) -> None:
        """Record that a request was not answered within its time limits."""


# The worker sets this during an operation. The session asks before every request, since one operation makes several.
# The transport notes a Retry-After at once: if the operation then ends as `Uncertain`, its error would not carry it.
patience: ContextVar[Patience | None] = ContextVar("patience", default=None)


class Governance:
    """The rules of one product, shared by its session and its transport.

    `request_id_headers` are the headers in which the product returns its own request id, in order of preference.
    """

    def __init__(self, system: str, base_url: str, *, network: Network, request_id_headers: tuple[str, ...]) -> None:
        self.system = system
        self.network = network
        if sum(network.timeouts) > LONGEST_CALL:
            detail = (
                f"connect_timeout and read_timeout together: found {sum(network.timeouts):g}, at most {LONGEST_CALL:g}"
            )
            raise Misconfigured(system, "use its timeouts", detail)
        self._request_id_headers = request_id_headers
        self.origin = origin(system, base_url)

    @property
    def current(self) -> Operation:
        """Return the operation in progress."""
        return _operation.get()

    @contextmanager
    def named(self, name: str, *, write: bool) -> Iterator[None]:
        """Name the operation until the block ends."""
        token = _operation.set(Operation(name, write))
        try:
            yield
        finally:
            _operation.reset(token)

    def request_id(self, response: requests.Response) -> str | None:
        """Return the product's own id of a request."""
        names = (name for name in self._request_id_headers if response.headers.get(name))
        found = next(names, None)
        return plain(response.headers[found], 100) if found else None


def origin(system: str, url: str) -> tuple[str, str, int]:
    """Return a URL's scheme, host and port, which decide whether a credential may be sent there.

    Raises `Misconfigured` for anything but https, or http on a loopback address.
    """
    operation = "use its URL"
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise Misconfigured(system, operation, "it is not a URL") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or "\\" in url:
        found = "" if "@" in url else f"found {url!r}; "
        raise Misconfigured(system, operation, f"{found}expected https://host without a user name in it")
    if parts.scheme == "http" and not _loopback(host):
        raise Misconfigured(system, operation, "http is allowed for this machine only; expected https")
    return parts.scheme, host, port


@lru_cache(maxsize=64)
def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
