"""Each way to sign in sends its secret where it belongs, renews its token, and explains a refusal."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.unit.builders import NOW
from tests.unit.snow_instance import PASSWORD, Instance, desk, instance
from tests.unit.wire import Act, StoppedClock, answer
from workflows.errors import Misconfigured, Transient, Unexpected

TOKENS = "POST /oauth_token.do"
CLIENT: dict[str, Any] = {"client_id": "the-client", "client_secret": "its-s3cret"}
OAUTH: dict[str, Any] = CLIENT | {"auth": "oauth_client_credentials", "password": None}


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


def token(name: str, **more: Any) -> Act:
    body = {"access_token": name, "scope": "useraccount", "token_type": "Bearer", "expires_in": 1799} | more
    return answer(200, json.dumps(body).encode())


def signed_by(snow: Instance, table: str = "label") -> list[str]:
    return [request.headers.get("Authorization", "none") for request in snow.asked(f"GET /table/{table}")]


def forms(snow: Instance) -> list[dict[str, str]]:
    return [
        {name: values[0] for name, values in parse_qs(request.body.decode()).items()} for request in snow.asked(TOKENS)
    ]


def test_basic_sends_user_and_password(snow: Instance) -> None:
    list(desk(snow).tagged())
    pair = base64.b64encode(f"svc.forcesync:{PASSWORD}".encode()).decode()
    assert signed_by(snow) == [f"Basic {pair}"]


def test_an_api_key_goes_into_its_own_header(snow: Instance) -> None:
    list(desk(snow, auth="api_key", password=None, api_key="the-k3y").tagged())
    (request,) = snow.asked("GET /table/label")
    assert (request.headers["x-sn-apikey"], request.headers.get("Authorization")) == ("the-k3y", None)


def test_a_client_gets_one_token_for_many_calls_with_its_secret_in_the_body(snow: Instance) -> None:
    snow.on(TOKENS, token("t-1"))
    made = desk(snow, **OAUTH)
    list(made.tagged())
    list(made.tagged())
    assert signed_by(snow, "incident") == ["Bearer t-1", "Bearer t-1"]
    assert forms(snow) == [{"grant_type": "client_credentials", **CLIENT}]
    (request,) = snow.asked(TOKENS)
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in request.headers


def test_a_password_grant_is_renewed_by_its_refresh_token(snow: Instance) -> None:
    snow.on(TOKENS, token("t-1", refresh_token="r-1"), token("t-2"))
    clock = StoppedClock()
    made = desk(snow, clock, **CLIENT, auth="oauth_password")
    list(made.tagged())
    clock.at = NOW + timedelta(minutes=29, seconds=30)
    list(made.tagged())
    assert signed_by(snow) == ["Bearer t-1", "Bearer t-2"]
    assert forms(snow) == [
        {"grant_type": "password", "username": "svc.forcesync", "password": PASSWORD, **CLIENT},
        {"grant_type": "refresh_token", "refresh_token": "r-1", **CLIENT},
    ]


def test_after_an_expired_refresh_token_the_password_is_used(snow: Instance) -> None:
    refused = answer(401, b'{"error": "invalid_grant", "error_description": "access_denied"}')
    snow.on(TOKENS, token("t-1", refresh_token="r-1"), refused, token("t-2"))
    clock = StoppedClock()
    made = desk(snow, clock, **CLIENT, auth="oauth_password")
    list(made.tagged())
    clock.at = NOW + timedelta(hours=200)
    list(made.tagged())
    assert [form["grant_type"] for form in forms(snow)] == ["password", "refresh_token", "password"]


def test_a_token_that_is_refused_early_is_replaced_and_the_read_retried(snow: Instance) -> None:
    snow.on(TOKENS, token("t-1"), token("t-2"))
    label = answer(200, b'{"result": [{"sys_id": "' + b"c" * 32 + b'", "name": "profile not updating"}]}')
    snow.on("GET /table/label", answer(401), label)
    list(desk(snow, **OAUTH).tagged())
    assert signed_by(snow)[:2] == ["Bearer t-1", "Bearer t-2"]


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (answer(401, b'{"error": "invalid_client"}'), Misconfigured),
        (answer(400, b'{"error": "unsupported_grant_type"}'), Misconfigured),
        (answer(503), Transient),
        (answer(200, b'{"hello": "ada@example.com"}'), Unexpected),
        (answer(200, b"<html>", Content_Type="text/html"), Transient),
    ],
)
def test_a_token_failure_names_the_reason_and_shows_no_secret(snow: Instance, act: Act, kind: type[Exception]) -> None:
    snow.on(TOKENS, act)
    with pytest.raises(kind) as caught:
        list(desk(snow, **OAUTH).tagged())
    text = str(caught.value)
    assert "sign in by OAuth" in text
    assert not any(secret in text for secret in ("its-s3cret", "ada"))
    assert snow.asked("GET /table/label") == []
