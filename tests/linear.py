"""Whether what runs over a text takes time in proportion to its length, on a busy machine too."""

from __future__ import annotations

import time
from collections.abc import Callable

SIZE = 20_000  # characters
MOST = 0.05  # seconds of the processor for a text of that size
BUSY = 3.0  # how many times as long it may take beside other work, where the time grows in proportion
SHARE = 10  # how much shorter the text is that it is compared with
TRIES = 5  # the shortest counts


def linear(run: Callable[[str], object], text_of: Callable[[int], str]) -> bool:
    """Say whether a text of `SIZE` takes at most `MOST`, or at most `BUSY` times that and in proportion to its length.

    `text_of` returns the text of a length; short ones run first, so that exponential work ends soon.
    """
    if _seconds(run, text_of(SIZE // SHARE**2)) > MOST or (short := _seconds(run, text_of(SIZE // SHARE))) > MOST:
        return False
    took = _seconds(run, text_of(SIZE))
    if MOST < took <= BUSY * MOST:  # the machine may have become busy since
        short = max(short, _seconds(run, text_of(SIZE // SHARE)))
    return took <= MOST or (took <= BUSY * MOST and took <= 1.5 * SHARE * short)


def _seconds(run: Callable[[str], object], text: str) -> float:
    least = float("inf")
    for tried in range(TRIES):
        began = time.thread_time()
        run(text)
        least = min(least, time.thread_time() - began)
        if least <= MOST or (tried and least > BUSY * MOST):  # once, anything may have come between
            break
    return least
