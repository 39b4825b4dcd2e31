"""Tells a person who waits how far a trial is: on standard error, in one line that is written anew in a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from worker.progress import ProgressLine

LINE_EVERY = 10.0  # seconds between two lines where none can be written anew


class Progress:
    """The progress line of one trial; callers hold a lock. `seconds` is a monotonic clock."""

    def __init__(self, stream: TextIO | None = None, seconds: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._seconds = stream or sys.stderr, seconds
        self._line, self._said_at, self.total = ProgressLine(self._stream), seconds() - LINE_EVERY, 0
        self._done = self._failed = 0

    def asks(self) -> None:
        """Tell that nothing is read yet."""
        self._say("asking every product whether it answers")

    def read(self, done: int, failed: int) -> None:
        """Tell how many tickets were read."""
        self._done, self._failed = done, failed
        self._say(self._counts, last=done == self.total)

    def waits(self, system: str, until: datetime) -> None:
        """Tell which product is waited for, such as for its next minute of calls."""
        self._say(f"{self._counts}; waiting for {system} until {until:%H:%M:%S} UTC")

    def over(self) -> None:
        """End the line."""
        self._line.over(keep=True)

    @property
    def _counts(self) -> str:
        failed = f", {self._failed} not" if self._failed else ""
        return f"read {self._done} of {self.total} tickets{failed}"

    def _say(self, text: str, *, last: bool = False) -> None:
        self._line.say(text)
        if not self._line.shown and (last or self._seconds() - self._said_at >= LINE_EVERY):
            self._said_at = self._seconds()
            print(text, file=self._stream, flush=True)
