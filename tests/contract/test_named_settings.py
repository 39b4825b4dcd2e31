"""Wrong names in the settings are reported at the start, before any ticket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.operations import PLACE
from tests.contract.places import Stage, stage
from workflows.errors import Misconfigured

SUP = {"kind": "service_desk", "service_desk_id": "1"}
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("incident", {"tables": {"incident": {"requester": "calller_id"}}}, "near ones: 'caller_id'"),
    (
        "incident",
        {"tables": {"incident": {"waiting": "4"}}},
        "tables.incident.waiting: found '4'; the instance has: 1 (N",
    ),
    (
        "incident",
        {"tables": {"sc_task": {"close_code": "Solution provided"}}},
        "tables.sc_task.close_code: found 'Solution prov",
    ),
    ("incident", {"routes": {"okta_support": {"hold_reason": "9"}}}, "has: 1 (Awaiting Caller), 3 (Awaiting Problem)"),
    (
        "incident",
        {"escalation_group": "Identity Operation"},
        "expected, found 0; near ones: 'Identity Ope",
    ),
    ("incident", {"tag": "profile not updatign"}, "is visible to svc.forcesync; near ones: 'profile not updating'"),
    ("cloud-service-desk", {"projects": {"SUPP": {"kind": "software"}}}, "no project 'SUPP'; near ones: 'SUP'"),
    ("cloud-service-desk", {"projects": {"SUP": SUP | {"statuses": {"asked": "Waiting"}}}}, "'Waiting for customer'"),
    ("cloud-service-desk", {"projects": {"SUP": SUP | {"request_types": ["My profile"]}}}, "near ones: 'Update my pro"),
    ("cloud-service-desk", {"projects": {"SUP": SUP | {"service_desk_id": "2"}}}, "that of project SUP is '1'"),
    (
        "cloud-service-desk",
        {"sla": "Time to resolve"},
        "the site has no SLA 'Time to resolve'; near ones: 'Time to res",
    ),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Stage]:
    with stage("cloud") as served:
        yield served


@pytest.mark.parametrize(("place", "changes", "told"), WRONG, ids=lambda value: str(value)[:50])
def test_a_wrong_name_is_told_at_the_start(served: Stage, place: str, changes: dict[str, Any], told: str) -> None:
    where = PLACE[place]
    served.file(where)  # columns are known from records
    served.desk(where).check()
    with pytest.raises(Misconfigured) as caught:
        served.desk(where, **changes).check()
    assert told in str(caught.value)


def test_every_wrong_name_of_a_desk_is_told_at_once(served: Stage) -> None:
    snow, jira = PLACE["incident"], PLACE["cloud-service-desk"]
    served.file(snow)
    tables = {"incident": {"requester": "calller_id", "waiting": "4", "close_code": "Solved!"}}
    wrong = {"tables": tables, "escalation_group": "Identity Operation", "routes": {"okta_support": {"impact": "9"}}}
    with pytest.raises(Misconfigured) as caught:
        served.desk(snow, **wrong).check()
    told = ("'Identity Operation'", "calller_id", "incident.waiting: found '4'", "'Solved!'", "okta_support.impact")
    assert [] == [name for name in told if name not in str(caught.value)]
    projects = {"SUP": SUP | {"statuses": {"asked": "Waiting"}, "resolution": "Doone"}, "NOPE": {"kind": "software"}}
    with pytest.raises(Misconfigured) as caught:
        served.desk(jira, projects=projects, sla="Time to resolve", escalation_assignee="nobody@example.com").check()
    told = ("'Waiting'", "'Doone'", "NOPE", "'Time to resolve'", "nobody@example.com")
    assert [] == [name for name in told if name not in str(caught.value)]
