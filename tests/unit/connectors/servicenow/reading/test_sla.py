"""The used share of a ticket's resolution SLA is read, and of one that cannot be read is warned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.unit.snow_instance import ID, REF, Instance, cells, desk, instance, query, refusal, result, rows
from workflows.errors import FarSideError, NotAllowed, Transient
from workflows.model import Sla, Ticket

OURS = {"assigned_to": "a" * 32, "assigned_to.user_name": "svc.forcesync"}


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


def sla(share: str, name: str = "Priority 3 resolution", target: str = "resolution", **other: str) -> dict[str, Any]:
    row = {"sys_id": "9" * 32, "task": ID, "active": "true", "sla.name": name, "sla.target": target}
    return row | {"business_percentage": share, "percentage": "99"} | other


def outcome(on: Any, ticket: Ticket) -> type[FarSideError] | None:
    try:
        on.sla(ticket)
    except FarSideError as error:
        return next(kind for kind in (Transient, NotAllowed) if isinstance(error, kind))
    return None


def read(snow: Instance, *acts: Any, **changes: Any) -> Sla | None:
    held = changes.pop("held", OURS)
    snow.on(f"GET /table/incident/{ID}", result(cells(state="2", active="true", **held)))
    if acts:
        snow.on("GET /table/task_sla", *acts)
    on = desk(snow, **changes)
    return on.sla(on.read(REF))


def test_the_resolution_sla_that_is_used_most_counts_by_its_schedule(snow: Instance) -> None:
    response = sla("95", "Priority 3 response", "response")
    found = read(snow, rows(sla("71.5"), sla("12", "Underpinning resolution"), response))
    assert Sla(name="Priority 3 resolution", used=71.5, limit=70.0) == found
    assert f"task={ID}^active=true" == query(snow.asked("GET /table/task_sla")[0])["sysparm_query"]


def test_an_sla_without_a_target_is_recognised_by_its_name(snow: Instance) -> None:
    assert read(snow, rows(sla("80", "P3 Response", ""))) is None
    assert Sla(name="P3 Resolve", used=80, limit=70) == read(snow, rows(sla("80", "P3 Resolve", "")))


@pytest.mark.parametrize(
    "answer",
    [
        rows(),
        rows(sla("80", task="e" * 32)),
        rows(sla("80", active="false")),
        rows(sla("odd")),
        rows(sla("nan")),
        rows(sla("70,5")),
        rows({"sys_id": "9" * 32}),
    ],
)
def test_an_sla_that_is_missing_or_not_understood_is_ignored(snow: Instance, answer: Any) -> None:
    assert read(snow, answer) is None


def test_without_a_schedule_all_time_counts(snow: Instance) -> None:
    found = read(snow, rows(sla("")))
    assert found is not None
    assert 99 == found.used


def test_a_ticket_that_is_not_ours_and_a_limit_of_zero_make_no_call(snow: Instance) -> None:
    assert read(snow, held={}) is None
    assert read(snow, sla_percent=0) is None
    assert [] == snow.asked("GET /table/task_sla")


def test_a_temporary_fault_and_a_refusal_warn_once_each_until_slas_can_be_read_again(snow: Instance) -> None:
    snow.on(f"GET /table/incident/{ID}", result(cells(state="2", active="true", **OURS)))
    busy, refused = refusal(503, "busy"), refusal(403, "User Not Authorized")
    snow.on("GET /table/task_sla", busy, busy, refused, refused, rows(), refused)
    on = desk(snow)
    ticket = on.read(REF)
    with capture_logs() as lines:
        found = [outcome(on, ticket) for _ in range(5)]
    assert [Transient, NotAllowed, NotAllowed, None, NotAllowed] == found
    warnings = [line["event"] for line in lines if line["log_level"] == "warning"]
    assert warnings == ["SLAs cannot be looked at now", "SLAs are not looked at", "SLAs are not looked at"]
