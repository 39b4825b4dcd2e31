"""A fault is recognised again whatever ticket meets it, and silence in between does not make it another one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit import builders as build
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Unexpected
from workflows.steps import met, times, what

ACL = "ACL Exception Update Failed due to security constraints"


def refused(operation: str, detail: str) -> Refused:
    return Refused("desk", operation, detail)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (refused("update INC0010001", f"HTTP 403: {ACL}"), refused("update INC0010002", f"HTTP 403: {ACL}")),
        (refused("read SUP-7", "HTTP 404: Issue SUP-7"), refused("read ENG2-19", "HTTP 404: Issue ENG2-19")),
        (refused("x", f"HTTP 400: record {'a1' * 16}"), refused("x", f"HTTP 400: record {'0f' * 16}")),
        (
            refused("attach the file", "HTTP 400: forcesync-3fa9c0d17be2.1.escalated_evidence.html is not allowed"),
            refused("attach the file", "HTTP 400: forcesync-c41e77a09d5b.1.escalated_evidence.html is not allowed"),
        ),
        (Transient("desk", "read", "HTTP 503"), Transient("desk", "search", "no complete answer came")),
    ],
)
def test_the_same_fault_of_two_tickets_has_one_name(one: FarSideError, other: FarSideError) -> None:
    assert what(one) == what(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (refused("read", "HTTP 403: No"), refused("read", "HTTP 404: No")),
        (refused("read", "HTTP 403: No"), refused("write", "HTTP 403: No")),
        (Transient("desk", "read", "HTTP 503"), Transient("main", "read", "HTTP 503")),
    ],
)
def test_other_faults_have_other_names(one: FarSideError, other: FarSideError) -> None:
    assert what(one) != what(other)


@pytest.mark.parametrize(
    "between", [Transient("desk", "read", "HTTP 503"), Misconfigured("main", "read a user", "HTTP 401: the token")]
)
def test_sightings_are_counted_until_another_fault_is_met(between: FarSideError) -> None:
    refusal = refused("read", "HTTP 403: No")
    once = met(build.case(), refusal, build.NOW)
    later = met(met(once, between, build.NOW), refusal, build.NOW + timedelta(minutes=1))
    assert (times(once, refusal), times(later, refusal)) == (1, 2)
    assert later.trouble is not None
    assert later.trouble.since == build.NOW
    odd = Unexpected("desk", "read", "a list was expected")
    other = met(later, odd, build.NOW)
    assert (times(other, refusal), times(other, odd)) == (0, 1)


def test_a_product_that_refuses_its_account_is_silent_no_more() -> None:
    silence, refusal = Transient("main", "read", "HTTP 503"), Misconfigured("main", "read", "HTTP 401: the token")
    later = build.NOW + timedelta(minutes=1)
    case = met(met(met(build.case(), silence, build.NOW), refusal, later), silence, later)
    assert (0, 1) == (times(case, silence), times(case, refusal))
