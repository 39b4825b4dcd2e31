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
