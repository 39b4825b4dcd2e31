"""Calls are held back before Okta refuses them, bucket by bucket, until the reset."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from pydantic import SecretStr

from connectors.okta import ReapplyDriver
from connectors.okta.limits import RateLimits, family
from tests.unit.builders import NOW, directory
from tests.unit.okta_wire import org, refused, said, user_json
from tests.unit.wire import StoppedClock, Wire
from workflows.errors import Transient


def headers(remaining: int, limit: int = 100, seconds: float = 40) -> dict[str, str]:
    reset = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    return {"X_Rate_Limit_Limit": str(limit), "X_Rate_Limit_Remaining": str(remaining), "X_Rate_Limit_Reset": reset}


def test_a_bucket_near_its_reserve_makes_the_next_call_wait_for_the_reset(wire: Wire) -> None:
    clock = StoppedClock()
    okta = org(wire, said(user_json(), **headers(51)), said(user_json(), **headers(50)), clock=clock)
    okta.user("00u1")
    okta.user("00u1")
    with pytest.raises(Transient, match="nearly used up \\(50 of 100 calls are left\\)") as caught:
        okta.user("00u1")
    assert caught.value.until == NOW + timedelta(seconds=41)
    assert len(wire.requests) == 2
    clock.at = caught.value.until
    assert okta.user("00u1").id == "00u1"


def test_calls_without_an_answer_yet_count_for_the_reserve() -> None:
    limits = RateLimits(0.5)
    limits.note("users", {name.replace("_", "-"): text for name, text in headers(52).items()}, NOW)
    assert [None, None, 50] == [(left := limits.spent("users", NOW, take=True)) and left.remaining for _ in range(3)]


def test_other_buckets_are_not_held_back(wire: Wire) -> None:
    okta = org(wire, said(user_json(), **headers(1)), said([]))
    okta.user("00u1")
    assert okta.links("00u1").copies == ()


@pytest.mark.parametrize(("reserve", "waits"), [(0.0, False), (5, False), (6, True), (0.5, True)])
def test_the_reserve_is_a_share_or_a_number_of_calls(wire: Wire, reserve: float, waits: bool) -> None:
    limits = RateLimits(reserve)
    answered = {name.replace("_", "-"): text for name, text in headers(6).items()}
    limits.note("users", answered, NOW)
    assert (limits.spent("users", NOW) is not None) is waits


def test_a_small_bucket_can_be_used_at_all() -> None:
    limits = RateLimits(50)
    limits.note("agent pools", {name.replace("_", "-"): text for name, text in headers(10, 10).items()}, NOW)
    assert limits.spent("agent pools", NOW) is None


def test_too_many_calls_at_once_hold_nothing_else_back(wire: Wire) -> None:
    okta = org(wire, refused(429, "E0000047", **headers(0, 0)), said(user_json()))
    with pytest.raises(Transient) as caught:
        okta.user("00u1")
    assert caught.value.until == NOW + timedelta(seconds=41)
    assert okta.user("00u1").id == "00u1"


@pytest.mark.parametrize("odd", [{"X_Rate_Limit_Reset": "soon"}, headers(1, seconds=-5), headers(1, seconds=86400)])
def test_nonsensical_headers_hold_nothing_back(wire: Wire, odd: dict[str, str]) -> None:
    okta = org(wire, said(user_json(), **odd))
    assert okta.user("00u1") == okta.user("00u1")


@pytest.mark.parametrize("ahead", [timedelta(minutes=-15), timedelta(minutes=15)])
def test_a_reset_is_relative_to_the_answers_own_date(ahead: timedelta) -> None:
    limits, now = RateLimits(), NOW + timedelta(seconds=0.7)
    answered = {name.replace("_", "-"): text for name, text in headers(3, seconds=40 + ahead.total_seconds()).items()}
    limits.note("users", answered | {"Date": format_datetime(NOW + ahead, usegmt=True)}, now)
    late = NOW + timedelta(seconds=2)
    limits.note("users", answered | {"Date": format_datetime(NOW + ahead + timedelta(seconds=2), usegmt=True)}, late)
    left = limits.spent("users", late)
    assert left is not None
    assert left.reset == NOW + timedelta(seconds=40)


def test_a_force_sync_is_never_held_back(wire: Wire) -> None:
    types = said([{"id": "otyApp", "isDefault": True}], **headers(0))
    wire.script = [types, said({}, **headers(0)), types, said({})]
    driver = ReapplyDriver("main", wire.url, SecretStr("s"), clock=StoppedClock())
    driver.start(directory(), "oty1")
    assert driver.start(directory(), "oty1").at == NOW


@pytest.mark.parametrize(
    ("path", "bucket"),
    [
        ("/api/v1/users", "users"),
        ("/api/v1/users/00u1", "user"),
        ("/api/v1/apps/0oa1/user/types", "apps"),
        ("/api/v1/apps/0oa1/users/00u1", "app users"),
        ("/api/v1/meta/schemas/user/default", "schemas"),
        ("/api/v1/something/new", "/api/v1/something/new"),
    ],
)
def test_calls_count_by_endpoint_family(path: str, bucket: str) -> None:
    assert bucket == family(path)


def test_what_is_left_is_told_by_family_and_no_path_is_named() -> None:
    limits = RateLimits(0.5)
    for bucket, left in (("users", 52), ("/api/v1/users/00u1/roles", 7), ("/api/v1/users/00u2/roles", 9)):
        limits.note(bucket, {name.replace("_", "-"): text for name, text in headers(left).items()}, NOW)
    assert limits.present(NOW) == {"users": (52, 100), "other": (7, 100)}
    assert limits.present(NOW + timedelta(minutes=1)) == {}
