"""May the product be called now? Asked before every single call, for an operation of ours makes several.

The worker knows from all its processes when a product asked for patience; while it makes an operation, it leaves here
how to find out. What it raises ends the operation like any other fault.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

before_call: ContextVar[Callable[[], None] | None] = ContextVar("before_call", default=None)
