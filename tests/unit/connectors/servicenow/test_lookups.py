"""Accounts, groups and tags are found by their exact names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.snow_instance import Instance, desk, instance, rows
from workflows.errors import Misconfigured


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


@pytest.mark.parametrize("found", [[], [{"sys_id": "1" * 32, "name": "Identity Operations EMEA"}]])
def test_a_group_is_found_by_its_exact_name_only(snow: Instance, found: list[dict[str, str]]) -> None:
    snow.on("GET /table/sys_user_group", rows(*found, total=len(found)))
    with pytest.raises(Misconfigured, match="Identity Operations"):
        desk(snow).check()
