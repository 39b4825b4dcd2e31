"""The accounts of hand-overs are looked up once, and again after one was refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.connectors.jira.issues import issue, user
from tests.unit.jira_site import REF, Reply, Site, assign, desk, serving
from workflows.errors import Refused

QUEUE = "queue@example.com"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def account(number: str) -> Reply:
    return Reply([{"accountId": number, "emailAddress": QUEUE}])


def handed_to(site: Site, one: Any) -> str:
    site.on("GET /issue/10017", Reply(issue(assignee=user("us"))))
    account: str = one.glance(REF).context["handed_to:"]
    return account


def test_an_account_that_jira_refuses_is_looked_up_again(site: Site) -> None:
    one = desk(site, escalation_assignee=QUEUE)
    site.on("GET /user/search", account("712020:left"), account("712020:new"))
    assert (handed_to(site, one), handed_to(site, one)) == ("712020:left", "712020:left")
    site.on("PUT /issue/10017/assignee", Reply({"errors": {"assignee": "cannot be assigned issues"}}, 400))
    with pytest.raises(Refused, match="cannot be assigned"):
        one.deliver(REF, assign("712020:left", "712020:us"))
    assert handed_to(site, one) == "712020:new"
