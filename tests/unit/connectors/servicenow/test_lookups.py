"""Accounts, groups and tags are found by their exact names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from connectors.servicenow import ServiceNowSettings
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lookups import HOLD, Lookups
from tests.unit.snow_instance import WORKER_ID, Instance, desk, instance, rows
from tests.unit.wire import StoppedClock
from workflows.errors import Misconfigured


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


@pytest.mark.parametrize("found", [[], [{"sys_id": "1" * 32, "name": "Identity Operations EMEA"}]])
def test_a_group_is_found_by_its_exact_name_only(snow: Instance, found: list[dict[str, str]]) -> None:
    snow.on("GET /table/sys_user_group", rows(*found, total=len(found)))
    with pytest.raises(Misconfigured, match="Identity Operations"):
        desk(snow).check()


def test_a_user_is_looked_up_once_and_again_after_a_while(snow: Instance) -> None:
    clock, settings = (
        StoppedClock(),
        ServiceNowSettings(url=snow.url, user="x", password=SecretStr("x"), escalation_group="x"),
    )
    lookups = Lookups(ServiceNowClient("snow", settings, clock), settings, clock)
    snow.on("GET /table/sys_user", rows({"sys_id": WORKER_ID, "user_name": "ada", "email": "ada@example.com"}, total=1))
    emails = [lookups.user(WORKER_ID)["email"] for _ in range(2)]
    snow.on("GET /table/sys_user", rows({"sys_id": WORKER_ID, "user_name": "ada", "email": "countess@example.com"}))
    clock.at += HOLD
    emails.append(lookups.user(WORKER_ID)["email"])
    assert emails == ["ada@example.com", "ada@example.com", "countess@example.com"]
    assert len(snow.asked("GET /table/sys_user")) == 2
