"""The scenario `cases` with the worker: every cause is found, and every ticket ends as the scenario says."""

from __future__ import annotations

from pathlib import Path

from connectors.sandbox.scenarios.cases import OTHER_SETTINGS
from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.world import World
from worker.demo.report import ended_rightly, rows_of
from workflows.model import VerdictKind


def test_every_cause_is_found_and_every_ticket_ends_as_the_scenario_says(tmp_path: Path) -> None:
    with World(tmp_path, Scenario("cases", users=12)) as world:
        world.settle()
        rows = rows_of(world.sandbox, world.parts.store)
        stuck = next(row for row in rows if row.ticket["kind"] == "a_sync_without_effect")

        assert [] == world.violations()
        assert set(VerdictKind) - OTHER_SETTINGS == {row.cause for row in rows}
        assert [] == [(row.cause, row.found, row.happening) for row in rows if not ended_rightly(row)]
        assert 1 == sum(file["name"].endswith(".zip") for file in stuck.ticket["attachments"])
