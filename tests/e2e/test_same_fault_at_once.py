"""Two tickets about the same fault that come to their ends at the same moment: one gets the Support Case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import pytest

from tests.e2e.test_same_fault import on_every_pair, packages, two
from tests.e2e.world import Place, World, by_worker
from workflows.engine import Engine
from workflows.model import CaseState
from workflows.ports import CaseCommit, CaseStore, Joined, Lease

pytestmark = pytest.mark.long


class Interleaved:
    """The store, with something that happens right before a step that prepares a Support Case is committed."""

    def __init__(self, store: CaseStore, happens: Callable[[], object]) -> None:
        self._store, self._happens = store, [happens]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit_case(self, lease: Lease, commit: CaseCommit, now: datetime) -> Joined | None:
        while commit.sole is not None and self._happens:
            self._happens.pop()()
        return self._store.commit_case(lease, commit, now)


@on_every_pair
def test_a_support_case_that_is_prepared_while_another_one_is_being_made_is_named_instead(
    first: Place, second: Place, world: World
) -> None:
    older, younger, member = two(world, first, second)
    world.make_stuck(member)
    ports, other_worker = world.parts.ports, Engine(world.parts.ports)

    def meanwhile() -> None:
        """Let the worker of the older ticket be slow, and another one work the younger to its end."""
        world.skip(seconds=40)
        other_worker.run_once("case", world.case(younger).id)

    store = cast(CaseStore, Interleaved(ports.store, meanwhile))
    world.use_ports(replace(ports, store=store))
    world.settle()
    assert {CaseState.ESCALATED} == {world.case(older).state, world.case(younger).state}
    assert [younger] == packages(world, older, younger)
    key = world.shown(younger)["key"]
    assert (
        f"{key} is about the same and holds the prepared Support Case" in by_worker(world.shown(older), "internal")[-1]
    )


def test_a_ticket_that_ends_on_a_fault_names_the_support_case_that_another_one_holds(world: World) -> None:
    older, younger, member = two(world)
    world.make_stuck(member)
    world.run_for(seconds=200)
    world.fault("jira", "status", status=503, path="/issue/", times=1000)
    world.run_for(minutes=10)
    assert [CaseState.ESCALATED, CaseState.SYNCED] == [world.case(older).state, world.case(younger).state]
    world.clear_faults()
    world.fault("okta", "status", status=400, path="/users", times=1000)
    world.settle()
    assert CaseState.ESCALATED == world.case(younger).state
    assert [older] == packages(world, older, younger)
