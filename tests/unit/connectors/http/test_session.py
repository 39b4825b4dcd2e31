"""Requests take the way that the settings name and no other: verified TLS, their proxy, nothing of the environment."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path

import pytest
from pydantic import SecretStr

from connectors.http.governance import Network
from connectors.http.transport import Transport
from tests.unit.wire import StoppedClock, answer, serving
from workflows.errors import FarSideError, Misconfigured, Transient

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl, which makes the certificate, is not here")


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Quiet(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that refuse the certificate."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate for 127.0.0.1 that it signs itself, and its key."""
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    command = [str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", "-"]
    made = subprocess.run(command, capture_output=True, check=True)
    file.write_bytes(file.read_bytes() + made.stdout)
    return file


@pytest.fixture
def url(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Quiet(("127.0.0.1", 0), Greeter) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_unknown_authority_is_refused_whatever_the_caller_wants(url: str) -> None:
    way = Transport("far", url, clock=StoppedClock())
    with pytest.raises(Misconfigured, match="TLS"), way.operation("do the thing", write=True):
        way.session.post(url, verify=False)


def test_an_authority_that_the_settings_name_is_trusted(url: str, certificate: Path) -> None:
    way = Transport("far", url, clock=StoppedClock(), network=Network(ca_bundle=str(certificate)))
    with way.operation("do the thing", write=False):
        assert way.session.get(url).status_code == 204


def test_session_keys_are_never_written(
    url: str, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    way = Transport("far", url, clock=StoppedClock(), network=Network(ca_bundle=str(certificate)))
    with way.operation("do the thing", write=False):
        assert way.session.get(url).status_code == 204
    assert not list(tmp_path.iterdir())


def test_requests_go_through_the_proxy_of_the_settings_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with serving() as proxy:
        named = SecretStr(proxy.url.replace("://", "://ada:s3cret@"))
        way = Transport("far", "http://127.0.0.1:1", clock=StoppedClock(), network=Network(proxy=named))
        with way.operation("do the thing", write=False):
            assert way.json(way.session.get("http://127.0.0.1:1/thing")) == {}
    (asked,) = proxy.requests
    assert asked.line == "GET http://127.0.0.1:1/thing HTTP/1.1"
    assert asked.headers["Proxy-Authorization"].startswith("Basic ")
    assert asked.headers["User-Agent"] == f"forcesync/{version('forcesync')}"


@pytest.mark.parametrize(("status", "kind"), [(407, Misconfigured), (502, Transient)])
def test_a_proxy_that_does_not_lead_on_is_named(status: int, kind: type[FarSideError]) -> None:
    with serving() as proxy:
        proxy.script = [answer(status)]
        network = Network(proxy=SecretStr(proxy.url.replace("://", "://ada:s3cret@")))
        way = Transport("far", "https://far.example.com", clock=StoppedClock(), network=network)
        with pytest.raises(kind) as caught, way.operation("do the thing", write=True):
            way.session.post("https://far.example.com/thing")
    assert "`proxy`" in str(caught.value)
    assert "s3cret" not in str(caught.value)
