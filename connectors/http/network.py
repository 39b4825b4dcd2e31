"""Words faults below HTTP for an operator: which host, what happened, and which setting to look at."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple

from requests import exceptions
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

NEVER_CONNECTED = (NewConnectionError, NameResolutionError, ConnectTimeoutError)
ADVICE = {
    "hostname": "it is another host's: check `{table}.url`",
    "expired": "the host has to renew it, or this machine's clock is wrong",
    "not yet valid": "this machine's clock may be wrong",
}
HANDSHAKE = frozenset(  # reasons of OpenSSL for a host that speaks no TLS, or none that we speak
    {"WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "SSLV3_ALERT_HANDSHAKE_FAILURE"}
)
TRUST = "if your organisation signs it itself, name its CA certificates in `{table}.ca_bundle`"


class Address(NamedTuple):
    """Where a product is, and the table of the settings that says so, such as `okta.main`."""

    host: str
    port: int
    table: str

    def __str__(self) -> str:
        return f"{self.host} port {self.port}"  # "credential: HOST:8443" would be taken for a secret


def table_of(credential_setting: str) -> str:
    """Return the settings table of a product from the key of its credential."""
    return ".".join(credential_setting.split(".")[:2])


def never_connected(error: Exception) -> bool:
    """Say whether a request was certainly not sent: refused, name not found, no connection in time."""
    return any(isinstance(cause, NEVER_CONNECTED) for cause in _causes(error))


def unreachable(error: Exception, to: Address) -> str:
    """Say why no connection could be made."""
    causes = list(_causes(error))
    if any(isinstance(cause, exceptions.ProxyError) for cause in causes):
        why = "the proxy wants a user and a password" if "407" in str(error) else "the proxy does not let us through"
        return f"{to} could not be reached: {why}; check `{to.table + '.' if to.table else ''}proxy`"
    look = f"check `{to.table}.url`" if to.table else "check the address"
    if any(isinstance(cause, socket.gaierror | NameResolutionError) for cause in causes):
        return f"{to} could not be reached: this machine's DNS knows no host {to.host!r}; {look}"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return f"{to} could not be reached: it refused the connection, so nothing listens there; {look}"
    if any(isinstance(cause, ConnectTimeoutError | TimeoutError | exceptions.ConnectTimeout) for cause in causes):
        return f"{to} could not be reached: it did not accept a connection in time; {look}, or a firewall between"
    said = next((cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), "no route to it")
    return f"{to} could not be reached: {said}; {look}"


def is_distrust(error: Exception) -> bool:
    """Say whether no TLS connection was made: a certificate is not accepted, or the host speaks no TLS.

    Any other fault of TLS may come after the request was sent.
    """
    causes = [cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)]
    return any(isinstance(cause, ssl.SSLCertVerificationError) or (cause.reason or "") in HANDSHAKE for cause in causes)


def distrusted(error: Exception, to: Address) -> str:
    """Say why no TLS connection was made, and what to do about it."""
    found = next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if found is None:
        return f"{to} does not speak TLS as expected; check `{to.table}.url`, and what stands between"
    words = str(found.verify_message or found.reason or "not trusted")
    advice = next((text for word, text in ADVICE.items() if word in words.casefold()), TRUST)
    return f"{to}: its TLS certificate is not accepted ({words}); {advice.format(table=to.table)}"


def unanswered(error: Exception) -> str:
    """Say why an answer is incomplete."""
    if isinstance(error, exceptions.Timeout):
        return "no complete answer came in time"
    return "no complete answer came: the connection broke"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what caused it, the libraries' own `reason` included."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [item for item in inner if isinstance(item, BaseException)]
