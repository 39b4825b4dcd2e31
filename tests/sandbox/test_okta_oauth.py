"""Service apps at the simulated Okta: who gets a token, what it grants, and what each refusal looks like."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.asgi import call
from tests.sandbox.okta_client import ID, TOKEN_URL, Client, hash_of, key
from tests.sandbox.okta_org import HOST, Org


def refused(answer: Any) -> tuple[int, str]:
    return answer.status, answer.json()["error"]


# Getting a token


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_signed_assertion_is_traded_for_a_bearer_token_of_an_hour(algorithm: str) -> None:
    client = Client(Org(), signer=key(algorithm))

    answer = client.ask(scope="okta.users.read")

    assert answer.status == 200
    assert answer.json() | {"access_token": ""} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "access_token": "",
        "scope": "okta.users.read",
    }
    assert answer.headers["x-rate-limit-limit"] == "150"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "somebody"}, "issuer"),
        ({"aud": HOST}, "audience claim"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "no expiration"),
        ({"exp": 4_000_000_000}, "too far into the future"),
    ],
)
def test_an_assertion_with_one_wrong_claim_is_refused(claims: dict[str, Any], words: str) -> None:
    client = Client(Org())

    answer = client.ask(assertion=client.assertion(**claims))

    assert refused(answer) == (401, "invalid_client")
    assert words in answer.json()["error_description"]


def test_an_assertion_may_end_in_an_hour_and_not_a_second_later() -> None:
    client = Client(Org())
    hour = int(client.org.clock().timestamp()) + 3600

    assert client.ask(assertion=client.assertion(exp=hour)).status == 200
    assert client.ask(assertion=client.assertion(exp=hour + 1)).status == 401


def test_an_assertion_is_good_once() -> None:
    client = Client(Org())
    assertion = client.assertion()

    assert client.ask(assertion=assertion).status == 200
    assert refused(client.ask(assertion=assertion)) == (401, "invalid_client")


def test_a_signature_by_another_key_is_refused_under_any_name() -> None:
    client = Client(Org())

    unknown = client.ask(assertion=client.assertion(by=key("ES256", "other")))
    forged = key("ES256", "other")
    same_name = client.ask(assertion=forged.sign({"iss": ID, "sub": ID, "aud": TOKEN_URL, "exp": 1}, kid="one"))

    assert refused(unknown) == refused(same_name) == (401, "invalid_client")
    assert "signature" in same_name.json()["error_description"]


def test_an_unknown_client_is_told_so_in_oktas_own_words() -> None:
    client = Client(Org())

    answer = client.ask(assertion=client.assertion(iss="0oaNobody", sub="0oaNobody"))

    assert answer.status == 401
    assert answer.json()["errorCode"] == "invalid_client"


def test_only_the_client_credentials_grant_with_an_assertion_is_served() -> None:
    client = Client(Org())

    assert refused(client.ask(grant_type="password")) == (400, "unsupported_grant_type")
    assert refused(client.ask(client_assertion_type="secret")) == (401, "invalid_client")
    assert refused(client.ask(client_assertion="nonsense")) == (401, "invalid_client")


def test_scopes_that_are_not_granted_are_left_out_and_none_left_is_an_error() -> None:
    client = Client(Org(), scopes=["okta.users.read"])

    assert client.ask(scope="okta.users.read okta.logs.read").json()["scope"] == "okta.users.read"
    assert refused(client.ask(scope="okta.logs.read")) == (400, "consent_required")
    assert refused(client.ask(scope="")) == (400, "invalid_scope")


# Using a token


def test_a_token_opens_what_its_scopes_name_for_an_hour() -> None:
    client = Client(Org())
    token = client.token(scope="okta.apps.read")

    assert client.org.get("/api/v1/apps", authorization=f"Bearer {token}").status == 200
    client.org.clock.advance(3599)
    assert client.org.get("/api/v1/apps", authorization=f"Bearer {token}").status == 200
    client.org.clock.advance(1)
    late = client.org.get("/api/v1/apps", authorization=f"Bearer {token}")

    assert (late.status, late.body) == (401, b"")
    assert 'error="invalid_token"' in late.headers["www-authenticate"]


def test_a_revoked_token_is_worth_nothing() -> None:
    client = Client(Org())
    token = client.token()
    client.org.state.oauth.revoke()

    assert client.org.get("/api/v1/apps", authorization=f"Bearer {token}").status == 401


def test_a_missing_scope_is_named_in_a_header_and_nowhere_else() -> None:
    client = Client(Org())

    answer = client.org.get("/api/v1/users", authorization=f"Bearer {client.token(scope='okta.apps.read')}")

    assert (answer.status, answer.body) == (403, b"")
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith("Bearer ")
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="okta.users.read"' in challenge


def test_scopes_without_an_admin_role_open_nothing() -> None:
    client = Client(Org(), role=False)

    answer = client.org.get("/api/v1/users", authorization=f"Bearer {client.token()}")

    assert (answer.status, answer.json()["errorCode"]) == (403, "E0000006")


def test_no_scope_opens_the_internal_endpoint_or_an_undocumented_one() -> None:
    client = Client(Org())
    token, (source, target) = client.token(), client.org.type_ids(client.org.corp)

    reapply = client.org.reapply(source, target, authorization=f"Bearer {token}")
    types = client.org.get(f"/api/v1/apps/{client.org.corp}/user/types", authorization=f"Bearer {token}")

    assert (reapply.status, reapply.json()["errorCode"]) == (403, "E0000005")
    assert (types.status, types.json()["errorCode"]) == (403, "E0000005")
    assert client.org.state.force_syncs() == []


# Proofs of possession


def test_a_client_with_the_switch_must_prove_its_key_with_the_nonce_of_the_server() -> None:
    client = Client(Org(), dpop=True)

    bare = client.ask()
    first = client.ask(proof=client.proof())
    nonce = first.headers["dpop-nonce"]
    second = client.ask(proof=client.proof(nonce=nonce))

    assert refused(bare) == (400, "invalid_dpop_proof")
    assert refused(first) == (400, "use_dpop_nonce")
    assert (second.status, second.json()["token_type"]) == (200, "DPoP")


def bound() -> tuple[Client, str]:
    client = Client(Org(), dpop=True)
    nonce = client.ask(proof=client.proof()).headers["dpop-nonce"]
    return client, client.token(proof=client.proof(nonce=nonce))


def with_proof(client: Client, token: str, proof: str) -> Any:
    headers = {"Authorization": f"DPoP {token}", "DPoP": proof}
    return call(client.org.app, "GET", f"{HOST}/api/v1/apps?limit=1", headers=headers)


def test_a_bound_token_comes_with_a_fresh_proof_for_every_call() -> None:
    client, token = bound()
    proof = client.proof(method="GET", url=f"{HOST}/api/v1/apps", ath=hash_of(token))

    assert with_proof(client, token, proof).status == 200
    again = with_proof(client, token, proof)
    assert again.status == 401
    assert again.headers["www-authenticate"].startswith("DPoP ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "POST"},
        {"url": f"{HOST}/api/v1/users"},
        {"ath": "nonsense"},
        {"iat": 1},
        {"by": key("ES256", "stolen")},
    ],
    ids=["method", "address", "token", "age", "key"],
)
def test_a_proof_for_something_else_is_refused(wrong: dict[str, Any]) -> None:
    client, token = bound()
    right: dict[str, Any] = {"method": "GET", "url": f"{HOST}/api/v1/apps", "ath": hash_of(token)}

    assert with_proof(client, token, client.proof(**(right | wrong))).status == 401
    assert with_proof(client, token, client.proof(**right)).status == 200


def test_a_bound_token_without_its_key_is_worth_nothing() -> None:
    client, token = bound()

    assert client.org.get("/api/v1/apps", authorization=f"Bearer {token}").status == 401


def test_a_service_app_is_registered_with_public_keys_only() -> None:
    org = Org()

    with pytest.raises(ValueError, match="private key"):
        org.state.oauth.register(ID, [key().public | {"d": "secret"}])
    with pytest.raises(ValueError, match="no usable JWK"):
        org.state.oauth.register(ID, [{"kty": "EC"}])
    with pytest.raises(ValueError, match="expected a client id"):
        org.state.oauth.register("", [])
