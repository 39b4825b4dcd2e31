"""A supervisor: starts several worker processes, replaces those that die, and stops them when it stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence

from worker.process import logs

LOOK_EVERY = 0.2  # seconds between looks for a process that died
REPLACED_AFTER = 1.0  # seconds, so that a process that dies at once does not keep the machine busy
OPERATOR = 2  # exit code of a command that only an operator can fix
GRACE = 5.0  # seconds that a process has beyond `stop_within` before it is killed


def supervise(arguments: Sequence[str], environments: Sequence[Mapping[str, str]], stop_within: float) -> int:
    """Keep a process of `forcesync ARGUMENTS` running for each environment, until SIGTERM or SIGINT; returns the code.

    An environment adds to this process's own.
    A process that ends with `OPERATOR` (wrong settings, a missing extra) ends them all with that code.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    command = [sys.executable, "-m", "worker", *arguments]

    def started(place: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=os.environ | environments[place])  # noqa: S603  # our own program

    children = [started(place) for place in range(len(environments))]
    try:
        while not stop.wait(LOOK_EVERY):
            for place, child in enumerate(children):
                code = child.poll()
                if code is None:
                    continue
                if code == OPERATOR:
                    return code
                logs.tell("alert", {"system": "worker", "text": f"process {child.pid} ended ({code}); replaced"})
                if not stop.wait(REPLACED_AFTER):
                    children[place] = started(place)
        return 0
    finally:
        _take_down(children, stop_within)


def _take_down(children: Sequence[subprocess.Popen[bytes]], stop_within: float) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + stop_within + GRACE
    for child in children:
        try:
            child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
