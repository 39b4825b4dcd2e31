"""Fixtures for the stories' worlds: each is new, and must end without violations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import World

Make = Callable[..., World]


@pytest.fixture
def a_world(tmp_path: Path) -> Iterator[Make]:
    """Make worlds with one thing overridden, unchecked by default; at the end, none may have violations."""
    with ExitStack() as stack:
        worlds: list[World] = []

        def make(*, checked: bool = False, **changes: Any) -> World:
            folder = tmp_path / f"world{len(worlds)}"
            folder.mkdir()
            world = World(folder, **changes)
            world.checked = checked
            worlds.append(world)
            return stack.enter_context(world)

        yield make
        for world in worlds:
            assert [] == world.violations()


@pytest.fixture
def world(a_world: Make) -> World:
    """Make a world with the defaults."""
    return a_world()
