"""What products answer may hold text that no encoding writes, and characters that act on a terminal: nothing stops."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest

from connectors.sandbox.wire.frame import Product
from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.settings import write_config
from tests.e2e.ticket_texts import by_worker, files, headings
from tests.e2e.tickets import Filed, Place
from tests.e2e.world import World
from worker.__main__ import main
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


ACTIVE = "\x1b]0;title\x07\x1b[31m\u202e\u2066\x9b31m"  # a terminal's title and colour, and the direction of text
HARMFUL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def with_active_names(world: World) -> str:
    """Let the directory, its agents and the org's groups have names that act on a terminal; return the app's id."""
    app_id = world.sandbox.world.apps[CORP]
    with world.sandbox.frame.lock:
        world.sandbox.okta.apps[app_id].label = f"corp {ACTIVE}"
        for user in world.sandbox.okta.people.values():
            user.profile["displayName"] = f"{user.profile['displayName']} {ACTIVE}"
    return app_id


def texts_of(world: World, ticket: Filed) -> Iterator[tuple[str, str]]:
    """Yield every note on a ticket and every file, unpacked, by name."""
    shown = world.shown(ticket)
    for number, note in enumerate(by_worker(shown)):
        yield f"note {number}", note
    for name in files(shown):
        content = world.file(ticket, name)
        if name.endswith(".zip"):
            packed = zipfile.ZipFile(io.BytesIO(content))
            yield from ((member, packed.read(member).decode()) for member in packed.namelist())
        else:
            yield name, content.decode()


@on_both_desks
def test_names_that_act_on_a_terminal_reach_no_output_and_no_file(
    place: Place, a_world: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(policy={"poll_every": 600.0})
    app_id = with_active_names(world)
    stuck = world.stale_user()
    world.make_stuck(stuck)
    tickets = [world.stale_ticket(place)[0], world.ticket(place, about=stuck)]
    world.run_for(hours=3)
    texts = {f"{ticket.id} {name}": text for ticket in tickets for name, text in texts_of(world, ticket)}
    config = write_config(world.sandbox, world.store_file)
    keys = [world.case(ticket).ref.key for ticket in tickets]
    run = world.runs()[0].id
    for command in (
        ["status"],
        ["case", "list"],
        *(["case", "show", key] for key in keys),
        ["sync", "list"],
        ["sync", "show", run],
        ["sync", "preview", app_id],
        ["pause", app_id, "--by", "op", "--why", "test"],
        ["audit"],
        ["check", stuck.login],
        ["doctor"],
        ["sync", "list", "--json"],
    ):
        monkeypatch.setattr(sys, "argv", ["forcesync", *command, "--config", str(config)])
        with pytest.raises(SystemExit):
            main()
        texts[" ".join(command)] = "".join(capsys.readouterr())
    assert any("corp \ufffd" in text for text in texts.values())
    assert [] == [(name, found[0]) for name, text in texts.items() if (found := HARMFUL.search(text))]


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
