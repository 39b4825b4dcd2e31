"""The keys that every product has are checked before anything is called."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from certifi import where
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
    given: dict[str, Any] = {"proxy": "http://ada:s3cret@proxy:3128", "ca_bundle": where(), "largest_answer": 2}
    network = NetworkSettings(**given).network(Timeouts(1, 2))
    assert network == Network(Timeouts(1, 2), where(), SecretStr(given["proxy"]), 2.0)
    assert "s3cret" not in repr(network)


@pytest.mark.parametrize(
    ("content", "why"), [(None, "No such file or directory"), ("", "it holds none"), ("garbage", "it holds none")]
)
def test_a_file_without_certificates_is_refused(tmp_path: Path, content: str | None, why: str) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_text(content)
    with pytest.raises(ValidationError, match=re.escape(f"a folder of them ({why})")):
        NetworkSettings(ca_bundle=str(bundle))
    assert NetworkSettings(ca_bundle=str(tmp_path)).ca_bundle


@pytest.mark.parametrize("largest", [0, -1, 101, float("nan")])
def test_a_limit_must_be_one(largest: float) -> None:
    with pytest.raises(ValidationError, match="largest_answer"):
        NetworkSettings(largest_answer=largest)
