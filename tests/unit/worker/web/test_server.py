"""The server answers three paths and nothing else."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

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
def port(parts: tuple[Metrics, Readiness]) -> Iterator[int]:
    with WebServer((HERE, 0), *parts) as server:
        yield server.port


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


def test_a_port_in_use_is_named_with_its_key(port: int, parts: tuple[Metrics, Readiness]) -> None:
    with pytest.raises(OperatorError, match=f"web.listen: cannot listen on {HERE} port {port}"):
        WebServer((HERE, port), *parts)
