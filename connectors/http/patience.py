"""May the product be called now? Asked before every single call, for an operation of ours makes several.

The worker knows from all its processes when a product asked for patience; while it makes an operation, it leaves here
whom to ask and whom to tell. A product's word is told at once, whatever becomes of the operation that met it: a look
after a write, say, ends as "the write may stand", and the word would be lost with its error.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime
from typing import Protocol


class Patience(Protocol):
    """What is known of one product's patience."""

    def ask(self) -> None:
        """Return if the product may be called now; what is raised ends the operation like any other fault."""

    def told(self, until: datetime, why: str) -> None:
        """Note that the product wants no call before then (UTC)."""


patience: ContextVar[Patience | None] = ContextVar("patience", default=None)
