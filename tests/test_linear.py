"""What judges patterns by growth refuses what grows too fast."""

from __future__ import annotations

from tests.linear import linear


def test_what_grows_with_the_square_is_refused() -> None:
    assert not linear(lambda text: [text.count(sign) for sign in text], lambda size: "a" * size)


def test_what_grows_with_the_length_passes() -> None:
    assert linear(lambda text: text.count("a"), lambda size: "a" * size)
