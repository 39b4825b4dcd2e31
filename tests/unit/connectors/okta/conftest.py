"""An org on a bare socket, which each test gives its answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.wire import Wire, serving


@pytest.fixture
def wire() -> Iterator[Wire]:
    with serving() as wire:
        yield wire
