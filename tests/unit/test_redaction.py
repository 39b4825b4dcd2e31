"""What is shown of values and of untrusted text."""

from __future__ import annotations

import pytest

from workflows.model import Policy
from workflows.redaction import display, masked, plain, shown, without_secrets


@pytest.mark.parametrize("value", ["+49 151 2345678", "Ada Byron", "12345", "abcd", "x"])
def test_a_masked_value_cannot_be_read(value: str) -> None:
    assert value not in masked(value)


def test_null_empty_and_text_stay_apart() -> None:
    assert [shown(None), shown(""), shown("text")] == ["(not set)", "(empty)", "text"]
    assert [masked(None), masked("")] == ["(not set)", "(empty)"]


def test_only_open_attributes_are_shown() -> None:
    policy = Policy(open_attributes=frozenset({"department"}), never_attributes=frozenset({"nationalId"}))
    assert display("department", "Finance", policy) == "Finance"
    assert "Finance" not in display("manager", "Finance", policy)
    assert display("nationalId", "12-34", policy) == "(withheld)"


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2!",
        "my Password is hunter2!",
        "token=hunter2!",
        "Authorization: Bearer hunter2!",
        "api-key hunter2!",
        "PWD:hunter2!",
    ],
)
def test_what_follows_a_secret_word_is_removed(text: str) -> None:
    assert "hunter2" not in without_secrets(text)


def test_plain_text_is_one_line_without_directions_and_short() -> None:
    assert plain("a\r\nb\x00\u202e \u200bc", 50) == "a b c"
    assert len(plain("x" * 100, 10)) == 10
