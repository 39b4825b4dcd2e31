"""One HTTP layer for every connector: where requests may go, how long they may take, and what every outcome means.

A request goes to the configured host only, over verified TLS, with connect and read timeouts, never redirected. A write
is sent once. No thread sleeps: a Retry-After becomes the time to wait until. Bodies and secrets are never logged.
"""

from __future__ import annotations

import contextvars
import ipaddress
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
import structlog

from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected
from workflows.ports import Clock
from workflows.redaction import plain

OK = (200, 201, 204)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SECONDS_WITHOUT_WORD = 30.0  # how long to wait where the far side does not say
LONGEST_WAIT = timedelta(hours=2)  # a reset time further ahead is a clock gone wrong, not a rate limit
ONCE_MORE = frozenset({502, 503, 504})  # a read that met one of these is tried once more, at once

Explain = Callable[[requests.Response], str]


class Doing(NamedTuple):
    """The operation in whose name requests are made now."""

    name: str
    write: bool


_UNNAMED = Doing("call the product", write=True)
_doing: contextvars.ContextVar[Doing] = contextvars.ContextVar("doing", default=_UNNAMED)


class Transport:
    """The way to one product. `session` may be handed to a library: every request of it is governed all the same.

    `base_url` is https, or http on a loopback address. Timeouts are seconds. `request_id_headers` are the names under
    which the product tells its own request id, in order of preference.
    """

    def __init__(
        self,
        system: str,
        base_url: str,
        *,
        clock: Clock,
        connect_timeout: float = 5.0,
        read_timeout: float = 30.0,
        ca_bundle: str | None = None,
        request_id_headers: tuple[str, ...] = (),
    ) -> None:
        self.system = system
        self.base_url = base_url.rstrip("/")
        self.clock = clock
        self.timeout = (connect_timeout, read_timeout)
        self._request_id_headers = request_id_headers
        self.origin = _origin(system, self.base_url)
        self.session = GovernedSession(self)
        if ca_bundle:
            self.session.verify = ca_bundle

    @contextmanager
    def operation(self, name: str, *, write: bool) -> Iterator[None]:
        """Name what is being done, and turn every fault of the network inside into an error of the core.

        A fault on a write that may have reached the product is `Uncertain`; on a read it is `Transient`.
        """
        token = _doing.set(Doing(name, write))
        try:
            yield
        except requests.exceptions.SSLError as error:
            raise Misconfigured(self.system, name, f"TLS failed: {_kind(error)}") from error
        except (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError) as error:
            raise Transient(self.system, name, "the product could not be reached") from error
        except requests.exceptions.ConnectionError as error:
            if write and not _never_connected(error):
                raise Uncertain(self.system, name, "the connection broke before the answer came") from error
            raise Transient(self.system, name, f"the connection failed: {_kind(error)}") from error
        except requests.exceptions.JSONDecodeError as error:
            raise self._unreadable(name, write=write, detail="the answer is not JSON") from error
        except requests.exceptions.RequestException as error:
            if write:
                raise Uncertain(self.system, name, f"no complete answer came: {_kind(error)}") from error
            raise Transient(self.system, name, f"no complete answer came: {_kind(error)}") from error
        finally:
            _doing.reset(token)

    def check(
        self,
        response: requests.Response,
        *,
        accept: tuple[int, ...] = OK,
        explain: Explain | None = None,
        overrides: Mapping[int, type[FarSideError]] | None = None,
    ) -> requests.Response:
        """Return an answer with an accepted status; any other becomes the error that the one table below gives it.

        `explain` finds the product's own words in an error's body; `overrides` names other errors for single statuses.
        """
        status, doing = response.status_code, _doing.get()
        if status in accept:
            return response
        words = plain((explain or _reason)(response), 200)
        detail = f"HTTP {status}" + (f": {words}" if words else "")
        request_id = self.request_id(response)
        kind = (overrides or {}).get(status) or error_for(status, write=doing.write, headers=response.headers)
        if kind is Transient:
            until = retry_time(response.headers, self.clock.now())
            raise Transient(self.system, doing.name, detail, until=until, request_id=request_id)
        raise kind(self.system, doing.name, detail, request_id=request_id)

    def json(self, response: requests.Response) -> Any:
        """Return the JSON of an accepted answer; a page of HTML (login, maintenance, hibernation) is not understood.

        On a write the effect is then not known; on a read a page of HTML is expected to pass.
        """
        doing = _doing.get()
        content_type = response.headers.get("Content-Type", "")
        if "html" in content_type.lower():
            raise self._unreadable(
                doing.name, write=doing.write, detail="a web page came instead of data", passing=True
            )
        try:
            return response.json()
        except ValueError as error:
            raise self._unreadable(doing.name, write=doing.write, detail="the answer is not JSON") from error

    def request_id(self, response: requests.Response) -> str | None:
        """Return the product's own id of a request."""
        names = (name for name in self._request_id_headers if response.headers.get(name))
        found = next(names, None)
        return plain(response.headers[found], 100) if found else None

    def _unreadable(self, name: str, *, write: bool, detail: str, passing: bool = False) -> FarSideError:
        if write:
            return Uncertain(self.system, name, detail)
        return Transient(self.system, name, detail) if passing else Unexpected(self.system, name, detail)


