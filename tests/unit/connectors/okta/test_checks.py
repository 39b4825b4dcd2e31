"""A rate limit that is nearly used up is a warning only where work would stop without it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from connectors.okta.checks import Looks
from connectors.okta.limits import Left
from workflows.errors import Misconfigured


class Org:
    name = "main"


def limits_with(bucket: str) -> str:
    left = {bucket: Left(0, 10, datetime(2026, 1, 1, tzinfo=UTC), 0)}
    looks = Looks(cast("Any", Org()), cast("Any", None), "okta.main.token", lambda: left)
    (limits,) = (item for item in looks.probes() if item.id == "limits")
    return str(limits.look())


def test_a_bucket_that_nothing_stops_without_is_told_and_no_warning() -> None:
    assert "agent pools 0/10; until they reset, nothing waits for agent pools" == limits_with("agent pools")
    with pytest.raises(Misconfigured, match="fewer than needed are left: users"):
        limits_with("users")
