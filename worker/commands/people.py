"""Who gives a command, and the act that is recorded of it: the name given, and the system's account and host."""

from __future__ import annotations

import getpass
import socket
from datetime import UTC, datetime

from worker.errors import OperatorError
from workflows.model import Act, OperatorAct
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


def acted(act: Act, target: str, *, by: str, why: str) -> OperatorAct:
    """Return a person's act of this moment, for the audit."""
    who, reason = plain(by, 80), plain(why, 200)
    return OperatorAct(at=datetime.now(UTC), act=act, target=target, by=who, operator=operator(), why=reason)
