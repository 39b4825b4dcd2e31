"""Proofs of possession (DPoP): access tokens that are useless without the key that requested them.

Okta enables them per client; new API service apps may have them on (inferred from public reports):
https://developer.okta.com/docs/guides/dpop/main/ and RFC 9449.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import jwt
from jwt.types import Options

from connectors.sandbox.okta.events import digest
from connectors.sandbox.wire.frame import Frame

ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
FRESH = timedelta(minutes=5)  # the most a proof's time may differ from now (inferred)
NONCE_EVERY = timedelta(hours=24)  # the lifetime of a nonce, as in the guide
# RFC 7638: the members of a key's thumbprint by key type, in this order.
_THUMBPRINT = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}


# Times and audiences are compared with the sandbox's clock and addresses, not by the library.
_SIGNATURE_ONLY: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


def signed_claims(token: str, key: dict[str, Any], algorithm: str) -> dict[str, Any]:
    """Return a JWT's claims after checking its signature; raise `jwt.PyJWTError`."""
    claims: dict[str, Any] = jwt.decode(token, jwt.PyJWK(key, algorithm), [algorithm], options=_SIGNATURE_ONLY)
    return claims


class OAuthError(Exception):
    """A refusal of the authorization server; with `own`, in the form of Okta's error object."""

    def __init__(
        self, error: str, description: str, *, status: int = 400, nonce: str | None = None, own: bool = False
    ) -> None:
        self.error, self.description, self.status, self.nonce, self.own = error, description, status, nonce, own
        super().__init__(description)

    def body(self, error_id: str) -> dict[str, Any]:
        """Return the error's JSON."""
        if not self.own:
            return {"error": self.error, "error_description": self.description}
        words = {"errorCode": self.error, "errorSummary": self.description, "errorLink": self.error}
        return words | {"errorId": error_id, "errorCauses": []}


class Proofs:
    """Checks proofs of possession; each is accepted once."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._used: set[str] = set()

    def nonce(self) -> str:
        """Return the nonce that proofs for token requests must carry now."""
        period = int(self._frame.clock().timestamp() // NONCE_EVERY.total_seconds())
        return digest(self._frame.seed, "nonce", period)[:32]

    def for_token(self, proof: str | None, url: str) -> str:
        """Return the thumbprint of the key that a token request proves, or raise `OAuthError`."""
        if not proof:
            raise OAuthError("invalid_dpop_proof", "The DPoP proof JWT header is missing.")
        claims, thumbprint = self._read(proof, "POST", url)
        if claims.get("nonce") != self.nonce():
            words = "Authorization server requires nonce in DPoP proof."
            raise OAuthError("use_dpop_nonce", words, nonce=self.nonce())
        self._once(claims)
        return thumbprint

    def for_call(self, proof: str | None, method: str, url: str, token: str) -> str:
        """Return the thumbprint of the key that a call with this token proves, or raise `OAuthError`."""
        if not proof:
            raise OAuthError("invalid_dpop_proof", "The DPoP proof JWT header is missing.")
        claims, thumbprint = self._read(proof, method, url)
        if claims.get("ath") != _encoded(hashlib.sha256(token.encode("ascii")).digest()):
            raise OAuthError("invalid_dpop_proof", "The DPoP proof is for another access token.")
        self._once(claims)
        return thumbprint

    def _read(self, proof: str, method: str, url: str) -> tuple[dict[str, Any], str]:
        try:
            header = jwt.get_unverified_header(proof)
            if header.get("typ") != "dpop+jwt" or header.get("alg") not in ALGORITHMS or "d" in header.get("jwk", {}):
                raise jwt.InvalidTokenError("the header")  # one refusal for every defect
            claims = signed_claims(proof, header["jwk"], header["alg"])
        except (jwt.PyJWTError, KeyError, TypeError, AttributeError):
            raise OAuthError("invalid_dpop_proof", "The DPoP proof JWT is not valid.") from None
        if claims.get("htm") != method or claims.get("htu") != url:
            raise OAuthError("invalid_dpop_proof", "The DPoP proof is for another method or address.")
        if not isinstance(claims.get("iat"), int | float) or not isinstance(claims.get("jti"), str):
            raise OAuthError("invalid_dpop_proof", "The DPoP proof lacks iat or jti.")
        if abs(claims["iat"] - self._frame.clock().timestamp()) > FRESH.total_seconds():
            raise OAuthError("invalid_dpop_proof", "The DPoP proof was not made now.")
        return claims, _thumbprint(header["jwk"])

    def _once(self, claims: dict[str, Any]) -> None:
        if claims["jti"] in self._used:
            raise OAuthError("invalid_dpop_proof", "The DPoP proof has been used already.")
        self._used.add(claims["jti"])


def _thumbprint(key: dict[str, Any]) -> str:
    members = {name: key[name] for name in _THUMBPRINT[key["kty"]]}
    return _encoded(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode("ascii")).digest())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
