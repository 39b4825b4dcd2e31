"""What every `SyncDriver` must do. On a live tenant it runs Force Sync only if FORCESYNC_LIVE_FORCE_SYNC is `yes`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from connectors.okta import ReapplyDriver
from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Fault, FaultKind
from tests.contract.okta_side import OktaSide, the_side
from tests.unit.wire import StoppedClock
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain
from workflows.model import Directory, OktaUser
from workflows.ports import SyncDriver

REAPPLY = r"/mappings/reapply$"
NOT_THERE = {"errorCode": "E0000008", "errorSummary": "The requested path was not found"}


@pytest.fixture
def side() -> Iterator[OktaSide]:
    with the_side() as side:
        yield side


@pytest.fixture
def driver(side: OktaSide) -> SyncDriver:
    if side.driver is None:
        pytest.skip("no Force Sync on a live tenant unless FORCESYNC_LIVE_FORCE_SYNC=yes")
    return side.driver


@pytest.fixture
def target(side: OktaSide) -> tuple[Directory, OktaUser]:
    (user,) = side.org.find_users(side.login)
    return side.org.links(user.id).copies[0].directory, user


def force_syncs(side: OktaSide) -> int | None:
    return len(side.sandbox.okta.force_syncs()) if side.sandbox else None


def test_a_start_is_accepted_once(side: OktaSide, driver: SyncDriver, target: tuple[Directory, OktaUser]) -> None:
    directory, user = target
    receipt = driver.start(directory, user.type_id)
    assert receipt.at is not None
    assert force_syncs(side) in {1, None}


def test_a_check_starts_nothing(side: OktaSide, driver: SyncDriver, target: tuple[Directory, OktaUser]) -> None:
    driver.check(target[0])
    assert force_syncs(side) in {0, None}


def fault(kind: FaultKind, status: int = 0, path: str = REAPPLY, body: object = None) -> Fault:
    return Fault(id="f", product="okta", kind=kind, status=status, path=re.compile(path), times=2, body=body)


def sandbox_only(side: OktaSide) -> Sandbox:
    if side.sandbox is None:
        pytest.skip("faults are for the sandbox")
    return side.sandbox


@pytest.mark.parametrize(
    ("planned", "expected", "syncs"),
    [
        pytest.param(fault("status", 429), Transient, 0, id="429"),
        pytest.param(fault("status", 500), Uncertain, 0, id="500"),
        *(pytest.param(fault("status", status, body=NOT_THERE), Refused, 0, id=f"{status}") for status in (400, 409)),
        *(
            pytest.param(fault("status", status, body=NOT_THERE), Misconfigured, 0, id=f"{status}")
            for status in (403, 404, 405, 410)
        ),
        pytest.param(fault("status", 404), Uncertain, 0, id="404 of something in front"),
        pytest.param(fault("status", 302), Misconfigured, 0, id="302"),
        pytest.param(fault("reset_after"), Uncertain, 1, id="reset_after"),
        pytest.param(fault("reset_before"), Uncertain, 0, id="reset_before"),
        pytest.param(fault("status", 500, r"/user/types$"), Transient, 0, id="500 before the call"),
    ],
)
def test_a_fault_says_whether_it_may_have_started(
    side: OktaSide,
    driver: SyncDriver,
    target: tuple[Directory, OktaUser],
    planned: Fault,
    expected: type[FarSideError],
    syncs: int,
) -> None:
    sandbox = sandbox_only(side)
    sandbox.frame.faults.append(replace(planned))  # a fault counts its hits
    with pytest.raises(expected):
        driver.start(target[0], target[1].type_id)
    assert force_syncs(side) == syncs


@pytest.mark.parametrize("status", [202, 205, 206])
def test_any_2xx_is_an_acceptance(
    side: OktaSide, driver: SyncDriver, target: tuple[Directory, OktaUser], status: int
) -> None:
    sandbox = sandbox_only(side)
    sandbox.frame.faults.append(
        Fault(id="f", product="okta", kind="status", status=status, path=re.compile(REAPPLY), body="")
    )
    assert driver.start(target[0], target[1].type_id).at is not None


def test_a_credential_that_may_not_press_is_an_operators_matter(
    side: OktaSide, target: tuple[Directory, OktaUser]
) -> None:
    sandbox = sandbox_only(side)
    reading = SecretStr(sandbox.frame.credentials.okta_token)
    with pytest.raises(Misconfigured, match="lacks the permission"):
        ReapplyDriver("main", sandbox.okta_url, reading, clock=StoppedClock()).start(target[0], target[1].type_id)
    assert force_syncs(side) == 0
