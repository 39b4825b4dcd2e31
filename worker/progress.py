"""Tells a person who waits at a terminal how far a command is, on standard error, in one line that is written anew."""

from __future__ import annotations

import sys
from typing import TextIO

from worker.output import USUAL


class ProgressLine:
    """One line at a terminal; where there is none, nothing is written."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream, self._width = stream or sys.stderr, 0
        self.shown = self._stream.isatty()

    def say(self, text: str) -> None:
        """Write the line anew; a long one is cut, since what a terminal has folded cannot be written over."""
        if self.shown:
            text = text[: USUAL - 1]
            print(f"\r{text:<{self._width}}", end="", file=self._stream, flush=True)
            self._width = len(text)

    def over(self, *, keep: bool = False) -> None:
        """End the line: what comes next is written over it, or below it with `keep`."""
        if self._width:
            end = "\n" if keep else f"\r{'':<{self._width}}\r"
            print(end, end="", file=self._stream, flush=True)
            self._width = 0
