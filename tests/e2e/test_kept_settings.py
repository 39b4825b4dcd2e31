"""Okta settings that change after they were read for an earlier ticket: no Force Sync and no text uses stale ones.

The worker reuses an org's mappings and schemas for a ticket that needs a Force Sync, since the run reads both again
before it starts. These stories change them in the hour between two tickets, or while a run gathers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.okta_users import CORP
from tests.e2e.world import World
from tests.sampled import sampled
from workflows.model import Autonomy, CaseState, Directory, Member, MemberPage, VerdictKind
from workflows.ports import OktaOrg

Change = Callable[[World], None]


def mapped_otherwise(world: World) -> None:
    world.sandbox.okta.set_mapping(world.sandbox.world.apps[CORP], "department", "appuser.title")


def mapped_no_more(world: World) -> None:
    world.sandbox.okta.set_mapping(world.sandbox.world.apps[CORP], "department", None)


def written_in_okta_only(world: World) -> None:
    world.sandbox.okta.set_master("department", "OKTA")


def shorter_values_only(world: World) -> None:
    for kind in world.sandbox.okta.user_types.values():
        kind.schema["department"].max_length = 8


CHANGES = (mapped_otherwise, mapped_no_more, written_in_okta_only, shorter_values_only)


@pytest.fixture
def knowing(tmp_path: Path) -> Iterator[World]:
    """Return a world whose worker settled another ticket of the directory an hour ago."""
    with World(tmp_path) as world:
        world.stale_ticket()
        world.settle()
        world.skip(hours=1)
        yield world


@pytest.mark.parametrize("change", sampled(CHANGES))
def test_a_change_since_the_last_ticket_is_found_before_the_press(knowing: World, change: Change) -> None:
    change(knowing)
    ticket, _ = knowing.stale_ticket()
    knowing.settle()
    assert knowing.case(ticket).state.value == "escalated"
    assert len(knowing.force_syncs()) == 1  # the one of an hour ago
    assert knowing.violations() == []


@pytest.mark.parametrize("change", sampled(CHANGES))
def test_a_change_while_the_run_gathers_is_found_before_the_press(knowing: World, change: Change) -> None:
    ticket, _ = knowing.stale_ticket()
    while not knowing.has_case(ticket) or knowing.case(ticket).state is not CaseState.JOINED:
        knowing.run_for(seconds=5)
    change(knowing)
    knowing.settle()
    assert knowing.case(ticket).state.value == "escalated"
    assert len(knowing.force_syncs()) == 1
    assert knowing.violations() == []


class WithoutSchemaLinks:
    """An org whose users name no schema of theirs where they are read together with their copies."""

    def __init__(self, org: OktaOrg) -> None:
        self._org = org

    def __getattr__(self, name: str) -> Any:
        return getattr(self._org, name)

    def directory_users(self, directory: Directory, after: str | None = None) -> MemberPage:
        page = self._org.directory_users(directory, after)
        return page.model_copy(update={"members": tuple(_unlinked(item) for item in page.members)})


def _unlinked(member: Member) -> Member:
    user = member.user and member.user.model_copy(update={"schema_id": None})
    return member.model_copy(update={"user": user})


def test_a_run_that_knows_the_schema_by_another_name_is_not_asked_in_circles(knowing: World) -> None:
    ports = knowing.parts.ports
    orgs: dict[str, Any] = {name: WithoutSchemaLinks(org) for name, org in ports.orgs.items()}
    knowing.use_ports(replace(ports, orgs=orgs))
    shorter_values_only(knowing)
    ticket, _ = knowing.stale_ticket()
    knowing.settle()
    assert knowing.case(ticket).state.value == "escalated"
    assert knowing.case_edges(ticket).count(("claimed", "joined")) == 1
    assert len(knowing.force_syncs()) == 1


@pytest.mark.long
def test_a_verdict_without_a_press_is_given_on_what_is_set_up_now(tmp_path: Path) -> None:
    with World(tmp_path, policy={"default_autonomy": Autonomy.OBSERVE, "autonomy": {}}) as world:
        world.stale_ticket()
        world.settle()
        world.skip(hours=1)
        mapped_no_more(world)
        ticket, _ = world.stale_ticket()
        world.settle()
        verdict = world.case(ticket).subjects[0].verdict
        assert verdict is not None
        assert verdict.kind is VerdictKind.NOT_MAPPED
