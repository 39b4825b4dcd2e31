"""A site that the settings match."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.connectors.jira.checks.sites import GRANTED, values
from tests.unit.jira_site import Reply, Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.on("GET /serverInfo", Reply({"deploymentType": "Cloud"}, headers={}))
        site.on("GET /mypermissions", Reply({"permissions": GRANTED}))
        site.on("GET /project/ENG", Reply({"key": "ENG", "projectTypeKey": "software"}))
        site.on("GET /project/SUP", Reply({"key": "SUP", "projectTypeKey": "service_desk"}))
        site.on("GET /field", Reply([{"id": "customfield_10051"}]))
        site.on("GET /resolution", Reply([{"name": "Done"}, {"name": "Won't Do"}]))
        site.on("GET /rest/servicedeskapi/servicedesk", values({"id": "1", "projectKey": "SUP"}))
        yield site
