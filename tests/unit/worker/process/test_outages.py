"""A server that is gone is told of in few lines, each of which says for how long."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from worker.process import logs
from worker.process.outages import FORGOTTEN, SAY_AGAIN, Outage


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Return where the program's own log goes for this test; afterwards everything logs as before."""
    before, carrier = structlog.get_config(), logging.getLogger("dramatiq")
    kept = carrier.handlers, carrier.propagate, carrier.level
    stream = io.StringIO()
    logs.configure("warning", "json", stream)
    yield stream
    structlog.configure(**before)
    carrier.handlers, carrier.propagate, carrier.level = kept


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def test_an_outage_is_told_at_its_begin_once_a_minute_and_at_its_end() -> None:
    seconds = Seconds()
    outage = Outage(seconds)
    with structlog.testing.capture_logs() as told:
        outage.over("back")
        for _ in range(int(SAY_AGAIN)):
            outage.failed("gone", "no answer")
            seconds.now += 2
        outage.over("back")
        outage.over("back")
    said = [(line["event"], line.get("for_seconds", line.get("after_seconds"))) for line in told]
    assert [("gone", 0), ("gone", 60), ("back", 120)] == said


def test_the_next_outage_is_told_at_once_though_nobody_heard_of_the_end_of_the_last() -> None:
    seconds = Seconds()
    outage = Outage(seconds)
    with structlog.testing.capture_logs() as told:
        outage.failed("gone", "no answer")
        seconds.now += FORGOTTEN + 1
        outage.failed("gone", "no answer")
    assert [0, 0] == [line["for_seconds"] for line in told]


def test_a_worker_without_its_broker_says_so_in_our_own_line_and_not_at_every_try(logged: io.StringIO) -> None:
    consumer = logging.getLogger("dramatiq.worker.ConsumerThread(forcesync)")
    for _ in range(3):
        consumer.critical("Consumer encountered a connection error: %s", "refused")
    (line,) = logged.getvalue().splitlines()
    assert '"level": "warning"' in line
    assert "broker.url: Consumer encountered a connection error: refused" in line
