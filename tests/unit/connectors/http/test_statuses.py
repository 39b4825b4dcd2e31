"""Each status has its error, and a rate limit names the time to wait until."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.http.statuses import error_for, retry_time
from tests.unit.builders import NOW
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected

MAYBE = (Transient, Uncertain)
WHOLE, RECORD = (Misconfigured, Misconfigured), (Refused, Refused)


@pytest.mark.parametrize(
    ("status", "of_product", "of_another"),
    [
        (301, WHOLE, WHOLE),
        (302, WHOLE, WHOLE),
        (401, WHOLE, MAYBE),
        (407, WHOLE, WHOLE),
        (400, RECORD, MAYBE),
        (403, RECORD, MAYBE),
        (404, RECORD, MAYBE),
        (409, RECORD, MAYBE),
        (410, RECORD, MAYBE),
        (421, RECORD, MAYBE),
        (425, RECORD, MAYBE),
        (451, RECORD, MAYBE),
        (413, RECORD, RECORD),
        (408, MAYBE, MAYBE),
        (429, (Transient, Transient), (Transient, Transient)),
        (500, MAYBE, MAYBE),
        (502, MAYBE, MAYBE),
        (503, MAYBE, MAYBE),
        (504, MAYBE, MAYBE),
        (304, (Unexpected, Uncertain), (Unexpected, Uncertain)),
        (202, (Unexpected, Uncertain), (Unexpected, Uncertain)),
        (206, (Unexpected, Uncertain), (Unexpected, Uncertain)),
    ],
)
def test_the_status_and_who_speaks_decide(
    status: int, of_product: tuple[type[FarSideError], ...], of_another: tuple[type[FarSideError], ...]
) -> None:
    assert (error_for(status, write=False, own=True), error_for(status, write=True, own=True)) == of_product
    assert (error_for(status, write=False, own=False), error_for(status, write=True, own=False)) == of_another


def in_(**time: float) -> datetime:
    return NOW + timedelta(**time) + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"Retry-After": "20"}, in_(seconds=20)),
        ({"Retry-After": "0"}, in_(seconds=30)),
        ({"Retry-After": "0", "X-Rate-Limit-Reset": str(int(NOW.timestamp()) + 40)}, in_(seconds=40)),
        ({"Retry-After": "3600"}, in_(hours=1)),
        ({"Retry-After": format_datetime(NOW + timedelta(minutes=2), usegmt=True)}, in_(minutes=2)),
        ({"Retry-After": format_datetime(NOW - timedelta(minutes=2), usegmt=True)}, in_(seconds=30)),
        ({"X-Rate-Limit-Reset": str(int(NOW.timestamp()) + 40)}, in_(seconds=40)),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 40)}, in_(seconds=40)),
        ({"X-RateLimit-Reset": (NOW + timedelta(minutes=5)).isoformat()}, in_(minutes=5)),
        ({"Retry-After": "7", "X-Rate-Limit-Reset": str(int(NOW.timestamp()) + 40)}, in_(seconds=7)),
        ({"X-Rate-Limit-Reset": str(int(NOW.timestamp()) + 90_000)}, in_(seconds=30)),
        ({"Retry-After": "120.5"}, in_(seconds=121)),
        ({"Retry-After": "5, 7"}, in_(seconds=7)),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp() * 1000) + 40_500)}, in_(seconds=40)),
        ({"X-RateLimit-Reset": format_datetime(NOW + timedelta(minutes=2), usegmt=True)}, in_(minutes=2)),
        ({"Retry-After": "soon"}, in_(seconds=30)),
        ({"Retry-After": "Mon, 01 Jan 99999999999999 00:00:00 GMT"}, in_(seconds=30)),
        ({"Retry-After": "soon", "Date": "Mon, 01 Jan 2024 00:00:00 +99999999999999"}, in_(seconds=30)),
        ({"Retry-After": "99999999"}, in_(days=1)),
        ({"X-RateLimit-Reset": "tomorrow"}, in_(seconds=30)),
        ({}, in_(seconds=30)),
    ],
)
def test_a_429_says_until_when(headers: dict[str, str], until: datetime) -> None:
    assert retry_time(429, headers, NOW) == until


@pytest.mark.parametrize("ahead", [timedelta(minutes=-20), timedelta(hours=-3), timedelta(), timedelta(hours=5)])
@pytest.mark.parametrize("form", ["date", "epoch", "iso"])
def test_a_products_time_is_relative_to_its_own_date(form: str, ahead: timedelta) -> None:
    theirs = NOW + ahead
    headers = {
        "date": {"Retry-After": format_datetime(theirs + timedelta(seconds=40), usegmt=True)},
        "epoch": {"X-Rate-Limit-Reset": str(int(theirs.timestamp()) + 40)},
        "iso": {"X-RateLimit-Reset": (theirs + timedelta(seconds=40)).isoformat()},
    }[form]
    assert retry_time(429, headers | {"Date": format_datetime(theirs, usegmt=True)}, NOW) == in_(seconds=40)


def test_without_a_readable_date_the_products_time_is_used_unchanged() -> None:
    headers = {"Retry-After": format_datetime(NOW + timedelta(seconds=40), usegmt=True), "Date": "noon"}
    assert retry_time(429, headers, NOW) == in_(seconds=40)


def test_the_latest_possible_date_is_capped_at_the_longest_wait() -> None:
    headers = {
        "Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT",
        "Date": format_datetime(NOW - timedelta(hours=1), usegmt=True),
    }
    assert retry_time(429, headers, NOW) == retry_time(429, {"Retry-After": "999999999"}, NOW)


def test_seconds_need_no_clock_and_a_wait_is_never_endless() -> None:
    theirs = {"Date": format_datetime(NOW - timedelta(days=400), usegmt=True)}
    assert retry_time(429, {"Retry-After": "20"} | theirs, NOW) == in_(seconds=20)
    assert retry_time(429, {"Retry-After": format_datetime(NOW, usegmt=True)} | theirs, NOW) == in_(days=1)


def test_only_429_and_503_name_a_time_to_wait() -> None:
    reset = {"X-Rate-Limit-Reset": str(int(NOW.timestamp()) + 40)}
    assert retry_time(503, {"Retry-After": "20"} | reset, NOW) == in_(seconds=20)
    assert retry_time(503, reset, NOW) is None
    assert retry_time(503, {"Retry-After": "0"}, NOW) is None
    assert retry_time(500, {"Retry-After": "20"} | reset, NOW) is None
