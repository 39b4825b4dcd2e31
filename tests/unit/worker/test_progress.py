"""A person who waits at a terminal sees how far it is; nobody else gets a word of it."""

from __future__ import annotations

import io

from worker.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_is_written_anew_and_gone_at_the_end() -> None:
    stream = Terminal()
    line = ProgressLine(stream)
    line.say("100 users read")
    line.say("done")
    line.over()
    assert "\r100 users read\rdone          \r    \r" == stream.getvalue()


def test_a_line_fits_a_terminal() -> None:
    stream = Terminal()
    ProgressLine(stream).say("x" * 200)
    assert 80 == len(stream.getvalue())


def test_a_pipe_gets_nothing() -> None:
    stream = io.StringIO()
    line = ProgressLine(stream)
    line.say("100 users read")
    line.over()
    assert "" == stream.getvalue()
