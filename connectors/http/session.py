"""The session that our code and the vendors' libraries share: it enforces the product's rules on every request."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from requests.exceptions import (
    ChunkedEncodingError,
    ConnectionError,
    InvalidHeader,
    RequestException,
    SSLError,
    Timeout,
)
from requests.sessions import merge_setting
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ReadTimeoutError

from connectors.http.bounds import BoundedAdapter
from connectors.http.credentials import Credential
from connectors.http.governance import Governance, origin, patience
from connectors.http.samples import path
from workflows.errors import Refused

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ONCE_MORE = frozenset({502, 503, 504})  # a read with one of these statuses is retried once, immediately
QUICK = 5.0  # seconds: a read that failed later than this has used up its caller's time and is not retried
CONNECTIONS = 64  # kept open per product: the worker's maximum of threads
UNAUTHORIZED, BAD = 401, 400


class Unsendable(InvalidHeader):
    """The credential cannot be sent in a header."""


class GovernedSession(requests.Session):
    """A session whose every request follows the product's rules; threads may share it, since it keeps no cookies.

    Set the credential as its `auth`.
    """

    def __init__(self, governance: Governance) -> None:
        super().__init__()
        self._governance = governance
        self.trust_env = False
        self.headers["User-Agent"] = f"forcesync/{version('forcesync')}"
        self.verify = governance.network.ca_bundle or True
        if proxy := governance.network.proxy:
            self.proxies = dict.fromkeys(("http", "https"), proxy.get_secret_value())
        adapter = BoundedAdapter(governance.network.most_bytes, CONNECTIONS)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request. A read that fails quickly is retried once, immediately; a write never is."""
        rules, name = self._governance, method.decode() if isinstance(method, bytes) else method
        target = url.decode() if isinstance(url, bytes) else url
        if origin(rules.system, target) != rules.origin:
            raise Refused(rules.system, rules.current.name, "the address leads to another host; nothing was sent")
        safe, timeouts = name.upper() in SAFE, rules.network.timeouts
        kwargs["timeout"] = tuple(timeouts if safe else timeouts.of_a_write())
        if not safe:
            return self._send(name, target, args, kwargs)
        began = time.monotonic()
        try:
            response = self._send(name, target, args, kwargs)
        except SSLError:
            raise
        except (ConnectionError, ChunkedEncodingError) as error:
            if time.monotonic() - began > QUICK or _timed_out(error):
                raise
            return self._send(name, target, args, kwargs)
        if time.monotonic() - began <= QUICK and self._may_succeed_now(response):
            response.close()
            return self._send(name, target, args, kwargs)
        return response

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Prepare a request with this session's headers and credential, which is all that it has to add."""
        prepared = requests.PreparedRequest()
        prepared.prepare_method(request.method)
        prepared.prepare_url(request.url or "", request.params)
        prepared.prepare_headers(merge_setting(request.headers, self.headers, CaseInsensitiveDict))
        prepared.prepare_body(request.data, request.files, request.json)
        prepared.prepare_auth(request.auth or self.auth)
        return prepared

    def merge_environment_settings(self, *_: Any) -> dict[str, Any]:
        """Return nothing: the environment has no say."""
        return {}

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request, and nothing else: no redirect is followed, no hook called, no cookie kept.

        A header that cannot be sent holds our secret, and so do the libraries' errors about it: none is passed on.
        """
        adapter, timeout = self.get_adapter(request.url or ""), kwargs["timeout"]
        try:
            return adapter.send(request, timeout=timeout, verify=self.verify, proxies=self.proxies)
        except RequestException:
            raise
        except ValueError as error:
            if "header" not in str(error) and not isinstance(error, UnicodeEncodeError):
                raise
            kind = type(error).__name__
        raise Unsendable(kind)  # outside of the handler, so that it does not carry the other error along

    def _may_succeed_now(self, response: requests.Response) -> bool:
        """Say whether the same read may succeed if it is repeated now."""
        if response.status_code == UNAUTHORIZED:
            return isinstance(self.auth, Credential) and self.auth.renewed(response.request)
        return response.status_code in ONCE_MORE and "Retry-After" not in response.headers

    def _send(self, method: str, url: str, args: Any, kwargs: Mapping[str, Any]) -> requests.Response:
        if shared := patience.get():
            shared.ask()
        rules, began = self._governance, time.monotonic()
        log = structlog.get_logger("forcesync.http")
        try:
            response = super().request(method, url, *args, **kwargs)
        except RequestException as error:
            if shared and _timed_out(error):
                shared.missed()
            facts = self._facts(method, url, began)
            log.info("request failed", **facts, error=type(error).__name__)
            raise
        if shared:
            shared.answered()
        level = logging.INFO if response.status_code >= BAD else logging.DEBUG
        if log.is_enabled_for(level):  # hardly ever, and to put the facts together takes time
            known = {"status": response.status_code, "request_id": rules.request_id(response)}
            log.log(level, "request", **self._facts(method, url, began), **known)
        return response

    def _facts(self, method: str, url: str, began: float) -> dict[str, object]:
        system, operation = self._governance.system, self._governance.current.name
        call = {"method": method.upper(), "path": path(urlsplit(url).path)}
        return {"system": system, "operation": operation, **call, "duration_ms": _since(began)}


def _timed_out(error: Exception) -> bool:
    """Say whether the request timed out, before or within the answer: it is not retried then."""
    return isinstance(error, Timeout) or any(isinstance(cause, ReadTimeoutError) for cause in error.args)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
