"""Who gives a command: the name that the person gives, and the account and host of the operating system."""

from __future__ import annotations

import getpass
import socket

from worker.errors import OperatorError
from workflows.values.masking import plain

LONGEST = 120


def named(by: str, why: str) -> None:
    """Require a name and a reason."""
    for option, text in (("--by: your login", by), ("--why: a reason", why)):
        if not text.strip():
            raise OperatorError(f"{option} is needed; it is recorded with the run and on the tickets")


def operator() -> str:
    """Return the operating system's account and host, as `account@host`."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # a container's account without a name; the exception depends on Python's version
        account = "unknown"
    return plain(f"{account}@{socket.gethostname()}", LONGEST)
