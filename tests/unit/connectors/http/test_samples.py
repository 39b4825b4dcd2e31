"""A redacted answer shows its shape and the product's own words, and nothing about people."""

from __future__ import annotations

import pytest

from connectors.http.samples import path, sample, words


def test_keys_stay_and_values_go() -> None:
    assert sample('{"result": [{"sys_id": "a1", "Ada Byron": null}]}') == (
        '49 characters: {"result": [{"sys_id": "x9", "xxx xxxxx": xxxx}]}'
    )


def test_a_page_says_what_it_is_about() -> None:
    page = "<html><title>Please log in, Ada</title><p>Session expired</p></html>"
    assert sample(page) == f"a page of {len(page)} characters that speaks of: expired, log in"


def test_a_long_answer_is_cut() -> None:
    assert len(sample("x" * 10_000)) < 130


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Not found: ada@example.com (User)", "Not found: [address] (User)"),
        ("the token is abc123", "the token is [removed]"),
        ("given eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.x", "given [removed]"),
        ("by Business Rule 'Guard^0123456789abcdef0123456789abcdef'",) * 2,
        ("two\nlines\x07", "two lines"),
    ],
)
def test_a_products_words_stay_readable(said: str, shown: str) -> None:
    assert words(said) == shown


def test_a_path_in_the_log_names_nobody() -> None:
    assert path("/api/v1/users/ada%40example.com/x") == "/api/v1/users/-/x"
