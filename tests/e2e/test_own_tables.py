"""Tables and projects with custom names throughout, set up exactly as in the README's examples.

The settings are read from the README itself, so the examples are tested: a scoped ServiceNow task table with its own
state, group and outcome columns, and a Jira service project with its own statuses, resolution, types and fields.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.ticket_texts import by_worker, files, without_repetition
from tests.e2e.tickets import ESCALATION_ASSIGNEE, Filed, Place
from tests.e2e.world import World

pytestmark = pytest.mark.long

CONNECTORS = Path(__file__).parents[2] / "connectors"
README = "\n".join((CONNECTORS / name / "README.md").read_text(encoding="utf-8") for name in ("servicenow", "jira"))
OWN_TABLE: Place = ("servicenow", "x_corp_ident_request")
OWN_PROJECT: Place = ("jira", "IDM")
OWN = pytest.mark.parametrize("place", [OWN_TABLE, OWN_PROJECT], ids=lambda place: place[1])


def shown_in_readme(desk: str, part: str, name: str) -> Any:
    """Return the settings of a table or project in the README's example."""
    blocks = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if name in text]
    (found,) = (block["desks"][desk][part][name] for block in blocks)
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    desks: dict[str, dict[str, Any]] = {
        desk: {part: {name: shown_in_readme(desk, part, name)}}
        for (desk, name), part in ((OWN_TABLE, "tables"), (OWN_PROJECT, "projects"))
    }
    with World(tmp_path_factory.mktemp("own"), Scenario("empty", users=60), desks=desks) as world:
        yield world
        assert world.violations() == []


def history(ticket: dict[str, Any], *names: str) -> list[tuple[str, str]]:
    return [(item["from"], item["to"]) for item in ticket["history"] if item["field"] in names]


@OWN
def test_a_form_with_fields_of_its_own_ends_resolved(world: World, place: Place) -> None:
    member = world.stale_user()
    ticket = world.ticket(place, about=member, requester=world.member().login, form=True)
    world.settle()

    shown = world.shown(ticket)
    assert world.profile(member)["department"] == NEW_VALUE
    expected = {
        OWN_TABLE: ("Done", "Corrected", [("Requested", "In work"), ("In work", "Done")]),
        OWN_PROJECT: (
            "Put right",
            "Profile corrected",
            [("Intake", "Under analysis"), ("Under analysis", "Put right")],
        ),
    }[place]
    assert (shown["status"], shown["resolution"], history(shown, "stage", "status")) == expected
    assert shown["status_category"] == "done"
    assert without_repetition(by_worker(shown))


@OWN
def test_what_a_sync_does_not_help_ends_with_the_people_who_are_named(world: World, place: Place) -> None:
    member = world.stale_user()
    world.make_stuck(member)
    ticket = world.ticket(place, about=member, requester=world.member().login, form=True)
    world.settle()

    shown = world.shown(ticket)
    status = {OWN_TABLE: "In work", OWN_PROJECT: "With specialists"}[place]
    assert (shown["status"], shown["resolution"]) == (status, None)
    held_by = {OWN_TABLE: ("Directory Services", None), OWN_PROJECT: (None, ESCALATION_ASSIGNEE)}[place]
    assert (shown["group"], shown["assignee"]) == held_by
    assert bool(files(shown)) is (place == OWN_PROJECT), "a caller could see a file on the table"


@OWN
def test_a_question_waits_in_the_status_that_is_named_and_its_answer_goes_on(world: World, place: Place) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None, form=True)
    world.settle()
    waiting = {OWN_TABLE: "Waiting for the requester", OWN_PROJECT: "Requester to answer"}[place]
    assert world.shown(ticket)["status"] == waiting

    world.change_directory(member, "department", NEW_VALUE)
    world.reply(ticket, member.login, f"Attribute: department\nExpected: {NEW_VALUE}")
    world.settle()
    assert world.shown(ticket)["status_category"] == "done"
    assert world.profile(member)["department"] == NEW_VALUE


def test_a_request_of_another_type_is_left_alone(world: World) -> None:
    member = world.stale_user()
    with world.sandbox.frame.lock:
        id = world.sandbox.world.desks["jira"].create(
            tagged=True,
            requester=member.login,
            summary="My profile is not updating",
            description=f"Attribute: department\nExpected: {NEW_VALUE}",
            table="IDM",
            fields={"customfield_10010": "New joiner"},
        )
    world.run_for(minutes=5)
    assert by_worker(world.shown(Filed("jira", id))) == []
    assert not world.has_case(Filed("jira", id))
