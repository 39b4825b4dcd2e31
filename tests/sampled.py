"""Which cases of a test `make test` runs: some of a long list; `make proofs` runs the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

FIRST = 10**6


def sampled(cases: Iterable[Any], every: int = FIRST, *, apart: bool = False) -> list[Any]:
    """Return the cases for `parametrize`, all marked as long but the first and each `every`-th after it.

    `apart` says that each is a tuple of several arguments.
    """
    return [
        pytest.param(*(case if apart else (case,)), marks=[pytest.mark.long] * (number % every != 0))
        for number, case in enumerate(cases)
    ]
