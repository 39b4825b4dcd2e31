"""Which desks a story runs on: ServiceNow under `make test`, Jira under `make proofs`."""

from __future__ import annotations

import pytest

from tests.e2e.tickets import INCIDENT, SERVICE_DESK

on_both_desks = pytest.mark.parametrize(
    "place",
    [
        pytest.param(INCIDENT, id=INCIDENT[0]),
        pytest.param(SERVICE_DESK, id=SERVICE_DESK[0], marks=pytest.mark.long),
    ],
)
