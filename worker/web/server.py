"""Serves `/healthz`, `/readyz` and `/metrics` over plain HTTP, in threads of its own; it only reads.

There is no sign-in: it listens on this machine alone unless the settings name another address, and nothing that it
serves is a value of a person.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from worker.errors import OperatorError
from worker.output import json_line
from worker.web.metrics import CONTENT_TYPE, Metrics
from worker.web.readiness import Readiness
from workflows.steps import Tell

PATIENCE = 5.0  # seconds for a client to send its request or to take the answer
PLAIN = "text/plain; charset=utf-8"


class WebServer:
    """A context manager; `address` is a host and a port, 0 for any free one. Raises `OperatorError` if it is in use."""

    def __init__(self, address: tuple[str, int], metrics: Metrics, readiness: Readiness, tell: Tell) -> None:
        self._one = threading.Lock()  # one scrape at a time: whoever asks often does not load the store more
        self._metrics, self._readiness = metrics, readiness
        paths: dict[str, Answer] = {"/healthz": _alive, "/readyz": self._ready, "/metrics": self._numbers}
        host, port = address
        kind = type("Server", (_Server,), {"address_family": _family(host), "tell": staticmethod(tell)})
        handler = type("Handler", (_Handler,), {"paths": paths})
        try:
            self._server: _Server = kind((host, port), handler)
        except OSError as error:
            raise OperatorError(f"web.listen: cannot listen on {host} port {port}: {error.strerror}") from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="web", daemon=True)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self._server.server_address[1])

    def __enter__(self) -> WebServer:
        """Serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def _ready(self) -> tuple[HTTPStatus, str, bytes]:
        with self._one:
            checks = self._readiness.checks()
        ok = all(check.ok for check in checks)
        found = [{"id": check.id, "status": "ok" if check.ok else "fail", "seen": check.seen} for check in checks]
        body = json_line({"ok": ok, "checks": found})
        return HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE, "application/json", body.encode()

    def _numbers(self) -> tuple[HTTPStatus, str, bytes]:
        with self._one:
            return HTTPStatus.OK, CONTENT_TYPE, self._metrics.text()


Answer = Callable[[], tuple[HTTPStatus, str, bytes]]


def _alive() -> tuple[HTTPStatus, str, bytes]:
    return HTTPStatus.OK, PLAIN, b"alive\n"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class _Server(ThreadingHTTPServer):
    """Answers each request in a thread of its own."""

    daemon_threads = True
    tell: Tell

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002  # the library's names
        """Log a fault of ours; a client that goes away, or sends nothing, is none."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            self.tell("defect", {"text": "health and metrics could not be served", "error": error})


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD of the known paths; the request's own words appear nowhere."""

    paths: dict[str, Answer]
    timeout = PATIENCE
    server_version, sys_version = "forcesync", ""

    def do_GET(self) -> None:  # the library's name
        """Answer with a status, a type and a body."""
        answer = self.paths.get(self.path.partition("?")[0])
        status, kind, body = answer() if answer else (HTTPStatus.NOT_FOUND, PLAIN, b"not found\n")
        self._send(status, kind, body)

    do_HEAD = do_GET  # noqa: N815  # the library's name

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002  # both quote the request
        """Refuse what is no request of ours, in words of our own."""
        self.close_connection = True
        self._send(HTTPStatus(code), PLAIN, f"{HTTPStatus(code).phrase.lower()}\n".encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: a scrape comes every few seconds."""
