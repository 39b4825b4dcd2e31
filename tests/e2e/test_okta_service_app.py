"""Whole tickets with two credentials: a service app (private_key_jwt) reads, an SSWS token only runs Force Sync."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import RSAAlgorithm

from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.ticket_texts import files
from tests.e2e.tickets import DESKS, Place
from tests.e2e.world import World

CLIENT, TOKENS = "0oaForcesync", "POST /oauth2/v1/token"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = json.loads(RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "k1", "alg": "RS256"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    app = {"auth": "oauth", "client_id": CLIENT, "key": pem, "key_id": "k1", "token": None}
    made = World(tmp_path, okta=app)
    made.sandbox.okta.oauth.register(CLIENT, [PUBLIC])
    with made as world:
        yield world
        assert world.violations() == []
        assert all(secret not in world.log.getvalue() for secret in (pem.splitlines()[1], "client_assertion="))


@pytest.mark.parametrize("place", DESKS, ids=lambda place: place[0])
def test_the_app_reads_and_the_token_presses(world: World, place: Place) -> None:
    ticket, member = world.stale_ticket(place)
    world.settle()
    assert world.profile(member)["department"] == NEW_VALUE
    assert world.shown(ticket)["status_category"] == "done"
    assert len(world.force_syncs()) == 1
    assert world.sandbox.frame.calls["okta"][TOKENS] == 1


def test_a_token_that_ends_or_is_revoked_on_the_way_costs_the_ticket_nothing(world: World) -> None:
    first, _ = world.stale_ticket()
    world.settle()
    world.skip(hours=2)  # longer than a token's lifetime
    second, _ = world.stale_ticket()
    world.run_for(seconds=30)
    world.sandbox.okta.oauth.revoke()
    world.settle()
    assert [world.shown(ticket)["status_category"] for ticket in (first, second)] == ["done", "done"]
    assert world.sandbox.frame.calls["okta"][TOKENS] >= 3


def test_without_the_scope_for_agents_an_old_copy_is_handed_over_all_the_same(world: World) -> None:
    granted = ["okta.users.read", "okta.apps.read", "okta.profileMappings.read", "okta.schemas.read", "okta.logs.read"]
    world.sandbox.okta.oauth.register(CLIENT, [PUBLIC], scopes=granted)
    world.sandbox.okta.oauth.revoke()
    member = world.member()
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    ticket = world.ticket(about=member)
    world.settle()
    assert world.case(ticket).state.value == "escalated"
    assert files(world.shown(ticket))
    assert world.force_syncs() == []
