"""The stages of the contract tests: one sandbox for each deployment of Jira, shared by a module's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.places import PLACES, Place, Stage, stage


@pytest.fixture(scope="module")
def cloud() -> Iterator[Stage]:
    with stage("cloud") as served:
        yield served


@pytest.fixture(scope="module")
def datacenter() -> Iterator[Stage]:
    with stage("datacenter") as served:
        yield served


@pytest.fixture(params=PLACES, ids=lambda place: place.name)
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.param
    return found


@pytest.fixture
def world(place: Place, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Return the place's stage; any violation fails the test."""
    served: Stage = request.getfixturevalue(place.deployment)
    frame = served.sandbox.frame
    before = len(frame.violations)
    yield served
    assert frame.violations[before:] == []
    frame.faults.clear()
