"""Secrets are removed from other people's text, by the word before them or by their shape."""

from __future__ import annotations

import pytest

from workflows.values.masking import plain
from workflows.values.secrets import without_secrets


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2!",
        "my Password is hunter2!",
        "token=hunter2!",
        "Authorization: Bearer hunter2!",
        "api-key hunter2!",
        "PWD:hunter2!",
        '{"password": "hunter2! and more"}',
        "client_secret=hunter2!&grant_type=password",
        "Mein Passwort lautet hunter2!",
    ],
)
def test_what_follows_a_secret_word_is_removed(text: str) -> None:
    assert "hunter2" not in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication is not allowed here",
        "Okta profile of 00ue0ImoMVUts96WnoK4 read (d0db657e6f80103c16c8ddde2e6b115e)",
        "see https://example.okta.com/app/0oa8bZn6K2Q4Oto9r8L7 at 09:00",
    ],
)
def test_what_only_looks_a_little_like_one_stays(text: str) -> None:
    assert text == plain(text, 500)


OKTA = "00" + "aB3_-xY7" * 5
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl-_1"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"I tried with {OKTA}, no luck", OKTA),
        (f"SSWS {OKTA}", OKTA),
        ("it says Bearer a1b2c3d4e5f6g7h8", "a1b2c3d4e5f6g7h8"),
        ("Authorization header was Basic YWRhOmh1bnRlcjI=", "YWRhOmh1bnRlcjI="),
        (f"the answer held {JWT}", JWT),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "MIIEow"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEcut off", "MIIEcut"),
        ("see https://ada:hunter2@example.com/x", "hunter2"),
        ("Cookie: sid=102Xyz; JSESSIONID=ABC", "102Xyz"),
        ("Set-Cookie: idx=eyx; Path=/", "idx=eyx"),
        ("ATATT3xFfGF0abcdefghijklmnopqrstuvwxyz", "ATATT3xFfGF0"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abc"),
        ("AKIAABCDEFGHIJKLMNOP", "AKIAABCD"),
    ],
)
def test_what_has_the_shape_of_a_secret_is_removed(text: str, secret: str) -> None:
    assert secret not in plain(text, 500)
