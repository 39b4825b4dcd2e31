"""A copy that holds a key where people write a name is no proof that a change has not come from the directory."""

from __future__ import annotations

import pytest

from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState, VerdictKind

pytestmark = pytest.mark.long

NEW = r"CN=Boone\, Mary,OU=Managers,DC=corp,DC=example,DC=com"
OLD = "CN=Peter Olds,OU=Managers,DC=corp,DC=example,DC=com"
KEYS = {
    "distinguished name": OLD,
    "login": "peter.olds@corp.example.com",
    "canonical name": "corp.example.com/Users/Peter Olds",
    "code": "FIN",
    "employee number": "10042",
    "guid": "1f0c2d4e-5a6b-4c8d-9e0f-1a2b3c4d5e6f",
    "sid": "S-1-5-21-1004336348-1177238915-682003330-512",
}


def manager(world: World, place: Place, *, copy: str, okta: str) -> Filed:
    member = world.member()
    entry = {"app_id": member.app_id, "source": {"manager": copy}, "app_user": {"manager": copy}}
    with world.sandbox.frame.lock:
        world.sandbox.okta.set_user(member.user_id, profile={"manager": okta}, directories=[entry])
    ticket = world.ticket(place, about=member, attribute="manager", expected="Mary Boone")
    world.settle()
    return ticket


def verdict(world: World, ticket: Filed) -> VerdictKind:
    (subject,) = world.case(ticket).subjects
    assert subject.verdict is not None
    return subject.verdict.kind


@on_both_desks
def test_a_manager_who_is_named_as_people_do_is_brought_as_the_directory_does(place: Place, world: World) -> None:
    ticket = manager(world, place, copy=NEW, okta=OLD)
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()


@on_both_desks
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_that_holds_nothing_of_the_words_leads_to_a_question(key: str, place: Place, world: World) -> None:
    ticket = manager(world, place, copy=key, okta=OLD)
    assert VerdictKind.CANNOT_TELL == verdict(world, ticket)
    (question,) = by_worker(world.shown(ticket), "public")
    assert "which value the Okta profile should show" in question
    assert "n't reached" not in question
    assert "hold the same" not in question
    assert [] == world.force_syncs()
