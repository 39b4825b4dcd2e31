"""A link is made once and never ends a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.jira.settings import ProjectSettings
from connectors.jira.writing.planning import planned
from tests.unit.builders import ticket
from tests.unit.jira_site import REF, Reply, Site, desk, serving
from workflows.errors import Uncertain
from workflows.model import Intent, PlannedWrite, TicketRef


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


HERE = TicketRef(desk="jira", id="10020", key="SUP-9")
ABROAD = TicketRef(desk="snow", id="incident/1", key="INC1", url="https://snow.example.com/1")
SUPPORT = ProjectSettings(service_desk_id="1")


def plan(related: TicketRef, link_type: str = "Relates") -> list[PlannedWrite]:
    intent = Intent(key="k", related=related)
    return list(planned(ticket(ref=REF), intent, SUPPORT, attach_diagnostics=True, link_type=link_type))


def linked(*, side: str = "inwardIssue", name: str = "Relates", to: str = HERE.id) -> Reply:
    link: dict[str, Any] = {"id": "77", "type": {"name": name}, side: {"id": to}}
    return Reply({"id": REF.id, "fields": {"issuelinks": [link]}})


UNLINKED = Reply({"id": REF.id, "fields": {"issuelinks": []}})


def test_an_issue_of_the_site_is_linked_and_verified(site: Site) -> None:
    (write,) = plan(HERE)
    site.on("GET /issue/10017", UNLINKED, linked())
    site.on("POST /issueLink", Reply(status=201))
    receipt = desk(site).deliver(REF, write)
    assert ("77", None) == (receipt.id, receipt.warning)
    sent = next(asked.json for asked in site.asked if asked.method == "POST")
    assert {"type": {"name": "Relates"}, "inwardIssue": {"id": "10020"}, "outwardIssue": {"id": "10017"}} == sent


@pytest.mark.parametrize("side", ["inwardIssue", "outwardIssue"])
def test_an_existing_link_is_not_made_again(site: Site, side: str) -> None:
    (write,) = plan(HERE)
    site.on("GET /issue/10017", linked(side=side))
    assert "77" == desk(site).deliver(REF, write).id
    found = desk(site).find(REF, write)
    assert found is not None
    assert not any(call.startswith("POST") for call in site.calls())


@pytest.mark.parametrize("other", [{"name": "Blocks"}, {"to": "10021"}])
def test_another_link_is_not_taken_for_it(site: Site, other: dict[str, str]) -> None:
    (write,) = plan(HERE)
    site.on("GET /issue/10017", linked(**other))
    assert desk(site).find(REF, write) is None


def test_a_lost_answer_leaves_open_whether_it_is_linked(site: Site) -> None:
    (write,) = plan(HERE)
    site.on("GET /issue/10017", UNLINKED)
    site.on("POST /issueLink", Reply(drop=True))
    with pytest.raises(Uncertain):
        desk(site).deliver(REF, write)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_a_site_that_does_not_link_is_a_warning(site: Site, status: int) -> None:
    (write,) = plan(HERE)
    site.on("GET /issue/10017", UNLINKED)
    site.on("POST /issueLink", Reply({"errorMessages": ["Issue linking is disabled."]}, status))
    assert "not linked: " in str(desk(site).deliver(REF, write).warning)


def test_a_ticket_of_another_desk_is_a_remote_link_that_can_be_set_twice(site: Site) -> None:
    (write,) = plan(ABROAD)
    site.on("POST /issue/10017/remotelink", Reply({"id": 5}, 201))
    assert desk(site).find(REF, write) is None
    assert "5" == desk(site).deliver(REF, write).id
    assert {
        "globalId": "forcesync:snow:incident/1",
        "object": {"url": "https://snow.example.com/1", "title": "INC1"},
    } == site.asked[-1].json


def test_without_a_link_type_or_a_url_no_link_is_planned() -> None:
    assert [] == plan(HERE, link_type="")
    assert [] == plan(ABROAD.model_copy(update={"url": ""}))
