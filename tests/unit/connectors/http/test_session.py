"""Certificates are always verified, against the default authorities or those that the settings name."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from connectors.http import Transport
from tests.unit.wire import StoppedClock
from workflows.errors import Misconfigured

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
    way = Transport("far", url, clock=StoppedClock(), ca_bundle=str(certificate))
    with way.operation("do the thing", write=False):
        assert way.session.get(url).status_code == 204


def test_a_file_of_authorities_that_is_missing_is_misconfigured(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"none\.pem"):
        Transport("far", "https://127.0.0.1", clock=StoppedClock(), ca_bundle=str(tmp_path / "none.pem"))
