"""Who may call the simulated ServiceNow, with what, how long, and how often.

https://www.servicenow.com/docs/, "OAuth API request parameters", "OAuth API response" and "Inbound REST API rate
limiting"; refusal bodies as in public reports.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.sandbox.asgi import Answer, call
from tests.sandbox.servicenow_instance import HOST, Instance, refusal

INCIDENTS = "/api/now/table/incident"
DENIED = {"error_description": "access_denied", "error": "server_error"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def read(instance: Instance, **credentials: str) -> Answer:
    """GET with exactly these credential headers."""
    headers = {name.replace("_", "-"): text for name, text in credentials.items()} | {"Accept": "application/json"}
    return call(instance.app, "GET", HOST + INCIDENTS, headers=headers)


def client(instance: Instance) -> dict[str, str]:
    held = instance.frame.credentials
    return {"client_id": held.servicenow_client_id, "client_secret": held.servicenow_client_secret}


def account(instance: Instance) -> dict[str, str]:
    held = instance.frame.credentials
    return {"username": held.servicenow_user, "password": held.servicenow_password}


def token(instance: Instance, grant: str, **more: str) -> Answer:
    """Request a token with the parameters in the body."""
    body = urlencode({"grant_type": grant} | client(instance) | more).encode()
    return call(instance.app, "POST", f"{HOST}/oauth_token.do", headers=FORM, body=body)


def granted(instance: Instance, grant: str, **more: str) -> dict[str, Any]:
    answer = token(instance, grant, **more)
    assert answer.status == 200
    body: dict[str, Any] = answer.json()
    return body


def test_basic_a_token_and_an_api_key_open_the_same_door() -> None:
    instance = Instance()
    bearer = granted(instance, "client_credentials")["access_token"]

    assert read(instance, authorization=instance.basic()).status == 200
    assert read(instance, authorization=f"Bearer {bearer}").status == 200
    assert read(instance, x_sn_apikey=instance.frame.credentials.servicenow_api_key).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"authorization": Instance().basic("wrong")},
        {"authorization": "Basic not-base64"},
        {"authorization": "Bearer no-such-token"},
        {"x_sn_apikey": "no-such-key"},
    ],
)
def test_anything_else_is_refused_in_the_same_words(wrong: dict[str, str]) -> None:
    answer = read(Instance(), **wrong)

    assert refusal(answer) == (401, "User Not Authenticated", "Required to provide Auth information")
    assert answer.headers["www-authenticate"] == 'BASIC realm="Service-now"'
    assert answer.headers["x-is-logged-in"] == "false"


def test_basic_without_the_second_factor_is_refused_and_says_so_in_a_header() -> None:
    instance = Instance()
    instance.state.switches.mfa = True

    answer = read(instance, authorization=instance.basic())

    assert (answer.status, answer.headers["x-mfa_token"]) == (401, "invalid")
    assert read(instance, x_sn_apikey=instance.frame.credentials.servicenow_api_key).status == 200


def test_a_password_gives_a_token_and_a_refresh_token_which_gives_a_token_only() -> None:
    instance = Instance()
    first = granted(instance, "password", **account(instance))
    again = granted(instance, "refresh_token", refresh_token=first["refresh_token"])

    assert {name: first[name] for name in ("scope", "token_type", "expires_in")} == {
        "scope": "useraccount",
        "token_type": "Bearer",
        "expires_in": 1799,
    }
    assert "refresh_token" not in again
    assert read(instance, authorization=f"Bearer {again['access_token']}").status == 200


def test_client_credentials_come_without_a_refresh_token() -> None:
    assert "refresh_token" not in granted(Instance(), "client_credentials")


def test_a_token_stays_the_same_while_it_lives_and_is_refused_afterwards() -> None:
    instance = Instance()
    first = granted(instance, "client_credentials")
    instance.clock.advance(1000)
    second = granted(instance, "client_credentials")
    assert (second["access_token"], second["expires_in"]) == (first["access_token"], 799)

    instance.clock.advance(799)
    assert read(instance, authorization=f"Bearer {first['access_token']}").status == 401
    assert granted(instance, "client_credentials")["access_token"] != first["access_token"]


def test_an_administrator_can_end_all_tokens_at_once() -> None:
    instance = Instance()
    held = granted(instance, "password", **account(instance))
    instance.state.accounts.expire()

    assert read(instance, authorization=f"Bearer {held['access_token']}").status == 401
    assert token(instance, "refresh_token", refresh_token=held["refresh_token"]).status == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"grant_type": "client_credentials", "client_secret": "wrong"},
        {"grant_type": "password", "password": "wrong"},
        {"grant_type": "refresh_token", "refresh_token": "wrong"},
        {"grant_type": "no_such_grant"},
    ],
)
def test_a_wrong_client_person_or_grant_is_denied_without_saying_which(wrong: dict[str, str]) -> None:
    instance = Instance()
    body = urlencode(client(instance) | account(instance) | wrong).encode()

    answer = call(instance.app, "POST", f"{HOST}/oauth_token.do", headers=FORM, body=body)

    assert (answer.status, answer.json()) == (401, DENIED)


@pytest.mark.parametrize(
    ("switch", "grant"), [("password_grant", "password"), ("client_credentials_grant", "client_credentials")]
)
def test_a_site_can_turn_a_grant_off(switch: str, grant: str) -> None:
    instance = Instance()
    instance.state.switches.change(**{switch: False})

    assert token(instance, grant, **account(instance)).json() == DENIED


def test_a_json_request_for_a_token_is_an_unspecified_error() -> None:
    instance = Instance()
    asked = {"grant_type": "client_credentials"} | client(instance)

    answer = call(instance.app, "POST", f"{HOST}/oauth_token.do", json=asked)

    assert (answer.status, answer.json()["error_description"]) == (400, "unspecified error")


def test_parameters_count_in_the_body_only_and_a_secret_in_the_url_is_reported() -> None:
    # glide.oauth.allow.parameters.in.post.body.only is true by default
    instance = Instance()
    query = urlencode({"grant_type": "client_credentials"} | client(instance))

    answer = call(instance.app, "POST", f"{HOST}/oauth_token.do?{query}", headers=FORM)

    assert (answer.json(), instance.violations()) == (DENIED, ["secret in a URL"])


def test_a_client_in_the_basic_header_is_denied_unless_the_site_allows_it() -> None:
    instance = Instance()
    names = client(instance)
    body = urlencode({"grant_type": "client_credentials"} | names).encode()
    assert names["client_id"].encode() in body
    only_grant = urlencode({"grant_type": "client_credentials"}).encode()
    answer = call(instance.app, "POST", f"{HOST}/oauth_token.do", headers=FORM, body=only_grant)
    assert answer.json() == DENIED


# How often


def test_an_instance_without_a_rule_limits_nothing_and_says_nothing() -> None:
    assert [name for name in Instance().get(INCIDENTS).headers if name.startswith("x-ratelimit")] == []


def test_a_rule_is_enforced_when_the_counts_are_flushed_and_until_the_hour_ends() -> None:
    instance = Instance()
    instance.state.switches.hourly_limit = 3
    at_once = [instance.get(INCIDENTS) for _ in range(5)]
    instance.clock.advance(30)
    refused = instance.get(INCIDENTS)

    assert {answer.status for answer in at_once} == {200}
    assert refusal(refused) == (
        429,
        "Rate limit exceeded",
        "Rate limit of 3 requests per hour for Table API exceeded",
    )
    end = int(instance.clock.now.timestamp()) + 3570
    shown = {name: refused.headers[name] for name in ("x-ratelimit-limit", "x-ratelimit-reset", "retry-after")}
    assert shown == {"x-ratelimit-limit": "3", "x-ratelimit-reset": str(end), "retry-after": "3571"}
    assert "x-ratelimit-remaining" not in refused.headers
    instance.clock.advance(3571)
    assert instance.get(INCIDENTS).status == 200
    assert instance.violations() == []


def test_calls_after_a_refusal_are_reported_unless_they_were_on_their_way() -> None:
    instance = Instance()
    instance.state.switches.hourly_limit = 1
    id = instance.ticket()
    instance.get(INCIDENTS)
    instance.clock.advance(30)

    assert [instance.get(INCIDENTS).status, instance.patch(id, work_notes="x").status] == [429, 429]
    assert instance.violations() == []
    instance.clock.advance(10)
    assert instance.patch(id, work_notes="x").status == 429
    assert instance.violations() == ["rate limit not respected"]
    assert instance.state.journal(id) == []


def test_limits_can_be_switched_off_while_their_headers_stay() -> None:
    instance = Instance()
    instance.state.switches.hourly_limit = 1
    instance.frame.settings.limits = False
    for _ in range(3):
        instance.clock.advance(30)
        assert instance.get(INCIDENTS).headers["x-ratelimit-limit"] == "1"


def test_a_refused_credential_is_not_counted() -> None:
    instance = Instance()
    instance.state.switches.hourly_limit = 1
    assert read(instance).status == 401
    instance.clock.advance(30)

    assert instance.get(INCIDENTS).status == 200
