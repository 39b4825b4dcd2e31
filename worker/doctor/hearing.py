"""Hears what a check's own code logs: a connector warns of what works and is risky, and says what it cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple, NoReturn

import structlog

from worker.process import logs

CLOCKS = "the clocks differ"  # has a line of its own
ABOUT_REQUESTS = frozenset({"request", "request failed"})


class Heard(NamedTuple):
    """What one check's code logged: warnings, what could not be told, and how far a product's clock is off."""

    warnings: list[str]
    untold: list[str]
    clocks: list[str]


_heard: ContextVar[Heard | None] = ContextVar("heard", default=None)


def listen() -> None:
    """Send what is logged to the check that runs in the thread, and nothing to the terminal."""
    logs.configure("info", "text")
    structlog.configure(processors=[_hear, _drop])


def listen_beside() -> None:
    """Send what a check's thread logs to the check, and leave all other lines to the log as it is."""
    others = [item for item in structlog.get_config()["processors"] if item is not _hear]
    structlog.configure(processors=[_hear, *others])


@contextmanager
def hearing() -> Iterator[Heard]:
    """Hear what this thread logs within the block."""
    heard = Heard([], [], [])
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def _drop(_logger: object, _method: str, _line: structlog.typing.EventDict) -> NoReturn:
    raise structlog.DropEvent


def _hear(_logger: object, method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    heard, event = _heard.get(), str(line.get("event"))
    if heard is None:
        return line
    if event not in ABOUT_REQUESTS:
        text = str(line.get("text") or line.get("why") or event)
        if event == CLOCKS:
            heard.clocks.append(text)
        elif method == "warning":
            heard.warnings.append(text)
        elif "why" in line:
            heard.untold.append(f"{event}: {text}")
    raise structlog.DropEvent
