"""Records HTTP with vcrpy, scrubbed of secrets and people before anything is written, and replays it without a network.

For one thread only: vcrpy patches the whole process, so with several threads some requests would go unrecorded or,
worse, reach the real server during a replay. So a replay also blocks every socket.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import vcr

HOST = "okta.example.com"
HEADERS = ("content-type", "link", "date", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset")
SAFE_KEYS = frozenset(
    {
        "id",
        "type",
        "status",
        "scope",
        "syncState",
        "features",
        "expression",
        "pushStatus",
        "href",
        "eventType",
        "operationalStatus",
        "pipeline",
        "uuid",
        "published",
        "lastUpdated",
        "lastSync",
        "created",
        "statusChanged",
        "activated",
        "externalName",
        "errorCode",
        "severity",
        "result",
    }
)
_WORD = re.compile(r"[a-z][a-z_]*|0[A-Za-z0-9]{19}")  # Okta's own `name`s and `value`s: a term or an id
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\.\w+")
_ALIAS = re.compile(r"person-[0-9a-f]{10}@example\.com|text-[0-9a-f]{10}")


class Scrubber:
    """Removes secrets, people and the tenant's name from recordings; equal texts stay equal.

    It keeps only what is known to be harmless: in bodies the values of `SAFE_KEYS`, numbers and booleans; of headers
    `HEADERS`; of a request its method and address.
    """

    def __init__(self, *, secrets: Sequence[str], hosts: Sequence[str]) -> None:
        self._secrets = [secret for secret in secrets if secret]
        self._hosts = [part for url in hosts for part in (url.rstrip("/"), urlsplit(url).netloc) if part]

    def text(self, text: str) -> str:
        """Return a text without e-mail addresses, secrets and the tenant's host."""
        for secret in self._secrets:
            text = text.replace(secret, "scrubbed").replace(quote(secret, safe=""), "scrubbed")
        for host in self._hosts:
            text = text.replace(host, f"https://{HOST}" if "://" in host else HOST)
        return _ADDRESS.sub(lambda found: alias(found[0]), text)

    def address(self, url: str) -> str:
        """Return a URL without them, even if encoded in its path or query."""
        parts = urlsplit(url)
        query = urlencode([(name, self.text(value)) for name, value in parse_qsl(parts.query, keep_blank_values=True)])
        path = quote(self.text(unquote(parts.path)))
        return self.text(urlunsplit((parts.scheme, parts.netloc, path, query, "")))

    def request(self, request: Any) -> Any:
        """Scrub a request before it is compared and stored; a token request is not stored at all."""
        if urlsplit(request.uri).path.startswith("/oauth2/"):
            return None
        request.uri = self.address(request.uri)
        request.headers, request.body = {}, None
        return request

    def response(self, response: dict[str, Any]) -> dict[str, Any]:
        """Scrub an answer before it is stored; one that is not JSON loses its body."""
        kept = {name: values for name, values in response["headers"].items() if name.lower() in HEADERS}
        headers = {name: [self._links(value) for value in values] for name, values in kept.items()}
        try:
            body = json.dumps(self._value(json.loads(response["body"]["string"]), None)).encode()
        except ValueError:
            body = b""
        return {
            "status": {"code": response["status"]["code"], "message": ""},
            "headers": headers,
            "body": {"string": body},
        }

    def _links(self, text: str) -> str:
        return re.sub(r"(?<=<)[^>]*(?=>)", lambda found: self.address(found[0]), text)

    def _value(self, value: Any, key: str | None) -> Any:
        if isinstance(value, dict):
            own = "profile" if key == "profile" else None  # every value of a profile is a person's, whatever its name
            return {name: self._value(inner, own or name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._value(inner, key) for inner in value]
        if not isinstance(value, str) or not value:
            return value
        if key == "href":
            return self.address(value)
        return self.text(value) if key in SAFE_KEYS or _own_word(key, value) else alias(value)


def _own_word(key: str | None, value: str) -> bool:
    return key in {"name", "value"} and _WORD.fullmatch(value) is not None


def alias(text: str) -> str:
    """Return an unreadable alias of a text; equal texts get equal aliases."""
    if _ALIAS.fullmatch(text):
        return text
    short = hashlib.sha256(text.casefold().encode()).hexdigest()[:10]
    return f"person-{short}@example.com" if "@" in text else f"text-{short}"


@contextmanager
def recording(file: Path, scrubber: Scrubber) -> Iterator[None]:
    """Record one thread's calls into a new file."""
    recorder = vcr.VCR(before_record_request=scrubber.request, before_record_response=scrubber.response)
    with recorder.use_cassette(str(file), record_mode="all", decode_compressed_response=True):
        yield


@contextmanager
def replaying(file: Path, scrubber: Scrubber) -> Iterator[None]:
    """Answer from a file, in its order; any other call and any real connection is an error."""
    recorder = vcr.VCR(before_record_request=scrubber.request)
    with _without_network(), recorder.use_cassette(str(file), record_mode="none"):
        yield


@contextmanager
def _without_network() -> Iterator[None]:
    def refuse(_socket: socket.socket, address: Any) -> None:
        raise RuntimeError(f"a replay must not reach the network: {address}")

    connect = socket.socket.connect
    socket.socket.connect = refuse  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]
