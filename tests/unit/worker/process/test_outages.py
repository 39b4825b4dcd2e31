"""An outage takes few log lines, and each says how long it has lasted."""

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
    """Return the stream that the log goes to in this test; restores logging afterwards."""
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


def test_an_outage_is_logged_when_it_begins_once_a_minute_and_when_it_ends() -> None:
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


def test_the_next_outage_is_logged_at_once_even_if_the_end_of_the_last_was_not() -> None:
    seconds = Seconds()
    outage = Outage(seconds)
    with structlog.testing.capture_logs() as told:
        outage.failed("gone", "no answer")
        seconds.now += FORGOTTEN + 1
        outage.failed("gone", "no answer")
    assert [0, 0] == [line["for_seconds"] for line in told]


def test_a_worker_without_its_broker_logs_it_in_our_format_and_not_at_every_try(logged: io.StringIO) -> None:
    consumer = logging.getLogger("dramatiq.worker.ConsumerThread(forcesync)")
    for _ in range(3):
        consumer.critical("Consumer encountered a connection error: %s", "refused")
    (line,) = logged.getvalue().splitlines()
    assert '"level": "warning"' in line
    assert "broker.url: Consumer encountered a connection error: refused" in line
