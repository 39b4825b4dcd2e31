"""In random worlds, no Force Sync is pointless, and no ticket is closed whose profile is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.random_worlds import RandomWorld, ends
from tests.e2e.world import World

pytestmark = pytest.mark.long


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_random_world_is_helped_where_it_can_be_and_never_wronged(seed: int, tmp_path: Path) -> None:
    with World(tmp_path, Scenario("empty", seed=seed, users=60)) as world:
        told = RandomWorld(world, seed)
        assert told.tell(12) == []
        assert world.violations() == []
        assert sum(ends(told).values()) == 12
