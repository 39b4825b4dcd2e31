"""Counts the calls of one look at a product, and stops at a limit: a check by hand must not eat into rate limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from connectors.http.governance import patience
from workflows.errors import Refused


class Calls:
    """The calls of one look; `made` counts them. Implements the session's `Patience`."""

    def __init__(self, system: str, most: int, tell: Callable[[str], None] = lambda _: None) -> None:
        """Count calls to a product up to `most`; each is told before it is made."""
        self._system, self._most, self._tell = system, most, tell
        self.made = 0
        self.spent = False

    @property
    def left(self) -> int:
        """Return how many more calls may be made."""
        return self._most - self.made

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count every request of the block; above the limit it is not sent, and raises `Refused`."""
        token = patience.set(self)
        try:
            yield
        finally:
            patience.reset(token)

    def ask(self) -> None:
        """Count one request."""
        if self.made >= self._most:
            self.spent = True
            raise Refused(self._system, "go on", f"this look makes at most {self._most} calls")
        self.made += 1
        self._tell(f"asking {self._system}: call {self.made} of at most {self._most}")

    def note(self, until: datetime, why: str, *, one_limit: bool = False) -> None:
        """Ignore that the product asks for a pause: the one call that it refused is what a person sees."""

    def answered(self) -> None:
        """Ignore that the product answers."""

    def missed(self) -> None:
        """Ignore that the product does not answer."""
