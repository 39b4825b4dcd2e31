"""What every test leaves behind as it found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Forget where a command sent its log: to a stream that pytest closes behind the test that ran it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands print as in a pipe; a process that loads readline leaves COLUMNS to those that it starts."""
    monkeypatch.delenv("COLUMNS", raising=False)
