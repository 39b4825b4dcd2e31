"""One look at a product makes no more calls than it may."""

from __future__ import annotations

import pytest

from connectors.http.governance import patience
from worker.check.calls import Calls
from workflows.errors import Refused


def test_the_call_above_the_limit_is_refused_and_remembered() -> None:
    calls = Calls("main", 2)
    with calls.counting():
        asked = patience.get()
        assert asked is not None
        asked.ask()
        asked.ask()
        assert (0, False) == (calls.left, calls.spent)
        with pytest.raises(Refused, match="at most 2 calls"):
            asked.ask()
    assert (2, True) == (calls.made, calls.spent)
    assert patience.get() is None


def test_each_call_is_told_before_it_is_made() -> None:
    told: list[str] = []
    calls = Calls("main", 2, told.append)
    calls.ask()
    calls.ask()
    assert ["asking main: call 1 of at most 2", "asking main: call 2 of at most 2"] == told
