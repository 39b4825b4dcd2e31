"""The package of a Force Sync without effect matches what the simulated Okta saw, request by request."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, NEW_VALUE, REAPPLY
from tests.e2e.settings import ASSISTED
from tests.e2e.ticket_texts import by_worker, files
from tests.e2e.tickets import AGENT, INCIDENT, SERVICE_DESK, Filed
from tests.e2e.world import World

pytestmark = pytest.mark.long


def opened(world: World, ticket: Filed) -> dict[str, str]:
    (name,) = files(world.shown(ticket))
    with zipfile.ZipFile(io.BytesIO(world.file(ticket, name))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.long
def test_okta_support_reads_what_was_answered_who_was_helped_and_every_look(world: World) -> None:
    stuck, other = world.stale_user(CORP), world.stale_user(CORP)
    world.make_stuck(stuck)
    ticket = world.ticket(INCIDENT, about=stuck)
    world.ticket(SERVICE_DESK, about=other)
    world.settle()
    members = opened(world, ticket)
    (attempt,) = json.loads(members["attempts.json"])
    with world.sandbox.frame.lock:
        (sync,) = world.sandbox.okta.force_syncs()
    assert sync["request_id"] == attempt["request_id"]
    assert "HTTP 200" == attempt["answered"]
    assert 2 == attempt["before_the_press"]["changed"]
    (helped,) = attempt["users_with_effect"]
    assert (other.user_id, ["department"]) == (helped["user_id"], helped["attributes"])
    (look,) = json.loads(members["evidence.json"])["subjects"][0]["looks_after"]
    assert all((look["first_request_id"], look["last_request_id"], helped["request_id"]))
    assert attempt["started_at"] < look["first_at"] < look["last_at"]
    assert look["count"] > 5
    assert ["department"] == look["lacking"]
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert f"Okta still didn't show the expected department (checked {look['count']} times)." in note
    form = members["form.txt"]
    assert f"It took effect for Okta user {other.user_id}" in form
    assert "Okta did not write this profile between the Force Sync and" in form
    assert other.login not in "".join(members.values())
    assert NEW_VALUE != world.profile(stuck)["department"]
    assert NEW_VALUE == world.profile(other)["department"]


@pytest.mark.long
def test_a_lost_answer_is_told_as_it_was_lost(world: World) -> None:
    ticket, stuck = world.stale_ticket()
    world.make_stuck(stuck)
    world.fault("okta", "status", status=502, path=REAPPLY, times=1)
    world.settle()
    members = opened(world, ticket)
    first, again = json.loads(members["attempts.json"])
    assert "HTTP 502" in first["answered"]
    assert ("lost", "HTTP 200") == (first["answer"], again["answered"])
    assert "(no answer of Okta's: HTTP 502" in members["form.txt"]


def test_the_consoles_own_button_comes_before_okta_support(world: World) -> None:
    ticket, stuck = world.stale_ticket()
    world.make_stuck(stuck)
    world.settle()
    note = next(text for text in by_worker(world.shown(ticket), "internal") if "had no effect on" in text)
    press, case = (
        note.index("so far only the API call has been tried"),
        note.index("Open the Support Case"),
    )
    assert press < case
    assert f"{CORP} > Provisioning > To Okta > Okta Attribute Mappings > Force Sync" in note
    form = opened(world, ticket)["form.txt"]
    assert "Date and time: (please fill in). Pressed by: (please fill in). Effect after" in form
    assert "Please press" not in form


def test_a_press_in_the_console_that_helps_is_told_on_the_ticket(world: World) -> None:
    ticket, stuck = world.stale_ticket()
    world.make_stuck(stuck)
    world.settle()
    world.change_okta(stuck, "department", NEW_VALUE)  # as the press does
    world.run_for(hours=2)
    assert "the value has arrived" in by_worker(world.shown(ticket), "internal")[-1]


def test_nobody_who_has_pressed_in_the_console_is_asked_to_do_it_again(a_world: Make) -> None:
    world = a_world(okta=ASSISTED)
    one, stuck = world.stale_user(), world.stale_user()
    tickets = [world.ticket(INCIDENT, about=member) for member in (one, stuck)]
    world.make_stuck(stuck)
    world.run_for(minutes=5)
    world.press(one)
    world.reply(tickets[1], AGENT, "pressed", visibility="internal")
    world.settle()
    note = next(text for text in by_worker(world.shown(tickets[1]), "internal") if "had no effect on" in text)
    assert "so far only the API call" not in note
    assert "Date and time: (please fill in)" not in opened(world, tickets[1])["form.txt"]
