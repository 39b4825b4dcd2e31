"""A service app's side of OAuth in tests: keys, signed assertions, proofs of possession and token requests."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.sandbox.asgi import Answer, call
from tests.sandbox.okta_org import HOST, Org

TOKEN_URL = f"{HOST}/oauth2/v1/token"
ID = "0oaServiceAppOfTests"
READS = "okta.users.read okta.apps.read"


class Key:
    """A private key, its public JWK and its signing algorithm."""

    def __init__(self, algorithm: str, kid: str) -> None:
        self.algorithm, self.kid = algorithm, kid
        if algorithm.startswith("ES"):
            self._private: Any = ec.generate_private_key(ec.SECP256R1())
            public = ECAlgorithm.to_jwk(self._private.public_key())
        else:
            self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            public = RSAAlgorithm.to_jwk(self._private.public_key())
        self.public: dict[str, Any] = json.loads(public) | {"kid": kid, "use": "sig", "alg": algorithm}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode(claims, self._private, self.algorithm, headers={"kid": self.kid} | header)


@cache
def key(algorithm: str = "ES256", kid: str = "one") -> Key:
    """Return a key, made once for all tests because that is slow."""
    return Key(algorithm, kid)


class Client:
    """A service app of an org, valid by default; each changed claim is one mistake."""

    def __init__(self, org: Org, *, signer: Key | None = None, **registered: Any) -> None:
        self.org, self.signer = org, signer or key()
        self._number = 0
        org.state.oauth.register(ID, [self.signer.public], **registered)

    def assertion(self, *, by: Key | None = None, **claims: Any) -> str:
        self._number += 1
        now = int(self.org.clock().timestamp())
        said = {"iss": ID, "sub": ID, "aud": TOKEN_URL, "iat": now, "exp": now + 300, "jti": f"jti-{self._number}"}
        said = {name: value for name, value in (said | claims).items() if value is not None}
        return (by or self.signer).sign(said)

    def proof(self, *, url: str = TOKEN_URL, method: str = "POST", by: Key | None = None, **claims: Any) -> str:
        self._number += 1
        maker = by or key("ES256", "proof")
        said = {"htm": method, "htu": url, "iat": int(self.org.clock().timestamp()), "jti": f"proof-{self._number}"}
        public = {name: maker.public[name] for name in ("kty", "crv", "x", "y")}
        return maker.sign(said | claims, typ="dpop+jwt", jwk=public)

    def ask(self, *, scope: str = READS, assertion: str | None = None, proof: str | None = None, **form: str) -> Answer:
        fields = {
            "grant_type": "client_credentials",
            "scope": scope,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion or self.assertion(),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"DPoP": proof} if proof else {})
        return call(self.org.app, "POST", TOKEN_URL, headers=headers, body=urlencode(fields | form).encode("ascii"))

    def token(self, **more: Any) -> str:
        return str(self.ask(**more).json()["access_token"])


def hash_of(token: str) -> str:
    """Return the token hash that a proof carries."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode("ascii")).digest()).rstrip(b"=").decode("ascii")
