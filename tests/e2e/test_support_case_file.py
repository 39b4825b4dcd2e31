"""The package of a Force Sync without effect matches what the simulated Okta saw, request by request."""

from __future__ import annotations

import io
import json
import zipfile

from tests.e2e.okta_users import CORP, NEW_VALUE, REAPPLY
from tests.e2e.ticket_texts import by_worker, files
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed
from tests.e2e.world import World


def opened(world: World, ticket: Filed) -> dict[str, str]:
    (name,) = files(world.shown(ticket))
    with zipfile.ZipFile(io.BytesIO(world.file(ticket, name))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


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
    assert f"the Okta profile did not hold the expected value in department (in {look['count']} looks)." in note
    form = members["form.txt"]
    assert f"It took effect for Okta user {other.user_id}" in form
    assert "Okta had not written this profile between the press and" in form
    assert other.login not in "".join(members.values())
    assert NEW_VALUE != world.profile(stuck)["department"]
    assert NEW_VALUE == world.profile(other)["department"]


def test_a_lost_answer_is_told_as_it_was_lost(world: World) -> None:
    ticket, stuck = world.stale_ticket()
    world.make_stuck(stuck)
    world.fault("okta", "status", status=502, path=REAPPLY, times=1)
    world.settle()
    members = opened(world, ticket)
    first, again = json.loads(members["attempts.json"])
    assert "HTTP 502" in first["answered"]
    assert ("lost", "HTTP 200") == (first["answer"], again["answered"])
    assert "answer lost: main" in members["form.txt"]
