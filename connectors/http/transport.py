"""The way to one product: names what is done, and turns every outcome into a value or an error of the core."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests
from requests import exceptions

from connectors.http import samples
from connectors.http.credentials import Credential
from connectors.http.denials import DENIALS, Denied, see
from connectors.http.governance import Governance
from connectors.http.patience import patience
from connectors.http.session import GovernedSession
from connectors.http.statuses import OK, error_for, retry_time
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected
from workflows.ports import Clock

Explain = Callable[[requests.Response], str]


class Transport(Governance):
    """The way to one product. `session` may be handed to a library: every request of it is governed all the same.

    `base_url` is https, or http on a loopback address. Timeouts are seconds: to connect, and for the whole answer.
    `request_id_headers` are the names under which the product tells its own request id, in order of preference.
    `credential` is the key of the settings that holds what signs the requests: a refusal of it names that.
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
        credential: str = "",
    ) -> None:
        self.credential = credential
        self.base_url = base_url.rstrip("/")
        self.clock = clock
        timeout = (connect_timeout, read_timeout)
        super().__init__(system, self.base_url, timeout=timeout, request_id_headers=request_id_headers)
        self.session = GovernedSession(self)
        if ca_bundle:
            if not Path(ca_bundle).exists():
                raise Misconfigured(system, "use its ca_bundle", f"there is no file {ca_bundle}")
            self.session.verify = ca_bundle

    @contextmanager
    def operation(self, name: str, *, write: bool) -> Iterator[None]:
        """Name what is being done, and turn every fault of the network inside into an error of the core.

        A fault on a write that may have reached the product is `Uncertain`; on a read it is `Transient`.
        """
        with self.named(name, write=write):
            try:
                yield
            except exceptions.RequestException as error:
                raise self._fault(error) from error

    def check(
        self,
        response: requests.Response,
        *,
        accept: tuple[int, ...] = OK,
        explain: Explain | None = None,
        overrides: Mapping[int, type[FarSideError]] | None = None,
        one_record: bool = False,
    ) -> requests.Response:
        """Return an answer with an accepted status; any other becomes the error that the one table gives it.

        `explain` finds the product's own words in an error's body; `overrides` names other errors for single statuses.
        A 429 concerns the whole system, and every worker hears of it at once, unless it is about `one_record`.
        """
        status, doing = response.status_code, self.doing
        if status in accept:
            return response
        said = self.words((explain or _reason)(response), response)
        detail = f"HTTP {status}" + (f": {said}" if said else "")
        request_id = self.request_id(response)
        kind = (overrides or {}).get(status) or error_for(status, write=doing.write, headers=response.headers)
        if kind is Misconfigured and status == HTTPStatus.UNAUTHORIZED and self._renewed(response):
            kind, detail = Transient, f"{detail}; the credential has been renewed since"
        if kind is Misconfigured and status in DENIALS:
            detail += see(self.credential)
        if kind is Refused and status == HTTPStatus.FORBIDDEN:
            raise Denied(self.system, doing.name, detail, self.credential, request_id=request_id)
        if kind is Transient:
            until = retry_time(status, response.headers, self.clock.now())
            if until and not one_record and (minding := patience.get()):
                minding.told(until, detail)
            raise Transient(self.system, doing.name, detail, until=until, request_id=request_id)
        if kind is Unexpected:
            detail = f"{detail} ({samples.sample(response)})"
        raise kind(self.system, doing.name, detail, request_id=request_id)

    def json(self, response: requests.Response) -> Any:
        """Return the JSON of an accepted answer; a page of HTML (login, maintenance, hibernation) is not understood.

        On a write the effect is then not known; on a read a page of HTML is expected to pass.
        """
        if "html" in response.headers.get("Content-Type", "").lower():
            detail, passing = f"a web page came instead of data ({samples.sample(response)})", Transient
            raise self._unreadable(detail, passing, self.request_id(response))
        try:
            return response.json()
        except ValueError as error:
            detail = f"the answer is not JSON ({samples.sample(response)})"
            kind = Transient if cut_off(error) else Unexpected
            raise self._unreadable(detail, kind, self.request_id(response)) from error

    def words(self, text: str, response: requests.Response) -> str:
        """Return a product's own words as a harmless line, without what signed the request, should they repeat it."""
        auth = self.session.auth
        name = auth.name if isinstance(auth, Credential) else "Authorization"
        secret = str(response.request.headers.get(name) or "").rpartition(" ")[2]
        return samples.words(text.replace(secret, "[removed]") if secret else text)

    def _fault(self, error: exceptions.RequestException) -> FarSideError:
        """Return what a fault below HTTP means; its own text may hold a URL, so only its kind is told."""
        (name, write), kind = self.doing, type(error).__name__
        if isinstance(error, exceptions.SSLError):
            return Misconfigured(self.system, name, f"TLS failed: {kind}")
        if isinstance(error, exceptions.JSONDecodeError):
            detail = f"the answer is not JSON ({samples.sample(str(error.doc))})"
            return self._unreadable(detail, Transient if cut_off(error) else Unexpected, None)
        if isinstance(error, exceptions.InvalidURL | exceptions.InvalidHeader | exceptions.InvalidSchema):
            return Refused(self.system, name, f"the request cannot be formed: {kind}")
        if isinstance(error, exceptions.ConnectTimeout | exceptions.ProxyError) or _never_connected(error):
            _, host, port = self.origin
            return Transient(self.system, name, f"{host}:{port} could not be reached: {_cause(error)}")
        if write:
            return Uncertain(self.system, name, f"no complete answer came: {kind}")
        return Transient(self.system, name, f"no complete answer came: {kind}")

    def _unreadable(self, detail: str, of_read: type[FarSideError], request_id: str | None) -> FarSideError:
        name, write = self.doing
        return (Uncertain if write else of_read)(self.system, name, detail, request_id=request_id)

    def _renewed(self, response: requests.Response) -> bool:
        auth = self.session.auth
        return isinstance(auth, Credential) and auth.renewed(response.request)


def _never_connected(error: Exception) -> bool:
    """Say whether a request provably never left: the connection was refused, or the name not found."""
    return _cause(error) in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def _cause(error: Exception) -> str:
    """Return what kept a connection from being made, by its kind: refused, a name that is not found, a time-out."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason or error).__name__


def _reason(response: requests.Response) -> str:
    return response.reason or ""


def cut_off(error: ValueError) -> bool:
    """Say whether an answer began as JSON and broke off on its way: read again, it may be whole."""
    if not isinstance(error, json.JSONDecodeError) or error.doc.lstrip()[:1] not in {"{", "["}:
        return False
    longest_word = len("false")
    return error.msg.startswith("Unterminated string") or error.pos >= len(error.doc.rstrip()) - longest_word
