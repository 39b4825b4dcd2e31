"""A firewall's page before every write of a desk: told once, what waits is visible, and then it goes on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.settings import write_config
from tests.e2e.tickets import DESKS, Place
from tests.e2e.world import World
from worker.cases.choosing import Wanted
from worker.cases.listing import case_list
from worker.cases.page import case_show
from workflows.model import CaseState

pytestmark = pytest.mark.long

PAGE: dict[str, Any] = {
    "headers": {"X-AACCOUNTID": "somebody", "Content-Type": "text/html"},
    "body": "<html><title>Request blocked</title></html>",
}


def block_writes(world: World, desk: Any) -> None:
    for method in ("POST", "PUT", "PATCH"):
        world.fault(desk, "status", method=method, path="(incident|issue|servicedesk)", status=403, times=10**9, **PAGE)


@pytest.mark.parametrize("place", DESKS)
def test_it_is_told_once_shown_with_its_time_and_goes_on(
    a_world: Make, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world()
    block_writes(world, place[0])
    tickets = [world.stale_ticket(place)[0] for _ in range(2)]
    world.run_for(hours=1)
    [text] = [str(item.facts["text"]) for item in world.reported if item.event == "alert"]
    assert "HTTP 403" in text
    assert "not the product's own words: a page" in text
    assert [CaseState.JOINED] * 2 == [world.case(ticket).state for ticket in tickets]
    assert [] == world.force_syncs(), "no ticket shows that it is ours"
    config = write_config(world.sandbox, world.store_file)
    capsys.readouterr()
    case_list(config, Wanted(open_only=True))
    listed = capsys.readouterr().out
    for ticket in tickets:
        case_show(config, world.case(ticket).id)
        shown = capsys.readouterr().out
        assert f"next look at {world.time.now():%Y-%m-%d}" in shown
        assert "HTTP 403" in shown
    assert 2 == listed.count("next look at")
    world.clear_faults()
    world.settle()
    assert [CaseState.RESOLVED] * 2 == [world.case(ticket).state for ticket in tickets]
    assert [] == world.violations()
