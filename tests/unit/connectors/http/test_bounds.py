"""An answer is bounded while it is read: a body that never ends, or that unpacks to a hundred times as much."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.http.governance import Network
from connectors.http.transport import Transport
from tests.unit.okta_wire import org as wire_org
from tests.unit.wire import VOICE, Act, StoppedClock, Wire, answer, serving
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected

MOST = 200_000
BOMB = gzip.compress(b" " * (100 * MOST))
DEFLATED = zlib.compress(b" " * (100 * MOST))


@pytest.fixture
def wire() -> Iterator[Wire]:
    with serving() as served:
        yield served


def endless() -> Act:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"

    def act(connection: Any, over: Any) -> None:
        connection.sendall(head)
        while not over.is_set():
            connection.sendall(b" " * 65536)

    return act


def fault(wire: Wire, method: str, act: Act) -> FarSideError:
    wire.script = [act]
    way = Transport("far", wire.url, clock=StoppedClock(), network=Network(largest_answer=MOST / 1_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(FarSideError) as caught, way.operation("do the thing", write=method != "GET"):
            way.json(way.check(way.session.request(method, way.base_url + "/thing"), VOICE))
        assert tracemalloc.get_traced_memory()[1] < 10 * MOST
    finally:
        tracemalloc.stop()
    return caught.value


LARGE = {
    "plain": answer(200, b" " * (2 * MOST)),
    "gzip": answer(200, BOMB, Content_Encoding="gzip"),
    "deflate": answer(200, DEFLATED, Content_Encoding="deflate"),
    "gzip twice": answer(200, gzip.compress(BOMB), Content_Encoding="gzip, gzip"),
    "endless": endless(),
}


@pytest.mark.parametrize("act", LARGE.values(), ids=LARGE)
def test_a_large_answer_is_refused_while_it_is_read_and_names_the_setting(wire: Wire, act: Act) -> None:
    found = fault(wire, "GET", act)
    assert type(found) is Unexpected
    assert "larger than 0.2 MB" in found.detail
    assert "`largest_answer`" in found.detail
    assert type(fault(wire, "POST", act)) is Uncertain


@pytest.mark.parametrize(
    ("status", "kind"), [(302, Misconfigured), (401, Misconfigured), (404, Refused), (429, Transient), (503, Transient)]
)
def test_of_a_large_error_the_status_decides(wire: Wire, status: int, kind: type[FarSideError]) -> None:
    act = answer(status, BOMB, Content_Encoding="gzip", Location="http://127.0.0.1:1/login", X_Id="req-1")
    assert isinstance(fault(wire, "GET", act), kind)


@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_that_is_nested_too_deeply_is_an_error_of_the_product(wire: Wire, status: int) -> None:
    with pytest.raises((Transient, Refused)):
        wire_org(wire, answer(status, b"[" * 100_000)).user("00u1")


def test_an_answer_up_to_the_limit_is_read(wire: Wire) -> None:
    wire.script = [answer(200, b'"' + b"x" * (MOST - 2) + b'"')]
    way = Transport("far", wire.url, clock=StoppedClock(), network=Network(largest_answer=MOST / 1_000_000))
    with way.operation("do the thing", write=False):
        assert way.json(way.check(way.session.get(way.base_url), VOICE)) == "x" * (MOST - 2)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (rb'{"a\ud83d": ["\u0000b", {"c": "\udc00d\ud83d"}]}', {"a\ufffd": ["\ufffdb", {"c": "\ufffdd\ufffd"}]}),
        (rb'"\ud83d\ude42 \\ud83d \u00e9"', "🙂 \\ud83d é"),
    ],
)
def test_what_no_encoding_writes_or_no_store_takes_is_replaced(wire: Wire, sent: bytes, read: object) -> None:
    wire.script = [answer(200, sent)]
    way = Transport("far", wire.url, clock=StoppedClock(), network=Network())
    with way.operation("do the thing", write=False):
        assert way.json(way.check(way.session.get(way.base_url), VOICE)) == read
