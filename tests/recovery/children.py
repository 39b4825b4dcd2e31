"""What a test run has started: it ends with its parent, and is found where it does not."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PREFIX = "forcesync-server-"  # of a server's folder; the process that started the server comes behind it
MARK = "FORCESYNC_TEST_SERVER"  # in the environment of a server and of all that it starts: its folder
_PR_SET_PDEATHSIG = 1  # https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html


def die_with_parent() -> Callable[[], None] | None:
    """Return what a child does before it becomes its program, so that it is killed when this process ends."""
    parent = os.getpid()
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def told() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return told


def lives(pid: int) -> bool:
    """Say whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def left_behind(folder: str | None = None) -> list[int]:
    """Return the living processes of the server with this folder, or of any server that this process has started."""
    wanted = folder or str(Path(tempfile.gettempdir()) / f"{PREFIX}{os.getpid()}-")
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _belongs(entry, wanted)]


def _belongs(entry: Path, folder: str) -> bool:
    """Go by the environment and, for PostgreSQL and Valkey write over theirs, by where a process works."""
    try:
        marked = f"{MARK}={folder}".encode() in (entry / "environ").read_bytes()
        return marked or str((entry / "cwd").readlink()).startswith(folder)
    except OSError:
        return False  # another account's, or gone meanwhile
