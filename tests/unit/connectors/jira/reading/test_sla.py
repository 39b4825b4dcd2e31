"""The used share of a request's resolution SLA is read, and of one that cannot be read is warned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.unit.connectors.jira.issues import issue, user
from tests.unit.jira_site import REF, Reply, Site, desk, serving
from workflows.errors import FarSideError, Refused, Transient
from workflows.model import Sla, Ticket

SLA = "/rest/servicedeskapi/request/10017/sla"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.on("GET /issue/10017/comment", Reply({"comments": [], "total": 0}))
        site.on("GET /issue/10017", Reply(issue(assignee={"accountId": "712020:us"})))
        yield site


def cycle(elapsed: Any, goal: Any) -> dict[str, Any]:
    return {"elapsedTime": {"millis": elapsed}, "goalDuration": {"millis": goal}}


def slas(*values: dict[str, Any]) -> Reply:
    return Reply({"isLastPage": True, "values": list(values)})


def outcome(on: Any, ticket: Ticket) -> type[FarSideError] | None:
    try:
        on.sla(ticket)
    except FarSideError as error:
        return next(kind for kind in (Transient, Refused) if isinstance(error, kind))
    return None


def read(site: Site, **changes: Any) -> Sla | None:
    on = desk(site, **changes)
    return on.sla(on.read(REF))


def test_the_running_cycle_of_the_named_sla_counts(site: Site) -> None:
    first = {"name": "Time to first response", "ongoingCycle": cycle(90, 100)}
    resolution = {"name": "Time to resolution", "ongoingCycle": cycle(30, 40), "completedCycles": [cycle(9, 9)]}
    site.on(f"GET {SLA}", slas(first, resolution))
    assert Sla(name="Time to resolution", used=75.0, limit=70.0) == read(site)
    assert Sla(name="Time to first response", used=90.0, limit=50.0) == read(
        site, sla="Time to first response", sla_percent=50
    )


@pytest.mark.parametrize(
    "answer",
    [
        slas(),
        slas({"name": "Time to resolution", "completedCycles": [cycle(9, 9)]}),
        slas({"name": "Time to resolution", "ongoingCycle": cycle(9, 0)}),
        slas({"name": "Time to resolution", "ongoingCycle": cycle("9", 10)}),
        slas({"name": "Time to resolution", "ongoingCycle": 7}),
    ],
)
def test_an_sla_that_is_missing_or_not_understood_is_ignored(site: Site, answer: Reply) -> None:
    site.on(f"GET {SLA}", answer)
    assert read(site) is None


def test_a_ticket_that_is_not_ours_and_a_limit_of_zero_make_no_call(site: Site) -> None:
    assert read(site, sla_percent=0) is None
    site.on("GET /issue/10017", Reply(issue(assignee=user("ada"))))
    assert read(site) is None
    assert not any(call.endswith("/sla") for call in site.calls())


def test_a_temporary_fault_and_a_refusal_warn_once_each_until_slas_can_be_read_again(site: Site) -> None:
    busy, refused = Reply({}, 503), Reply({"errorMessage": "no agent"}, 403)
    site.on(f"GET {SLA}", busy, busy, refused, refused, slas(), refused)
    on = desk(site)
    ticket = on.read(REF)
    with capture_logs() as lines:
        found = [outcome(on, ticket) for _ in range(5)]
    assert [Transient, Refused, Refused, None, Refused] == found
    warnings = [line["event"] for line in lines if line["log_level"] == "warning"]
    assert warnings == ["SLAs cannot be looked at now", "SLAs are not looked at", "SLAs are not looked at"]
