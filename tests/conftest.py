"""What every test leaves behind as it found it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Forget where a command sent its log: to a stream that pytest closes behind the test that ran it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _no_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have help be as wide as usual; a process that loads readline leaves COLUMNS to those that it starts."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return what makes standard output and error a terminal of so many columns, in place of a pipe."""

    def opened(columns: int) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        for stream in (sys.stdout, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True)

    return opened


def pytest_collection_finish() -> None:
    """Keep what collecting made, some hundred thousand objects, out of every later collection of garbage."""
    gc.collect()
    gc.freeze()
