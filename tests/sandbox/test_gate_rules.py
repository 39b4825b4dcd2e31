"""The gate's rules for every product: each is broken once, next to a similar case that is fine."""

from __future__ import annotations

import base64
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.wire.frame import Fault, Frame, Product
from connectors.sandbox.wire.gate import Gate
from tests.sandbox.asgi import Answer, call
from tests.sandbox.okta_org import HandClock

OWN = "desk.example.com"


class Door:
    """A gate in front of a product with two endpoints, and a client that signs its calls."""

    def __init__(self, product: Product = "servicenow", answer: Response | None = None, host: str = OWN) -> None:
        self.clock = HandClock()
        self.frame = Frame(clock=self.clock)
        held = answer or JSONResponse({"result": []})

        async def endpoint(_request: Request) -> Response:
            return held

        routes = [Route(path, endpoint) for path in ("/incident/{id}", "/item/{id}")]
        self.gate = Gate(self.frame, product, Starlette(routes=routes), frozenset({host}))
        self.product: Product = product

    def get(self, path: str, *, host: str = OWN, authorization: str | None = "Basic d29ya2VyOnNlY3JldA==") -> Answer:
        headers = {"Authorization": authorization} if authorization else {}
        return call(self.gate, "GET", path, headers=headers | {"Host": host})

    def plan(self, status: int, **headers: str) -> None:
        self.frame.faults.append(
            Fault(
                "one", self.product, "status", status=status, headers={k.replace("_", "-"): headers[k] for k in headers}
            )
        )

    def broken(self) -> list[str]:
        return [violation.rule for violation in self.frame.violations]


def in_ten_seconds(form: str, clock: HandClock) -> dict[str, str]:
    moment = clock.now + timedelta(seconds=10)
    return {
        "seconds": {"Retry-After": "10"},
        "date": {"Retry-After": format_datetime(moment, usegmt=True)},
        "okta": {"X-Rate-Limit-Reset": str(int(moment.timestamp()))},
        "servicenow": {"X-RateLimit-Reset": str(int(moment.timestamp()))},
        "jira": {"X-RateLimit-Reset": moment.isoformat()},
    }[form]


@pytest.mark.parametrize("form", ["seconds", "date", "okta", "servicenow", "jira"])
def test_a_call_before_its_time_breaks_a_rule_and_one_after_it_does_not(form: str) -> None:
    door = Door()
    door.plan(429, **in_ten_seconds(form, door.clock))
    door.get("/incident/1")

    door.clock.advance(9)
    door.get("/incident/2")
    assert door.broken() == ["called before Retry-After"]

    door.clock.advance(1)
    door.get("/incident/3")
    assert door.broken() == ["called before Retry-After"]


def test_every_answer_tells_the_worlds_own_time_unless_it_is_planned_otherwise() -> None:
    door = Door()
    assert door.get("/incident/1").headers["date"] == format_datetime(door.clock.now, usegmt=True)
    door.clock.advance(3600)
    door.plan(429, Retry_After="10")
    assert door.get("/incident/1").headers["date"] == format_datetime(door.clock.now, usegmt=True)
    door.plan(500, Date="Thu, 01 Jan 2026 00:00:00 GMT")
    assert door.get("/item/1").headers["date"] == "Thu, 01 Jan 2026 00:00:00 GMT"


def test_another_endpoint_and_a_call_that_was_on_its_way_are_innocent() -> None:
    door = Door()
    door.plan(429, Retry_After="10")
    door.get("/incident/1")
    door.clock.advance(0.5)

    door.get("/incident/1")
    door.clock.advance(2)
    door.get("/item/1")

    assert door.broken() == []


def test_a_503_with_retry_after_is_an_order_too_and_one_without_is_not() -> None:
    door, other = Door(), Door()
    door.plan(503, Retry_After="10")
    other.plan(503)
    for each in (door, other):
        each.get("/incident/1")
        each.clock.advance(5)
        each.get("/incident/1")

    assert (door.broken(), other.broken()) == (["called before Retry-After"], [])


def test_retry_after_on_a_success_orders_nothing() -> None:
    door = Door(answer=JSONResponse({}, headers={"Retry-After": "10"}))
    for _ in range(2):
        door.get("/incident/1")
        door.clock.advance(2)

    assert door.broken() == []


