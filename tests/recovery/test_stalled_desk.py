"""A desk that hangs beside a healthy one: the healthy one's tickets end, the other's wait where people see it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Fault
from tests.recovery import live
from worker.process.parts import Parts
from worker.process.service import Service
from worker.process.stalls import REST
from worker.settings.model import Settings

pytestmark = pytest.mark.long

TICKETS = 12  # half of them on each desk: more than there are threads
NO_ANSWER = "did not answer several times in a row"


def settings_with_short_patience(world: Sandbox, store: Path) -> Settings:
    made = live.settings(world, f"sqlite:///{store}/store.sqlite3")
    desks = {name: dict(table) for name, table in made.desks.items()}
    desks["jira"]["read_timeout"] = 1.0
    return made.model_copy(update={"desks": desks})


def hang(world: Sandbox) -> None:
    """Let every read of an issue hang; the search still finds them."""
    with world.frame.lock:
        path = re.compile(r"/issue/\d+$")
        world.frame.faults.append(Fault("hangs", "jira", "stall", path=path, times=10**9))


def open_tickets(world: Sandbox) -> list[str]:
    return sorted({ticket["desk"] for ticket in live.tickets(world) if ticket["status_category"] != "done"})


def waiting(parts: Parts) -> list[str]:
    """Return what the open Jira cases wait for."""
    waits = parts.store.waits()
    return [waits[case.id].waiting for case in parts.store.cases(open_only=True) if case.ref.desk == "jira"]


def alerts(told: list[str]) -> list[str]:
    return [line for line in told if line.startswith("alert ")]


def test_the_healthy_desk_goes_on_and_the_other_ones_tickets_wait_visibly(tmp_path: Path) -> None:
    clock, told = live.Shifted(), list[str]()
    with live.sandbox(TICKETS, clock=clock.now) as world:
        hang(world)
        made = settings_with_short_patience(world, tmp_path)
        with live.parts(made, clock, told) as parts, Service(parts):
            live.until(lambda: open_tickets(world) == ["jira"], "every ticket of ServiceNow is resolved")
            live.until(
                lambda: all(NO_ANSWER in text for text in waiting(parts)), "every case of Jira says why it waits"
            )
            assert TICKETS // 2 == len(waiting(parts))
            [line] = alerts(told)
            assert "jira did not answer 3 times in a row" in line
            with world.frame.lock:
                world.frame.faults.clear()
            clock.jump(REST.total_seconds() + 30.0)
            live.until(lambda: live.all_done(world), "the tickets of Jira are resolved")
            assert 1 == len(alerts(told))
            assert 1 == sum(line.startswith("answers again") for line in told)
