"""Structured logs on standard error, and the core's events as log lines."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Literal, TextIO

import structlog

from worker.process.outages import Outage
from workflows.values.masking import without_people

LONGEST = 20_000  # characters of one value of a line, such as an exception's trace
LEVELS: dict[str, int] = {
    "alert": logging.ERROR,
    "defect": logging.ERROR,
    "far side": logging.WARNING,
    "settings": logging.WARNING,
    "check": logging.WARNING,
    "store": logging.WARNING,
    "answers again": logging.WARNING,
    "goes on": logging.WARNING,
    "still stopped": logging.WARNING,
    "doubled write": logging.WARNING,
    "write refused": logging.WARNING,
    "ticket not readable": logging.WARNING,
    "stale step dropped": logging.INFO,
    "desk searched": logging.DEBUG,
    "waiting": logging.INFO,
    "case": logging.INFO,
    "run": logging.INFO,
}


def configure(level: str, form: Literal["text", "json"], stream: TextIO | None = None) -> None:
    """Send structlog to a stream (default: stderr); silence the libraries' loggers, which print bodies and secrets."""
    stream = stream or sys.stderr
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _harmless,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    carrier = logging.getLogger("dramatiq")
    carrier.handlers, carrier.propagate = [_Carrier()], False
    for name in ("jira", "pysnow", "urllib3", "requests", "oauthlib", "dramatiq", "alembic", "pika"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _harmless(_logger: object, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Remove secrets and people's addresses from a line, wherever they came from."""
    return {key: without_people(value[:LONGEST]) if isinstance(value, str) else value for key, value in line.items()}


class _Carrier(logging.Handler):
    """Logs in our own format what Dramatiq's consumers call critical: above all, an unreachable broker."""

    def __init__(self) -> None:
        super().__init__(logging.CRITICAL)
        self._outages: dict[str, Outage] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Log a lost connection at most once a minute, and anything else with its traceback."""
        if record.exc_info:
            structlog.get_logger("forcesync").error(record.getMessage(), exc_info=record.exc_info)
            return
        text = f"broker.url: {record.getMessage()}; retrying until it answers"
        self._outages.setdefault(record.name, Outage()).failed("the worker gets no messages", text)


def is_shown(event: str) -> bool:
    """Say whether the configured level shows an event of the core."""
    shown: bool = structlog.get_logger("forcesync").is_enabled_for(LEVELS.get(event, logging.INFO))
    return shown


def tell(event: str, facts: Mapping[str, object]) -> None:
    """Log one event of the core; an exception among the facts is logged with its traceback."""
    logger = structlog.get_logger("forcesync")
    values = {key: value for key, value in facts.items() if not isinstance(value, BaseException)}
    error = next((value for value in facts.values() if isinstance(value, BaseException)), None)
    logger.log(LEVELS.get(event, logging.INFO), event, exc_info=error, **{k: str(v) for k, v in values.items()})
