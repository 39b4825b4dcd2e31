"""The keys that every product has are checked before anything is called."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from connectors.http.governance import Network, Timeouts
from connectors.http.settings import NetworkSettings


@pytest.mark.parametrize(
    "proxy",
    [
        "proxy.example.com:3128",
        "socks5://proxy:1080",
        "https://proxy:443",
        "http://proxy",
        "http://p:1/path",
        "http://p:x",
    ],
)
def test_an_unusable_proxy_is_refused_without_its_password(proxy: str) -> None:
    with pytest.raises(ValidationError) as refused:
        NetworkSettings(proxy=SecretStr(proxy.replace("://", "://ada:s3cret@")))
    assert "s3cret" not in str(refused.value)


def test_a_proxy_and_limits_are_passed_on() -> None:
    given: dict[str, Any] = {"proxy": "http://ada:s3cret@proxy:3128", "ca_bundle": "ca.pem", "largest_answer": 2}
    network = NetworkSettings(**given).network(Timeouts(1, 2))
    assert network == Network(Timeouts(1, 2), "ca.pem", SecretStr(given["proxy"]), 2.0)
    assert "s3cret" not in repr(network)


@pytest.mark.parametrize("largest", [0, -1, 101, float("nan")])
def test_a_limit_must_be_one(largest: float) -> None:
    with pytest.raises(ValidationError, match="largest_answer"):
        NetworkSettings(largest_answer=largest)