def test_the_products_own_refusals_count_like_planned_ones() -> None:
    door = Door(answer=JSONResponse({}, 429, headers={"Retry-After": "10"}))
    door.get("/incident/1")
    door.clock.advance(5)
    door.get("/incident/2")

    assert door.broken() == ["called before Retry-After"]


def test_a_limit_of_one_record_leaves_the_others_open() -> None:
    headers = {"Retry-After": "10", "RateLimit-Reason": "jira-per-issue-on-write"}
    door = Door("jira", JSONResponse({}, 429, headers=headers))
    door.get("/incident/1")
    door.clock.advance(5)

    door.get("/incident/2")
    assert door.broken() == []
    door.get("/incident/1")
    assert door.broken() == ["called before Retry-After"]


def test_an_unreadable_retry_after_orders_nothing() -> None:
    door = Door()
    door.plan(429, Retry_After="soon")
    door.get("/incident/1")
    door.clock.advance(5)

    assert door.get("/incident/1").status == 200
    assert door.broken() == []


# Credentials


def test_credentials_for_another_host_break_a_rule_and_none_do_not() -> None:
    door = Door()

    door.get("/incident/1", host="evil.example.com", authorization=None)
    assert door.broken() == []
    door.get("/incident/1", host="evil.example.com")
    assert door.broken() == ["credentials sent to another host's name"]


def test_another_products_secret_breaks_a_rule_and_the_own_does_not() -> None:
    door = Door("servicenow")
    held = door.frame.credentials

    def basic(user: str, password: str) -> str:
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")

    door.get("/incident/1", authorization=basic(held.servicenow_user, held.servicenow_password))
    assert door.broken() == []
    door.get("/incident/1", authorization=basic(held.jira_email, held.jira_token))
    door.get("/incident/1", authorization=f"SSWS {held.okta_token}")
    door.get("/incident/1", authorization=f"SSWS{held.okta_token}")
    assert door.broken() == ["credentials sent to another host's name"] * 3


@pytest.mark.parametrize("location", ["/item/7?next=1", f"https://{OWN}/item/7"])
def test_a_redirect_followed_with_credentials_breaks_a_rule_and_without_does_not(location: str) -> None:
    door = Door()
    door.plan(302, Location=location)
    door.get("/incident/1")

    door.get("/item/7", authorization=None)
    door.get("/item/8")
    assert door.broken() == []
    door.get("/item/7")
    assert door.broken() == ["redirect followed with credentials"]


@pytest.mark.parametrize("header", ["X-RateLimit-Reset", "Retry-After"])
def test_a_time_without_a_zone_is_utc(header: str) -> None:
    door = Door()
    moment = door.clock.now + timedelta(minutes=1)
    form = {"X-RateLimit-Reset": "%Y-%m-%dT%H:%M:%S", "Retry-After": "%a, %d %b %Y %H:%M:%S -0000"}[header]
    door.plan(429, **{header: moment.strftime(form)})
    door.get("/incident/1")
    door.clock.now += timedelta(seconds=10)
    door.get("/incident/1")
    assert door.broken() == ["called before Retry-After"]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/item/7", []),
        (f"https://{OWN}/item/7", []),
        ("/login.do", ["redirect followed with credentials"]),
    ],
)
def test_what_is_to_be_seen_elsewhere_on_the_same_host_may_be_fetched(location: str, expected: list[str]) -> None:
    door = Door()
    door.plan(303, Location=location)
    door.get("/incident/1")
    door.get(urlsplit(location).path)
    assert door.broken() == expected


def test_a_redirect_to_another_products_server_is_judged_there() -> None:
    door, other = Door(), Door("jira", host="jira.example.com")
    other.frame.redirects = door.frame.redirects
    door.plan(307, Location="http://jira.example.com/item/7")
    door.get("/incident/1")

    other.get("/item/7", host="jira.example.com")

    assert other.broken() == ["redirect followed with credentials"]


def test_a_violation_says_when_which_product_and_what() -> None:
    door = Door()
    door.get("/incident/1", host="evil.example.com")

    (violation,) = door.frame.violations
    shown: tuple[Any, ...] = (violation.at, violation.product, violation.detail)
    assert shown == (door.clock.now, "servicenow", "GET /incident/{id} came with them for evil.example.com")
