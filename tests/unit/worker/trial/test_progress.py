"""A person who waits sees how far it is, in one line; a pipe gets a line now and then."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from worker.trial.progress import LINE_EVERY, Progress

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_one_line_that_is_written_anew() -> None:
    stream = Terminal()
    progress = Progress(stream)
    progress.total = 1000
    progress.read(90, 2)
    progress.waits("okta", NOON)
    progress.read(91, 2)
    progress.over()
    shown = stream.getvalue()
    assert shown.startswith(
        "\rread 90 of 1000 tickets, 2 not\rread 90 of 1000 tickets, 2 not; waiting for okta until 12:00:00 UTC"
    )
    assert shown.endswith("\n")
    assert "read 91 of 1000 tickets, 2 not  " in shown  # blanks over the longer line before it


def test_a_pipe_gets_a_line_now_and_then_and_the_last() -> None:
    stream, seconds = io.StringIO(), 0.0
    progress = Progress(stream, lambda: seconds)
    progress.total = 30
    for done in range(1, 31):
        seconds += LINE_EVERY / 10
        progress.read(done, 0)
    progress.over()
    lines = stream.getvalue().splitlines()
    assert 4 == len(lines)
    assert "read 30 of 30 tickets" == lines[-1]
