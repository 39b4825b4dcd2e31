"""The programs as seen from outside: `forcesync` as processes, and the control server over HTTP."""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PATIENCE = 90.0  # seconds until a test gives up; only a very busy machine comes close
LOOK_EVERY = 0.3
Json = dict[str, Any]


def forcesync(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to completion."""
    return subprocess.run(
        [sys.executable, "-m", "worker", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env=_environment(environment),
    )


def at_terminal(*arguments: str, columns: int, lines: int) -> tuple[int, str]:
    """Run a command to completion at a terminal of its own; return its exit code and everything that it sent there."""
    ours, its = os.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = {name: text for name, text in _environment({}).items() if name != "COLUMNS"}
    with open(ours, "rb", buffering=0) as screen:  # noqa: PTH123 - a handle, not a path
        program = [sys.executable, "-m", "worker", *arguments]
        process = subprocess.Popen(program, stdin=its, stdout=its, stderr=its, env=environment)
        os.close(its)
        sent = b""
        with suppress(OSError):  # what the last writer's end is to a reader, on Linux
            while part := screen.read(65536):
                sent += part
        code = process.wait(PATIENCE)
    return code, sent.decode().replace("\r\n", "\n")


@contextmanager
def running(log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command with its output in a file; kill it at the end if it still runs."""
    with log.open("wb") as output:
        program = [sys.executable, "-m", "worker", *arguments]
        process = subprocess.Popen(program, stdout=output, stderr=subprocess.STDOUT, env=_environment({}))
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def free_base() -> int:
    """Return the first of four free ports; parallel test processes search elsewhere."""
    for base in range(10_000 + os.getpid() % 5_000 * 4, 32_000, 4):
        if all(_free(base + number) for number in range(4)):
            return base
    raise AssertionError("no four free ports in a row")


class ControlServer:
    """A client of the control server, as other programs use it."""

    def __init__(self, base: int) -> None:
        self._url = f"http://127.0.0.1:{base + 3}"

    def state(self) -> Json:
        """Return the whole world."""
        return self._call("GET", "/state", None)

    def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """Do something in it."""
        return self._call("POST", path, body)

    def delete(self, path: str) -> None:
        """Undo something in it."""
        self._call("DELETE", path, None)

    def ticket(self, filed: Mapping[str, Any]) -> Json:
        """Return a ticket's current state."""
        found: Json = next(item for item in self.state()["tickets"] if item["id"] == filed["id"])
        return found

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None) -> Json:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        answer: Json = json.loads(text) if text else {}
        return answer


def until(ready: Callable[[], bool], what: str) -> None:
    """Poll until a condition holds."""
    end, pause = time.monotonic() + PATIENCE, threading.Event()
    while not ready():
        assert time.monotonic() < end, f"gave up waiting for {what}"
        pause.wait(LOOK_EVERY)


def listening(base: int) -> bool:
    """Say whether the sandbox's last server accepts connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", base + 3)) == 0


def secrets_of(config: Path) -> list[str]:
    """Return the secrets that a settings file holds."""
    return re.findall(r'^"(?:token|password)" = "([^"]+)"$', config.read_text(encoding="utf-8"), re.MULTILINE)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("FORCESYNC_")}
    return kept | {"COLUMNS": "200"} | dict(more)
