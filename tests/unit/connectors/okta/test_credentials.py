"""A service app requests tokens with a key that may rotate, and a refusal says what to do."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from pydantic import SecretStr

from connectors.http.file_secret import FileSecret
from connectors.okta import App, OktaConnector, ServiceApp
from tests.unit.builders import NOW
from tests.unit.okta_wire import refused, said, user_json
from tests.unit.wire import StoppedClock, Wire, answer
from workflows.errors import Misconfigured, NotAllowed, Transient

TOKEN = {"token_type": "Bearer", "expires_in": 3600, "access_token": "first-token", "scope": "okta.users.read"}


@cache
def private(kind: str) -> Any:
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ES256" else rsa.generate_private_key(65537, 2048)


def pem(kind: str) -> str:
    return str(private(kind).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def jwk(kind: str) -> str:
    made = ECAlgorithm.to_jwk(private(kind)) if kind == "ES256" else RSAAlgorithm.to_jwk(private(kind))
    return json.dumps(json.loads(made) | {"kid": "k1", "alg": kind})


def connector(wire: Wire, key: SecretStr, clock: StoppedClock | None = None) -> OktaConnector:
    clock = clock or StoppedClock()
    app = ServiceApp("main", wire.url, App("0oaApp", key, ("okta.users.read",)), clock=clock)
    return OktaConnector("main", wire.url, app.credential(), clock=clock)


@pytest.mark.parametrize("form", [pem, jwk], ids=["pem", "jwk"])
@pytest.mark.parametrize("kind", ["RS256", "ES256"])
def test_a_token_is_requested_with_a_signed_assertion_and_used(wire: Wire, form: Any, kind: str) -> None:
    wire.script = [said(TOKEN), said(user_json())]
    assert connector(wire, SecretStr(form(kind))).user("00u1").id == "00u1"
    assert [item.headers.get("Authorization") for item in wire.requests] == [None, "Bearer first-token"]
    asked = parse_qs(wire.requests[0].body.decode())
    assert (asked["grant_type"], asked["scope"]) == (["client_credentials"], ["okta.users.read"])
    there = wire.url + "/oauth2/v1/token"
    public = private(kind).public_key()
    claims = jwt.decode(
        asked["client_assertion"][0], public, [kind], audience=there, options={"verify_exp": False, "verify_iat": False}
    )
    assert (claims["iss"], claims["sub"]) == ("0oaApp", "0oaApp")
    assert claims["exp"] - NOW.timestamp() == 300


def test_a_token_is_used_until_shortly_before_it_expires(wire: Wire) -> None:
    clock = StoppedClock()
    wire.script = [said(TOKEN), said(user_json()), said(user_json()), said(TOKEN), said(user_json())]
    okta = connector(wire, SecretStr(pem("ES256")), clock)
    okta.user("00u1")
    clock.at = NOW + timedelta(seconds=3500)
    okta.user("00u1")
    assert len(wire.requests) == 3
    clock.at = NOW + timedelta(seconds=3545)
    okta.user("00u1")
    assert [item.line.split()[0] for item in wire.requests] == ["POST", "GET", "GET", "POST", "GET"]


def test_a_token_that_was_revoked_is_renewed_at_once(wire: Wire) -> None:
    challenge = 'Bearer error="invalid_token", error_description="The access token is invalid."'
    second = TOKEN | {"access_token": "second-token"}
    wire.script = [said(TOKEN), answer(401, WWW_Authenticate=challenge), said(second), said(user_json())]
    assert connector(wire, SecretStr(pem("ES256"))).user("00u1").id == "00u1"
    assert wire.requests[-1].headers["Authorization"] == "Bearer second-token"


def test_a_key_in_a_file_rotates_without_a_restart(wire: Wire, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(pem("RS256"))
    clock = StoppedClock()
    wire.script = [said(TOKEN), said(user_json()), said(TOKEN), said(user_json())]
    okta = connector(wire, FileSecret(file), clock)
    okta.user("00u1")
    file.write_text(jwk("ES256"))
    clock.at = NOW + timedelta(hours=1)
    okta.user("00u1")
    asked = [parse_qs(item.body.decode()) for item in wire.requests if item.body]
    headers = [jwt.get_unverified_header(item["client_assertion"][0]) for item in asked]
    assert [(item["alg"], item.get("kid")) for item in headers] == [("RS256", None), ("ES256", "k1")]


@pytest.mark.parametrize("error", ["invalid_dpop_proof", "use_dpop_nonce"])
def test_an_app_that_requires_dpop_names_the_setting_to_switch_off(wire: Wire, error: str) -> None:
    wire.script = [answer(400, json.dumps({"error": error, "error_description": "x"}).encode())]
    with pytest.raises(Misconfigured, match=r"DPoP.*which forcesync does not do: switch off") as caught:
        connector(wire, SecretStr(pem("ES256"))).check()
    assert "set auth to 'ssws'" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, {"error": "invalid_client", "error_description": "The key is unknown."}, "invalid_client The key is"),
        (400, {"error": "invalid_scope", "error_description": "No scope."}, "invalid_scope No scope"),
        (401, {"errorCode": "invalid_client", "errorSummary": "Invalid value for 'client_id'"}, "Invalid value for"),
    ],
)
def test_a_refused_app_stops_the_org_and_is_quoted(wire: Wire, status: int, body: dict[str, str], words: str) -> None:
    wire.script = [answer(status, json.dumps(body).encode())]
    with pytest.raises(Misconfigured, match=words):
        connector(wire, SecretStr(pem("ES256"))).user("00u1")


def test_a_busy_token_endpoint_is_transient(wire: Wire) -> None:
    wire.script = [refused(429, "E0000047", X_Rate_Limit_Reset=str(int(NOW.timestamp()) + 9))]
    with pytest.raises(Transient) as caught:
        connector(wire, SecretStr(pem("ES256"))).user("00u1")
    assert caught.value.until == NOW + timedelta(seconds=10)


@pytest.mark.parametrize("text", ["s3cret-no-key", "{}", '{"kty": "oct", "k": "s3cret"}', "-----BEGIN s3cret"])
def test_an_invalid_private_key_is_reported_and_not_shown(wire: Wire, text: str) -> None:
    with pytest.raises(Misconfigured, match="the key is not an RSA or EC private key as PEM") as caught:
        connector(wire, SecretStr(text)).user("00u1")
    assert "s3cret" not in str(caught.value)
    assert wire.requests == []


def test_a_missing_scope_concerns_the_account_and_is_named(wire: Wire) -> None:
    challenge = 'Bearer scope="okta.logs.read", error="insufficient_scope", error_description="Lacks the scopes."'
    wire.script = [said(TOKEN), answer(403, WWW_Authenticate=challenge, X_Okta_Request_Id="req1")]
    with pytest.raises(
        NotAllowed, match=r"insufficient_scope.*the account of `okta.main.key` was accepted and lacks okta.logs.read"
    ):
        connector(wire, SecretStr(pem("ES256"))).log("00u1", NOW)
