"""The client of one product: names each operation and turns its outcome into a value or an error of the core."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import structlog
from requests import exceptions

from connectors.http import network as wording
from connectors.http import samples
from connectors.http.bounds import AnswerTooLarge
from connectors.http.clocks import clocks_differ
from connectors.http.credentials import Credential
from connectors.http.governance import DEFAULT_NETWORK, Governance, Network, patience
from connectors.http.session import GovernedSession, Unsendable
from connectors.http.statuses import (
    ADDRESS,
    DENIALS,
    OK,
    Denied,
    InFront,
    cause_of,
    elsewhere,
    error_for,
    retry_time,
    see,
)
from connectors.http.voice import Voice
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected
from workflows.ports import Clock
from workflows.values.secrets_own import keep_out, without_own

# What a form holds that nobody may see: https://www.rfc-editor.org/rfc/rfc6749 and rfc7523 (the assertion).
SECRET_FIELDS = frozenset({"password", "client_secret", "refresh_token", "client_assertion"})


class Transport(Governance):
    """The client of one product. `session` may be passed to a library: its requests follow the same rules.

    `base_url` is https, or http on a loopback address. `request_id_headers` are the headers in which the product
    returns its own request id, in order of preference. `credential_setting` is the settings key that holds the
    credential: the error names it if the credential is refused. `canary` is a path that answers whenever the product
    can be used; it is read when another path is redirected.
    """

    def __init__(
        self,
        system: str,
        base_url: str,
        *,
        clock: Clock,
        network: Network = DEFAULT_NETWORK,
        request_id_headers: tuple[str, ...] = (),
        credential_setting: str = "",
        canary: str = "",
    ) -> None:
        self.credential_setting = credential_setting
        self.canary = canary
        self.base_url = base_url.rstrip("/")
        self.clock = clock
        super().__init__(system, self.base_url, network=network, request_id_headers=request_id_headers)
        self._clock_minded = False
        self.right_for: Callable[[str, str], str] = _any_right  # names the right that a call (method, path) needs
        self.session = GovernedSession(self)

    @contextmanager
    def operation(self, name: str, *, write: bool) -> Iterator[None]:
        """Name the operation, and turn every network fault within it into an error of the core.

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
        voice: Voice,
        *,
        accept: tuple[int, ...] = OK,
        overrides: Mapping[int, type[FarSideError]] | None = None,
        of_a_part: bool = False,
        one_limit: bool = False,
    ) -> requests.Response:
        """Return an answer with an accepted status; raise the status table's error for any other.

        `voice` tells the product's own words from those of something in front of it, which pass. `overrides` replaces
        the error of single statuses, where the product speaks. A 429 affects the whole system and is shared with every
        worker at once, unless it is `of_a_part`, about one record; `one_limit`: it tells which limit is used up.
        """
        self._mind_the_clock(response)
        self._keep_out_what_was_sent(response.request)
        status, current = response.status_code, self.current
        if status in accept:
            return response
        own = voice.speaks(response)
        kind = error_for(status, write=current.write, own=own)
        doubted = kind is not error_for(status, write=current.write, own=True)
        detail, request_id = self._detail(response, voice, own=own, doubted=doubted), self.request_id(response)
        if overrides and own:
            kind = overrides.get(status, kind)
        if kind is Misconfigured and status == HTTPStatus.UNAUTHORIZED and self._renewed(response):
            kind, detail = Transient, f"{detail}; the credential has been renewed since"
        if kind is Misconfigured and _redirects(response) and self._answers_elsewhere(response):
            kind = Uncertain if current.write else Unexpected
            detail = f"{detail}; the product answers elsewhere, so only this call is redirected"
        if kind is Misconfigured and status in DENIALS:
            detail += see(self.credential_setting)
        until = retry_time(status, response.headers, self.clock.now())
        if until and not of_a_part and (shared := patience.get()):
            shared.note(until, detail, one_limit=one_limit)
        if kind is Transient:
            passing = Transient(self.system, current.name, detail, until=until, request_id=request_id)
            advice = "" if own else elsewhere(status, self.credential_setting)
            raise InFront(passing, advice) if advice else passing
        if kind is Misconfigured:
            raise Misconfigured(self.system, current.name, detail, cause=cause_of(status), request_id=request_id)
        if kind is Refused:
            refused = Refused(self.system, current.name, detail, status=status, request_id=request_id)
            raise Denied(refused, setting=self.credential_setting, right=self._right(response))
        raise kind(self.system, current.name, detail, request_id=request_id)

    def _detail(self, response: requests.Response, voice: Voice, *, own: bool, doubted: bool) -> str:
        """Return the status with the words that came; without any, the shape of what is not the product's."""
        words = voice.explain(response)
        shown = self.words(words or response.reason or "", response)
        told = f"HTTP {response.status_code}" + (f": {shown}" if shown else "")
        if own or not (response.content or doubted):
            return told
        shape = samples.sample(response) if response.content else "nothing came with it"
        return f"{told} (not the product's own words{'' if words else f': {shape}'})"

    def _right(self, response: requests.Response) -> str:
        """Return the right that a refused call needs; "" where it was not refused for want of one."""
        if response.status_code != HTTPStatus.FORBIDDEN:
            return ""
        return self.right_for(str(response.request.method), urlsplit(response.request.url or "").path)

    def json(self, response: requests.Response) -> Any:
        """Return the JSON of an accepted answer; a page (login, maintenance, hibernation) or spoilt JSON is an error.

        Neither is the product's word. A write's effect is then unknown (`Uncertain`); a read is repeated (`Transient`).
        """
        if "html" in response.headers.get("Content-Type", "").lower():
            detail = f"a web page came instead of data ({samples.sample(response)})"
            raise self.passing(detail, self.request_id(response))
        try:
            return response.json()  # too deep a nesting is a RecursionError
        except (ValueError, RecursionError) as error:
            raise self._not_json(response.text, self.request_id(response)) from error

    def passing(self, detail: str, request_id: str | None = None) -> FarSideError:
        """Return the error for what passes: the same read may succeed later, and a write may have been made."""
        name, write = self.current
        return (Uncertain if write else Transient)(self.system, name, detail, request_id=request_id)

    def _not_json(self, text: str, request_id: str | None = None) -> FarSideError:
        """Return the error for spoilt JSON or another text, which passes; nothing at all is not understood."""
        if not text.strip() and not self.current.write:
            return Unexpected(self.system, self.current.name, "the answer is empty", request_id=request_id)
        return self.passing(f"the answer is not JSON ({samples.sample(text)})", request_id)

    def _mind_the_clock(self, response: requests.Response) -> None:
        """Warn once if the product's clock and ours differ: signed assertions and waits depend on them."""
        if self._clock_minded:
            return
        self._clock_minded = True
        if apart := clocks_differ(response.headers, self.clock.now()):
            text = f"{apart} (by its Date header); let both follow a time server"
            structlog.get_logger("forcesync.http").warning("the clocks differ", system=self.system, text=text)

    def words(self, text: str, response: requests.Response) -> str:
        """Return a product's own words as one safe line, without what the request was signed with."""
        return samples.words(without_own(text, self._keep_out_what_was_sent(response.request)))

    def _keep_out_what_was_sent(self, request: requests.PreparedRequest) -> list[str]:
        """Keep the secrets of a request out of every text from now on: its credential, and those in a form's body."""
        auth = self.session.auth
        signed = str(request.headers.get(auth.name if isinstance(auth, Credential) else "Authorization") or "")
        scheme, _, sent = signed.rpartition(" ")
        secrets = [sent, *_password(scheme, sent), *_in_a_form(request)]
        for secret in secrets:
            keep_out(secret)
        return secrets

    def _fault(self, error: exceptions.RequestException) -> FarSideError:
        """Return the error for a fault below HTTP; its text may hold a URL, so it is put in our own words."""
        (name, write), kind = self.current, type(error).__name__
        to = wording.Address(*self.origin[1:], wording.table_of(self.credential_setting))
        if isinstance(error, exceptions.SSLError) and wording.is_distrust(error):
            return Misconfigured(self.system, name, wording.distrusted(error, to), cause=ADDRESS)
        if isinstance(error, AnswerTooLarge):
            most = f"{self.network.largest_answer:g} MB; see `largest_answer` in the settings"
            return (Uncertain if write else Unexpected)(self.system, name, f"the answer is larger than {most}")
        if isinstance(error, exceptions.JSONDecodeError):
            return self._not_json(str(error.doc))
        if isinstance(error, exceptions.InvalidURL | exceptions.InvalidHeader | exceptions.InvalidSchema):
            own = isinstance(error, Unsendable)
            detail = f"the request cannot be formed: {kind}{see(self.credential_setting) if own else ''}"
            return (Misconfigured if own else Refused)(self.system, name, detail)
        if isinstance(error, exceptions.ConnectTimeout | exceptions.ProxyError) or wording.never_connected(error):
            # https://www.rfc-editor.org/rfc/rfc9110#name-407-proxy-authentication-re
            wanted = isinstance(error, exceptions.ProxyError) and "407" in str(error)
            return (Misconfigured if wanted else Transient)(self.system, name, wording.unreachable(error, to))
        return self.passing(wording.unanswered(error))

    def _answers_elsewhere(self, redirected: requests.Response) -> bool:
        """Say whether the canary is not redirected: then a redirect to a login page concerns one call only."""
        canary = self.base_url + self.canary
        if not self.canary or str(redirected.url).partition("?")[0] == canary.partition("?")[0]:
            return False
        with self.named("see whether it answers elsewhere", write=False):
            return not _redirects(self.session.get(canary))

    def _renewed(self, response: requests.Response) -> bool:
        auth = self.session.auth
        return isinstance(auth, Credential) and auth.renewed(response.request)


@contextmanager
def after_write(system: str, operation: str) -> Iterator[None]:
    """Turn any failed look at what a write did into `Uncertain`: no such failure is the write's refusal."""
    try:
        yield
    except FarSideError as error:
        detail = f"it was sent, but could not be verified: {error.detail}"
        raise Uncertain(system, operation, detail, request_id=error.request_id) from error


def _password(scheme: str, sent: str) -> list[str]:
    """Return the password of a Basic credential (https://www.rfc-editor.org/rfc/rfc7617)."""
    if scheme.lower() != "basic":
        return []
    try:
        return [base64.b64decode(sent).decode().partition(":")[2]]
    except ValueError:  # not of our own making
        return []


def _in_a_form(request: requests.PreparedRequest) -> list[str]:
    """Return the secrets that a token endpoint is sent (https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)."""
    if "form-urlencoded" not in str(request.headers.get("Content-Type")):
        return []
    body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
    return [value for name, value in parse_qsl(body) if name in SECRET_FIELDS]


def _any_right(_method: str, _path: str) -> str:
    return ""


def _redirects(response: requests.Response) -> bool:
    return HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST
