"""What products answer may hold text that no encoding writes, and characters that act on a terminal: nothing stops."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from connectors.sandbox.wire.frame import Product
from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker, headings
from tests.e2e.tickets import Place
from tests.e2e.world import World
from workflows.model import CaseState
from workflows.ports import TicketDesk

WITHOUT_END = 10**9


def cut_within_characters(world: World, product: Product) -> None:
    """Let a product answer half of every emoji, as what cuts its texts at a number of UTF-16 units does."""
    world.fault(product, "mutate", mutation="halved", times=WITHOUT_END)


@on_both_desks
def test_half_a_character_in_one_users_copy_stops_nobodys_force_sync(place: Place, world: World) -> None:
    bystander = world.member()
    world.change_directory(bystander, "title", "Lead 🙂 Planner")
    cut_within_characters(world, "okta")
    ticket, member = world.stale_ticket(place)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()
    assert NEW_VALUE == world.profile(member)["department"]
    assert not any(told.event == "defect" for told in world.reported)


@on_both_desks
def test_a_user_whose_value_holds_half_a_character_is_served(place: Place, world: World) -> None:
    member = world.member()
    world.change_directory(member, "department", "Treasury 🙂 Operations")
    cut_within_characters(world, "okta")
    ticket = world.said(place, by=member, text="My department in Okta is out of date, the profile is not updated.")
    world.settle()
    assert "Treasury 🙂 Operations" == world.profile(member)["department"]
    assert CaseState.ASKED == world.case(ticket).state
    assert not any(told.event == "defect" for told in world.reported)


@on_both_desks
def test_half_a_character_on_a_ticket_stops_nothing(place: Place, world: World) -> None:
    member = world.stale_user()
    cut_within_characters(world, place[0])
    ticket = world.said(place, by=member, text=f"My department in Okta should be {NEW_VALUE} 🙂")
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert not any(told.event == "defect" for told in world.reported)


class Failing:
    """A desk for which no evidence can be put together."""

    def __init__(self, desk: TicketDesk) -> None:
        self._desk = desk

    def __getattr__(self, name: str) -> object:
        return getattr(self._desk, name)

    def attaches(self, *, own: bool) -> bool:
        raise UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates not allowed")


@on_both_desks
def test_a_ticket_reaches_a_person_although_no_evidence_can_be_put_together(place: Place, a_world: Make) -> None:
    world = a_world(policy={"protected_groups": ["Executives"]}, groups=["Executives"])
    ticket, member = world.stale_ticket(place)
    world.put_in_group(member, "Executives")
    ports = world.parts.ports
    desk = cast(TicketDesk, Failing(ports.desks[place[0]]))
    world.use_ports(replace(ports, desks={**ports.desks, place[0]: desk}))
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert "Handed over to a person" == headings(shown)[-1]
    assert (
        "A defect in forcesync (UnicodeEncodeError) stopped its work on this ticket" in by_worker(shown, "internal")[-1]
    )
