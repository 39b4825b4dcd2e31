"""The server answers three paths and nothing else."""

from __future__ import annotations

import http.client
import json
import socket
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.builders import NOW
from worker.errors import OperatorError
from worker.process.broker import BrokerUnavailable
from worker.process.clock import SystemClock
from worker.store import Store
from worker.web.metrics import Metrics
from worker.web.readiness import Queueing, Readiness
from worker.web.server import WebServer

HERE = "127.0.0.1"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[tuple[Metrics, Readiness]]:
    store = Store.open(f"sqlite:///{tmp_path}/store.sqlite3")
    store.migrate()
    store.ensure_desk("jira", NOW)
    queueing = Queueing(lambda: 0, BrokerUnavailable, shared=False)
    yield Metrics(store, SystemClock(), ["jira"], {}), Readiness(store, SystemClock(), queueing, ["jira"], 60.0)
    store.close()


@pytest.fixture
def told() -> list[tuple[str, Mapping[str, object]]]:
    return []


@pytest.fixture
def port(parts: tuple[Metrics, Readiness], told: list[tuple[str, Mapping[str, object]]]) -> Iterator[int]:
    with WebServer((HERE, 0), *parts, lambda event, facts: told.append((event, facts))) as server:
        yield server.port


def raw(port: int, request: bytes) -> bytes:
    """Send some bytes and return all that comes back."""
    with socket.create_connection((HERE, port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def asked(port: int, path: str, method: str = "GET") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(HERE, port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    finally:
        connection.close()


def test_a_process_that_answers_is_alive(port: int) -> None:
    assert asked(port, "/healthz") == (200, "text/plain; charset=utf-8", b"alive\n")


def test_a_process_that_is_not_ready_says_why(port: int) -> None:
    status, kind, body = asked(port, "/readyz")
    assert (503, "application/json") == (status, kind)
    assert json.loads(body) == {
        "version": 1,
        "ok": False,
        "checks": [
            {"id": "store", "status": "ok", "seen": "it answers"},
            {"id": "broker", "status": "ok", "seen": "within this process"},
            {"id": "search.jira", "status": "fail", "seen": "no search was complete yet"},
        ],
    }


def test_the_numbers_come_in_prometheus_text_format(port: int) -> None:
    status, kind, body = asked(port, "/metrics?whatever")
    assert (200, "text/plain; version=0.0.4; charset=utf-8") == (status, kind)
    assert b"\nforcesync_build_info{" in body


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "GET", 404), ("/metrics", "POST", 501), ("/healthz", "HEAD", 200)]
)
def test_nothing_else_is_served(port: int, path: str, method: str, status: int) -> None:
    assert asked(port, path, method)[0] == status


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"JANE@EXAMPLE.COM /healthz HTTP/1.1\r\n\r\n", b" 501 Not Implemented\r\n"),
        (b"GET /healthz JANE@EXAMPLE.COM\r\n\r\n", b"bad request\n"),
        (b"GET /" + b"JANE@EXAMPLE.COM" * 5000 + b" HTTP/1.1\r\n\r\n", b" 414 "),
        (b"GET /JANE@EXAMPLE.COM HTTP/1.1\r\n\r\n", b" 404 Not Found\r\n"),
    ],
    ids=["method", "version", "long", "path"],
)
def test_no_word_of_a_request_comes_back(
    port: int, request_: bytes, status: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = raw(port, request_)
    assert status in answer
    assert b"JANE" not in answer
    assert ("", "") == capfd.readouterr()


def test_a_client_that_goes_away_is_no_fault(
    port: int, told: list[tuple[str, Mapping[str, object]]], capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        connection = socket.create_connection((HERE, port), timeout=10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closes with a reset
        connection.sendall(b"GET /metrics HTTP/1.1\r\n")
        connection.close()
    assert 200 == asked(port, "/healthz")[0]
    assert ([], ("", "")) == (told, capfd.readouterr())


def test_a_fault_of_ours_is_logged_as_such(capfd: pytest.CaptureFixture[str]) -> None:
    class Broken:
        def checks(self) -> tuple[()]:
            raise KeyError("jira")

    told = list[tuple[str, Mapping[str, object]]]()
    broken: Any = Broken()
    with WebServer((HERE, 0), broken, broken, lambda event, facts: told.append((event, facts))) as server:
        assert b"" == raw(server.port, b"GET /readyz HTTP/1.0\r\n\r\n")
    [(event, facts)] = told
    assert ("defect", KeyError) == (event, type(facts["error"]))
    assert ("", "") == capfd.readouterr()


def test_a_port_in_use_is_named_with_its_key(port: int, parts: tuple[Metrics, Readiness]) -> None:
    with pytest.raises(OperatorError, match=f"web.listen: cannot listen on {HERE} port {port}"):
        WebServer((HERE, port), *parts, lambda *_: None)
