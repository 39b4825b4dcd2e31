"""Which cases of a test `make test` runs: the first ones; `make proofs` runs the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], first: int = 1, *, apart: bool = False) -> list[Any]:
    """Return the cases for `parametrize`, all but the first so many marked as long.

    `apart` says that each is a tuple of several arguments.
    """
    return [
        pytest.param(*(case if apart else (case,)), marks=[pytest.mark.long] * (number >= first))
        for number, case in enumerate(cases)
    ]
