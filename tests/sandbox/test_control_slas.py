"""The control server starts SLAs, which follow the clock and their tickets as the products' SLAs do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.scenarios.world import AGENTS
from connectors.sandbox.server import Sandbox

AGENT = AGENTS[0].login
WAITING = {"servicenow": "On Hold", "jira": "Waiting for customer"}
on_both_desks = pytest.mark.parametrize("desk", ["servicenow", "jira"])


class Time:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def sandbox(time: Time) -> Iterator[Sandbox]:
    with Sandbox(Scenario("empty", users=3), act=False, clock=time) as running:
        yield running


def post(sandbox: Sandbox, path: str, **body: Any) -> requests.Response:
    return requests.post(sandbox.control_url + path, json=body, timeout=10)


def filed(sandbox: Sandbox, desk: str, **more: Any) -> str:
    said = {"requester": sandbox.world.members[0].login, "summary": "Wrong title", "description": "Help"}
    return f"/tickets/{desk}/{post(sandbox, '/tickets', desk=desk, tagged=True, **said, **more).json()['id']}"


def slas(sandbox: Sandbox, path: str) -> list[dict[str, Any]]:
    tickets = requests.get(f"{sandbox.control_url}/state", timeout=10).json()["tickets"]
    return next(list(ticket["slas"]) for ticket in tickets if path.endswith(f"/{ticket['id']}"))


@on_both_desks
def test_an_sla_runs_with_what_is_gone_already_and_stands_while_its_ticket_waits(
    desk: str, sandbox: Sandbox, time: Time
) -> None:
    path = filed(sandbox, desk)
    started = post(sandbox, f"{path}/slas", target="resolution", minutes=60, used=50)
    assert 201 == started.status_code
    running = {"name": "Time to resolution", "minutes": 60.0, "used": 50.0}
    assert [running | {"breached": False, "paused": False, "stopped": None}] == started.json()["slas"]
    time.now += timedelta(minutes=15)
    assert [75.0] == [sla["used"] for sla in slas(sandbox, path)]
    post(sandbox, path, by=AGENT, status=WAITING[desk])
    time.now += timedelta(hours=5)
    assert [(75.0, True)] == [(sla["used"], sla["paused"]) for sla in slas(sandbox, path)]


@on_both_desks
def test_an_sla_stops_with_its_ticket_and_a_response_has_a_name_of_its_own(
    desk: str, sandbox: Sandbox, time: Time
) -> None:
    path = filed(sandbox, desk)
    post(sandbox, f"{path}/slas", target="response", minutes=10)
    time.now += timedelta(minutes=15)
    post(sandbox, path, by=AGENT, status="Resolved")
    (stopped,) = slas(sandbox, path)
    assert ("Time to first response", True, "2026-03-02T09:15:00.000Z") == (
        stopped["name"],
        stopped["breached"],
        stopped["stopped"],
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"target": "pride", "minutes": 5}, "target: found 'pride'; allowed: resolution, response"),
        ({"target": "resolution"}, "minutes: expected 1 to 525600, the goal"),
        ({"target": "resolution", "minutes": -1}, "minutes: expected 1 to 525600, the goal"),
        ({"target": "resolution", "minutes": 5, "used": 1e9}, "used: expected 0 to 1000 per cent"),
        ({"target": "resolution", "minutes": 5, "name": "x"}, "name: not known here; allowed: target, minutes, used"),
    ],
)
def test_an_sla_that_cannot_be_is_refused(body: dict[str, Any], words: str, sandbox: Sandbox) -> None:
    path = filed(sandbox, "jira")
    answer = post(sandbox, f"{path}/slas", **body)
    assert (400, True) == (answer.status_code, words in answer.json()["error"])
    assert [] == slas(sandbox, path)


def test_a_software_project_has_no_slas(sandbox: Sandbox) -> None:
    answer = post(sandbox, f"{filed(sandbox, 'jira', table='ENG')}/slas", target="resolution", minutes=5)
    assert (400, "ENG-1: ENG is no service project, so it has no SLAs") == (answer.status_code, answer.json()["error"])
