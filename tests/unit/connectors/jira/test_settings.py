"""Settings of a Jira desk that cannot work are refused, and the error names the setting."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from connectors.jira import JiraSettings, ProjectSettings
from tests.unit.jira_site import TOKEN


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"email": ""}, "email"),
        ({"deployment": "datacenter", "auth": "basic", "email": ""}, "user's name"),
        ({"url": "https://api.atlassian.com/ex/jira/11f4"}, "browse_url"),
        ({"browse_url": "javascript:alert(1)"}, "browse_url"),
        ({"projects": {"ENG": ProjectSettings(kind="software", request_types=("Get help",))}}, "request_types"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(changes: dict[str, Any], named: str) -> None:
    values: dict[str, Any] = {
        "url": "https://example.atlassian.net",
        "email": "forcesync@example.com",
        "token": SecretStr(TOKEN),
        "projects": {"SUP": ProjectSettings(service_desk_id="1")},
    }
    with pytest.raises(ValidationError, match=named) as caught:
        JiraSettings(**values | changes)
    assert TOKEN not in str(caught.value)