class GovernedSession(requests.Session):
    """A session whose every request follows the transport's rules, whoever makes it."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport
        self.trust_env = False
        self.headers["User-Agent"] = "forcesync"

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request; a read that failed on the way is sent once more, at once."""
        transport, name = self._transport, method.decode() if isinstance(method, bytes) else method
        target = url.decode() if isinstance(url, bytes) else url
        if _origin(transport.system, target) != transport.origin:
            raise Refused(transport.system, _doing.get().name, "the address leads to another host; nothing was sent")
        kwargs |= {"timeout": transport.timeout, "allow_redirects": False}
        try:
            response = self._send(name, target, args, kwargs)
        except requests.exceptions.SSLError:
            raise
        except requests.exceptions.ConnectionError:
            if name.upper() not in SAFE:
                raise
            return self._send(name, target, args, kwargs)
        if name.upper() in SAFE and response.status_code in ONCE_MORE and "Retry-After" not in response.headers:
            response.close()
            return self._send(name, target, args, kwargs)
        return response

    def _send(self, method: str, url: str, args: Any, kwargs: Mapping[str, Any]) -> requests.Response:
        transport, began = self._transport, time.monotonic()
        facts: dict[str, object] = {
            "system": transport.system,
            "operation": _doing.get().name,
            "method": method.upper(),
        }
        facts["path"] = urlsplit(url).path
        log = structlog.get_logger("forcesync.http")
        try:
            response = super().request(method, url, *args, **kwargs)
        except requests.exceptions.RequestException as error:
            log.info("request failed", **facts, error=_kind(error), duration_ms=_since(began))
            raise
        known = {"status": response.status_code, "request_id": transport.request_id(response)}
        log.debug("request", **facts, **known, duration_ms=_since(began))
        return response


def error_for(status: int, *, write: bool, headers: Mapping[str, str]) -> type[FarSideError]:
    """Return what a status means: the one table of every connector.

    401 and a redirect (to a login page) concern the whole system. 4xx refuses this record. 429 says that nothing was
    done, and so does a 503 that names a time; any other 5xx leaves open what became of a write.
    """
    if status == HTTPStatus.UNAUTHORIZED or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Misconfigured
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Transient
    if status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" in headers:
        return Transient
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Uncertain if write else Transient
    if status >= HTTPStatus.BAD_REQUEST:
        return Refused
    return Unexpected


def retry_time(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return the time (UTC) to wait until, by Retry-After (seconds or date) or a rate limit's reset (epoch or ISO)."""
    until = _retry_after(headers.get("Retry-After"), now)
    for name in ("X-Rate-Limit-Reset", "X-RateLimit-Reset"):
        until = until or _reset(headers.get(name))
    if until is None or until - now > LONGEST_WAIT:
        return now + timedelta(seconds=SECONDS_WITHOUT_WORD)
    return max(until, now) + timedelta(seconds=1)  # their clocks count whole seconds


def _retry_after(text: str | None, now: datetime) -> datetime | None:
    if not text:
        return None
    if re.fullmatch(r"\d{1,9}", text.strip()):
        return now + timedelta(seconds=int(text))
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _reset(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{9,11}", text.strip()):
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _origin(system: str, url: str) -> tuple[str, str, int]:
    """Return scheme, host and port; http is for this machine only."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise Misconfigured(system, "use its URL", f"{url[:100]!r} is not a URL") from None
    host = (parts.hostname or "").lower()
    if parts.scheme == "http" and not _loopback(host):
        raise Misconfigured(system, "use its URL", "http is allowed for this machine only; expected https")
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise Misconfigured(system, "use its URL", "expected https://host without a user name in it")
    return parts.scheme, host, port


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Say whether a request provably never left: the connection was refused, or the name not found."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def _kind(error: Exception) -> str:
    return type(error).__name__


def _reason(response: requests.Response) -> str:
    return response.reason or ""


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
