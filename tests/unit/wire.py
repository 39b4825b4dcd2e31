"""A far side on a bare socket, for what a well-behaved server never does: break off, stall, trickle."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from connectors.http.voice import Voice
from tests.unit.builders import NOW

VOICE = Voice(lambda response: response.text, lambda response: response.content.startswith(b'["far'), "X-Id")
Act = Callable[[socket.socket, threading.Event], None]


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    line: str
    headers: dict[str, str]
    body: bytes


class StoppedClock:
    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Wire:
    """Acts on one request after the other as the script says; the last act stays."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.requests: list[Request] = []
        self.script: list[Act] = [answer(200, b"{}")]
        self.route: Callable[[Request], Act] | None = None  # goes before the script

    def act(self, request: Request) -> Act:
        if self.route is not None:
            return self.route(request)
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


def answer(status: int, body: bytes = b"", **headers: str) -> Act:
    """Give a whole answer; underscores in header names stand for hyphens."""
    told = {"Content_Type": "application/json", "Content_Length": str(len(body)), "Connection": "close"} | headers
    lines = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in told.items())
    raw = f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode() + body
    return lambda connection, _over: connection.sendall(raw)


def reset(connection: socket.socket, _over: threading.Event) -> None:
    """Cut the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def silence(_connection: socket.socket, over: threading.Event) -> None:
    """Never answer."""
    over.wait(30)


def stall(connection: socket.socket, over: threading.Event) -> None:
    """Begin a body and never go on."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"a": ')
    over.wait(30)


def truncate(connection: socket.socket, _over: threading.Event) -> None:
    """Begin a body and close."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"a": ')


def trickle(begin: bytes) -> Act:
    """Begin an answer and go on for ever, a byte at a time."""

    def act(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(begin)
        while not over.wait(0.02):
            connection.sendall(b"x")

    return act


@contextmanager
def serving() -> Iterator[Wire]:
    """Serve on a free port of this machine."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = Wire(listening.getsockname()[1])

        def serve(connection: socket.socket) -> None:
            with connection:
                request = _read(connection)
                if request:
                    wire.requests.append(request)
                    try:
                        wire.act(request)(connection, over)
                    except OSError:  # the client has hung up, as it should
                        return

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield wire
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _read(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    line, *lines = head.decode().split("\r\n")
    headers = dict(item.split(": ", 1) for item in lines)
    while len(body) < int(headers.get("Content-Length", "0")):
        body += connection.recv(65536)
    return Request(line, headers, body)
