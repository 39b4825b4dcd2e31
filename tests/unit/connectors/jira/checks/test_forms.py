"""Fields that tickets hold and nobody reads are found, by the settings of each ticket's own project."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.jira.settings import FieldSettings, ProjectSettings
from tests.unit.jira_site import Reply, Site, desk
from workflows.errors import Misconfigured
from workflows.ports import FormField

USER, VALUE = "customfield_1", "customfield_2"
NAMES = {USER: "Affected user", VALUE: "New value", "customfield_3": "Colour"}


def part_of(field: FormField) -> str:
    return {"Affected user": "user", "New value": "expected"}.get(field.name, "")


@pytest.fixture
def site(site: Site) -> Site:
    shown = [{"id": id, "name": name, "schema": {"type": "string"}} for id, name in NAMES.items()]
    site.on("GET /field", Reply([*shown, {"id": "summary", "name": "Affected user"}]))
    return site


def tagged(site: Site, *fields: dict[str, Any]) -> None:
    common = {"project": {"key": "SUP"}, "issuetype": {"name": "Task"}}
    issues = [{"key": f"SUP-{number}", "fields": common | held} for number, held in enumerate(fields, 1)]
    site.on("GET /search/jql", Reply({"issues": issues, "isLast": True}))


def test_what_is_filled_and_not_read_is_found_with_its_tickets(site: Site) -> None:
    tagged(site, {USER: {"emailAddress": "jane@example.com"}, VALUE: None}, {USER: None, VALUE: " "}, {USER: "x"})
    (found,) = desk(site).unread_fields(part_of)
    assert (USER, "user", ("SUP-1", "SUP-3")) == (found.field.id, found.part, found.tickets)
    assert {USER, VALUE} <= set(site.asked[-1].query["fields"].split(","))
    assert "customfield_3" not in site.asked[-1].query["fields"]


@pytest.mark.parametrize("where", ["desk", "project"])
def test_a_part_that_is_read_from_another_field_is_not_missed(site: Site, where: str) -> None:
    own = FieldSettings(user="customfield_9")
    project = ProjectSettings(service_desk_id="1", fields=own if where == "project" else None)
    tagged(site, {USER: "jane", VALUE: "Sales"})
    (found,) = desk(site, projects={"SUP": project}, fields=own if where == "desk" else FieldSettings()).unread_fields(
        part_of
    )
    assert "expected" == found.part


def test_without_a_field_that_fits_no_ticket_is_looked_at(site: Site) -> None:
    assert [] == desk(site).unread_fields(lambda _: "")
    assert ["GET /field"] == [call for call in site.calls() if call != "GET /myself"]


def test_a_refusal_is_about_the_site(site: Site) -> None:
    site.on("GET /field", Reply({"errorMessages": ["no"]}, 403))
    with pytest.raises(Misconfigured):
        desk(site).unread_fields(part_of)
