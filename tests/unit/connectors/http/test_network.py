"""A fault below HTTP is a sentence with the host and the setting, without a library's own words."""

from __future__ import annotations

import datetime
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from requests import exceptions

from connectors.http.network import is_distrust
from connectors.http.transport import Transport
from tests.unit.wire import StoppedClock
from workflows.errors import FarSideError, Misconfigured, Transient

RAW = re.compile(r"[A-Z]\w+(?:Error|Timeout|Exception)\b|[{}<>]|Errno|object at")


def fault(url: str) -> FarSideError:
    way = Transport("main", url, clock=StoppedClock(), credential_setting="okta.main.token")
    with pytest.raises(FarSideError) as caught, way.operation("check the credential", write=False):
        way.session.get(f"{url}/api/v1/users")
    assert not RAW.search(str(caught.value)), str(caught.value)
    return caught.value


def test_a_host_that_dns_does_not_know() -> None:
    found = fault("https://nowhere.invalid")
    assert type(found) is Transient
    assert "nowhere.invalid port 443 could not be reached: this machine's DNS knows no host" in found.detail
    assert "check `okta.main.url`" in found.detail


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        found = fault(f"https://127.0.0.1:{port}")
    assert type(found) is Transient
    assert f"127.0.0.1 port {port} could not be reached: it refused the connection" in found.detail


@pytest.mark.parametrize(
    ("name", "days", "words"),
    [
        ("127.0.0.1", 30, "name its CA certificates in `okta.main.ca_bundle`"),
        ("127.0.0.1", -1, "not accepted"),
        ("127.0.0.9", 30, "not accepted"),
    ],
)
def test_a_certificate_that_is_not_trusted(tmp_path: Path, name: str, days: int, words: str) -> None:
    with serving(tls(tmp_path, name, days)) as port:
        found = fault(f"https://127.0.0.1:{port}")
    assert type(found) is Misconfigured
    assert f"127.0.0.1 port {port}: its TLS certificate is not accepted" in found.detail
    assert words in found.detail


def test_a_host_without_tls() -> None:
    with serving(None) as port:
        found = fault(f"https://127.0.0.1:{port}")
    assert type(found) is Misconfigured
    assert f"127.0.0.1 port {port} does not speak TLS as expected; check `okta.main.url`" in found.detail


def tls(folder: Path, name: str, days: int) -> ssl.SSLContext:
    """Return a server's side of TLS with a certificate that it signed itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    until = now + datetime.timedelta(days=days)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem = key.private_bytes(serialization.Encoding.PEM, *form) + made.public_bytes(serialization.Encoding.PEM)
    (folder / "server.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


@contextmanager
def serving(context: ssl.SSLContext | None) -> Iterator[int]:
    """Accept connections, with TLS or with plain text, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                try:
                    if context is None:
                        connection.recv(64)
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                    else:
                        context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    pass  # the client has hung up
                finally:
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize(("reason", "expected"), [("WRONG_VERSION_NUMBER", True), ("BAD_RECORD_MAC", False)])
def test_a_broken_record_after_the_handshake_is_no_matter_of_trust(reason: str, expected: bool) -> None:
    cause = ssl.SSLError(1, f"[SSL: {reason}] told by OpenSSL")
    cause.reason = reason
    error = exceptions.SSLError(cause)
    assert is_distrust(error) is expected
