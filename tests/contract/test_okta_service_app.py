"""A service app reads the sandbox's org with its own tokens; errors say what is wrong with the app."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from pydantic import SecretStr

from connectors.okta import App, OktaConnector, ServiceApp
from tests.contract.okta_side import OktaSide, sandbox_side
from tests.unit.wire import StoppedClock
from workflows.errors import Misconfigured, NotAllowed

KEY = ec.generate_private_key(ec.SECP256R1())
ALL = ("okta.users.read", "okta.apps.read", "okta.logs.read")


@pytest.fixture(scope="module")
def side() -> Iterator[OktaSide]:
    with sandbox_side() as side:
        yield side


def org(side: OktaSide, client_id: str, *scopes: str, dpop: bool = False) -> OktaConnector:
    sandbox, clock = side.sandbox, StoppedClock()
    assert sandbox is not None
    public = json.loads(ECAlgorithm.to_jwk(KEY.public_key())) | {"kid": "k1", "alg": "ES256"}
    sandbox.okta.oauth.register(client_id, [public], scopes=list(scopes), dpop=dpop)
    secret = SecretStr(json.dumps(json.loads(ECAlgorithm.to_jwk(KEY)) | {"kid": "k1"}))
    app = ServiceApp("main", sandbox.okta_url, App(client_id, secret, ALL), clock=clock)
    return OktaConnector("main", sandbox.okta_url, app.credential(), clock=clock)


def test_it_reads_users_and_their_directories(side: OktaSide) -> None:
    okta = org(side, "0oaReader", *ALL)
    (user,) = okta.find_users(side.login)
    ours, theirs = okta.links(user.id).copies, side.org.links(user.id).copies
    assert [item.profile for item in ours] == [item.profile for item in theirs]


def test_a_revoked_token_is_renewed(side: OktaSide) -> None:
    okta = org(side, "0oaRevoked", *ALL)
    okta.check()
    assert side.sandbox is not None
    side.sandbox.okta.oauth.revoke()
    okta.check()


def test_a_scope_that_was_not_granted_refuses_one_reading(side: OktaSide) -> None:
    okta = org(side, "0oaNoLogs", "okta.users.read", "okta.apps.read")
    (user,) = okta.find_users(side.login)
    with pytest.raises(NotAllowed, match=r"lacks okta\.logs\.read"):
        okta.log(user.id, StoppedClock().now())


def test_an_app_with_dpop_is_told_of(side: OktaSide) -> None:
    with pytest.raises(Misconfigured, match="DPoP"):
        org(side, "0oaBound", *ALL, dpop=True).check()
